"""Postcodes as typed, and words that only look like one."""

from __future__ import annotations

import time

import pytest

from bot.text.postcodes import find_postcodes, is_outward, parse_outward, parse_postcode


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("sk1 3xe", "SK1 3XE"),
        ("SK13XE", "SK1 3XE"),
        ("it's Sk4-3aa ta", "SK4 3AA"),
        ("S K 1 3 X E", "SK1 3XE"),
        ("sk 1 3xe", "SK1 3XE"),
        ("SKI 3XE", "SK1 3XE"),
        ("skl 3xe", "SK1 3XE"),
        ("SK1O 3XE", "SK10 3XE"),
        ("0L1 2AB", "OL1 2AB"),
        ("sk12  3xe.", "SK12 3XE"),
        ("W1A 0AX", "W1A 0AX"),
        ("ec1a1bb", "EC1A 1BB"),
        ("M1 1AE", "M1 1AE"),
        ("B33 8TH", "B33 8TH"),
        ("SKl 3XE", "SK1 3XE"),
        ("S K one three X E", "SK1 3XE"),
        ("sk13xe", "SK1 3XE"),
        ("SK1 3X E", "SK1 3XE"),
        ("sk1, 3xe", "SK1 3XE"),
        ("SK1 - 3XE", "SK1 3XE"),
        ("sk 13xe", "SK1 3XE"),
        ("sk13 xe", "SK1 3XE"),
        ("s k 1 3 x e", "SK1 3XE"),
        ("sk one three xe", "SK1 3XE"),
        ("sk one 3xe", "SK1 3XE"),
        ("SK four, four N Z", "SK4 4NZ"),
        ("sk eight three a b", "SK8 3AB"),
        ("sk twelve 3ab", "SK12 3AB"),
        ("5K1 3XE", "SK1 3XE"),
        ("SKS 3AA", "SK5 3AA"),
        ("SKB 3AA", "SK8 3AA"),
        ("SKZ 6AA", "SK2 6AA"),
        ("SK8 3A8", "SK8 3AB"),
        ("SK4 4N2", "SK4 4NZ"),
        ("SK1 SAA", "SK1 5AA"),
        ("SK4 BAA", "SK4 8AA"),
        ("SK7 ZAB", "SK7 2AB"),
        ("SK8 OAB", "SK8 0AB"),
        ("5k8 3ab", "SK8 3AB"),
        ("M2O 1AB", "M20 1AB"),
        ("M2S 1AB", "M25 1AB"),
        ("SK1 35A", "SK1 3SA"),
        ("sk1.3xe", "SK1 3XE"),
        ("sk1_3xe", "SK1 3XE"),
        ("(SK1 3XE)", "SK1 3XE"),
        ("sk1  3 xe", "SK1 3XE"),
        ("my postcode is sk3 9 aa", "SK3 9AA"),
        ("S.K.1 3.X.E", "SK1 3XE"),
        ("sk.1.3.x.e", "SK1 3XE"),
        ("postcode SK1 3XE ta", "SK1 3XE"),
        ("sk1 3xe/", "SK1 3XE"),
        ("postcode:sk13xe", "SK1 3XE"),
        ("SK1 3XE's", "SK1 3XE"),
        ("sk oh 3xe", "SK0 3XE"),
        ("SK13 3XE", "SK13 3XE"),
    ],
)
def test_every_way_to_type_one(typed: str, value: str) -> None:
    assert parse_postcode(typed) == value


@pytest.mark.parametrize(
    "text",
    ["", "bins", "stills", "so i 2be ok", "GIR 0AA", "BFPO 12", "BF1 1AA", "QX1 1AA", "SK1 3CE", "i need 2 new bins",
     "on the 2nd at 12 noon", "xsk1 3xe", "SK1 3XEE", "SK1",
     "the m1 bus", "was 3rd in line", "has 2ft of water", "his 2nd bin", "sk1 bus stop", "sk8 sat nav", "sk4 bad road",
     "m60 bed", "e5 but no", "was 2be honest", "cab 1st thing", "lab 2nd floor", "give me one two at most",
     "sos 3ft down", "b1 bee", "m1 sun", "for me two a day", "so one two be sure", "bus 8 th", "cos 2 be fair",
     "tell me one 2 go", "flat b5 2nd floor", "the m60 3rd exit", "m6 off slip", "me 1 2 by 4", "sos 2 be sure",
     "SBX-7K3M9P", "07700 900123", "AB12 CDE", "SK1 S AA", "sk1 / 3xe", "skone 3xe", "SK zero one 3XE",
     "s for sugar k 1 3xe", "so one two a b", "52 8AB"],
)  # fmt: skip
def test_what_is_none(text: str) -> None:
    assert parse_postcode(text) is None


def test_several_are_found_but_not_guessed_between() -> None:
    text = "from sk13xe to SK4 3AA"
    found = find_postcodes(text)
    assert [(match.value, text[match.start : match.end]) for match in found] == [
        ("SK1 3XE", "sk13xe"),
        ("SK4 3AA", "SK4 3AA"),
    ]
    assert parse_postcode(text) is None
    assert parse_postcode("sk13xe, I said SK1 3XE") == "SK1 3XE"


def test_offsets_hold_after_letters_that_grow_in_capitals() -> None:
    (match,) = find_postcodes("stra\u00dfe sk1 3xe")
    assert (match.start, match.end) == (7, 14)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SK4", "SK4"),
        ("no, sk4", "SK4"),
        ("sk 12", "SK12"),
        ("sk1 3xe", None),
        ("sk1 or sk2", None),
        ("no 4", None),
        ("so 4", None),
    ],
)
def test_outward_half(text: str, value: str | None) -> None:
    assert parse_outward(text) == value


def test_is_outward() -> None:
    assert is_outward("sk4") and is_outward(" EC1A ")
    assert not is_outward("SK4 3AA") and not is_outward("bin") and not is_outward("")


@pytest.mark.parametrize("text", ["SK1 " * 5000, "1" * 20000, "S K 1 " * 5000, "sk1" + " " * 20000 + "3xe"])
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    find_postcodes(text)
    assert time.perf_counter() - start < 0.5


def test_many_are_all_found_where_they_stand() -> None:
    found = find_postcodes("SK1 3XE " * 2000)
    assert [(match.value, match.start) for match in found] == [("SK1 3XE", 8 * n) for n in range(2000)]
