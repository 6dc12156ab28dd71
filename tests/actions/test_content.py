"""Buttons' words and queries' titles come from the content."""

from __future__ import annotations

import re

import pytest

from actions.content import query_titles, word
from tests.conftest import ROOT


def test_every_word_that_the_code_asks_for_is_written() -> None:
    code = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "actions").rglob("*.py")))
    for name in {*re.findall(r'\bword\("(\w+)"\)', code), "yes", "no"}:
        assert word(name)


def test_an_unknown_word_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        word("no_such_word")


def test_titles_by_query() -> None:
    assert query_titles()["bin_day"] == "Bin collection days"
