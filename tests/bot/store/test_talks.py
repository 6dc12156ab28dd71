"""A conversation as the desk's windows read it: what is new, who waits for whom, whose it is to wrap up."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import LONDON
from bot.handover import END
from bot.store import attention, conversations, messages, notes, ownership, redaction, talks
from bot.store.attention import Attention
from bot.store.engine import Database
from bot.store.messages import Saying
from bot.store.ownership import Change
from bot.store.talks import News, Shown
from tests.bot.store import people
from tests.support.handing import ask, hand_back, replies, take
from tests.support.handing import talks as says

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def read(db: Database, talk: str, shown: Shown = talks.NOTHING, username: str = "ann") -> News:
    found = talks.news(db, talk, username, later(60), shown)
    assert found is not None
    return found


def test_what_is_not_there_is_not_found(db: Database) -> None:
    assert talks.find(db, "nobody", "ann") is None and talks.news(db, "nobody", "ann", AT) is None


def test_how_it_stands_is_what_the_others_say(db: Database, talk: str) -> None:
    ask(db, talk, AT)
    take(db, talk, "ann", AT)
    found = talks.find(db, talk, "ann")
    assert found is not None and found == read(db, talk).found
    assert (found.known, found.standing) == (conversations.by_id(db, talk), ownership.standing(db, talk))
    assert (found.language, found.to_wrap_up) == ("en", "")


def test_only_what_a_page_does_not_show_is_read(db: Database, talk: str) -> None:
    says(db, talk, "one", AT)
    notes.add(db, talk, notes.NOTE, "ann", "Hm", AT)
    first = read(db, talk)
    assert first.is_whole and [each.text for each in first.said] == ["one"] and len(first.notes) == 1
    shown = Shown(first.found.edition, first.said[-1].seq, first.notes[-1].id)
    nothing = read(db, talk, shown)
    assert (nothing.is_whole, nothing.said, nothing.notes) == (False, (), ())
    says(db, talk, "two", AT)
    notes.add(db, talk, notes.NOTE, "ann", "Aha", AT)
    then = read(db, talk, shown)
    assert [each.text for each in (*then.said, *then.notes)] == ["two", "Aha"] and not then.is_whole


def test_what_was_removed_makes_everything_new(db: Database, talk: str) -> None:
    for text in ("one", "two"):
        says(db, talk, text, AT)
    shown = Shown(read(db, talk).found.edition, 2, 0)
    redaction.redact(db, talk, "one", "ann", AT)
    found = read(db, talk, shown)
    assert found.is_whole and [each.text for each in found.said] == ["[removed]", "two"]


def test_a_chat_that_was_deleted_begins_anew(db: Database, talk: str) -> None:
    says(db, talk, "one", AT)
    shown = Shown(read(db, talk).found.edition, 1, 0)
    ask(db, talk, AT)
    messages.erase(db, talk)
    assert read(db, talk, shown).is_whole and read(db, talk).said == ()


def test_who_waits_for_words_of_the_owner(db: Database, talk: str) -> None:
    says(db, talk, "before", AT)
    assert read(db, talk).unanswered_since is None, "it is the assistant's"
    ask(db, talk, later(1))
    assert read(db, talk).unanswered_since is None, "nobody has it"
    take(db, talk, "ann", later(2))
    says(db, talk, "hello?", later(3))
    assert read(db, talk).unanswered_since == later(2), "the first words of the owner are waited for since then"
    replies(db, talk, "ann", "Hello", later(4))
    assert read(db, talk).unanswered_since is None
    for minute, text in ((5, "my bin"), (6, "was missed")):
        says(db, talk, text, later(minute))
    assert read(db, talk).unanswered_since == later(5)
    hand_back(db, talk, "ann", later(7))
    ask(db, talk, later(8))
    take(db, talk, "bob", later(9))
    assert read(db, talk).unanswered_since == later(9), "what another one said before counts no more"


def test_how_far_the_resident_has_read_of_what_was_said_to_them(db: Database, talk: str) -> None:
    ask(db, talk, AT)
    take(db, talk, "ann", AT)
    assert read(db, talk).seen == 0
    first = replies(db, talk, "ann", "Hello", AT)
    with db.write() as connection:  # something that the page shows nothing of
        messages.say(connection, talk, first, [Saying(messages.ASSISTANT, "")], AT)
    says(db, talk, "hi", AT)
    replies(db, talk, "ann", "What is it?", AT)
    attention.look(db, talk, attention.RESIDENT, first + 2, False, later(60))
    assert read(db, talk).seen == first
    assert Attention("", first + 2, True, False) in read(db, talk).readers


def test_those_of_the_staff_who_have_to_do_with_it_are_named(db: Database, talk: str) -> None:
    for username in ("ann", "bob", "cat", "dan"):
        people.add(db, username, "agent", name=username.upper())
    ask(db, talk, AT)
    take(db, talk, "ann", AT)
    notes.add(db, talk, notes.NOTE, "bob", "Hm", AT)
    attention.look(db, talk, "cat", 0, False, AT)
    assert read(db, talk).names == {"ann": "ANN", "bob": "BOB", "cat": "CAT"}


def test_what_one_had_is_ones_own_to_wrap_up(db: Database, talk: str) -> None:
    ask(db, talk, AT)
    reference = take(db, talk, "ann", AT).handover
    ownership.change(db, talk, Change(END, "ann"), later(1))
    assert read(db, talk).found.to_wrap_up == reference and read(db, talk, username="bob").found.to_wrap_up == ""
    assert reference
