"""Journeys: a service's transactions as data (``data/services/<service>/journeys.yml``).

A journey says what starts it, what it asks, how each answer is read, which back-end call ends it and how each
ending is told. These are the frozen dataclasses that ``journey_reader`` makes of it; the importer turns them into
Rasa's forms, slots and rules, the policy and the action server run them. No Rasa in here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.text.sent import MORE_THAN_WORDS, UPLOADS

FREE_TEXT = frozenset(("text", "name"))
CONFIRMED = "confirmed"
# Endings that every journey has, told by shared responses (data/shared/responses.yml).
SHARED_ENDINGS = ("failed", "outside", "outside_unknown", "nowhere", "far", "far_off")


@dataclass(frozen=True)
class Option:
    """One answer of a fixed list: ``also`` are other words for it."""

    value: str
    title: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ask:
    """One question. ``slot`` keeps the answer; shared questions keep it for the whole conversation.

    ``options`` is the fixed list, or empty when ``from_backend``. ``past``: a date looks back. ``when`` maps earlier
    questions to the answers for which this one is asked. ``entity`` is the detail that may answer it unasked,
    ``known`` a shared slot that may. A question that is not ``is_shown`` stays out of the summary.
    """

    name: str
    slot: str
    type: str
    question: str
    label: str
    shared: bool = False
    optional: bool = False
    from_backend: bool = False
    options: tuple[Option, ...] = ()
    limit: int = 0
    least: int = 1
    when: Mapping[str, tuple[str, ...]] | None = None
    entity: str = ""
    known: str = ""
    is_shown: bool = True
    past: bool = False

    @property
    def is_free_text(self) -> bool:
        return self.type in FREE_TEXT

    @property
    def is_upload(self) -> bool:
        return self.type in UPLOADS

    @property
    def takes_more(self) -> bool:
        """Whether a page can help to answer it besides with a text field: with a file, or the device's location."""
        return self.type in MORE_THAN_WORDS

    @property
    def is_found_out(self) -> bool:
        """Whether the answers that make sense depend on answers before it."""
        return self.from_backend or self.type == "address"


@dataclass(frozen=True)
class Check:
    """A look at the back end between two questions; it may end the journey early."""

    name: str
    slot: str


@dataclass(frozen=True)
class Journey:
    """One transaction or look-up, from the words that start it to how each ending is told.

    ``shape`` is the kind of journey that it is like (data/shared/shapes.yml), ``settings`` what it says for that
    shape, ``told_alike`` the endings that all journeys of the shape tell in the same words.
    """

    id: str
    service: str
    title: str
    starts: tuple[str, ...]
    steps: tuple[Ask | Check, ...]
    endings: tuple[str, ...]
    path: Path
    line: int
    shape: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    told_alike: frozenset[str] = frozenset()

    @property
    def is_look_up(self) -> bool:
        """Whether it asks nothing: its action tells at once, in the middle of another journey too."""
        return not self.steps

    @property
    def form(self) -> str:
        return f"{self.id}_form"

    @property
    def action(self) -> str:
        return f"action_{self.id}"

    @property
    def asks(self) -> tuple[Ask, ...]:
        return tuple(step for step in self.steps if isinstance(step, Ask))

    @property
    def slots(self) -> tuple[str, ...]:
        return tuple(step.slot for step in self.steps)

    @property
    def own_slots(self) -> tuple[str, ...]:
        """The slots that are emptied when the journey is over."""
        return tuple(step.slot for step in self.steps if isinstance(step, Check) or not step.shared)

    def applies(self, ask: Ask, slots: Mapping[str, Any]) -> bool:
        """Whether a question is asked at all, given the answers so far."""
        values = {other.name: (slots.get(other.slot) or {}).get("value") for other in self.asks}
        return all(str(values.get(name)) in allowed for name, allowed in (ask.when or {}).items())

    def ask(self, slot: str | None) -> Ask | None:
        """The question that fills ``slot``."""
        return next((ask for ask in self.asks if ask.slot == slot), None)

    def after(self, slot: str) -> tuple[str, ...]:
        """The slots that a new answer for ``slot`` makes doubtful: later checks and choices from a back end."""
        place = self.slots.index(slot)
        return tuple(
            step.slot
            for step in self.steps[place + 1 :]
            if isinstance(step, Check) or step.is_found_out or step.name == CONFIRMED
        )

    def response(self, ending: str) -> str:
        """The name of the response that tells an ending."""
        if ending in SHARED_ENDINGS:
            return f"utter_journey_{ending}"
        return f"utter_{self.shape if ending in self.told_alike else self.id}_{ending}"


def started_by(known: Mapping[str, Journey], query: str) -> Journey | None:
    """The journey that a query (intent) begins; a look-up begins none."""
    return next((journey for journey in known.values() if query in journey.starts and not journey.is_look_up), None)


def all_slots(known: Mapping[str, Journey]) -> Iterator[str]:
    """Every slot that journeys fill, each once, in a fixed order."""
    yield from dict.fromkeys(slot for journey in known.values() for slot in journey.slots)
