"""What staff and a resident said to each other is in the assistant's memory once it is back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.clock import now
from bot.dialogue.heard import heard, is_heard
from bot.dialogue.tracker_store import LedgerTrackerStore
from bot.settings import settings
from bot.store import conversations, messages, redaction, turns
from bot.store.engine import Database, open_database
from tests.support.handing import hand_back, pull, replies, said, talks
from tests.support.ledger import new_ledger

DOMAIN = Domain.from_dict({"intents": ["bin_day"]})


@pytest.fixture
def db(tmp_path: Path, set_settings: Callable[..., None]) -> Database:
    set_settings(database_url=new_ledger(tmp_path))
    return open_database(settings().database)


@pytest.fixture
def talk(db: Database) -> str:
    return conversations.open_session(db, "webchat", now(), timedelta(hours=1))[1].id


async def turn(store: LedgerTrackerStore, talk: str, message_id: int, text: str, reply: str) -> DialogueStateTracker:
    """A turn as Rasa takes it: retrieve, go on, save once."""
    tracker = await store.get_or_create_tracker(talk, append_action_listen=True)
    spoken = UserUttered(text, {"name": "bin_day"}, message_id=str(message_id))
    for event in (spoken, BotUttered(reply), ActionExecuted("action_listen")):
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    return tracker


def words(events: list[Event]) -> list[tuple[str, str]]:
    """Who said what, as Rasa remembers it."""
    found = []
    for event in events:
        if isinstance(event, UserUttered):
            found.append(("resident", event.text))
        elif isinstance(event, BotUttered):
            found.append(("staff" if is_heard(event) else "assistant", event.text))
    return found


def talk_with_ann(db: Database, talk: str) -> None:
    """Ann comes in, they talk, she hands back."""
    pull(db, talk, "ann", now())
    replies(db, talk, "ann", "Which street?", now())
    messages.hand_to_staff(db, talks(db, talk, "Castle Street", now()), now())
    replies(db, talk, "ann", "It is noted.", now())
    hand_back(db, talk, "ann", now())


EXPECTED = [
    ("resident", "bins"),
    ("assistant", "On Monday."),
    ("staff", "Which street?"),
    ("resident", "Castle Street"),
    ("staff", "It is noted."),
    ("resident", "/back_from_person"),
    ("assistant", "I am back."),
]


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_the_assistant_knows_what_was_said_without_it(db: Database, talk: str, is_restarted: bool) -> None:
    store = LedgerTrackerStore(DOMAIN)
    await turn(store, talk, talks(db, talk, "bins", now()), "bins", "On Monday.")
    talk_with_ann(db, talk)
    store = LedgerTrackerStore(DOMAIN) if is_restarted else store
    (waiting,) = messages.unhandled(db, talk)
    tracker = await turn(store, talk, waiting.id, waiting.payload, "I am back.")
    assert words(list(tracker.events)) == EXPECTED
    again = await LedgerTrackerStore(DOMAIN).retrieve(talk)
    assert again is not None and words(list(again.events)) == EXPECTED, "kept with the turn, and once"
    assert [text for sender, text, _ in said(db, talk) if sender == "assistant"] == ["On Monday.", "I am back."]


async def test_a_conversation_that_began_with_staff_is_known_too(db: Database, talk: str) -> None:
    talk_with_ann(db, talk)
    (waiting,) = messages.unhandled(db, talk)
    tracker = await turn(LedgerTrackerStore(DOMAIN), talk, waiting.id, waiting.payload, "I am back.")
    assert words(list(tracker.events)) == EXPECTED[2:]


async def test_reading_without_a_turn_hears_it_once(db: Database, talk: str) -> None:
    store = LedgerTrackerStore(DOMAIN)
    await turn(store, talk, talks(db, talk, "bins", now()), "bins", "On Monday.")
    talk_with_ann(db, talk)
    for _ in range(3):
        tracker = await store.retrieve(talk)
        assert tracker is not None and words(list(tracker.events)) == EXPECTED[:5]


async def test_words_that_were_removed_meanwhile_are_forgotten(db: Database, talk: str) -> None:
    store = LedgerTrackerStore(DOMAIN)
    await turn(store, talk, talks(db, talk, "bins", now()), "bins", "On Monday.")
    redaction.redact(db, talk, "Monday", "ann", now())
    tracker = await store.retrieve(talk)
    assert tracker is not None and words(list(tracker.events))[1] == ("assistant", f"On {redaction.REMOVED}.")


async def test_a_turn_that_staff_overtook_is_forgotten_with_what_it_would_have_said(db: Database, talk: str) -> None:
    store = LedgerTrackerStore(DOMAIN)
    asked = talks(db, talk, "bins", now())
    tracker = await store.get_or_create_tracker(talk, append_action_listen=True)
    tracker.update(UserUttered("bins", {"name": "bin_day"}, message_id=str(asked)), DOMAIN)
    tracker.update(BotUttered("On Monday."), DOMAIN)
    pull(db, talk, "ann", now())
    with pytest.raises(turns.StaleTurn):
        await store.save(tracker)
    hand_back(db, talk, "ann", now())
    (waiting,) = messages.unhandled(db, talk)
    tracker = await turn(store, talk, waiting.id, waiting.payload, "I am back.")
    assert words(list(tracker.events)) == [("resident", "bins"), *EXPECTED[-2:]]


def test_words_to_staff_are_nothing_to_answer(db: Database, talk: str) -> None:
    talk_with_ann(db, talk)
    events = list(heard(messages.unheard(db, talk, 0)))
    spoken = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    assert [events[place].intent_name for place in spoken] == [None]
    assert all(events[place + 1] == ActionExecuted("action_listen") for place in spoken)
