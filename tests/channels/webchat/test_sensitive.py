"""The page's warning and the server's taking out agree on what is sensitive: one table of examples for both."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.text.clean import clean
from bot.text.redaction import withheld
from tests.support.browser import NEEDS_CHROMIUM

MODULE = Path("channels/webchat/static/sensitive.js")
ROWS: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(Path(__file__).parent / "sensitive.yml")


def test_the_table_has_both_sides() -> None:
    texts = [row["text"] for row in ROWS]
    assert len(texts) == len(set(texts)) >= 60
    assert min(sum(bool(row["kinds"]) for row in ROWS), sum(not row["kinds"] for row in ROWS)) >= 40


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"])
def test_the_server_takes_out_what_the_table_says(row: dict[str, Any]) -> None:
    rest, kinds = withheld(row["text"])
    assert kinds == tuple(row["kinds"])
    assert withheld(rest) == (rest, ())
    assert bool(kinds) or rest == row["text"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["kinds"]], ids=lambda row: row["text"])
def test_what_a_channel_cleans_first_is_found_as_well(row: dict[str, Any]) -> None:
    assert withheld(clean(row["text"]))[1] == tuple(row["kinds"])


@pytest.mark.browser
@NEEDS_CHROMIUM[1]
async def test_the_page_warns_of_what_the_table_says(chromium: Any) -> None:
    source = base64.b64encode(MODULE.read_bytes()).decode("ascii")
    page = await chromium.new_page()
    said, milliseconds = await page.evaluate(
        """async ([source, texts]) => {
            const { sensitive } = await import(`data:text/javascript;base64,${source}`);
            const said = texts.map(sensitive);
            const start = performance.now();
            const parts = ["1", "1 ", "4 ", "1-", "4111 ", "ab 12 ", "943 476 5919 "];
            parts.push("943 476 5919.4111111111111111 ");
            for (const part of [...parts, ...parts.map((part) => `nhs ${part}`)]) sensitive(part.repeat(100000));
            return [said, performance.now() - start];
        }""",
        [source, [row["text"] for row in ROWS]],
    )
    wrong = [(row["text"], kinds) for row, kinds in zip(ROWS, said, strict=True) if kinds != row["kinds"]]
    assert not wrong
    assert milliseconds < 1000
