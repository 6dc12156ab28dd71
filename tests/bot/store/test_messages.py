"""The ledger: nothing is lost, nothing is done twice, a turn is written wholly or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.clock import LONDON
from bot.store import conversations, handovers, messages, turns
from bot.store.engine import Database
from bot.store.schema import turn
from bot.store.turns import LeftMessage, Reply, StaleTurn, Turn, Understood

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
UNTIL = AT + timedelta(hours=2)
EVENTS = ({"event": "user", "text": "bins"}, {"event": "bot", "text": "Which address?"})
REPLIES = (Reply("Which address?", (("1 Sample Street", "/answer"),)), Reply("Or type it."))
UNDERSTOOD = Understood("bin_day", 0.9, "bin_new", 0.05, False, None, ({"entity": "day"},), "bin_day", "m1")
LEFT = LeftMessage("M-1", "asked", {"title": "Bins"})


def _turn(talk: str, asked: int | None, **changes: object) -> Turn:
    values = {"stored": 0, "events": EVENTS, "replies": REPLIES, "understood": UNDERSTOOD, "left_message": LEFT}
    return Turn(talk, message_id=asked, **{**values, **changes})  # type: ignore[arg-type]


def _said(db: Database, talk: str) -> list[tuple[int, str, str]]:
    return [(said.seq, said.sender, said.text) for said in messages.after(db, talk, 0)]


def test_a_message_is_stored_once(db: Database, talk: str) -> None:
    first = messages.receive(db, talk, "p1", "bins", "bins", AT, UNTIL)
    again = messages.receive(db, talk, "p1", "bins", "bins", AT, UNTIL)
    assert first == (again[0], True) and not again[1]
    assert _said(db, talk) == [(1, messages.RESIDENT, "bins")]


def test_a_message_sent_from_twenty_threads_is_stored_once(db: Database, talk: str) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: messages.receive(db, talk, "p1", "bins", "bins", AT, UNTIL), range(20)))
    assert len({message_id for message_id, _ in answers}) == 1
    assert [is_new for _, is_new in answers].count(True) == 1
    assert len(_said(db, talk)) == 1


def test_messages_from_many_threads_are_numbered_without_a_gap(db: Database, talk: str) -> None:
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda n: messages.receive(db, talk, f"p{n}", f"{n}", "", AT, UNTIL), range(30)))
    assert [said.seq for said in messages.after(db, talk, 0)] == list(range(1, 31))


def test_the_same_id_in_two_conversations_is_two_messages(db: Database, talk: str) -> None:
    other = conversations.open_session(db, "webchat", AT, UNTIL - AT)[1].id
    assert messages.receive(db, talk, "p1", "bins", "bins", AT, UNTIL)[1]
    assert messages.receive(db, other, "p1", "bins", "bins", AT, UNTIL)[1]


def test_what_waits_for_an_answer_is_found_in_order(db: Database, talk: str) -> None:
    for number in range(3):
        messages.receive(db, talk, f"p{number}", f"text {number}", f"payload {number}", AT, UNTIL)
    waiting = messages.unhandled(db, talk)
    assert [(one.text, one.payload) for one in waiting] == [(f"text {n}", f"payload {n}") for n in range(3)]
    assert messages.conversations_waiting(db) == [talk]


def test_a_turn_writes_everything(db: Database, talk: str, asked: int) -> None:
    turns.commit_turn(db, _turn(talk, asked), AT)
    assert messages.unhandled(db, talk) == [] and messages.conversations_waiting(db) == []
    assert turns.load_events(db, talk) == list(EVENTS)
    assert turns.memory(db, talk).events == 2
    assert _said(db, talk)[1:] == [(2, "assistant", "Which address?"), (3, "assistant", "Or type it.")]
    assert handovers.by_reference(db, "M-1")
    with db.read() as connection:
        row = connection.execute(select(turn)).one()
    assert (row.message_id, row.query, row.entities, row.model) == (asked, "bin_day", [{"entity": "day"}], "m1")


def test_a_turn_that_fails_at_its_end_writes_nothing(db: Database, talk: str, asked: int) -> None:
    impossible = LeftMessage("M-1", "asked", {"title": object()})
    with pytest.raises(Exception, match="JSON"):
        turns.commit_turn(db, _turn(talk, asked, left_message=impossible), AT)
    assert [waiting.id for waiting in messages.unhandled(db, talk)] == [asked]
    assert turns.load_events(db, talk) == []
    assert len(_said(db, talk)) == 1
    with db.read() as connection:
        assert connection.execute(select(turn)).all() == []


def test_a_turn_cannot_be_committed_twice(db: Database, talk: str, asked: int) -> None:
    turns.commit_turn(db, _turn(talk, asked), AT)
    before = _said(db, talk)
    with pytest.raises(StaleTurn):
        turns.commit_turn(db, _turn(talk, asked), AT)
    with pytest.raises(StaleTurn):  # also not with the right count: the message has its answer
        turns.commit_turn(db, _turn(talk, asked, stored=2), AT)
    assert _said(db, talk) == before and turns.memory(db, talk).events == 2


def test_a_turn_that_was_overtaken_is_refused(db: Database, talk: str, asked: int) -> None:
    with pytest.raises(StaleTurn):
        turns.commit_turn(db, _turn(talk, asked, stored=1), AT)
    assert len(_said(db, talk)) == 1


def test_of_many_commits_of_one_turn_one_wins(db: Database, talk: str, asked: int) -> None:
    def commit(_: int) -> bool:
        try:
            turns.commit_turn(db, _turn(talk, asked), AT)
        except StaleTurn:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(commit, range(8))).count(True) == 1
    assert len(_said(db, talk)) == 3 and turns.memory(db, talk).events == 2


def test_events_are_added_after_those_stored_or_replace_them(db: Database, talk: str) -> None:
    turns.commit_turn(db, Turn(talk, 0, EVENTS, ()), AT)
    turns.commit_turn(db, Turn(talk, 2, ({"event": "slot"},), ()), AT)
    assert turns.load_events(db, talk) == [*EVENTS, {"event": "slot"}]
    turns.commit_turn(db, Turn(talk, 3, ({"event": "short"},), (), rewrite=True), AT)
    assert turns.load_events(db, talk) == [{"event": "short"}]


def test_a_turn_of_an_unknown_conversation_starts_it(db: Database) -> None:
    turns.commit_turn(db, Turn("from-the-shell", 0, EVENTS, REPLIES), AT)
    started = conversations.by_id(db, "from-the-shell")
    assert started and started.channel == "other"
    assert len(_said(db, "from-the-shell")) == 2


def test_the_same_message_left_twice_is_one(db: Database, talk: str) -> None:
    turns.commit_turn(db, Turn(talk, 0, (), (), left_message=LEFT), AT)
    turns.commit_turn(db, Turn(talk, 0, (), (), left_message=LEFT), AT)
    assert len(handovers.listed(db)) == 1


def test_attempts_are_counted_and_giving_up_tells_the_resident_once(db: Database, talk: str, asked: int) -> None:
    assert [messages.count_attempt(db, asked) for _ in range(3)] == [1, 2, 3]
    waiting = messages.unhandled(db, talk)[0]
    assert waiting.attempts == 3
    messages.give_up(db, waiting, "Sorry", AT)
    messages.give_up(db, waiting, "Sorry", AT)
    assert _said(db, talk)[1:] == [(2, messages.SYSTEM, "Sorry")]
    assert [said.state for said in messages.after(db, talk, 0)][0] == messages.FAILED
    with pytest.raises(StaleTurn):
        turns.commit_turn(db, _turn(talk, asked), AT)


def test_a_message_for_a_person_waits_for_the_assistant_no_longer(db: Database, talk: str, asked: int) -> None:
    messages.hand_to_staff(db, asked, AT)
    found = messages.by_id(db, asked)
    assert found and (found.text, found.state) == ("bins", messages.HANDLED)
    assert messages.conversations_waiting(db) == []
    assert messages.by_id(db, asked + 1) is None


def test_a_cursor_gives_only_what_came_after(db: Database, talk: str, asked: int) -> None:
    turns.commit_turn(db, _turn(talk, asked), AT)
    assert [said.seq for said in messages.after(db, talk, 1)] == [2, 3]
    assert messages.after(db, talk, 3) == []


def test_a_choice_is_found_in_its_own_conversation_only(db: Database, talk: str, asked: int) -> None:
    turns.commit_turn(db, _turn(talk, asked), AT)
    choice = messages.after(db, talk, 1)[0].choices[0]
    other = conversations.open_session(db, "webchat", AT, UNTIL - AT)[1].id
    assert messages.find_choice(db, talk, choice.id) == choice
    assert (choice.title, choice.payload) == ("1 Sample Street", "/answer")
    assert messages.find_choice(db, other, choice.id) is None
    assert messages.find_choice(db, talk, "made up") is None
    assert messages.find_choice(db, talk, "ünknown") is None


def test_erasing_forgets_one_conversation_and_numbers_go_on(db: Database, talk: str, asked: int) -> None:
    other = conversations.open_session(db, "webchat", AT, UNTIL - AT)[1].id
    messages.receive(db, other, "p1", "mine", "mine", AT, UNTIL)
    turns.commit_turn(db, _turn(talk, asked), AT)
    messages.erase(db, talk)
    assert _said(db, talk) == [] and turns.load_events(db, talk) == []
    assert handovers.listed(db) == []
    assert conversations.by_id(db, talk)
    assert len(_said(db, other)) == 1
    messages.receive(db, talk, "p2", "again", "again", AT, UNTIL)
    assert [said.seq for said in messages.after(db, talk, 3)] == [4]


def test_a_turn_that_erases_keeps_only_its_own_answer(db: Database, talk: str, asked: int) -> None:
    turns.commit_turn(db, _turn(talk, asked), AT)
    delete_me, _ = messages.receive(db, talk, "p2", "delete my chat", "/delete", AT, UNTIL)
    done = Turn(talk, 2, ({"event": "restart"},), (Reply("Done."),), delete_me, UNDERSTOOD, erase=True)
    turns.commit_turn(db, done, AT)
    assert [text for _, _, text in _said(db, talk)] == ["Done."]
    assert turns.load_events(db, talk) == [{"event": "restart"}]
    with db.read() as connection:
        assert connection.execute(select(turn)).all() == []


# A process that receives a message, begins to write the answer and is killed before it commits.
_DIES_MIDWAY = """
import os, signal, sys
from datetime import datetime
from bot.store import messages, turns
from bot.store.engine import Database
db, talk, at = Database(sys.argv[1]), sys.argv[2], datetime.fromisoformat(sys.argv[3])
asked, _ = messages.receive(db, talk, "p1", "bins", "bins", at, at)
with db.write() as connection:
    turns._commit(connection, turns.Turn(talk, 0, ({"event": "user"},), (turns.Reply("Hi"),), asked), 1, {}, at)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_in_the_middle_of_a_turn_loses_nothing(db: Database, talk: str) -> None:
    command = [sys.executable, "-c", _DIES_MIDWAY, db.url, talk, AT.isoformat()]
    died = subprocess.run(command, env=dict(os.environ), timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL
    assert messages.conversations_waiting(db) == [talk]
    assert turns.load_events(db, talk) == []
    waiting = messages.unhandled(db, talk)[0]
    turns.commit_turn(db, _turn(talk, waiting.id), AT)
    assert [text for _, _, text in _said(db, talk)] == ["bins", "Which address?", "Or type it."]
