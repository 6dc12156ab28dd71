"""What must not be left in a masked text, and what must; and what is never kept at all.

Which numbers are taken for what: tests/channels/webchat/sensitive.yml, for the server and the page alike.
"""

from __future__ import annotations

import random
import threading
import time
from itertools import product

import pytest

from bot.text.redaction import mask, withheld

_NUMBERS = ("943 476 5919", "9434765919", "9 4 3 4 7 6 5 9 1 9", "4111 1111 1111 1111", "4222222222222", "QQ123456C")
_PIECES = (*_NUMBERS, "3782 822463 10005", "on 12 06 24 a", "n.hs 12 34 56 c", "4", "nhs", "ni", "+44", "00", "12", "x")
_BETWEEN = (" ", "", ".", ",", "-", " - ", "  ", "\n")
# Each number of these hid the next one from a search that began again for each.
_HOSTILE = [
    (word + (part + between) * 16_000)[:16_000]
    for word, part, between in product(("nhs ", ""), (*_NUMBERS, "4", "44", "4444", "1" * 20), (" ", ".", ",nhs"))
]


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


def test_no_text_takes_longer_for_what_it_repeats() -> None:
    def read() -> None:
        for text in _HOSTILE:
            withheld(text)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(20)  # seconds: it takes one or two, or else for ever
    assert not reader.is_alive()


def test_nothing_more_is_found_in_what_is_left() -> None:
    chance = random.Random(1)
    for _ in range(2000):
        pieces = chance.choices(_PIECES, k=chance.randrange(2, 12))
        text = "".join(piece + chance.choice(_BETWEEN) for piece in pieces)
        rest, _ = withheld(text)
        assert withheld(rest) == (rest, ()), text


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
        ("nhs " + "943 476 5919 " * 70, "nhs " + "[NHS number] " * 70, ("health",)),
        ("nhs" + " 943 476 5919.4111111111111111" * 9, "nhs" + " [NHS number].[card]" * 9, ("card", "health")),
        (
            "4111111111111111nhs 9434765919ni on 12 06 24 a",
            "[card]nhs [NHS number]ni [NI number]",
            ("card", "insurance", "health"),
        ),
        ("943 476 5919nhs 9434765919QQ123456C", "[NHS number]nhs [NHS number][NI number]", ("insurance", "health")),
        ("", None, ()),
    ],
)
def test_what_is_never_kept_is_taken_out_and_named(text: str, rest: str | None, kinds: tuple[str, ...]) -> None:
    assert withheld(text) == (rest or text, kinds)
    assert withheld(rest or text) == (rest or text, ()), "what is left has none"


def test_digits_of_other_scripts_are_masked_by_the_same_check_digits() -> None:
    assert mask("٤١١١١١١١١١١١١١١٢") == "٤١١١١١١١١١١١١١١٢"
    assert mask("߄߁߁߁߁߁߁߁߁߁߁߁߁߁߁߁") == "[card]"


def test_what_is_never_kept_is_masked_too() -> None:
    text = "cards 4111 1111 1111 1111 and 4111.1111.1111.1111, QQ123456C, nhs 943 476 5919"
    assert mask(withheld(text)[0]) == mask(text) == "cards [card] and [card], [NI number], nhs [NHS number]"
