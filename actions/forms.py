"""The form of every journey: reads an answer, checks it, finds the next question, puts it.

Rasa calls ``validate_<form>`` after each message and ``action_ask_<form>_<slot>`` for each question. One class of
each is made per journey and question, from the journeys' data, when this module is loaded: that is how the SDK
finds actions.
"""

from __future__ import annotations

import asyncio
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.addresses import addresses_at, as_answer, as_offered
from actions.backends.errors import BackendError
from actions.base import Ended, Event, Facts, facts_for, failed, journey_action, set_slot
from actions.content import word
from actions.questions import put_question
from bot.clock import today
from bot.council import council
from bot.dialogue.forms import ask_action
from bot.dialogue.journeys import CONFIRMED, Ask, Check, Journey, journeys
from bot.settings import settings
from bot.text.answers import Question, is_skip, parse
from bot.text.picking import Offered, pick_address

PERSONAL = frozenset(("contact", "name"))  # what people may rather not say, and are told why it is needed
SKIPPED = {"value": "", "said": ""}


class _Filling:
    """One look at one form: the slots that change and the question that comes next."""

    def __init__(self, journey: Journey, tracker: Tracker) -> None:
        self.journey, self.tracker = journey, tracker
        self.action = journey_action(journey)
        self.changes: dict[str, Any] = {}
        self.notes: list[str] = []
        self.is_new = _begins_now(tracker, journey.form)
        self.message: dict[str, Any] = tracker.latest_message or {}
        self.entities = {item["entity"]: str(item["value"]) for item in reversed(self.message.get("entities") or [])}
        self.text = str(self.message.get("text") or "")
        self.message_id = self.message.get("message_id")
        self.is_pressed = self.text.startswith("/")

    def slot(self, name: str) -> Any:
        return self.changes.get(name, self.tracker.slots.get(name))

    @property
    def facts(self) -> Facts:
        return facts_for(self.journey, {**self.tracker.slots, **self.changes})

    async def fill(self) -> str | None:
        """Read what was said, then find the next question: its slot, or None when the form is over."""
        try:
            async with asyncio.timeout(settings().action_deadline):
                if self.slot("run") is None:
                    self._number_the_run()
                if self.is_new:
                    self._begin()
                elif self.slot("reading"):
                    await self._read(self.journey.ask(self.slot("reading")))
                return await self._next()
        except Ended as ended:
            ending = ended.ending
        except (BackendError, TimeoutError) as error:
            ending = failed(self.journey, error)
        self.changes["ending"] = {
            "name": ending.name,
            "values": dict(ending.values),
            "remember": dict(ending.remember),
            "keep": ending.keep,
            "forget": list(ending.forget),
        }
        return None

    def _begin(self) -> None:
        """A journey begins: what the first message held already is used. A kept journey keeps its own."""
        before = self.slot("first") or {}  # a postcode that came alone, with its house number
        held = {**before.get("entities", {}), **self.entities} if self.is_pressed else self.entities
        first = {"text": "" if self.is_pressed else self.text, "entities": held}
        self.changes |= {"problem": None, "attempts": None, "ending": None, "kept": None, "asked": [], "first": first}
        postcode = self.entities.get("postcode")
        if postcode and postcode != (self.slot("postcode") or {}).get("value"):
            self.changes |= {"postcode": {"value": postcode, "said": postcode}, "address": None}
        elif self.slot("address") and self.journey.ask("address"):
            self.notes.append("utter_using_address")

    def _number_the_run(self) -> None:
        """A run of a journey has a number of its own, the same when its first turn is done again."""
        begun = f"{self.tracker.sender_id}:{self.message_id}:{self.journey.id}"
        self.changes["run"] = hashlib.sha256(begun.encode()).hexdigest()[:16]

    async def _read(self, ask: Ask | None) -> None:
        if ask is None:
            return
        answer = await self._answer(ask)
        if answer is None:
            self._problem(ask, "needed" if self._would_rather_not() and ask.type in PERSONAL else ask.type)
            return
        if ask.type == "postcode" and ask.shared and answer != self.slot("postcode"):
            self.changes["address"] = None
        self._take(ask, answer)

    def _take(self, ask: Ask, answer: dict[str, Any]) -> None:
        self.changes |= {ask.slot: answer, "problem": None, "attempts": None, "reading": None}
        if not self.is_pressed and not ask.is_free_text:  # other details beside the answer count for later questions
            first = self.slot("first") or {"text": "", "entities": {}}
            self.changes["first"] = {**first, "entities": {**first["entities"], **self.entities}}

    async def _answer(self, ask: Ask) -> dict[str, Any] | None:
        pressed = self.entities.get("value") if self.is_pressed else None
        intent = (self.message.get("intent") or {}).get("name")
        if ask.optional and pressed is None and (self._would_rather_not() or intent == "deny"):
            return dict(SKIPPED)
        if ask.type == "address":
            return await self._address(pressed)
        offered = await self.offered(ask)
        if pressed is not None:
            found = next((option for option in offered if option.value == pressed), None)
            if found is None and offered:
                return None
            text = found.title if found else pressed
        else:
            text = self.text
        given = parse(Question(ask.type, offered, ask.limit, ask.least, today()), text)
        if given is None:
            return None
        return {"value": given.value, "said": word(given.value) if ask.type == "yes_no" else given.said}

    def _would_rather_not(self) -> bool:
        return (self.message.get("intent") or {}).get("name") == "skip" or is_skip(self.text)

    async def _address(self, pressed: str | None) -> dict[str, Any] | None:
        found = await addresses_at(self.facts)
        wanted = pressed
        if wanted is None:
            picked = pick_address(self.text, as_offered(found))
            wanted = picked.value if picked else None
        return next((as_answer(address) for address in found if address.uprn == wanted), None)

    async def offered(self, ask: Ask) -> Sequence[Offered]:
        if ask.from_backend:
            return await self.action.choices(ask.name, self.facts)
        if ask.type == "yes_no":
            return []
        if ask.type == "contact" and self.slot(ask.slot):
            return [Offered(self.slot(ask.slot)["value"], self.slot(ask.slot)["said"])]
        return [Offered(option.value, option.title, option.also) for option in ask.options]

    def _problem(self, ask: Ask, kind: str) -> None:
        attempts = int((self.slot("attempts") or {}).get(ask.slot, 0)) + 1
        if ask.limit and len(self.text) > ask.limit and ask.is_free_text:
            kind = "too_long"
        self.changes |= {
            "attempts": {ask.slot: attempts},
            "problem": {"kind": kind, "attempt": attempts, "message": self.message_id},
        }

    async def _next(self) -> str | None:
        for step in self.journey.steps:
            if isinstance(step, Check):
                if self.slot(step.slot) is None:
                    ending = await self.action.check(step.name, self.facts)
                    if ending:
                        raise Ended(ending)
                    self.changes[step.slot] = {"value": True, "said": ""}
            elif self._is_open(step) and self.journey.applies(step, self.facts.slots):
                answer = await self._unasked(step)
                if answer is None:
                    return "postcode" if self.slot(step.slot) is None and self._lacks_postcode(step) else step.slot
                self.changes[step.slot] = answer
        return None

    def _is_open(self, ask: Ask) -> bool:
        """Whether a question still wants an answer; what was skipped elsewhere may be needed here."""
        given = self.slot(ask.slot)
        return given is None or (given == SKIPPED and not ask.optional)

    def _lacks_postcode(self, ask: Ask) -> bool:
        return ask.type == "address" and self.slot("postcode") is None

    async def _unasked(self, ask: Ask) -> dict[str, Any] | None:
        """The answer that need not be asked for: known from before, said already, or the only one there is.

        What the journey's first message held counts for every question that was not put yet.
        """
        if ask.slot in (self.slot("asked") or []) and ask.type != "address":
            return None
        first = self.slot("first") or {"text": "", "entities": {}}
        if ask.type == "address":
            return await self._sole_address(ask)
        if ask.known and self.slot(ask.known):
            return dict(self.slot(ask.known))
        said = first["entities"].get(ask.entity) if ask.entity else None
        if ask.type == "postcode":
            return {"value": said, "said": said} if said else None
        offered = await self.offered(ask) if ask.from_backend or ask.type == "choice" else []
        named = next((option for option in offered if option.value == said), None)
        if named is None and len(offered) == 1 and ask.entity:
            named = offered[0]
        if named is None and first["text"]:
            return await self.action.volunteered(ask, first["text"], offered, self.facts)
        return {"value": named.value, "said": named.title} if named else None

    async def _sole_address(self, ask: Ask) -> dict[str, Any] | None:
        found = await addresses_at(self.facts)
        if not found:
            self.changes["postcode"] = None
            self._problem(self.journey.ask("postcode") or ask, "no_address")
            return None
        if len(found) == 1:
            return as_answer(found[0])
        first = {} if ask.slot in (self.slot("asked") or []) else (self.slot("first") or {}).get("entities", {})
        number = self.entities.get("house_number") or first.get("house_number")
        if number:
            picked = pick_address(number, as_offered(found))
            return next((as_answer(address) for address in found if picked and address.uprn == picked.value), None)
        return None


def _begins_now(tracker: Tracker, form: str) -> bool:
    """Whether the form was activated since the resident spoke."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "active_loop" and event["name"] == form:
            return True
    return False


class JourneyForm(Action, ABC):
    """``validate_<form>`` of one journey."""

    @property
    @abstractmethod
    def journey_id(self) -> str:
        """The journey's id; an attribute of each class."""

    def name(self) -> str:
        return f"validate_{self.journey_id}_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """The slots that change and Rasa's ``requested_slot``."""
        filling = _Filling(journeys()[self.journey_id], tracker)
        requested = await filling.fill()
        for note in filling.notes if requested else ():
            dispatcher.utter_message(response=note)
        asked = filling.slot("asked") or []
        if requested and requested not in asked:
            filling.changes["asked"] = [*asked, requested]
        changes = {"reading": None, **filling.changes} if not filling.is_new else filling.changes
        events = [set_slot(name, value) for name, value in changes.items()]
        events.append(set_slot("requested_slot", requested))
        return events


class AskQuestion(Action, ABC):
    """``action_ask_<form>_<slot>``: one question of one journey."""

    slot: ClassVar[str] = ""

    @property
    @abstractmethod
    def journey_id(self) -> str:
        """The journey's id; an attribute of each class."""

    def name(self) -> str:
        journey = journeys()[self.journey_id]
        ask = journey.ask(self.slot)
        return ask_action(journey, ask) if ask else ""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """Say what was wrong with the last answer, if anything, and put the question with its choices."""
        journey = journeys()[self.journey_id]
        filling = _Filling(journey, tracker)
        ask = journey.ask(self.slot)
        if ask is None:
            return []
        offered: Sequence[Offered] = []
        try:
            async with asyncio.timeout(settings().action_deadline):
                if ask.type == "address":
                    offered = as_offered(await addresses_at(filling.facts))
                elif ask.name != CONFIRMED:
                    offered = await filling.offered(ask)
        except (BackendError, Ended, TimeoutError):
            offered = []  # the question can be answered in words; the form looks again when it is
        values = filling.action.values(ask, filling.facts)
        problem = filling.slot("problem")
        # What was wrong is said once, not again after a question in the middle.
        is_fresh = problem and problem["message"] == filling.message_id
        put_question(dispatcher, filling.facts, ask, offered, problem if is_fresh else None, values)
        return []


def _make_actions() -> None:
    council()  # read now, so that the first resident does not wait for it
    for journey in journeys().values():
        title = journey.id.title().replace("_", "")
        globals()[f"{title}Form"] = type(f"{title}Form", (JourneyForm,), {"journey_id": journey.id})
        for ask in journey.asks:
            name = f"Ask{title}{ask.name.title().replace('_', '')}"
            globals()[name] = type(name, (AskQuestion,), {"journey_id": journey.id, "slot": ask.slot})


_make_actions()
