"""``assistant bench <what> ...``: run a measurement of ``bench/`` with its own options, in a process of its own."""

from __future__ import annotations

import argparse
import subprocess
import sys


def run(arguments: argparse.Namespace) -> int:
    """The measurement's exit status."""
    return subprocess.run((sys.executable, "-m", f"bench.{arguments.what}", *arguments.options)).returncode
