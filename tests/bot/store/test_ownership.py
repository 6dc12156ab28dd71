"""Changing owners: one winner, the loser is told who; room; what is written down; what the resident is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.clock import LONDON
from bot.handover import END, MOVE, REQUEUE, TAKE, TRANSFER
from bot.store import conversations, desk, notes, ownership
from bot.store.engine import Database
from bot.store.ownership import Change, Full, Overtaken
from bot.store.schema import handover, staff_account
from tests.support.handing import ask, give_up, hand_back, pull, replies, said, take

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
LASTS = timedelta(hours=2)


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def record(db: Database, reference: str | None) -> Any:
    with db.read() as connection:
        return connection.execute(select(handover).where(handover.c.reference == reference)).one()


def another(db: Database) -> str:
    return conversations.open_session(db, "webchat", AT, LASTS)[1].id


def add_account(db: Database, username: str) -> None:
    values = {"username": username, "password_hash": "", "roles": ["agent"], "must_change": False, "created_at": AT}
    with db.write() as connection:
        connection.execute(insert(staff_account).values(**values))


def test_a_handover_from_asking_to_back(db: Database, talk: str) -> None:
    asked = ask(db, talk, AT, summary={"title": "Missed bin"}, notice="Please wait.")
    taken = take(db, talk, "ann", later(2), version=asked.version, notice="Ann has joined.")
    replies(db, talk, "ann", "Hello", later(3))
    replies(db, talk, "ann", "Still there?", later(4))
    back = hand_back(db, talk, "ann", later(9))
    assert [(now.owner, now.staff, now.version) for now in (asked, taken, back)] == [
        ("queued", None, 1),
        ("staff", "ann", 2),
        ("assistant", None, 3),
    ]
    assert ownership.standing(db, talk) == back and back.handover is None
    kept = record(db, taken.handover)
    assert (kept.state, kept.how, kept.staff, kept.team, kept.reason) == (
        "wrap_up",
        "hand_back",
        "ann",
        "waste",
        "asked",
    )
    assert (kept.created_at, kept.queued_at, kept.taken_at) == (AT, AT, later(2))
    assert (kept.first_reply_at, kept.left_at, kept.summary) == (later(3), later(9), {"title": "Missed bin"})
    assert [(each.event, each.actor, each.staff, each.last_seq) for each in desk.steps_of(db, talk)] == [
        ("ask", "assistant", None, 0),
        ("take", "ann", "ann", 1),
        ("hand_back", "ann", None, 4),
    ]


def test_a_second_handover_has_a_record_of_its_own(db: Database, talk: str) -> None:
    first = ask(db, talk, AT).handover
    give_up(db, talk, later(1))
    second = pull(db, talk, "ann", later(2)).handover
    assert first != second
    assert (record(db, first).state, record(db, first).how) == ("abandoned", "give_up")
    assert (record(db, second).state, record(db, second).queued_at) == ("staff", None)


def test_of_many_takers_one_wins_and_the_others_are_told_who(db: Database, talk: str) -> None:
    version = ask(db, talk, AT).version

    def attempt(number: int) -> str:
        try:
            return f"won {take(db, talk, f'agent{number}', AT, version=version).staff}"
        except Overtaken as overtaken:
            assert overtaken.standing == ownership.standing(db, talk)
            return f"lost to {overtaken.standing.staff}"

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(attempt, range(8)))
    (winner,) = [each for each in results if each.startswith("won ")]
    assert results.count(winner.replace("won", "lost to")) == 7
    assert len(desk.steps_of(db, talk)) == 2


def test_what_was_seen_must_still_hold(db: Database, talk: str) -> None:
    seen = ask(db, talk, AT)
    ownership.change(db, talk, Change(MOVE, "ann", team="money"), AT)
    with pytest.raises(Overtaken):
        take(db, talk, "bob", AT, version=seen.version)
    with pytest.raises(Overtaken) as raised:  # without a version: what it wants is not possible from here
        hand_back(db, talk, "ann", AT)
    assert raised.value.standing.owner == "queued"
    assert len(desk.steps_of(db, talk)) == 2
    assert said(db, talk) == []


@pytest.mark.parametrize("event", ["hand_back", TRANSFER, REQUEUE, END])
def test_only_the_owner_gives_a_conversation_away(db: Database, talk: str, event: str) -> None:
    pull(db, talk, "ann", AT)
    with pytest.raises(Overtaken) as raised:
        ownership.change(db, talk, Change(event, "bob", as_owner=True, staff="bob"), AT)
    assert raised.value.standing.staff == "ann" == ownership.standing(db, talk).staff  # type: ignore[union-attr]


def test_nothing_is_done_to_a_conversation_that_is_not_there(db: Database) -> None:
    with pytest.raises(LookupError):
        ask(db, "nobody", AT)
    with pytest.raises(LookupError):
        replies(db, "nobody", "ann", "Hello", AT)
    assert ownership.standing(db, "nobody") is None
    ownership.end(db, "nobody", AT)


def test_nobody_gets_more_than_they_have_room_for(db: Database, talk: str) -> None:
    other, third = another(db), another(db)
    pull(db, talk, "ann", AT, capacity=1)
    for each in (other, third):
        ask(db, each, AT)
    with pytest.raises(Full, match="ann"):
        take(db, other, "ann", AT, capacity=1)
    take(db, other, "bob", AT, capacity=1)
    with pytest.raises(Full, match="ann"):
        ownership.change(db, other, Change(TRANSFER, "bob", staff="ann", capacity=1), AT)
    assert [ownership.standing(db, each).staff for each in (talk, other, third)] == ["ann", "bob", None]  # type: ignore[union-attr]
    hand_back(db, talk, "ann", AT)
    assert take(db, third, "ann", AT, capacity=1).staff == "ann"


def test_room_for_one_is_not_given_twice_at_once(db: Database) -> None:
    add_account(db, "ann")
    waiting = [another(db) for _ in range(8)]
    for each in waiting:
        ask(db, each, AT)

    def attempt(each: str) -> bool:
        try:
            return bool(take(db, each, "ann", AT, capacity=1))
        except Full:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(attempt, waiting)).count(True) == 1


def test_the_keeper_gives_a_conversation_to_somebody(db: Database, talk: str) -> None:
    ask(db, talk, AT)
    given = ownership.change(db, talk, Change(TAKE, ownership.KEEPER, staff="ann", capacity=4), AT)
    assert (given.staff, desk.steps_of(db, talk)[-1].actor) == ("ann", "keeper")


def test_what_was_put_back_keeps_its_urgency_or_gains_some(db: Database, talk: str) -> None:
    danger = another(db)
    ask(db, talk, AT)
    ask(db, danger, AT, reason="danger")
    for each in (talk, danger):
        take(db, each, "ann", AT)
        ownership.change(db, each, Change(REQUEUE, "ann", team="money", note="Not ours."), later(5))
    normal, urgent = (record(db, ownership.standing(db, each).handover) for each in (talk, danger))  # type: ignore[union-attr]
    assert (normal.priority, urgent.priority) == (1, 0)
    assert (normal.queued_at, normal.created_at, normal.team) == (later(5), AT, "money")
    assert [(each.kind, each.author, each.text) for each in notes.of(db, talk)] == [("step", "ann", "Not ours.")]


def test_a_step_that_fails_half_way_leaves_nothing(db: Database, talk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = conversations.by_id(db, talk)

    def broken(*_arguments: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(ownership, "say", broken)
    with pytest.raises(OSError):
        ask(db, talk, AT, notice="Please wait.", note="why")
    assert conversations.by_id(db, talk) == before
    assert desk.steps_of(db, talk) == [] == notes.of(db, talk)
    with db.read() as connection:
        assert connection.execute(select(handover)).all() == []
