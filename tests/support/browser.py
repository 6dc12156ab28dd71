"""Chromium in tests: where it is, how it is started, and axe (WCAG checks) in a page of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
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
PATIENCE = 20_000  # ms that what is expected may take: a busy machine is slow, and fails nothing


@asynccontextmanager
async def running_chromium(*arguments: str) -> AsyncIterator[Any]:
    """A browser of one's own, started with these arguments too, until the block ends."""
    from playwright.async_api import async_playwright

    async with async_playwright() as found:
        browser = await found.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *arguments])
        try:
            yield browser
        finally:
            await browser.close()


@contextmanager
def served_chromium(folder: Path) -> Iterator[str]:
    """The address of a browser that many may use at once; its settings are written into the folder."""
    settings = folder / "chromium.json"
    settings.write_text(json.dumps({"executablePath": CHROMIUM, "args": ARGUMENTS}), encoding="utf-8")
    command = [sys.executable, "-m", "playwright", "launch-server", "--browser=chromium", f"--config={settings}"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # the server is a child of the command's
        server.wait()


@asynccontextmanager
async def chromium_at(address: str) -> AsyncIterator[Any]:
    """A browser for the block, as good as one of its own: what was opened in it is closed at the end."""
    from playwright.async_api import async_playwright, expect

    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as found:
        browser = await found.chromium.connect(address)
        try:
            yield browser
        finally:
            for context in browser.contexts:
                await context.close()  # its connections too, before the servers of the test end
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
