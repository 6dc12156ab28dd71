"""References of planning applications as residents copy them from a notice on a lamp post, a letter or a website."""

from __future__ import annotations

import pytest

from bot.text.planning_references import find_planning_references, is_own, parse_planning_reference

OURS = "DC/012345"
NUMBERED = "22/01234/FUL"


@pytest.mark.parametrize(
    "text",
    [
        *("DC/098765", "dc098765", "DC 098765", "dc-098765", "Dc.098765", "DC / 098765", "DC\\098765", "dc/98765"),
        *("it's dc/098765 thanks", "ref: DC/098765.", "application DC/O98765?", "(DC/098765)", "DC:098765"),
        *("098765", "98765", "the number is 098765", "dc/098765 or DC 098765"),
    ],
)
def test_the_councils_own_however_it_is_typed(text: str) -> None:
    assert parse_planning_reference(text, OURS) == "DC/098765"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22/01234/FUL", "22/01234/FUL"),
        ("22/01234/ful please", "22/01234/FUL"),
        ("22-01234-FUL", "22/01234/FUL"),
        ("23/1234M", "23/1234M"),
        ("135965/FO/2022", "135965/FO/2022"),
        ("FUL/350123/22", "FUL/350123/22"),
        ("P/2023/0123", "P/2023/0123"),
        ("2023/1234", "2023/1234"),
        ("app/c4235/w/22/3301234", "APP/C4235/W/22/3301234"),
        ("J/54321", "J/54321"),
        ("DC/0987654", "DC/0987654"),
    ],
)
def test_other_councils_by_their_slashes(text: str, value: str) -> None:
    assert parse_planning_reference(text, OURS) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "I don't know it", "the extension next door", "SK1 3XE", "12/03/2026", "03/2026", "2026/27", "2025/2026"),
        *("24/7", "and/or", "3/4 bedrooms", "1/2/26", "07700 900123", "0161 496 0123", "2 for 1", "flat 12"),
        *("DC/098765 and DC/098766", "12345 or 54321", "dcoilo", "123", "house 1234567"),
    ],
)
def test_none_or_several(text: str) -> None:
    assert parse_planning_reference(text, OURS) is None


def test_in_a_first_message_a_number_alone_is_none() -> None:
    assert find_planning_references("what is 098765", OURS) == []
    assert find_planning_references("DCß/098765", OURS) == []


def test_found_where_it_stands() -> None:
    text = "what happened to dc 98765 and to 22/01234/FUL?"
    found = find_planning_references(text, OURS)
    assert [text[match.start : match.end] for match in found] == ["dc 98765", "22/01234/FUL"]


def test_a_council_with_numbers_only_in_its_own() -> None:
    assert parse_planning_reference("21/00001/out", NUMBERED) == "21/00001/OUT"
    assert parse_planning_reference("00001", NUMBERED) is None


@pytest.mark.parametrize(
    ("reference", "example", "own"),
    [
        ("DC/098765", OURS, True),
        ("DC/0987654", OURS, False),
        ("J/54321", OURS, False),
        ("135965/FO/2022", OURS, False),
        ("21/00001/OUT", NUMBERED, True),
        ("21/00001/LB", NUMBERED, False),
    ],
)
def test_own_or_not(reference: str, example: str, own: bool) -> None:
    assert is_own(reference, example) is own
