"""One commit a turn on a real SQLite ledger: what is written, what is refused, what a restart finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import select

from bot.clock import now
from bot.dialogue import tracker_store
from bot.dialogue.tracker_store import KEPT_TURNS, LONG, LedgerTrackerStore
from bot.settings import settings
from bot.store import conversations, messages, turns
from bot.store.engine import Database, open_database
from bot.store.schema import handover, turn
from tests.support.ledger import new_ledger

ANY_SLOT = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
DOMAIN = Domain.from_dict(
    {
        "intents": ["bin_day"],
        "slots": {name: dict(ANY_SLOT) for name in ("address", "erase", "left_message")},
        "forms": {"bin_form": {"required_slots": ["address"]}},
        "actions": ["action_bin_day"],
    }
)
LEFT = {"reference": "MSG-1", "reason": "asked", "summary": {"about": "bins"}}


@pytest.fixture
def db(tmp_path: Path, set_settings: Callable[..., None]) -> Database:
    """The ledger of this test."""
    set_settings(database_url=new_ledger(tmp_path))
    return open_database(settings().database)


@pytest.fixture
def talk(db: Database) -> str:
    """The id of a new conversation."""
    return conversations.open_session(db, "webchat", now(), timedelta(hours=1))[1].id


def ask(db: Database, talk: str, provider_id: str, text: str = "bins") -> int:
    """A resident's message in the ledger."""
    return messages.receive(db, talk, provider_id, text, "", now(), now() + timedelta(hours=1))[0]


def said(text: str, message_id: int | None = None, **parse_data: Any) -> UserUttered:
    """What Rasa notes when a resident speaks."""
    intent = {"name": "bin_day", "confidence": 0.9}
    entities = parse_data.pop("entities", [])
    data = {"intent": intent, "entities": entities, "text": text, **parse_data}
    return UserUttered(text, intent, entities, data, message_id=str(message_id or "shell"))


async def take_turn(store: LedgerTrackerStore, talk: str, *events: Event) -> DialogueStateTracker:
    """A turn as Rasa takes it: retrieve, go on, save once."""
    tracker = await store.get_or_create_tracker(talk, append_action_listen=True)
    for event in events:
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    return tracker


def state(tracker: DialogueStateTracker | None) -> tuple[Any, str | None]:
    assert tracker is not None
    return {name: slot.value for name, slot in tracker.slots.items()}, tracker.active_loop_name


def rows(db: Database, table: Any) -> list[Any]:
    with db.read() as connection:
        return list(connection.execute(select(table)))


async def test_what_was_never_stored_is_none(db: Database) -> None:
    assert await LedgerTrackerStore(DOMAIN).retrieve("nobody") is None


async def test_a_turn_is_one_commit(db: Database, talk: str) -> None:
    asked = ask(db, talk, "p1")
    reply = BotUttered("Which address?", {"buttons": [{"title": "1 Greek Street", "payload": "/answer"}]})
    await take_turn(LedgerTrackerStore(DOMAIN), talk, said("bins", asked), ActionExecuted("action_bin_day"), reply)
    heard = messages.after(db, talk, 0)
    assert [(message.sender, message.state) for message in heard] == [
        (messages.RESIDENT, messages.HANDLED),
        (messages.ASSISTANT, messages.HANDLED),
    ]
    assert heard[1].text == "Which address?" and heard[1].choices[0].title == "1 Greek Street"
    assert messages.unhandled(db, talk) == []
    assert rows(db, turn)[0].query == "bin_day"


async def test_what_a_question_takes_besides_words_is_in_its_message(db: Database, talk: str) -> None:
    wants = {"type": "photo", "question": "bin_spillage_photo"}
    replies = (BotUttered("I need a photo."), BotUttered("Add a photo.", {"custom": {"wants": wants}}))
    await take_turn(LedgerTrackerStore(DOMAIN), talk, said("bins", ask(db, talk, "p1")), *replies)
    heard = messages.after(db, talk, 1)
    assert [message.wants for message in heard] == [None, messages.Wants("photo", "bin_spillage_photo")]
    assert messages.wanted(db, talk) == heard[-1].wants


async def test_what_takes_words_only_wants_nothing(db: Database, talk: str) -> None:
    store = LedgerTrackerStore(DOMAIN)
    wants = {"type": "place", "question": "tip_hours_near"}
    asked = BotUttered("What is your postcode?", {"custom": {"wants": wants}})
    await take_turn(store, talk, said("tips", ask(db, talk, "p1")), asked)
    told = BotUttered("Here are the tips.", {"custom": None, "buttons": None})
    await take_turn(store, talk, said("SK1 3XE", ask(db, talk, "p2")), told)
    assert messages.wanted(db, talk) is None


async def test_a_restarted_assistant_goes_on_where_it_was(db: Database, talk: str) -> None:
    address = {"value": "1", "said": "1 Greek Street"}
    before = await take_turn(
        LedgerTrackerStore(DOMAIN),
        talk,
        said("bins", ask(db, talk, "p1")),
        ActionExecuted("bin_form"),
        ActiveLoop("bin_form"),
        SlotSet("address", address),
        BotUttered("Thanks."),
    )
    after = await LedgerTrackerStore(DOMAIN).retrieve(talk)
    assert after is not None and state(after) == state(before)
    assert state(after) == ({**state(before)[0], "address": address}, "bin_form")
    assert [type(event) for event in after.events] == [type(event) for event in before.events]


async def test_a_turn_writes_only_what_is_new(db: Database, talk: str) -> None:
    store = LedgerTrackerStore(DOMAIN)
    await take_turn(store, talk, said("bins", ask(db, talk, "p1")), BotUttered("One."))
    stored = turns.memory(db, talk).events
    await take_turn(store, talk, said("bins", ask(db, talk, "p2")), BotUttered("Two."))
    assert turns.memory(db, talk).events == stored + 2
    assert [message.text for message in messages.after(db, talk, 0)] == ["bins", "One.", "bins", "Two."]


async def test_nothing_new_writes_nothing(db: Database, talk: str) -> None:
    store = LedgerTrackerStore(DOMAIN)
    tracker = await take_turn(store, talk, said("bins", ask(db, talk, "p1")), BotUttered("One."))
    await store.save(tracker)
    assert len(messages.after(db, talk, 0)) == 2
    assert await store.retrieve(talk) is not None


async def test_a_message_is_answered_once(db: Database, talk: str) -> None:
    """Two assistants take the same message; the slower one writes nothing."""
    asked = ask(db, talk, "p1")
    quick, slow = LedgerTrackerStore(DOMAIN), LedgerTrackerStore(DOMAIN)
    overtaken = await slow.get_or_create_tracker(talk)
    await take_turn(quick, talk, said("bins", asked), BotUttered("One."))
    overtaken.update_with_events([said("bins", asked), BotUttered("One.")], DOMAIN)
    with pytest.raises(turns.StaleTurn):
        await slow.save(overtaken)
    assert [message.text for message in messages.after(db, talk, 0)] == ["bins", "One."]


async def test_after_a_stale_turn_the_conversation_is_read_anew(db: Database, talk: str) -> None:
    first, other = LedgerTrackerStore(DOMAIN), LedgerTrackerStore(DOMAIN)
    await take_turn(first, talk, said("one", ask(db, talk, "p1")), BotUttered("One."))
    await take_turn(other, talk, said("two", ask(db, talk, "p2")), BotUttered("Two."))
    tracker = await first.retrieve(talk)
    assert tracker is not None and tracker.latest_message is not None and tracker.latest_message.text == "two"
    await take_turn(first, talk, said("three", ask(db, talk, "p3")), BotUttered("Three."))
    assert [message.text for message in messages.after(db, talk, 0)][-1] == "Three."


async def test_a_turn_that_died_leaves_no_trace(db: Database, talk: str) -> None:
    store = LedgerTrackerStore(DOMAIN)
    await take_turn(store, talk, said("one", ask(db, talk, "p1")), BotUttered("One."))
    tracker = await store.retrieve(talk)
    assert tracker is not None
    tracker.update_with_events([said("two", ask(db, talk, "p2")), SlotSet("address", "half")], DOMAIN)
    again = await store.retrieve(talk)
    assert again is not None and again.get_slot("address") is None
    assert again.latest_message is not None and again.latest_message.text == "one"


async def test_a_long_conversation_is_shortened_and_loses_neither_slots_nor_form(db: Database, talk: str) -> None:
    store = LedgerTrackerStore(DOMAIN)
    opening = [ActionExecuted("bin_form"), ActiveLoop("bin_form"), SlotSet("address", {"value": "1", "said": "one"})]
    await take_turn(store, talk, said("bins", ask(db, talk, "p0")), *opening, BotUttered("0"))
    most = 0
    for number in range(1, 120):
        chatter = [ActionExecuted("action_bin_day"), BotUttered(str(number)), ActionExecuted("action_listen")]
        await take_turn(store, talk, said("hm", ask(db, talk, f"p{number}")), *chatter)
        most = max(most, turns.memory(db, talk).events)
    assert most <= LONG
    for reader in (store, LedgerTrackerStore(DOMAIN)):
        tracker = await reader.retrieve(talk)
        assert tracker is not None and len(tracker.events) == turns.memory(db, talk).events
        assert tracker.get_slot("address") == {"value": "1", "said": "one"}
        assert tracker.active_loop_name == "bin_form"
        assert tracker.latest_message is not None and tracker.latest_message.text == "hm"
        spoken = [event for event in tracker.events if isinstance(event, UserUttered)]
        assert len(spoken) >= KEPT_TURNS
    assert len(messages.after(db, talk, 0)) == 240, "the ledger keeps every word"


async def test_deleting_the_chat_forgets_all_but_the_answer(db: Database, talk: str) -> None:
    store = LedgerTrackerStore(DOMAIN)
    await take_turn(store, talk, said("my secret", ask(db, talk, "p1")), SlotSet("address", "1"), BotUttered("One."))
    await take_turn(store, talk, said("delete it", ask(db, talk, "p2")), SlotSet("erase", "x"), BotUttered("Deleted."))
    assert [message.text for message in messages.after(db, talk, 0)] == ["Deleted."]
    assert rows(db, turn) == []
    assert "my secret" not in str(turns.load_events(db, talk))
    for reader in (store, LedgerTrackerStore(DOMAIN)):
        tracker = await reader.retrieve(talk)
        assert tracker is not None and tracker.get_slot("address") is None and tracker.get_slot("erase") is None


async def test_after_deleting_the_chat_goes_on(db: Database, talk: str) -> None:
    store = LedgerTrackerStore(DOMAIN)
    await take_turn(store, talk, said("delete it", ask(db, talk, "p1")), SlotSet("erase", "x"), BotUttered("Deleted."))
    await take_turn(store, talk, said("bins", ask(db, talk, "p2")), BotUttered("Which address?"))
    assert [message.text for message in messages.after(db, talk, 0)] == ["Deleted.", "bins", "Which address?"]


async def test_a_message_for_staff_is_filed_once(db: Database, talk: str) -> None:
    store = LedgerTrackerStore(DOMAIN)
    await take_turn(store, talk, said("Sam", ask(db, talk, "p1")), SlotSet("left_message", LEFT), BotUttered("Noted."))
    await take_turn(store, talk, said("thanks", ask(db, talk, "p2")), BotUttered("You are welcome."))
    left = rows(db, handover)
    assert [(row.reference, row.reason, row.summary) for row in left] == [("MSG-1", "asked", {"about": "bins"})]


async def test_what_identifies_a_resident_is_masked_where_it_is_counted(db: Database, talk: str) -> None:
    entities = [{"entity": "email", "value": "sam@example.com"}]
    spoken = said(
        "sam@example.com", ask(db, talk, "p1"), entities=entities, understanding={"query": "faq/x", "confidence": 0.7}
    )
    await take_turn(LedgerTrackerStore(DOMAIN), talk, spoken, BotUttered("Thanks."))
    row = rows(db, turn)[0]
    assert row.query == "faq/x" and row.confidence == 0.7
    assert row.entities[0]["entity"] == "email" and "sam@" not in row.entities[0]["value"]


async def test_where_a_resident_is_is_masked_where_it_is_counted(db: Database, talk: str) -> None:
    entities = [{"entity": "question", "value": "tip_hours_near"}, {"entity": "value", "value": "53.40995,-2.15761"}]
    spoken = said("/answer", ask(db, talk, "p1"), entities=entities)
    await take_turn(LedgerTrackerStore(DOMAIN), talk, spoken, BotUttered("Here."))
    assert [item["value"] for item in rows(db, turn)[0].entities] == ["tip_hours_near", "[location]"]


async def test_rasas_own_channels_need_no_ledger_message(db: Database) -> None:
    """``rasa shell`` has no inbox: its conversation is made with its first turn."""
    await take_turn(LedgerTrackerStore(DOMAIN), "shell-1", said("bins"), BotUttered("Which address?"))
    assert [message.text for message in messages.after(db, "shell-1", 0)] == ["Which address?"]


async def test_memory_holds_the_newest_conversations_only(
    db: Database, talk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker_store, "KEPT_IN_MEMORY", 2)
    store = LedgerTrackerStore(DOMAIN)
    for name in ("one", "two", "three"):
        await take_turn(store, name, said("bins"), BotUttered("x"))
    assert list(await store.keys()) == ["two", "three"]
    assert await store.retrieve("one") is not None
