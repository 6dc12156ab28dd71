"""How each type of answer is read: what counts, what does not, and what is shown back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.text.answers import TYPES, Answer, Question, is_skip, parse
from bot.text.picking import Offered

THINGS = [
    Offered("sofa", "Sofa", ("settee", "two seater sofa")),
    Offered("suite", "Three piece suite", ("suite", "3 piece suite")),
    Offered("single", "Single mattress"),
    Offered("double", "Double mattress", ("mattress",)),
    Offered("chair", "Chair"),
]
YES_NO = Question("yes_no")
UPLOAD = "0123456789abcdef" * 2


def value_of(question: Question, text: str) -> Any:
    """The value, or None when the text is no answer."""
    answer = parse(question, text)
    return answer.value if answer else None


@pytest.mark.parametrize(
    "text",
    ["yes", "Y", "YES!", "yes please", "yep that's right", "ok", "yes send it", "send it", "go ahead", "of course"]
    + ["certainly", "please do", "aye", "right", "that is correct", "I do", "there is", "all good", "yes my son can"],
)
def test_yes(text: str) -> None:
    assert parse(YES_NO, text) == Answer("yes", "yes")


@pytest.mark.parametrize(
    "text",
    ["no", "n", "nope", "no thanks", "that's not right", "not yet", "no it's wrong", "don't send it", "of course not"]
    + ["nobody", "no one else", "no there isn't", "sorry no", "no just me"],
)
def test_no(text: str) -> None:
    assert parse(YES_NO, text) == Answer("no", "no")


@pytest.mark.parametrize(
    "text",
    ["", "ok stop", "ok cancel it", "ok go back", "yes but wait", "yes go back", "yes but change the date"]
    + ["yes no", "not sure", "i don't think so", "is it free?", "yes is it free?", "no, SK4 3AA", "no, change the bin"]
    + ["when is my bin collected and will you send it to me"],
)
def test_neither_yes_nor_no(text: str) -> None:
    """Above all nothing is sent on words that take a yes back."""
    assert parse(YES_NO, text) is None


def test_yes_and_no_may_have_words_of_their_own() -> None:
    question = Question("yes_no", [Offered("yes", "Delete it"), Offered("no", "Keep it")])
    assert parse(question, "delete it") == Answer("yes", "Delete it")
    assert parse(question, "keep it") == Answer("no", "Keep it")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sofa", {"sofa": 1}),
        ("two sofas; a chair", {"sofa": 2, "chair": 1}),
        ("2 mattresses, a settee and an old chair", {"double": 2, "sofa": 1, "chair": 1}),
        ("1 sofa 2 chairs", {"sofa": 1, "chair": 2}),
        ("3x chair", {"chair": 3}),
        ("chair x 3 and a sofa", {"chair": 3, "sofa": 1}),
        ("a couple of chairs", {"chair": 2}),
        ("sofa and sofa", {"sofa": 2}),
        ("a banana and a sofa", {"sofa": 1}),
        ("please collect two sofas and a chair from 10 Greek Street", {"sofa": 2, "chair": 1}),
    ],
)
def test_several_things_with_how_many_of_each(text: str, found: dict[str, int]) -> None:
    value = value_of(Question("many", THINGS), text)
    assert {item["id"]: item["many"] for item in value} == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a 3 piece suite", {"suite": 1}),
        ("three piece suite", {"suite": 1}),
        ("2 three piece suites", {"suite": 2}),
        ("2 seater sofa", {"sofa": 1}),
        ("a single mattress", {"single": 1}),
        ("2 single mattresses", {"single": 2}),
    ],
)
def test_a_number_in_a_name_is_no_count(text: str, found: dict[str, int]) -> None:
    """Each is paid for by the piece."""
    value = value_of(Question("many", THINGS), text)
    assert {item["id"]: item["many"] for item in value} == found


@pytest.mark.parametrize("text", ["", "a banana", "2", "0 sofas"])
def test_nothing_that_is_collected(text: str) -> None:
    assert parse(Question("many", THINGS), text) is None


def test_several_things_are_said_back_with_their_names() -> None:
    answer = parse(Question("many", THINGS), "2 settees and a chair")
    assert answer and answer.said == "2 × Sofa, Chair"


@pytest.mark.parametrize(
    ("text", "number"), [("2", 2), ("two bins", 2), ("a couple", 2), ("just the one please", 1), ("3", 3)]
)
def test_a_number(text: str, number: int) -> None:
    assert value_of(Question("number", limit=3), text) == number


@pytest.mark.parametrize("text", ["0", "4", "ten", "2 or 3", "some", "", "no"])
def test_no_number_or_one_out_of_bounds(text: str) -> None:
    assert parse(Question("number", limit=3), text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ana Kowalska", "Ana Kowalska"),
        ("my name is Jo Bloggs.", "Jo Bloggs"),
        ("I'm Sam", "Sam"),
        ("Mr O'Brien", "Mr O'Brien"),
        ("李明", "李明"),
        ("x", None),
        ("bob@example.com", None),
        ("12 Greek Street", None),
        ("a" * 81, None),
    ],
)
def test_a_name(text: str, name: str | None) -> None:
    assert value_of(Question("name"), text) == name


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("postcode", "it's sk13xe", "SK1 3XE"),
        ("postcode", "SK1", None),
        ("postcode", "s k one three x e", "SK1 3XE"),
        ("email", "write to sam@example.com", "sam@example.com"),
        ("phone", "07700900123", "07700 900123"),
        ("phone", "12345", None),
        ("phone", "oh seven seven double oh nine hundred one two three", "07700 900123"),
        ("contact", "07700 900123", "07700 900123"),
        ("contact", "sam@example.com please", "sam@example.com"),
        ("contact", "same as before", None),
        ("registration", "my reg is ab12cde", "AB12 CDE"),
        ("registration", "a white van", None),
        ("item", "crisp packets", "crisp packets"),
        ("text", "  behind the gate ", "behind the gate"),
        ("text", "   ", None),
        ("place", "near sk13xe please", "SK1 3XE"),
        ("place", "53.40995,-2.15761", None),
        ("photo", "it is on my phone", None),
        ("document", "hire papers.pdf", None),
    ],
)
def test_details(kind: str, text: str, value: str | None) -> None:
    assert value_of(Question(kind), text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3/5", "2027-05-03"),
        ("the third", "2026-12-03"),
        ("sat", "2026-11-28"),
        ("friday or saturday", None),
        ("the 3rd and the 5th", None),
    ],
)
def test_a_date_alone(text: str, value: str | None) -> None:
    assert value_of(Question("date", today=date(2026, 11, 25)), text) == value


def test_the_same_contact_as_before() -> None:
    question = Question("contact", [Offered("sam@example.com", "sam@example.com")])
    assert value_of(question, "same as before") == "sam@example.com"
    assert value_of(question, "07700 900456") == "07700 900456"


def test_a_text_that_is_too_long_is_no_answer() -> None:
    assert parse(Question("text", limit=500), "x" * 501) is None
    assert parse(Question("text", limit=500), "x" * 500) is not None


def test_a_choice_and_an_address_come_from_what_is_offered() -> None:
    homes = [Offered("100", "1 Greek Street"), Offered("300", "3 Greek Street")]
    assert parse(Question("choice", THINGS), "the settee") == Answer("sofa", "Sofa")
    assert parse(Question("address", homes), "number three") == Answer("300", "3 Greek Street")


@pytest.mark.parametrize("text", ["skip", "Skip!", "no thanks", "No thank you.", "n/a", "leave it", "none"])
def test_would_rather_not_say(text: str) -> None:
    assert is_skip(text)


@pytest.mark.parametrize("text", ["no", "", "nothing was left but the lid", "skip hire"])
def test_says_something(text: str) -> None:
    assert not is_skip(text)


@pytest.mark.parametrize("kind", ["photo", "document"])
def test_a_file_is_sent_and_never_typed(kind: str) -> None:
    assert parse(Question(kind), UPLOAD) is None
    assert parse(Question(kind, is_pressed=True), UPLOAD) == Answer(UPLOAD, "")
    for wrong in ("", "Photo", UPLOAD[1:], UPLOAD.upper(), "../" + UPLOAD, "53.4,-2.1"):
        assert parse(Question(kind, is_pressed=True), wrong) is None


def test_a_location_is_sent_and_a_postcode_typed() -> None:
    where = parse(Question("place", is_pressed=True), "53.409951,-2.157609")
    assert where == Answer({"latitude": 53.40995, "longitude": -2.15761}, "")
    for wrong in ("", "SK1 3XE", "91,0", UPLOAD):
        assert parse(Question("place", is_pressed=True), wrong) is None


def test_every_type_reads_any_text_without_falling() -> None:
    for kind in TYPES:
        for text in ("", "\N{SHRUG}", "1" * 400, "a, b and c", "'\";--"):
            for is_pressed in (False, True):
                parse(Question(kind, THINGS if kind != "number" else (), is_pressed=is_pressed), text)


def test_an_unknown_type_is_a_mistake_in_the_content() -> None:
    with pytest.raises(KeyError):
        parse(Question("colour"), "blue")
