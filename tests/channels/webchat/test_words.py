"""The sentences of the page: all there, all filled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.settings import settings
from channels.messages import STATUS
from channels.webchat.words import read_words, words

# What the page or the script fills in when it speaks.
LATER = {"count", "container", "day", "minutes", "name", "place", "reason", "time"}

LANGUAGES = ("en", "cy")


def sentences(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from sentences(value)
    elif isinstance(node, list):
        for value in node:
            yield from sentences(value)
    else:
        yield node


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_placeholder_is_filled(language: str) -> None:
    assert words(language).language == language
    for sentence in sentences(words(language).sections):
        assert sentence.strip()
        assert set(re.findall(r"\{(.*?)\}", sentence)) <= LATER, sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*STATUS, "no_answer"])
def test_every_problem_has_its_own_sentence(kind: str, language: str) -> None:
    content = YAML(typ="safe", pure=True).load(Path(settings().data_dir) / "shared" / "page.yml")
    assert kind in content[language]["problems"]  # in the file: what a language lacks would be said in English


def test_an_unknown_problem_gets_the_general_sentence() -> None:
    assert words().problem("never heard of") == words().problem("bad_request")


def test_values_are_filled_and_never_read_again(tmp_path: Path) -> None:
    path = tmp_path / "page.yml"
    path.write_text(
        "en:\n  language: {name: English, direction: ltr}\n"
        "  problems:\n    bad_request: 'Call {council.phone}: {what}, {other}'\n"
    )
    said = read_words(path, {"council.phone": "0161 496 0100"})["en"]
    assert said.problem("bad_request", what="{other}") == "Call 0161 496 0100: {other}, {other}"


def test_the_quick_exit_is_called_by_its_name_where_it_matters_most() -> None:
    """Who is told to press a button must find one of that name."""
    name = words()["page"]["leave"]
    safety = (Path(settings().data_dir) / "safety" / "messages.yml").read_text(encoding="utf-8")
    shared = (Path(settings().data_dir) / "shared" / "responses.yml").read_text(encoding="utf-8")
    assert f'use the "{name}" button at the top' in safety and f"use **{name}** at the top" in shared
