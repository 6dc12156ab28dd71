"""What helps a conversation along, whatever the service: near misses, changing an answer, hours, a person."""

from __future__ import annotations

import json
from datetime import date
from textwrap import shorten
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Ending, Event, Facts, JourneyAction
from actions.content import query_titles, word
from bot import hours
from bot.clock import now
from bot.council import council
from bot.dialogue.journey_reader import journeys
from bot.dialogue.journeys import Journey
from bot.text import say
from bot.text.references import make_reference

CHOICES = 3
TITLE_LENGTH = 70  # of a message to staff, in their list
PERSON = "speak_to_person"
NEAR = 0.05  # a meaning with less confidence than this is no help as a choice


class DidYouMean(Action):
    """The nearest meanings of a message that was not clear, at most three, and a person."""

    def name(self) -> str:
        return "action_did_you_mean"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        understood = (tracker.latest_message or {}).get("understanding") or {}
        titles = query_titles()
        first = [{"query": understood.get("query"), "confidence": understood.get("confidence", 0)}]
        near = [
            item["query"]
            for item in first + list(understood.get("also", []))
            if item["query"] and item["confidence"] >= NEAR
        ]
        wanted = {name: titles.get(name.removeprefix("faq/")) for name in near if name != PERSON}
        known = [name for name, title in wanted.items() if title][:CHOICES]
        buttons = [{"title": wanted[name], "payload": _payload(name)} for name in known]
        buttons.append({"title": word("person"), "payload": f"/{PERSON}"})
        response = "utter_did_you_mean" if known else "utter_fallback"
        dispatcher.utter_message(response=response, buttons=buttons)
        return []


def _payload(name: str) -> str:
    """What a button for a query carries; one with a single answer is asked for by name."""
    return "/ask" + json.dumps({"query": name}) if name.startswith("faq/") else f"/{name}"


class ChangeWhich(Action):
    """Which of the answers so far a resident wants to change."""

    def name(self) -> str:
        return "action_change_which"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        journey = _running(tracker)
        if journey is None:
            dispatcher.utter_message(response="utter_what_next")
            return []
        given = [
            ask for ask in journey.asks if tracker.slots.get(ask.slot) is not None and (ask.is_shown or ask.shared)
        ]
        buttons = [
            {"title": ask.label, "payload": "/change_answer" + json.dumps({"question": ask.slot})} for ask in given
        ]
        buttons.append({"title": word("stop"), "payload": "/cancel"})
        dispatcher.utter_message(response="utter_change_which", buttons=buttons)
        return []


class Repeat(Action):
    """Say the last thing again."""

    def name(self) -> str:
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        said = next((event for event in reversed(tracker.events) if event["event"] == "bot" and event["text"]), None)
        if said is None:
            dispatcher.utter_message(response="utter_what_next")
        else:
            dispatcher.utter_message(text=said["text"], buttons=(said.get("data") or {}).get("buttons") or [])
        return []


class OpeningHours(Action):
    """Whether the contact centre is open now, until when or from when, and every way to reach us."""

    def name(self) -> str:
        return "action_opening_hours"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        named = next((item for item in tracker.latest_message.get("entities", []) if item["entity"] == "date"), None)
        response, values = opening_on(date.fromisoformat(str(named["value"]))) if named else opening_now()
        dispatcher.utter_message(response=f"utter_opening_hours_{response}", **values)
        return []


def opening_on(day: date) -> tuple[str, dict[str, str]]:
    """``on`` or ``not_on`` for the contact centre on one day, with the words' values; today is ``opening_now``."""
    profile = council()
    if day == now().date():
        return opening_now()
    holiday = profile.bank_holiday(day)
    opening = hours.intervals(profile.fact("contact_hours"), day, is_bank_holiday=bool(holiday))
    values = {
        "day": say.day(day, now().date()),
        "hours": say.hours_list([(interval.start, interval.end) for interval in opening]),
        "holiday": f" ({holiday})" if holiday else "",
    }
    return ("on" if opening else "not_on"), values


def opening_now() -> tuple[str, dict[str, str]]:
    """``open``, ``closed`` or ``bank_holiday`` for the contact centre at this moment, with the words' values."""
    profile, moment = council(), now()
    week, today = profile.fact("contact_hours"), moment.date()
    if hours.is_open(week, moment, profile.bank_holiday):
        closes = hours.closes_at(week, moment, profile.bank_holiday)
        return "open", {"until": say.clock(closes.timetz().replace(tzinfo=None)) if closes else ""}
    comes = hours.next_opening(week, moment, profile.bank_holiday)
    values = {"day": "", "time": "", "holiday": profile.bank_holiday(today) or ""}
    if comes:
        values |= {"day": say.day(comes.date(), today), "time": say.clock(comes.timetz().replace(tzinfo=None))}
    return ("bank_holiday" if values["holiday"] else "closed"), values


def _running(tracker: Tracker) -> Journey | None:
    form = (tracker.active_loop or {}).get("name")
    return next((journey for journey in journeys().values() if journey.form == form), None)


class SpeakToPerson(JourneyAction):
    """A message for staff, with a reference; the tracker store files it together with this turn."""

    journey: ClassVar[str] = "speak_to_person"

    async def finish(self, facts: Facts) -> Ending:
        reference = make_reference("MSG", facts.key)
        waiting = [journeys()[name].title for name in facts.slots.get("suspended") or [] if name in journeys()]
        summary = {
            "title": shorten(facts.said("about"), TITLE_LENGTH, placeholder=" ..."),
            "about": facts.said("about"),
            "contact": {"name": facts.said("name"), _kind_of(facts.said("contact")): facts.said("contact")},
            "journey": waiting[-1] if waiting else None,
            "details": _gathered(facts),
        }
        left = {"reference": reference, "reason": "asked", "summary": summary}
        response, values = opening_now()
        told = {"reference": reference, "contact": facts.said("contact"), **values}
        return Ending("left" if response == "open" else "left_closed", told, remember={"left_message": left})


def _kind_of(contact: str) -> str:
    """Under which name staff look for a contact."""
    return "email" if "@" in contact else "phone"


def _gathered(facts: Facts) -> dict[str, str]:
    """What the resident told in the request that they broke off."""
    for name in reversed(facts.slots.get("suspended") or []):
        journey = journeys().get(name)
        if journey:
            slots = facts.slots
            return {ask.label: slots[ask.slot]["said"] for ask in journey.asks if ask.is_shown and slots.get(ask.slot)}
    return {}


class EraseChat(JourneyAction):
    """The wish that this chat be deleted; the tracker store does it together with this turn."""

    journey: ClassVar[str] = "erase_chat"

    async def finish(self, facts: Facts) -> Ending:
        return Ending("erased", remember={"erase": True, "suspended": None})
