"""References as residents copy them from a message."""

from __future__ import annotations

import pytest

from bot.text.references import find_references, parse_reference


@pytest.mark.parametrize(
    ("text", "value"),
    [("SBX-7K3M9P", "SBX-7K3M9P"), ("sbx 7k3m9p", "SBX-7K3M9P"), ("it's sbx7k3m9p thanks", "SBX-7K3M9P"),
     ("WST-123456", "WST-123456"), ("sbx - 7k3m9p", "SBX-7K3M9P")],
)  # fmt: skip
def test_however_it_is_typed(text: str, value: str) -> None:
    assert parse_reference(text) == value


@pytest.mark.parametrize(
    "text", ["", "the rubbish", "bin 123456", "SBX-ABCDEF", "hello garden", "SBX-7K3M9P or SBX-7K3M9Q", "SK1 3XE"]
)
def test_none_or_several(text: str) -> None:
    assert parse_reference(text) is None


def test_found_where_it_stands() -> None:
    text = "where is SBX-7K3M9P?"
    (match,) = find_references(text)
    assert text[match.start : match.end] == "SBX-7K3M9P"
