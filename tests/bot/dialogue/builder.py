"""One message in one situation, with everything left out that a test does not care about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.dialogue.journeys import Journey
from bot.dialogue.situation import Button, Move, Progress, Situation, read_payload


def given(value: Any) -> dict[str, Any]:
    """An answer as a slot keeps it."""
    return {"value": value, "said": str(value)}


def answer_button(title: str, slot: str, value: str) -> Button:
    """A button that answers a question."""
    return read_payload(title, f'/answer{{"question": "{slot}", "value": "{value}"}}')


BINS = (
    answer_button("Black bin", "bin_missed_container", "black_bin"),
    answer_button("Blue bin", "bin_missed_container", "blue_bin"),
)
PERSON = read_payload("Talk to a person", "/speak_to_person")
SUMMARY = (
    answer_button("Send it", "bin_missed_confirmed", "yes"),
    read_payload("Change something", "/change_answer"),
    read_payload("Stop", "/cancel"),
)


def move(found: Move | None) -> Move:
    """What was decided, where something must be."""
    assert found is not None
    return found


class Talk:
    """Makes situations: ``inside`` a journey at a question, ``with_slots``, ``with_buttons``; then ``says``."""

    def __init__(self, known: Mapping[str, Journey]) -> None:
        self.known = known
        self.journey: Journey | None = None
        self.requested: str | None = None
        self.slots: dict[str, Any] = {}
        self.buttons: tuple[Button, ...] = ()

    def inside(self, journey: str, requested: str) -> Talk:
        self.journey, self.requested = self.known[journey], requested
        return self

    def with_slots(self, **slots: Any) -> Talk:
        self.slots |= slots
        return self

    def with_buttons(self, *buttons: Button) -> Talk:
        self.buttons = buttons
        return self

    def says(self, text: str, query: str = "", confidence: float = 0.95, **rest: Any) -> Situation:
        """A typed message; without a ``query`` it was not understood."""
        values: dict[str, Any] = {
            "text": text,
            "query": query,
            "confidence": confidence if query else 0.1,
            "refused": not query,
            "is_pressed": False,
            "details": {},
            "entities": [],
            "also": [],
            "second": None,
            "safety": None,
            "journey": self.journey,
            "requested": self.journey.ask(self.requested) if self.journey else None,
            "slots": self.slots,
            "offered": self.buttons,
            "today": date(2026, 11, 24),
            "journeys": self.known,
            "look_ups": frozenset(("opening_hours", "payment_done")),
            "titles": {"faq/cost": "What it costs", "opening_hours": "Opening hours"},
        }
        return Situation(**values | rest)

    def presses(self, payload: str) -> Situation:
        """A pressed button."""
        button = read_payload("", payload)
        return self.says(payload, button.intent, 1.0, is_pressed=True, details=button.details)


def progress(
    *actions: str, form: str | None = None, spoken: bool = True, policy: str = "JourneyPolicy", begun: str = ""
) -> Progress:
    """How far a turn has come."""
    return Progress(actions, (policy,) * len(actions), spoken, frozenset((begun,) if begun else ()), form)
