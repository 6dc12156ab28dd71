"""``assistant train``: a model of the content as it is now."""

from __future__ import annotations

import argparse

from bot import training


def run(arguments: argparse.Namespace) -> int:
    """Train if, and only if, something changed since the newest model."""
    return training.run()
