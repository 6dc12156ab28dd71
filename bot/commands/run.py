"""``assistant run``: everything on one machine."""

from __future__ import annotations

import argparse

from bot import supervisor


def run(arguments: argparse.Namespace) -> int:
    """Start and supervise the four processes until Ctrl-C."""
    return supervisor.run()
