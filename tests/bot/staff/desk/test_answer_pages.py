"""The list of answers that the desk shows while staff type."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from bot.staff.desk.answers import Answer, search

HOSTILE = Answer("x", '<b>"T"</b>', "<i>S</i>", "\"'><script>alert(1)</script> **bold**\n\n{{ 7 * 7 }}")


async def test_answers_are_options_with_their_whole_text(agent: Any) -> None:
    shown = (await agent.get("/desk/answers", params={"q": "food wast"})).text
    texts = [html.unescape(text) for text in re.findall(r'data-text="([^"]*)"', shown)]
    assert texts == [answer.text for answer in search("food wast")] and len(texts) == 8
    assert shown.count('role="option"') == 8 and "Food waste collections" in shown and "<html" not in shown
    assert texts[0].startswith("Your **Kitchen caddy**"), "Markdown stays as it is written"


@pytest.mark.parametrize(("words", "says"), [("xqzt", "No answer has these words."), (" ", ""), (None, "")])
async def test_nothing_found_and_nothing_looked_for(agent: Any, words: str | None, says: str) -> None:
    shown = await agent.get("/desk/answers", params={"q": words} if words else {})
    assert shown.status_code == 200 and "<ul" not in shown.text
    assert re.sub(r"<[^>]*>", "", shown.text).strip() == says


async def test_nothing_in_an_answer_is_taken_for_markup(agent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.staff.desk.answers.search", lambda words: [HOSTILE])
    shown = (await agent.get("/desk/answers", params={"q": "t"})).text
    assert "<script" not in shown and "<i>" not in shown and '"T"' not in shown
    assert html.unescape(re.findall(r'data-text="([^"]*)"', shown)[0]) == HOSTILE.text
