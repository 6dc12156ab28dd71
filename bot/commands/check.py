"""``assistant check``: all that is wrong with content and configuration, a line each."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.check import check
from bot.clock import today
from bot.settings import settings


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; 1 when there are any."""
    findings = check(Path(), Path(settings().data_dir), settings().council, today())
    for finding in findings:
        print(finding)
    count = len(findings)
    print("All is well." if not count else f"{count} thing{'s' if count > 1 else ''} to put right.")
    return 1 if findings else 0
