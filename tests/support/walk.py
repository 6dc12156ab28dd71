"""Walks through any journey as a resident would: what is asked is answered by its type, until nothing is asked."""

from __future__ import annotations

from bot.dialogue.journey_reader import journeys
from bot.dialogue.journeys import CONFIRMED, Ask, Journey
from tests.support.dialogue import Dialogue, Heard

MOST_TURNS = 30
SAYS = {
    "spot": "12 Castle Street, Edgeley",
    "postcode": "SK1 3XE",
    "address": "12 Edward Street",
    "place": "SK1 3XE",
    "text": "It has been like this since last week",
    "name": "Sam Taylor",
    "contact": "sam@example.com",
    "email": "sam@example.com",
    "phone": "07700 900123",
    "registration": "AB12 CDE",
    "number": "2",
    "date": "3 November",
    "reference": "SBX-4253VQ",
}
SKIP = "Skip this question"
DETAILS = ("3", "yesterday", "AB12 CDE")  # a number, a day, words: what a server may ask for


class Walk:
    """One resident in one journey; ``answers`` are said instead, by the question's name."""

    def __init__(self, dialogue: Dialogue, journey: Journey, **answers: str) -> None:
        self.dialogue, self.journey, self.answers = dialogue, journey, answers
        self.tries = 0

    async def to_the_summary(self, heard: Heard) -> Heard:
        """Answer until the summary is shown, or nothing more is asked."""
        for _ in range(MOST_TURNS):
            ask = await self._asked()
            if ask is None or ask.name == CONFIRMED:
                return heard
            heard = await self._answer(ask, heard)
        raise AssertionError(f"{self.journey.id} never ends: {heard.texts}")

    async def _asked(self) -> Ask | None:
        slot = await self.dialogue.slot("requested_slot")
        return journeys()[self.journey.id].ask(slot)

    async def _answer(self, ask: Ask, heard: Heard) -> Heard:
        if ask.name in self.answers:
            return await self.dialogue.say(self.answers[ask.name])
        if SKIP in heard.choices:
            return await self.dialogue.press(SKIP)
        if ask.type == "yes_no":
            return await self.dialogue.press("No" if ask.name in ("danger", "still") else "Yes")
        if heard.choices and ask.type != "spot":
            last = ask.name == "seen"  # none of others' reports
            return await self.dialogue.press(list(heard.choices)[-1 if last else 0])
        if ask.type == "details":
            self.tries += 1
            return await self.dialogue.say(DETAILS[(self.tries - 1) % len(DETAILS)])
        return await self.dialogue.say(SAYS[ask.type])
