"""What residents' keyboards and hostile pages put into a text, and what is left of it."""

from __future__ import annotations

import time

import pytest

from bot.text.clean import clean


@pytest.mark.parametrize(
    ("dirty", "plain"),
    [
        ("  my\tbin\r\n is  full ", "my bin is full"),
        ("what\u2019s \u201cthis\u201d \u2013 eh", 'what\'s "this" - eh'),
        ("b\u200bi\u200dn\ufeff day\u00ad", "bin day"),
        ("\uff42\uff49\uff4e \U0001d41d\U0001d41a\U0001d432", "bin day"),
        ("hello\U000e0041\U000e0042 there", "hello there"),
        ("\u202eyad nib", "yad nib"),
        ("caf\u0065\u0301", "caf\u00e9"),
        ("thanks \U0001f44d\ufe0f", "thanks \U0001f44d"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("\u3164\u2800", ""),
        ("\u200b\u200b", ""),
    ],
)
def test_text_is_what_was_meant(dirty: str, plain: str) -> None:
    assert clean(dirty) == plain


def test_decoration_does_not_pile_up() -> None:
    assert len(clean("b" + "\u0316" * 200)) <= 4


@pytest.mark.parametrize("text", ["x" * 5000, "\u200b" * 100 + "y" * 5000, "\ufdfa" * 4000, " " * 100_000])
def test_length_is_bounded_whatever_comes(text: str) -> None:
    start = time.perf_counter()
    assert len(clean(text, 1000)) <= 1000
    assert time.perf_counter() - start < 0.5


def test_cleaning_twice_changes_nothing() -> None:
    once = clean(" A\u00a0\u201cbin\u201d \u2026 \u2460 ")
    assert clean(once) == once
