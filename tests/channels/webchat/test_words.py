"""The sentences of the page: all there, all filled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from channels.messages import STATUS
from channels.webchat.words import read_words, words

# What the page or the script fills in when it speaks.
LATER = {"count", "container", "day", "reason"}


def sentences(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from sentences(value)
    elif isinstance(node, list):
        for value in node:
            yield from sentences(value)
    else:
        yield node


def test_every_placeholder_is_filled() -> None:
    for sentence in sentences(words().sections):
        assert sentence.strip()
        assert set(re.findall(r"\{(.*?)\}", sentence)) <= LATER, sentence


@pytest.mark.parametrize("kind", [*STATUS, "no_answer"])
def test_every_problem_has_its_own_sentence(kind: str) -> None:
    assert kind in words()["problems"]


def test_an_unknown_problem_gets_the_general_sentence() -> None:
    assert words().problem("never heard of") == words().problem("bad_request")


def test_values_are_filled_and_never_read_again(tmp_path: Path) -> None:
    path = tmp_path / "page.yml"
    path.write_text("en:\n  problems:\n    bad_request: 'Call {council.phone}: {what}, {other}'\n")
    said = read_words(path, "en", {"council.phone": "0161 496 0100"})
    assert said.problem("bad_request", what="{other}") == "Call 0161 496 0100: {other}, {other}"
