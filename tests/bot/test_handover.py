"""Who owns a conversation: every pair of owner and event, what is due when, who is next, how long it takes."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot import handover
from bot.handover import ASSISTANT, QUEUED, STAFF, Colleague, IllegalStep, Watched
from bot.profile_desk import Times

OWNERS = (ASSISTANT, QUEUED, STAFF)
EVENTS = (
    *("ask", "pull", "take", "move", "give_up", "expire"),
    *("transfer", "requeue", "hand_back", "end", "leave"),
)
# By hand, not from the module: who owns it then, and what becomes of the handover's record.
STEPS = {
    (ASSISTANT, "ask"): (QUEUED, "queued"),
    (ASSISTANT, "pull"): (STAFF, "staff"),
    (QUEUED, "take"): (STAFF, "staff"),
    (QUEUED, "move"): (QUEUED, "queued"),
    (QUEUED, "give_up"): (ASSISTANT, "abandoned"),
    (QUEUED, "expire"): (ASSISTANT, "abandoned"),
    (QUEUED, "leave"): (ASSISTANT, "abandoned"),
    (STAFF, "transfer"): (STAFF, "staff"),
    (STAFF, "requeue"): (QUEUED, "queued"),
    (STAFF, "hand_back"): (ASSISTANT, "wrap_up"),
    (STAFF, "end"): (ASSISTANT, "wrap_up"),
    (STAFF, "leave"): (ASSISTANT, "wrap_up"),
}
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TIMES = Times(
    nobody_came=100,
    staff_silent_warn=20,
    staff_silent_requeue=50,
    staff_gone=10,
    staff_gone_requeue=30,
    resident_silent_ask=40,
    resident_silent_close=80,
    wrap_up=1,
)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(("owner", "event"), product(OWNERS, EVENTS))
def test_every_pair_is_a_known_step_or_none(owner: str, event: str) -> None:
    expected = STEPS.get((owner, event))
    if expected is None:
        with pytest.raises(IllegalStep, match=f"{event}.*{owner}"):
            handover.next_owner(owner, event)
        with pytest.raises(IllegalStep):
            handover.next_record(owner, event)
    else:
        assert (handover.next_owner(owner, event), handover.next_record(owner, event)) == expected


def test_there_are_no_steps_but_these() -> None:
    assert set(handover.OWNERS) == set(STEPS) and set(handover.RECORDS) <= set(STEPS)
    assert {record for _, record in STEPS.values()} | {handover.CLOSED, handover.MESSAGE_LEFT} == set(handover.STATES)


@pytest.mark.parametrize("owner", ["", "nobody", "Staff"])
def test_an_unknown_owner_goes_nowhere(owner: str) -> None:
    for event in EVENTS:
        with pytest.raises(IllegalStep):
            handover.next_owner(owner, event)


def test_staff_come_in_by_being_asked_or_by_pulling_and_by_nothing_else() -> None:
    assert {event for (owner, event) in STEPS if owner == ASSISTANT} == {"ask", "pull"}
    into_staff = {(owner, event) for (owner, event), (after, _) in STEPS.items() if after == STAFF and owner != STAFF}
    assert into_staff == {(ASSISTANT, "pull"), (QUEUED, "take")}


def test_no_walk_skips_a_step_or_gets_stuck() -> None:
    """Any walk of allowed steps: the record is open exactly while people have the conversation."""
    chance = random.Random(1)
    owner, visited = ASSISTANT, set()
    for _ in range(5_000):
        event = chance.choice(EVENTS)
        try:
            after, record = handover.next_owner(owner, event), handover.next_record(owner, event)
        except IllegalStep:
            assert (owner, event) not in STEPS
            continue
        assert (record == after) == (after != ASSISTANT)
        assert record in (QUEUED, STAFF) or record == ("wrap_up" if owner == STAFF else "abandoned")
        visited.add((owner, event))
        owner = after
    assert visited == set(STEPS)


@pytest.mark.parametrize("owner", [QUEUED, STAFF])
def test_the_resident_can_always_leave_and_the_assistant_is_one_step_away(owner: str) -> None:
    assert handover.next_owner(owner, "leave") == ASSISTANT
    assert any(handover.OWNERS[step] == ASSISTANT for step in handover.OWNERS if step[0] == owner)


def test_danger_is_served_first() -> None:
    assert {reason: handover.priority(reason) for reason in handover.REASONS} == {
        "asked": 2,
        "missed": 2,
        "topic": 2,
        "danger": 0,
        "failed": 2,
        "pulled": 2,
    }
    assert handover.URGENT < handover.AGAIN < handover.NORMAL


@pytest.mark.parametrize(("waited", "expected"), [(0, None), (99.9, None), (100, "nobody_came"), (5000, "nobody_came")])
def test_a_queue_is_waited_in_for_so_long(waited: float, expected: str | None) -> None:
    assert handover.due(Watched(QUEUED, ago(waited), ago(9000), ago(9000), ago(9000)), TIMES, NOW) == expected


def test_nothing_is_due_while_the_assistant_answers() -> None:
    assert handover.due(Watched(ASSISTANT, ago(9000), ago(9000), ago(9000), ago(9000)), TIMES, NOW) is None


# Seconds since the desk was heard of, since the resident waits, since the owner's last words; what was said since.
DUE = [
    (0, None, None, (), None),
    (9.9, None, None, (), None),
    (10, None, None, (), "staff_gone"),
    (10, None, None, ("staff_gone",), None),
    (29.9, None, None, ("staff_gone",), None),
    (30, None, None, ("staff_gone",), "staff_gone_requeue"),
    (30, None, None, (), "staff_gone_requeue"),
    (0, 49.9, None, (), None),
    (0, 50, None, (), "staff_silent_requeue"),
    (10, 50, None, (), "staff_silent_requeue"),
    (30, 50, None, (), "staff_gone_requeue"),
    (0, None, 39.9, (), None),
    (0, None, 40, (), "resident_silent_ask"),
    (0, None, 79.9, ("resident_silent_ask",), None),
    (0, None, 80, ("resident_silent_ask",), "resident_silent_close"),
    (0, None, 80, (), "resident_silent_close"),
    (10, None, 40, (), "staff_gone"),
    (10, None, 40, ("staff_gone",), "resident_silent_ask"),
    (10, None, 40, ("staff_gone", "resident_silent_ask"), None),
    (30, None, 80, (), "staff_gone_requeue"),
]


@pytest.mark.parametrize(("gone", "silent", "quiet", "said", "expected"), DUE)
def test_what_is_due_while_staff_talk(
    gone: float, silent: float | None, quiet: float | None, said: tuple[str, ...], expected: str | None
) -> None:
    moments = (None if since is None else ago(since) for since in (gone, silent, quiet))
    watched = Watched(STAFF, ago(9000), *moments, frozenset(said))
    assert handover.due(watched, TIMES, NOW) == expected


def test_a_desk_that_was_never_heard_of_counts_from_when_it_got_the_conversation() -> None:
    assert handover.due(Watched(STAFF, ago(9)), TIMES, NOW) is None
    assert handover.due(Watched(STAFF, ago(10)), TIMES, NOW) == "staff_gone"


@pytest.mark.parametrize(("owner", "since", "expected"), [(STAFF, 19.9, False), (STAFF, 20, True), (QUEUED, 20, False)])
def test_an_owner_is_warned_that_the_resident_waits(owner: str, since: float, expected: bool) -> None:
    watched = Watched(owner, ago(9000), ago(0), ago(since))
    assert handover.is_slow(watched, TIMES, NOW) is expected
    assert not handover.is_slow(replace(watched, unanswered_since=None), TIMES, NOW)


WASTE = frozenset({"waste"})
ANN = Colleague("ann", WASTE, has=1, capacity=4, idle_since=ago(60))


def test_the_least_loaded_of_the_team_is_next() -> None:
    busier = Colleague("bob", WASTE, has=1, capacity=2, idle_since=ago(600))
    other_team = Colleague("cat", frozenset({"money"}), has=0, capacity=4, idle_since=ago(600))
    full = Colleague("dan", WASTE, has=4, capacity=4, idle_since=ago(600))
    assert handover.fairest([busier, other_team, full, ANN], "waste") == ANN
    assert handover.fairest([busier, other_team, full, ANN], "money") == other_team
    assert handover.fairest([full], "waste") is None
    assert handover.fairest([], "waste") is None


def test_load_is_measured_by_what_one_can_carry() -> None:
    bob = Colleague("bob", WASTE, has=2, capacity=10, idle_since=ago(1))
    assert handover.fairest([ANN, bob], "waste") == bob


def test_of_equals_the_longest_idle_is_next_and_then_the_name_decides() -> None:
    bob = Colleague("bob", WASTE, has=1, capacity=4, idle_since=ago(61))
    assert handover.fairest([ANN, bob], "waste") == bob
    assert handover.fairest([replace(bob, idle_since=ANN.idle_since), ANN], "waste") == ANN


@pytest.mark.parametrize(
    ("waits", "expected"),
    [([], None), ([10, 20], None), ([30, 10, 20], 20), ([40, 10, 30, 20], 25), ([5, 5, 5, 5, 5000], 5)],
)
def test_a_typical_wait_is_the_middle_one_and_untold_of_few(waits: list[int], expected: int | None) -> None:
    found = handover.typical_wait([timedelta(seconds=wait) for wait in waits])
    assert found == (None if expected is None else timedelta(seconds=expected))
