"""What must not be left in a masked text, and what must; and what is never kept at all.

Which numbers are taken for what: tests/channels/webchat/sensitive.yml, for the server and the page alike.
"""

from __future__ import annotations

import time

import pytest

from bot.text.redaction import mask, withheld


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
        ("NI QQ123456C", "NI [NI number]"),
        ("card 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "card [card]"),
        ("order 4111 1111 1111 1112", "order 4111 1111 1111 1112"),
        ("my 2 black bins on tuesday at 10", "my 2 black bins on tuesday at 10"),
        ("ref SBX-7K3M9P", "ref SBX-7K3M9P"),
        ("", ""),
    ],
)
def test_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", ["1" * 5000, "1 " * 2500, "1-" * 2500, "a@" * 2500, "ab " * 1700, "NHS 9 " * 800])
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    mask(text)
    withheld(text)
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("text", "rest", "kinds"),
    [
        ("my bin was missed at SK1 3XE, call 07700 900123", None, ()),
        ("pay with 4111 1111 1111 1111, please", "pay with [card], please", ("card",)),
        ("(QQ 12 34 56 C)", "([NI number])", ("insurance",)),
        ("NHS 943 476 5919!", "NHS [NHS number]!", ("health",)),
        ("943 476 5919 QQ123456C", "[NHS number] [NI number]", ("insurance", "health")),
        ("5555555555554444 4111111111111111", "[card] [card]", ("card",)),
        ("nhs 943 476 5919 943 476 5919", "nhs [NHS number] [NHS number]", ("health",)),
        ("nhs ٩٤٣ ٤٧٦ ٥٩١٩", "nhs [NHS number]", ("health",)),
        ("", None, ()),
    ],
)
def test_what_is_never_kept_is_taken_out_and_named(text: str, rest: str | None, kinds: tuple[str, ...]) -> None:
    assert withheld(text) == (rest or text, kinds)
    assert withheld(rest or text) == (rest or text, ()), "what is left has none"


def test_what_is_never_kept_is_masked_too() -> None:
    text = "cards 4111 1111 1111 1111 and 4111.1111.1111.1111, QQ123456C, nhs 943 476 5919"
    assert mask(withheld(text)[0]) == mask(text) == "cards [card] and [card], [NI number], nhs [NHS number]"
