"""Chromium in tests: where it is, how it is started, and axe (WCAG checks) in a page of it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
]
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
# As 1280 x 1024 at 400 %.
ZOOMED = {"width": 320, "height": 256}
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}


@asynccontextmanager
async def running_chromium() -> AsyncIterator[Any]:
    """A browser, until the block ends."""
    from playwright.async_api import async_playwright

    async with async_playwright() as found:
        browser = await found.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@lru_cache(maxsize=1)
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


async def accessibility_faults(page: Any) -> list[str]:
    """What axe finds wrong in a page by WCAG 2.2 A and AA and by its best practices; frames have to be asked alone.

    The script goes in through the debugger, which the page's own policy does not forbid.
    """
    await page.evaluate(f"(() => {{ {_axe()} }})()")
    found = await page.evaluate(
        """axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
            .then((result) => result.violations.map((fault) =>
                fault.id + ": " + fault.nodes.map((node) => node.target + " " + node.failureSummary).join(" | ")))"""
    )
    return list(found)
