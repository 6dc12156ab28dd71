"""What must not be left in a masked text, and what must."""

from __future__ import annotations

import time

import pytest

from bot.text.redaction import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("I'm at SK1 3XE", "I'm at [postcode]"),
        ("07700 900123 or jo@example.com", "[phone] or [email]"),
        ("card 4111 1111 1111 1111 exp", "card [card] exp"),
        ("card 4111-1111-1111-1111", "card [card]"),
        ("NI AB 12 34 56 C", "NI [NI number]"),
        ("nhs 943 476 5919", "nhs [NHS number]"),
        ("sort code 12-34-56, account 12345678", "sort code [sort code], [account]"),
        ("van AB12 CDE", "van [registration]"),
        ("two: SK1 3XE, SK4 3AA", "two: [postcode], [postcode]"),
        ("order 4111 1111 1111 1112", "order 4111 1111 1111 1112"),
        ("my 2 black bins on tuesday at 10", "my 2 black bins on tuesday at 10"),
        ("ref SBX-7K3M9P", "ref SBX-7K3M9P"),
        ("", ""),
    ],
)
def test_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", ["1" * 5000, "1 " * 2500, "1-" * 2500, "a@" * 2500, "ab " * 1700])
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    mask(text)
    assert time.perf_counter() - start < 2
