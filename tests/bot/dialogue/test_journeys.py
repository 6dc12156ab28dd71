"""Journeys read from files: what they become, and mistakes told with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.content import ContentError
from bot.dialogue.journey_reader import read_journeys
from bot.dialogue.journeys import CONFIRMED, Check, Journey, all_slots, started_by
from tests.bot.dialogue.builder import given

HEAD = "# Bins.\n# Owner: tests\njourneys:\n"


def write(data: Path, text: str, service: str = "broken") -> Path:
    """A further service; its first line of content is line 4."""
    path = data / "services" / service / "journeys.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def findings(data: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_journeys(data)
    return [str(finding) for finding in caught.value.findings]


def test_a_journey_as_it_is_asked(known: Mapping[str, Journey]) -> None:
    journey = known["bin_missed"]
    assert [step.name for step in journey.steps] == [
        *("postcode", "address", "container", "due", "note", "contact", CONFIRMED)
    ]
    assert (journey.form, journey.action, journey.service) == ("bin_missed_form", "action_bin_missed", "bins")
    assert journey.starts == ("bin_missed",) and known["bin_new"].starts == ("bin_new", "bin_broken")
    assert journey.response("reported") == "utter_bin_missed_reported"


def test_shared_questions_share_their_slot_and_own_ones_do_not(known: Mapping[str, Journey]) -> None:
    slots = {ask.name: ask.slot for ask in known["bin_missed"].asks}
    assert slots["address"] == "address" and slots["note"] == "bin_missed_note"
    assert {"address", "contact"}.isdisjoint(known["bin_missed"].own_slots)
    assert "bin_missed_due_checked" in known["bin_missed"].own_slots


def test_each_question_has_its_response(known: Mapping[str, Journey]) -> None:
    asked = {ask.name: ask.question for ask in known["bin_missed"].asks}
    assert asked["address"] == "utter_ask_address" and asked["note"] == "utter_ask_bin_missed_note"
    assert asked[CONFIRMED] == "utter_ask_confirmed"
    assert known["erase_chat"].asks[0].question == "utter_ask_erase_chat_confirmed"


def test_settings_of_questions(known: Mapping[str, Journey]) -> None:
    asks = {ask.name: ask for ask in known["bin_missed"].asks} | {ask.name: ask for ask in known["bin_new"].asks}
    assert asks["note"].optional and asks["note"].limit == 50 and asks["note"].is_free_text
    assert asks["container"].from_backend and not asks["container"].options
    assert [option.value for option in asks["reason"].options] == ["missing", "broken"]
    assert not asks["postcode"].is_shown and asks["note"].is_shown


def test_what_rests_on_an_answer(known: Mapping[str, Journey]) -> None:
    journey = known["bin_missed"]
    assert journey.after("postcode") == (
        *("address", "bin_missed_container", "bin_missed_due_checked", "bin_missed_confirmed"),
    )
    assert journey.after("contact") == ("bin_missed_confirmed",)


def test_a_question_is_asked_when_earlier_answers_say_so(data: Path) -> None:
    write(
        data,
        "  permit:\n    title: Permit\n    endings: [done]\n    asks:\n"
        "      - kind: {choices: [{value: van, title: Van}, {value: car, title: Car}]}\n"
        "      - size: {type: number, when: {kind: van}}\n"
        "      - ours: {type: yes_no, when: {kind: [van, car]}}\n",
    )
    journey = read_journeys(data)["permit"]
    size, ours = journey.asks[1:]
    assert journey.applies(size, {"permit_kind": given("van")})
    assert not journey.applies(size, {"permit_kind": given("car")})
    assert journey.applies(ours, {"permit_kind": given("car")})
    assert not journey.applies(size, {})


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (
            "  a:\n    title: A\n    endings: [x]\n    asks:\n      - b: {type: adress}\n",
            8,
            "a: 'b' has no answer type 'adress'",
        ),
        ("  a:\n    title: A\n    endings: [x]\n    asks:\n      - b: {}\n", 8, "a: 'b' has no answer type ''"),
        (
            "  a:\n    title: A\n    endings: [x]\n    asks:\n      - b:\n          type: text\n          limt: 5\n",
            10,
            "a: 'b' has no setting 'limt'",
        ),
        ("  a:\n    title: A\n    endings: [x]\n    ask: []\n", 7, "a: a journey has no 'ask'"),
        ("  a:\n    endings: [x]\n", 4, "a: a journey needs 'title'"),
        ("  a:\n    title: A\n", 4, "a: a journey needs 'endings'"),
        (
            "  a:\n    title: A\n    endings: [x]\n    asks:\n      - b: {type: choice}\n",
            8,
            "a: 'b' is a choice and needs 'choices'",
        ),
        (
            "  a:\n    title: A\n    endings: [x]\n    asks: [b: {type: text, when: {c: d}}, c: {type: text}]\n",
            4,
            "a: 'b' depends on 'c', which is not asked before it",
        ),
        (
            "  a:\n    title: A\n    endings: [x]\n    asks:\n      - {b: {type: text}, c: {type: text}}\n",
            8,
            "a: each step is one name",
        ),
        ("  a: {title: A, endings: [x]}\n  bin_new: {title: B, endings: [y]}\n", 5, "There is a journey 'bin_new' in"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(data: Path, text: str, line: int, says: str) -> None:
    path = write(data, text, "zzz")
    found = findings(data)
    assert any(finding.startswith(f"{path}:{line}: {says}") for finding in found), found


def test_all_mistakes_are_told_at_once(data: Path) -> None:
    write(data, "  a:\n    asks:\n      - b: {type: adress}\n")
    assert len(findings(data)) == 3


def test_a_key_written_twice_is_refused(data: Path) -> None:
    path = write(data, "  a: {title: A, endings: [x]}\n  a: {title: B, endings: [y]}\n")
    assert any(finding.startswith(f"{path}:5:") for finding in findings(data))


def test_a_mistake_in_a_shared_question_is_told_too(data: Path) -> None:
    path = data / "shared" / "questions.yml"
    path.write_text("# Shared.\n# Owner: tests\nquestions:\n  age: {type: age}\n", encoding="utf-8")
    assert findings(data)[0].startswith(f"{path}:4: questions: 'age' has no answer type 'age'")


def test_no_data_means_no_journeys(tmp_path: Path) -> None:
    assert read_journeys(tmp_path) == {}


def test_a_query_finds_its_journey(known: Mapping[str, Journey]) -> None:
    found = started_by(known, "bin_broken")
    assert found and found.id == "bin_new"
    assert started_by(known, "greet") is None


def test_each_slot_is_listed_once(known: Mapping[str, Journey]) -> None:
    slots = list(all_slots(known))
    assert len(slots) == len(set(slots)) and "address" in slots


def test_a_check_is_no_question(known: Mapping[str, Journey]) -> None:
    journey = known["bin_missed"]
    checks = [step for step in journey.steps if isinstance(step, Check)]
    assert [check.name for check in checks] == ["due"] and journey.ask(checks[0].slot) is None
