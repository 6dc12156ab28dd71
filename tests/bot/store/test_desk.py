"""What the desk shows: who waits in which order, who waits for whom, what is still to be wrapped up."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import LONDON
from bot.handover import END, REQUEUE, TRANSFER, Watched
from bot.store import conversations, desk, messages, ownership
from bot.store.desk import Open
from bot.store.engine import Database
from bot.store.ownership import Change
from tests.support.handing import ask, give_up, hand_back, pull, replies, take, talks

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
LASTS = timedelta(hours=2)


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def another(db: Database) -> str:
    return conversations.open_session(db, "webchat", AT, LASTS, "cy")[1].id


def only(db: Database) -> Open:
    (found,) = desk.open_conversations(db)
    return found


def test_what_is_open_and_in_which_order(db: Database, talk: str) -> None:
    danger, put_back, pulled, given_up = (another(db) for _ in range(4))
    ask(db, talk, AT)
    ask(db, given_up, AT)
    ask(db, put_back, later(1))
    pull(db, pulled, "ann", later(2))
    ask(db, danger, later(5), reason="danger", team="care")
    take(db, put_back, "ann", later(6))
    ownership.change(db, put_back, Change(REQUEUE, "ann"), later(7))
    give_up(db, given_up, later(8))
    found = desk.open_conversations(db)
    assert [each.conversation_id for each in found] == [danger, put_back, talk, pulled]
    assert [(each.owner, each.staff, each.priority) for each in found] == [
        ("queued", None, 0),
        ("queued", None, 1),
        ("queued", None, 2),
        ("staff", "ann", 2),
    ]
    assert (found[0].team, found[0].reason, found[0].language, found[0].channel) == ("care", "danger", "cy", "webchat")
    assert (found[1].created_at, found[1].queued_at, found[1].owner_since) == (later(1), later(7), later(7))
    assert found[3].queued_at is None
    with db.read() as connection:
        places = [conversations.place_in_queue(connection, conversations.by_id(db, each)) for each in (talk, put_back)]  # type: ignore[arg-type]
    assert places == [2, 1], "each team has a queue of its own"


def test_who_waits_for_whom(db: Database, talk: str) -> None:
    talks(db, talk, "before", AT)
    ask(db, talk, AT)
    assert (only(db).unanswered_since, only(db).quiet_since) == (None, None)
    take(db, talk, "ann", later(1))
    assert (only(db).unanswered_since, only(db).quiet_since) == (later(1), None)
    talks(db, talk, "hello?", later(2))
    assert only(db).unanswered_since == later(1), "the first words of the owner are waited for since then"
    replies(db, talk, "ann", "Hello", later(3))
    assert (only(db).unanswered_since, only(db).quiet_since) == (None, later(3))
    replies(db, talk, "ann", "What is it?", later(4))
    assert only(db).quiet_since == later(4)
    talks(db, talk, "my bin", later(5))
    talks(db, talk, "the brown one", later(6))
    assert (only(db).unanswered_since, only(db).quiet_since) == (later(5), None)
    ownership.change(db, talk, Change(TRANSFER, "ann", staff="bob", notice="Bob has taken over."), later(7))
    assert (only(db).staff, only(db).unanswered_since, only(db).quiet_since) == ("bob", later(7), None)
    seen = only(db).watched(later(8))
    assert seen == Watched("staff", later(7), later(8), later(7), None, frozenset())


def test_what_the_keeper_said_counts_until_somebody_speaks(db: Database, talk: str) -> None:
    version = pull(db, talk, "ann", AT).version
    ownership.remind(db, talk, version, "staff_gone", "We may have lost Ann.", later(1))
    assert (only(db).said, only(db).unanswered_since) == ({"staff_gone"}, AT)
    talks(db, talk, "oh", later(2))
    assert only(db).said == frozenset()
    ownership.remind(db, talk, version, "resident_silent_ask", "Are you there?", later(3))
    replies(db, talk, "ann", "Here I am", later(4))
    assert only(db).said == frozenset()


def test_an_empty_desk(db: Database, talk: str) -> None:
    assert desk.open_conversations(db) == [] == desk.to_wrap_up(db, "ann") == desk.steps_of(db, talk)


def test_those_who_may_listen_in_find_who_talks_now(db: Database, talk: str) -> None:
    fresh, queued, ended, silent = (another(db) for _ in range(4))
    for each, minutes in ((talk, 0), (fresh, 3), (queued, 3), (ended, 3)):
        talks(db, each, "hello", later(minutes))
    ask(db, queued, later(4))
    ownership.end(db, ended, later(4))
    assert [each.conversation_id for each in desk.with_assistant(db, AT)] == [fresh, talk]
    assert [each.conversation_id for each in desk.with_assistant(db, later(1))] == [fresh]
    assert len(desk.with_assistant(db, AT, limit=1)) == 1
    assert silent not in {each.conversation_id for each in desk.with_assistant(db, AT)}


def test_how_long_it_took_until_somebody_came(db: Database, talk: str) -> None:
    other, pulled, waits = (another(db) for _ in range(3))
    ask(db, talk, AT)
    ask(db, other, AT)
    ask(db, waits, AT)
    take(db, talk, "ann", later(1))
    take(db, other, "ann", later(3))
    pull(db, pulled, "ann", later(3))
    assert sorted(desk.waits_since(db, AT)) == [("waste", 60.0), ("waste", 180.0)]
    assert desk.waits_since(db, later(2)) == [("waste", 180.0)]


def test_what_is_still_to_be_wrapped_up_is_whose_it_was(db: Database, talk: str) -> None:
    other, bobs = another(db), another(db)
    for each, who, minutes in ((other, "ann", 5), (talk, "ann", 2), (bobs, "bob", 1)):
        ask(db, each, AT, summary={"title": who})
        take(db, each, who, later(minutes))
    hand_back(db, other, "ann", later(6))
    ownership.change(db, talk, Change(END, "ann", as_owner=True), later(7))
    assert [(each[1], each[2], each[3]) for each in desk.to_wrap_up(db, "ann")] == [
        (other, {"title": "ann"}, later(6)),
        (talk, {"title": "ann"}, later(7)),
    ]
    assert desk.to_wrap_up(db, "bob") == []


def test_forgetting_what_was_said_leaves_the_talk_with_staff_as_it_is(db: Database, talk: str) -> None:
    ask(db, talk, AT, summary={"title": "Missed bin"})
    take(db, talk, "ann", AT)
    talks(db, talk, "my bin", AT)
    messages.erase(db, talk)
    assert (only(db).owner, only(db).staff, only(db).summary) == ("staff", "ann", {})
    assert messages.after(db, talk, 0) == []
    assert replies(db, talk, "ann", "Hello", later(1)) == 2, "numbers are never used again"
    assert [each.event for each in desk.steps_of(db, talk)] == ["ask", "take"]
    hand_back(db, talk, "ann", later(2))
    assert len(messages.unhandled(db, talk)) == 1
