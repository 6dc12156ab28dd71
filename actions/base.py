"""The back-end part of a journey: what it may choose from, what is looked at on the way, the one call at its end.

A journey's class answers with values only; the words are responses (``utter_<journey>_<ending>``). Rasa runs it as
``action_<journey>`` when the form is complete, or earlier when a check ended the journey.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.backends.errors import BackendError
from actions.backends.factory import Backends, backends
from actions.backends.reports import Attribute
from actions.content import word
from actions.own import with_one_more
from bot.clock import now
from bot.council import Council, council
from bot.dialogue.commands import clear
from bot.dialogue.journey_reader import journeys
from bot.dialogue.journeys import CONFIRMED, Ask, Journey
from bot.links import upload_link
from bot.settings import settings
from bot.text.answers import Question, offers_days, parse
from bot.text.picking import Offered
from bot.text.say import inert

logger = logging.getLogger(__name__)
LEAST_SECONDS = 0.3  # an action has at least this long, however late it is called
Event = dict[str, Any]
Slots = Mapping[str, Any]


@dataclass(frozen=True)
class Ending:
    """How a journey ends: its name, what fills its words, and what is remembered.

    ``keep``: the answers stay, so that the resident can try again; ``forget`` are questions to ask anew then.
    """

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    remember: Mapping[str, Any] = field(default_factory=dict)
    keep: bool = False
    forget: tuple[str, ...] = ()


class Ended(Exception):
    """Raised where a journey cannot go on, with how it ends."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.name)
        self.ending = ending


@dataclass(frozen=True)
class Home:
    """The address that a conversation is about, as kept in the slot ``address``."""

    uprn: str
    line: str
    postcode: str
    usrn: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Facts:
    """What a journey's back-end part works with: the answers, the time, the council, the back ends."""

    journey: Journey
    slots: Slots
    now: datetime
    council: Council
    backends: Backends

    def value(self, name: str) -> Any:
        """The answer to a question by its name, or None."""
        ask = next((ask for ask in self.journey.asks if ask.name == name), None)
        kept = self.slots.get(ask.slot) if ask and self.journey.applies(ask, self.slots) else None
        return (kept or {}).get("value") or None

    def said(self, name: str) -> str:
        """An answer as it is said back; empty when there is none."""
        ask = next((ask for ask in self.journey.asks if ask.name == name), None)
        return str((self.slots.get(ask.slot) or {}).get("said") or "") if ask else ""

    @property
    def first(self) -> str:
        """The words with which the journey or look-up was begun; empty when a button began it."""
        return str((self.slots.get("first") or {}).get("text") or "")

    def detail(self, name: str) -> str:
        """A detail (entity) of those words; empty when there is none."""
        return str((self.slots.get("first") or {}).get("entities", {}).get(name) or "")

    @property
    def home(self) -> Home:
        """The address asked for. KeyError when the journey has none yet."""
        kept = self.slots["address"]
        return Home(kept["value"], kept["line"], kept["postcode"], kept["usrn"], kept["latitude"], kept["longitude"])

    @property
    def answers(self) -> dict[str, str]:
        """All answers that a person would want to see, by label; each of a back end's own questions by its words."""
        told: dict[str, str] = {}
        for ask in self.journey.asks:
            if not ask.is_shown or not self.journey.applies(ask, self.slots):
                continue
            rows = (self.slots.get(ask.slot) or {}).get("rows")
            for row in rows or ():
                if row["said"]:  # a server may word two of its questions alike, or one like ours
                    label = row["label"] if row["label"] not in told else f"{row['label']} ({row['code']})"
                    told[label] = row["said"]
            if not rows and self.said(ask.name):
                told[ask.label] = self.said(ask.name)
        return told

    @property
    def details(self) -> dict[str, str]:
        """What a case is opened with: the answers by label, and what was sent as links, by the questions' names."""
        sent = {ask.name: ask for ask in self.journey.asks if ask.is_upload and self.value(ask.name)}
        labels = {ask.label for ask in sent.values()}
        told = {label: said for label, said in self.answers.items() if label not in labels}
        return told | {name: upload_link(self.value(name)) for name in sent}

    @property
    def key(self) -> str:
        """The idempotency key: the same for the same answers of the same run of the journey, tried again or not."""
        # Whole slots: two photos are both "Photo added", and two places in one street are said alike.
        sent = {
            ask.name: self.slots.get(ask.slot)
            for ask in self.journey.asks
            if ask.name != CONFIRMED and self.journey.applies(ask, self.slots)
        }
        told = json.dumps([self.journey.id, self.slots.get("run"), sent], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:40]


class JourneyAction(Action, ABC):
    """Base of every journey's class. ``journey`` is its id in journeys.yml."""

    journey: ClassVar[str]

    def name(self) -> str:
        return f"action_{self.journey}"

    async def choices(self, ask: str, facts: Facts) -> Sequence[Offered]:
        """What can be picked for a question whose choices are the back end's. Raises Ended when there is nothing."""
        raise NotImplementedError(f"{self.journey} offers no choices for {ask}")

    async def check(self, name: str, facts: Facts) -> Ending | None:
        """A look at the back end on the way; an Ending ends the journey early."""
        raise NotImplementedError(f"{self.journey} has no check {name}")

    async def volunteered(self, ask: Ask, text: str, offered: Sequence[Offered], facts: Facts) -> dict[str, Any] | None:
        """The answer to a question that the journey's first message held already."""
        if ask.type not in ("choice", "many") or offers_days(offered, facts.now.date()):
            return None  # a day mentioned in passing is no choice of an appointment
        found = parse(Question(ask.type, [option for option in offered if option.also]), text)
        return {"value": found.value, "said": found.said} if found else None

    async def questions(self, ask: Ask, facts: Facts) -> Sequence[Attribute]:
        """The questions that a back end puts behind one of ours (type ``details``)."""
        raise NotImplementedError(f"{self.journey} has no questions behind {ask.name}")

    def values(self, ask: Ask, facts: Facts) -> Mapping[str, str]:
        """What fills the words of a question besides the answers so far."""
        return {}

    @abstractmethod
    async def finish(self, facts: Facts) -> Ending:
        """The one back-end call, when everything is answered."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """Rasa's entry: finish (unless a check ended it already), tell the ending, tidy up."""
        journey = journeys()[self.journey]
        slots = {**tracker.slots, "first": read_first(tracker)} if journey.is_look_up else tracker.slots
        facts = facts_for(journey, slots)
        decided = None if journey.is_look_up else tracker.get_slot("ending")
        ending = Ending(**decided) if decided else await self._finish_in_time(facts, seconds_left(tracker))
        values = {"address": inert(facts.slots["address"].get("said", ""))} if facts.slots.get("address") else {}
        told = {**values, "journey_title": journey.title, **ending.values}
        if journey.is_look_up:
            return _tell_look_up(dispatcher, journey, ending, told)
        dispatcher.utter_message(response=journey.response(ending.name), **told)
        return _tidy(journey, ending, tracker.slots)

    async def _finish_in_time(self, facts: Facts, seconds: float) -> Ending:
        try:
            async with asyncio.timeout(seconds):
                return await self.finish(facts)
        except Ended as ended:
            return ended.ending
        except (BackendError, TimeoutError) as error:
            return failed(facts.journey, error)


def read_first(tracker: Tracker) -> dict[str, Any]:
    """What the message that a journey begins with holds: its words, none for a button's, and its details."""
    message = tracker.latest_message or {}
    text = str(message.get("text") or "")
    entities = {item["entity"]: str(item["value"]) for item in reversed(message.get("entities") or [])}
    return {"text": "" if text.startswith("/") else text, "entities": entities}


def seconds_left(tracker: Tracker) -> float:
    """What is left of the time in which a turn must end, for one more action: its own deadline at most."""
    spoken = next((event for event in reversed(tracker.events) if event["event"] == "user"), None)
    passed = max(0.0, time.time() - float(spoken["timestamp"])) if spoken and spoken.get("timestamp") else 0.0
    return min(settings().action_deadline, max(LEAST_SECONDS, settings().turn_deadline - passed))


def failed(journey: Journey, error: Exception) -> Ending:
    """The ending when a back end let us down: nothing was sent, everything is kept."""
    logger.warning("journey %s failed: %s", journey.id, type(error).__name__)
    return Ending("failed", keep=True, forget=(CONFIRMED,))


def facts_for(journey: Journey, slots: Slots) -> Facts:
    """The facts of this moment."""
    filled = {name: value for name, value in slots.items() if value is not None}
    return Facts(journey, filled, now(), council(), backends())


def _tell_look_up(
    dispatcher: CollectingDispatcher, journey: Journey, ending: Ending, told: Mapping[str, Any]
) -> list[Event]:
    """A look-up keeps nothing of its own, and what goes on around it is left alone. Failed, it can be asked again."""
    if ending.name == "failed":
        again = {"title": word("try_again"), "payload": f"/{journey.starts[0]}"}
        dispatcher.utter_message(response="utter_look_up_failed", buttons=[again], **told)
        return []
    dispatcher.utter_message(response=journey.response(ending.name), **told)
    return [set_slot(name, value) for name, value in ending.remember.items()]


def _tidy(journey: Journey, ending: Ending, slots: Slots) -> list[Event]:
    waiting = [name for name in slots.get("suspended") or [] if name != journey.id]
    changes: dict[str, Any] = {"ending": None, "problem": None, "attempts": None, "reading": None, "kept": None}
    if ending.keep:
        waiting.append(journey.id)
        changes |= {slot.slot: None for slot in journey.steps if slot.name in ending.forget}
        changes |= {"kept": journey.id}
    else:
        runs = {name: run for name, run in (slots.get("runs") or {}).items() if name != journey.id}
        changes |= clear(journey) | {"asked": None, "runs": runs or None}
    sent = with_one_more(slots, journey.title, ending.values)
    changes |= {"suspended": waiting or None, **({"own": sent} if sent else {}), **ending.remember}
    return [set_slot(name, value) for name, value in changes.items()]


def set_slot(name: str, value: Any) -> Event:
    """Rasa's event that sets a slot."""
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


def journey_action(journey: Journey) -> JourneyAction:
    """The class that a journey names. KeyError when there is none; ``assistant check`` reports that first."""
    found = {kind.journey: kind for kind in _concrete(JourneyAction)}  # type: ignore[type-abstract]
    return found[journey.id]()


def _concrete(kind: type[JourneyAction]) -> list[type[JourneyAction]]:
    below = [found for child in kind.__subclasses__() for found in _concrete(child)]
    return below + [child for child in kind.__subclasses__() if not getattr(child, "__abstractmethods__", None)]
