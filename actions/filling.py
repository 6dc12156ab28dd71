"""Filling a form: read the answer, use what is known, look at the back end, find the next question."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from rasa_sdk import Tracker

from actions.addresses import addresses_at, as_answer, as_offered
from actions.backends.addresses import Address
from actions.backends.errors import BackendError
from actions.backends.reports import Attribute
from actions.base import Ended, Facts, facts_for, failed, journey_action, read_first, seconds_left
from actions.content import said_back
from actions.details import choices, complete, next_question, notice, problem, read_detail
from actions.spots import SAME_PLACE, SAME_WORDS, locate, located_already
from bot.clock import today
from bot.dialogue.journeys import CONFIRMED, Ask, Check, Journey
from bot.text.answers import Question, is_skip, parse
from bot.text.picking import Offered, pick, pick_address
from bot.text.say import inert
from bot.text.sent import has_none

KEPT_LOOK_UPS = 256
_LOOKED_UP: dict[str, Any] = {}
PERSONAL = frozenset(("contact", "name"))  # what people may rather not say, and are told why it is needed
SKIPPED = {"value": "", "said": ""}


class Filling:
    """One look at one form: the slots that change and the question that comes next."""

    def __init__(self, journey: Journey, tracker: Tracker) -> None:
        self.journey, self.tracker = journey, tracker
        self.action = journey_action(journey)
        self.changes: dict[str, Any] = {}
        self.notes: list[str] = []
        self.is_new = _begins_now(tracker, journey.form)
        self.message: dict[str, Any] = tracker.latest_message or {}
        self.entities: dict[str, str] = read_first(tracker)["entities"]
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
            async with asyncio.timeout(seconds_left(self.tracker)):
                if self.slot("run") is None:
                    self._number_the_run()
                if self.is_new:
                    self._begin()
                    await self._read_what_was_left()
                elif self.slot("reading"):
                    await self._read(self.journey.ask(self.slot("reading")))
                return await self._next()
        except Ended as ended:
            ending = ended.ending
        except (BackendError, TimeoutError) as error:
            ending = failed(self.journey, error)
            self.changes["unread"] = self._unread()
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
        if self.slot("kept") == self.journey.id:  # tried again: nothing is forgotten
            self.changes |= {"problem": None, "ending": None, "kept": None}
            return
        before = self.slot("first") or {}  # a postcode that came alone, with its house number
        held = {**before.get("entities", {}), **self.entities} if self.is_pressed else self.entities
        first = {"text": "" if self.is_pressed else self.text, "entities": held}
        self.changes |= {"problem": None, "attempts": None, "ending": None, "kept": None, "unread": None}
        self.changes |= {"asked": [], "first": first}
        postcode = self.entities.get("postcode")
        if postcode and postcode != (self.slot("postcode") or {}).get("value"):
            self.changes |= {"postcode": {"value": postcode, "said": postcode}, "address": None}
        elif self.slot("address") and self.journey.ask("address"):
            self.notes.append("utter_using_address")
        self._note_contact()

    def _note_contact(self) -> None:
        """Say that a known contact is used again, so that nobody wonders why it was not asked."""
        if self.journey.ask("contact") and (self.slot("contact") or {}).get("value"):
            self.notes.append("utter_using_contact")

    def _unread(self) -> dict[str, Any] | None:
        """The answer that could not be dealt with, kept for when the resident tries again."""
        reading = None if self.is_new else self.slot("reading")
        if not reading or self.slot(reading) is not None:
            return None
        return {"slot": reading, "text": self.text, "entities": self.entities}

    async def _read_what_was_left(self) -> None:
        left = self.slot("unread")
        if not left:
            return
        self.text, self.entities = left["text"], left["entities"]
        self.is_pressed = self.text.startswith("/")
        self.changes["unread"] = None
        await self._read(self.journey.ask(left["slot"]))

    def _number_the_run(self) -> None:
        """A run of a journey has a number of its own, the same when its first turn is done again.

        It keeps the number until it has ended, whatever else is done in between: what may have been sent once is
        never sent as something new.
        """
        runs = self.slot("runs") or {}
        begun = f"{self.tracker.sender_id}:{self.message_id}:{self.journey.id}"
        run = runs.get(self.journey.id) or hashlib.sha256(begun.encode()).hexdigest()[:16]
        self.changes |= {"run": run, "runs": {**runs, self.journey.id: run}}

    async def _read(self, ask: Ask | None) -> None:
        if ask is None or not self._is_its_turn(ask):
            return
        answer = await self._answer(ask)
        if answer is None:
            self._problem(ask, await self._kind_of_problem(ask))
            return
        if ask.type == "postcode" and ask.shared and answer != self.slot("postcode"):
            self.changes["address"] = None
        self._take(ask, answer)

    def _is_its_turn(self, ask: Ask) -> bool:
        """Whether a question may be answered yet: it applies, and what it rests on is known."""
        before = self.journey.asks[: self.journey.asks.index(ask)]
        slots = self.facts.slots
        lacks = [each for each in before if self.slot(each.slot) is None and self.journey.applies(each, slots)]
        return self.journey.applies(ask, slots) and (not lacks or not ask.is_found_out or ask.type == "address")

    async def _kind_of_problem(self, ask: Ask) -> str:
        if self._would_rather_not() and ask.type in PERSONAL:
            return "needed"
        if ask.type == "details":
            return problem(next_question(await self.questions(ask), self.slot(ask.slot)))
        return ask.type

    def _take(self, ask: Ask, answer: dict[str, Any]) -> None:
        self.changes |= {ask.slot: answer, "problem": None, "attempts": None, "reading": None}
        if not self.is_pressed and not ask.is_free_text:  # other details beside the answer count for later questions
            first = self.slot("first") or {"text": "", "entities": {}}
            self.changes["first"] = {**first, "entities": {**first["entities"], **self.entities}}

    async def _answer(self, ask: Ask) -> dict[str, Any] | None:
        pressed = self.entities.get("value") if self.is_pressed else None
        intent = (self.message.get("intent") or {}).get("name")
        if ask.type == "details":
            return await self._detail(ask, pressed)
        declines = self._would_rather_not() or intent == "deny" or ask.is_upload and has_none(self.text)
        if ask.optional and pressed is None and declines:
            return dict(SKIPPED)
        if ask.type == "address":
            return await self._address(pressed)
        if ask.type == "spot":
            return await self._spot(ask, pressed)
        offered = await self.offered(ask)
        if pressed is not None:
            found = next((option for option in offered if option.value == pressed), None)
            if found is None and offered:
                return None
            text = found.title if found else pressed
        else:
            text = self.text
        given = parse(Question(ask.type, offered, ask.limit, ask.least, today(), pressed is not None, ask.past), text)
        return {"value": given.value, "said": said_back(ask.type, given)} if given else None

    async def questions(self, ask: Ask) -> Sequence[Attribute]:
        """The questions behind a question of the type ``details``, looked up once a turn."""
        found: Sequence[Attribute] = await self._once(
            f"{ask.slot} questions", self.journey.id, lambda facts: self.action.questions(ask, facts)
        )
        return found

    async def words(self, ask: Ask) -> dict[str, str]:
        """What fills the words of a question that a back end puts: its own words, and whether it can be skipped."""
        questions = await self.questions(ask)
        question = next_question(questions, self.slot(ask.slot))
        if question is None:
            return {}
        told = " ".join(filter(None, (notice(questions, question), question.question, question.hint)))
        return {"question": inert(told), "skip": "" if question.required else "skip"}

    async def _detail(self, ask: Ask, pressed: str | None) -> dict[str, Any] | None:
        """The answers so far with one more, or None when what was said answers none of the questions."""
        return read_detail(await self.questions(ask), self.slot(ask.slot), self.text, pressed, self._would_rather_not())

    async def _spot(self, ask: Ask, pressed: str | None) -> dict[str, Any] | None:
        """Where something is; after a failed try words alone are taken, for people to find it by."""
        offered = await self.offered(ask)
        picked = pick(self.text, offered) if pressed is None else None
        if offered and (pressed == SAME_PLACE or picked):
            return dict(self.slot("last_spot"))
        attempts = int((self.slot("attempts") or {}).get(ask.slot, 0))
        return await locate(self.facts, self.text, self.entities, pressed, takes_words=attempts > 0)

    def _would_rather_not(self) -> bool:
        return (self.message.get("intent") or {}).get("name") == "skip" or is_skip(self.text)

    async def _address(self, pressed: str | None) -> dict[str, Any] | None:
        found = await self.addresses()
        wanted = pressed
        if wanted is None:
            picked = pick_address(self.text, as_offered(found))
            wanted = picked.value if picked else None
        return next((as_answer(address) for address in found if address.uprn == wanted), None)

    async def addresses(self) -> list[Address]:
        """The homes at the postcode, looked up once a turn. Raises as ``addresses_at``."""
        homes: list[Address] = await self._once("addresses", self.slot("postcode"), addresses_at)
        return homes

    async def _once(self, what: str, about: Any, look_up: Callable[[Facts], Awaitable[Any]]) -> Any:
        """A look-up of this turn: Rasa reads an answer and puts the next question in two calls that need the same."""
        key = f"{self.tracker.sender_id} {self.message_id} {what} {about}"
        if key not in _LOOKED_UP:
            _LOOKED_UP[key] = await look_up(self.facts)
            while len(_LOOKED_UP) > KEPT_LOOK_UPS:
                _LOOKED_UP.pop(next(iter(_LOOKED_UP)))
        return _LOOKED_UP[key]

    async def offered(self, ask: Ask) -> Sequence[Offered]:
        """What can be picked for a question. Raises Ended where there is nothing."""
        if ask.from_backend:
            about = [self.slot(slot) for slot in self.journey.slots]
            found: Sequence[Offered] = await self._once(
                ask.slot, about, lambda facts: self.action.choices(ask.name, facts)
            )
            return found
        if ask.type == "yes_no":
            return []
        if ask.type == "details":
            question = next_question(await self.questions(ask), self.slot(ask.slot))
            return choices(question) if question else []
        if ask.type == "spot" and self.slot("last_spot"):
            return [Offered(SAME_PLACE, self.slot("last_spot")["said"], SAME_WORDS)]
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
                    self._forget_the_yes(step)
                    return "postcode" if self.slot(step.slot) is None and self._lacks_postcode(step) else step.slot
                self.changes[step.slot] = answer
        return None

    def _forget_the_yes(self, ask: Ask) -> None:
        """A question that is open again makes the summary another: the yes to the old one does not count."""
        confirmed = f"{self.journey.id}_{CONFIRMED}"
        if ask.slot != confirmed and self.slot(confirmed) is not None:
            self.changes[confirmed] = None

    def _is_open(self, ask: Ask) -> bool:
        """Whether a question still wants an answer; what was skipped elsewhere may be needed here."""
        given = self.slot(ask.slot)
        return given is None or ask.type == "details" or (given == SKIPPED and not ask.optional)

    def _lacks_postcode(self, ask: Ask) -> bool:
        return ask.type == "address" and self.slot("postcode") is None

    async def _unasked(self, ask: Ask) -> dict[str, Any] | None:
        """The answer that need not be asked for: known from before, said already, or the only one there is.

        What the journey's first message held counts for every question that was not put yet.
        """
        if ask.slot in (self.slot("asked") or []) and ask.type not in ("address", "details"):
            if ask.from_backend:
                await self.offered(ask)  # the journey ends here when there is nothing left to pick
            return None
        first = self.slot("first") or {"text": "", "entities": {}}
        if ask.type == "address":
            return await self._sole_address(ask)
        if ask.type == "details":
            return complete(await self.questions(ask), self.slot(ask.slot))
        if ask.type == "spot":
            return await located_already(self.facts, first["text"], first["entities"])
        if ask.known and self.slot(ask.known):
            return dict(self.slot(ask.known))
        said = first["entities"].get(ask.entity) if ask.entity else None
        if ask.type in ("postcode", "place") or ask.type == "reference" and said:
            return {"value": said, "said": said} if said else None
        offered = await self.offered(ask) if ask.from_backend or ask.type == "choice" else []
        if ask.type == "choice" and ask.from_backend and ask.optional and not offered:
            return dict(SKIPPED)
        named = next((option for option in offered if option.value == said), None)
        if named is None and len(offered) == 1 and ask.entity:
            named = offered[0]
        if named is None and first["text"]:
            return await self.action.volunteered(ask, first["text"], offered, self.facts)
        return {"value": named.value, "said": named.title} if named else None

    async def _sole_address(self, ask: Ask) -> dict[str, Any] | None:
        found = await self.addresses()
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
