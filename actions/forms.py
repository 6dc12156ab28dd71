"""The form of every journey: reads an answer, checks it, finds the next question, puts it.

Rasa calls ``validate_<form>`` after each message and ``action_ask_<form>_<slot>`` for each question. One class of
each is made per journey and question, from the journeys' data, when this module is loaded: that is how the SDK
finds actions.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.addresses import as_offered
from actions.backends.errors import BackendError
from actions.base import Ended, Event, seconds_left, set_slot
from actions.filling import Filling
from actions.questions import put_question
from bot.council import council
from bot.dialogue.forms import ask_action
from bot.dialogue.journey_reader import journeys
from bot.dialogue.journeys import CONFIRMED
from bot.text.picking import Offered


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
        filling = Filling(journeys()[self.journey_id], tracker)
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
        filling = Filling(journey, tracker)
        ask = journey.ask(self.slot)
        if ask is None:
            return []
        offered: Sequence[Offered] = []
        asked: dict[str, str] = {}
        try:
            async with asyncio.timeout(seconds_left(tracker)):
                if ask.type == "address":
                    offered = as_offered(await filling.addresses())
                elif ask.name != CONFIRMED:
                    offered = await filling.offered(ask)
                    asked = await filling.words(ask) if ask.type == "details" else {}
        except (BackendError, Ended, TimeoutError):
            offered = []  # the question can be answered in words; the form looks again when it is
        values = {**filling.action.values(ask, filling.facts), **asked}
        problem = filling.slot("problem")
        # What was wrong is said once, not again after a question in the middle.
        is_fresh = problem and problem["message"] == filling.message_id
        put_question(dispatcher, filling.facts, ask, offered, problem if is_fresh else None, values)
        return []


def _make_actions() -> None:
    council()  # read now, so that the first resident does not wait for it
    for journey in journeys().values():
        if journey.is_look_up:
            continue
        title = journey.id.title().replace("_", "")
        globals()[f"{title}Form"] = type(f"{title}Form", (JourneyForm,), {"journey_id": journey.id})
        for ask in journey.asks:
            name = f"Ask{title}{ask.name.title().replace('_', '')}"
            globals()[name] = type(name, (AskQuestion,), {"journey_id": journey.id, "slot": ask.slot})


_make_actions()
