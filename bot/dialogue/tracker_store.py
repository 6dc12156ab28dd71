"""Rasa's tracker store over the ledger: its ``save`` is the one commit of a turn.

Rasa saves once, after the last action of a turn. That save writes the new events, the replies, what was
understood and the mark "handled" in one transaction (``turns.commit_turn``). A turn that dies before it has
changed nothing. Hot conversations are kept in memory, so that a turn reads nothing and writes only what is new;
a long one is shortened to its slots and last turns, so that it costs the same at the end as at the start.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot import tuning
from bot.clock import now
from bot.dialogue.ended import ended
from bot.dialogue.heard import heard, is_heard
from bot.dialogue.journey_reader import journeys
from bot.settings import settings
from bot.store import messages, turns
from bot.store.engine import Database, open_database
from bot.text.redaction import mask
from bot.text.sent import read_position

KEPT_IN_MEMORY = 500  # conversations
LONG = 400  # events from which on a conversation is shortened ...
KEPT_TURNS = 8  # ... to its slots and this many last turns
LEFT_MESSAGE, HANDOVER, ERASE = "left_message", "handover", "erase"
OPENING: list[Event] = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


@dataclass
class _Hot:
    tracker: DialogueStateTracker
    stored: int
    redactions: int


class LedgerTrackerStore(TrackerStore):
    """See the module's docstring. Named in endpoints.yml."""

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker, **kwargs)
        tuning.apply()  # the first of our classes that an assistant's process makes
        self.database: Database = open_database(settings().database)
        self._hot: OrderedDict[str, _Hot] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's tracker; None when nothing is stored."""
        memory = await asyncio.to_thread(turns.memory, self.database, sender_id)
        tracker = await self._stored(sender_id, memory)
        if memory.unheard_from is not None:
            said = await asyncio.to_thread(messages.unheard, self.database, sender_id, memory.unheard_from)
            tracker = tracker or self._tracker(sender_id, OPENING)
            for event in heard(said):
                tracker.update(event, self.domain)
        if tracker is not None:
            self._remember(sender_id, tracker, memory)
        return tracker

    async def _stored(self, sender_id: str, memory: turns.Memory) -> DialogueStateTracker | None:
        """The tracker as the ledger has it; the one in memory, if nobody has changed the ledger since."""
        hot = self._hot.pop(sender_id, None)
        is_new = hot is not None and (hot.stored, hot.redactions) == (memory.events, memory.redactions)
        if hot is not None and is_new and len(hot.tracker.events) == memory.events:
            return hot.tracker
        if not memory.events:
            return None
        data = await asyncio.to_thread(turns.load_events, self.database, sender_id)
        return self._tracker(sender_id, deserialise_events(data))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Commit the turn. Raises StaleTurn when it was overtaken; then nothing was written."""
        sender_id = tracker.sender_id
        hot = self._hot.pop(sender_id, None)
        stored, redactions = (hot.stored, hot.redactions) if hot else (0, 0)
        events = list(tracker.events)
        new = events[stored:]
        if not new:
            return
        erase = tracker.get_slot(ERASE) is not None
        rewrite = erase or len(events) > LONG
        kept = self._shortened(tracker, [] if erase else events) if rewrite else events
        written = kept if rewrite else new
        spoken = next((event for event in reversed(new) if isinstance(event, UserUttered)), None)
        turn = turns.Turn(
            conversation_id=sender_id,
            stored=stored,
            events=[event.as_dict() for event in written],
            replies=[_reply(event) for event in new if isinstance(event, BotUttered) and not is_heard(event)],
            message_id=_ledger_id(spoken),
            understood=_understood(spoken, tracker, new),
            left_message=_left_message(new),
            asks=_asks(new),
            rewrite=rewrite,
            erase=erase,
        )
        await asyncio.to_thread(turns.commit_turn, self.database, turn, now())
        await self.stream_events(tracker)
        left = self._tracker(sender_id, kept) if rewrite else tracker
        self._remember(sender_id, left, turns.Memory(len(kept), None, redactions))

    async def keys(self) -> Iterable[str]:
        """Ids of the conversations in memory; all others are in the ledger."""
        return list(self._hot)

    def _remember(self, sender_id: str, tracker: DialogueStateTracker, memory: turns.Memory) -> None:
        self._hot[sender_id] = _Hot(tracker, memory.events, memory.redactions)
        while len(self._hot) > KEPT_IN_MEMORY:
            self._hot.popitem(last=False)

    def _tracker(self, sender_id: str, events: list[Event]) -> DialogueStateTracker:
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots, domain=self.domain)

    def _shortened(self, tracker: DialogueStateTracker, events: list[Event]) -> list[Event]:
        """A working memory with the same slots and form, but only the last turns; none when ``events`` is empty."""
        starts = [place for place, event in enumerate(events) if isinstance(event, UserUttered)][-KEPT_TURNS:]
        begin = starts[0] if starts else len(events)
        before = self._tracker(tracker.sender_id, events[:begin])
        slots = [SlotSet(name, slot.value) for name, slot in before.slots.items() if slot.value != slot.initial_value]
        loop = [ActiveLoop(before.active_loop_name)] if before.active_loop_name else []
        return [*OPENING[:-1], *slots, *loop, OPENING[-1], *events[begin:]]


def _reply(event: BotUttered) -> turns.Reply:
    buttons = event.data.get("buttons") or []
    wants = (event.data.get("custom") or {}).get("wants")
    return turns.Reply(
        event.text or "",
        tuple((button["title"], button["payload"]) for button in buttons),
        messages.Wants(str(wants["type"]), str(wants["question"])) if wants else None,
    )


def _ledger_id(spoken: UserUttered | None) -> int | None:
    """The ledger's number of the resident's message; a message typed into ``rasa shell`` has none."""
    text = str(spoken.message_id) if spoken else ""
    return int(text) if text.isdigit() else None


def _understood(spoken: UserUttered | None, tracker: DialogueStateTracker, new: list[Event]) -> turns.Understood | None:
    if spoken is None:
        return None
    data: dict[str, Any] = dict(spoken.parse_data or {})
    seen = data.get("understanding") or {}
    rival = (seen.get("also") or [{}])[0]
    journey, ending = ended(new, journeys()) or (None, None)
    return turns.Understood(
        query=seen.get("query") or (spoken.intent or {}).get("name"),
        confidence=float(seen.get("confidence", (spoken.intent or {}).get("confidence") or 0.0)),
        runner_up=rival.get("query"),
        runner_up_confidence=float(rival.get("confidence", 0.0)),
        refused=bool(seen.get("refused", False)),
        safety=data.get("safety"),
        entities=tuple(
            {"entity": str(item["entity"]), "value": _masked(str(item["value"]))} for item in spoken.entities or []
        ),
        journey=tracker.active_loop_name,
        model=str(tracker.model_id or "") if hasattr(tracker, "model_id") else "",
        ended=journey,
        ending=ending,
    )


def _masked(value: str) -> str:
    """A detail without what identifies a resident; where they are does, too."""
    return "[location]" if read_position(value) else mask(value)


def _left_message(new: list[Event]) -> turns.LeftMessage | None:
    for event in new:
        if isinstance(event, SlotSet) and event.key == LEFT_MESSAGE and event.value:
            return turns.LeftMessage(**event.value)
    return None


def _asks(new: list[Event]) -> turns.Asks | None:
    for event in new:
        if isinstance(event, SlotSet) and event.key == HANDOVER and event.value:
            return turns.Asks(**event.value)
    return None
