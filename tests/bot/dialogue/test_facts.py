"""What staff see of a conversation first: gathered from events as they are stored, at whatever point it is."""

from __future__ import annotations

from typing import Any

from bot.dialogue.facts import TITLE_LENGTH, Remembered, gather, query_of, remembered
from bot.dialogue.journey_reader import journeys

TITLES = {"bin_missed": "Missed bin", "libraries": "Libraries"}
MISSED = journeys()["bin_missed"]
FIRST, SECOND = [ask for ask in MISSED.asks if ask.is_shown][:2]


def user(text: str, query: str = "", refused: bool = False) -> dict[str, Any]:
    understanding = {"query": query, "refused": refused}
    return {"event": "user", "text": text, "parse_data": {"understanding": understanding}}


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


def facts(*events: dict[str, Any]) -> dict[str, Any]:
    return gather(remembered(events), TITLES, journeys())


RUNNING = (
    {"event": "session_started"},
    user("my bin was missed", "bin_missed"),
    {"event": "active_loop", "name": MISSED.form},
    slot(FIRST.slot, {"value": "x", "said": "the first answer"}),
    slot("requested_slot", SECOND.slot),
)


def test_in_the_middle_of_a_journey() -> None:
    found = facts(*RUNNING)
    assert (found["title"], found["query"], found["journey"]) == (MISSED.title, "Missed bin", MISSED.title)
    assert found["step"] == SECOND.label and found["details"] == {FIRST.label: "the first answer"}


def test_a_journey_that_was_broken_off_for_a_person() -> None:
    asks = user("can I talk to somebody", "speak_to_person")
    found = facts(*RUNNING, asks, {"event": "active_loop", "name": None}, slot("suspended", ["bin_missed"]))
    assert (found["journey"], found["query"]) == (MISSED.title, "Missed bin")
    assert found["details"] == {FIRST.label: "the first answer"}


def test_a_journey_that_is_over_is_not_what_they_are_doing() -> None:
    over = (
        {"event": "active_loop", "name": None},
        slot(FIRST.slot, None),
        user("when is the library open", "libraries"),
    )
    found = facts(*RUNNING, *over)
    assert (found["title"], found["journey"], found["step"], found["details"]) == ("Libraries", "", "", {})


def test_what_was_not_understood_is_told_in_order_and_is_no_query() -> None:
    words = [user(f"flumph {number}", "libraries", refused=True) for number in range(4)]
    found = facts(user("my bin was missed", "faq/bin_missed"), *words, user("/affirm", "affirm"))
    assert found["missed"] == ["flumph 1", "flumph 2", "flumph 3"] and found["title"] == "Missed bin"


def test_without_a_subject_the_last_words_stand_for_it() -> None:
    title = facts(user("flumph " * 30, refused=True))["title"]
    assert title.startswith("flumph flumph") and title.endswith("flumph ...") and len(title) <= TITLE_LENGTH
    assert facts()["title"] == "" and query_of([]) == ""


def test_a_new_session_remembers_nothing_of_the_one_before() -> None:
    assert remembered([*RUNNING, {"event": "restart"}]) == Remembered([*RUNNING, {"event": "restart"}])
    kept = remembered([*RUNNING, {"event": "reset_slots"}])
    assert kept.slots == {} and kept.form == MISSED.form
