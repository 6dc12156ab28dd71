"""What the policy looks at: one resident's message and where the conversation stands, without Rasa's classes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.dialogue.journeys import Ask, Journey
from bot.text.picking import Offered

SURE = 0.6  # from this confidence on another meaning counts as an interruption
SHORT = 6  # words up to which a message can be a button's name, or a command in a free-text answer
ASIDE = {"reading": ""}  # the message answers no question


@dataclass(frozen=True)
class Button:
    """A choice that the assistant offered: ``intent`` and ``details`` are its payload taken apart."""

    title: str
    payload: str
    intent: str
    details: Mapping[str, str]

    @property
    def offered(self) -> Offered:
        return Offered(value=self.details.get("value", self.payload), title=self.title)


def read_payload(title: str, payload: str) -> Button:
    """Take Rasa's payload apart: ``/answer{"question": "address", "value": "1"}`` or ``/bin_day``."""
    name, brace, rest = payload.removeprefix("/").partition("{")
    details = json.loads(brace + rest) if brace else {}
    return Button(title, payload, name, {key: str(value) for key, value in details.items()})


@dataclass(frozen=True)
class Situation:
    """One message and its surroundings.

    ``query`` is the full name of what was understood (``bin_day``, ``faq/food_waste``, ``cancel``), ``also`` the
    next candidates with their confidence, ``details`` what a pressed button carried, ``offered`` the buttons of
    the assistant's last turn, ``look_ups`` the queries that an action answers without asking anything, ``titles``
    what queries are called on buttons, ``desk`` the teams of which a person would come now, ``topics`` the queries
    that the council wants people to deal with.
    """

    text: str
    query: str
    confidence: float
    refused: bool
    is_pressed: bool
    details: Mapping[str, str]
    entities: Sequence[tuple[str, str]]
    also: Sequence[tuple[str, float]]
    second: str | None
    safety: str | None
    journey: Journey | None
    requested: Ask | None
    slots: Mapping[str, Any]
    offered: Sequence[Button]
    today: date
    journeys: Mapping[str, Journey] = field(default_factory=dict)
    look_ups: Set[str] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)
    desk: Sequence[str] = ()
    topics: Set[str] = frozenset()

    @property
    def is_sure(self) -> bool:
        """Whether the message clearly means ``query``."""
        return self.is_pressed or (not self.refused and self.confidence >= SURE)

    @property
    def words(self) -> int:
        return len(self.text.split())

    def entity(self, name: str) -> str | None:
        """The first detail of this kind in the message."""
        return next((value for kind, value in self.entities if kind == name), None)

    def slot(self, name: str) -> Any:
        return self.slots.get(name)


@dataclass(frozen=True)
class Move:
    """What happens next: an action, and before it slots that change; ``leaves`` ends the running form."""

    action: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    leaves: bool = False


@dataclass(frozen=True)
class Progress:
    """How far a turn has come: the actions run since the resident spoke and what they did."""

    actions: tuple[str, ...]
    policies: tuple[str, ...]
    has_spoken: bool
    loops_begun: frozenset[str]
    form: str | None
