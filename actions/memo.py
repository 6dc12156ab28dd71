"""Remembers the last answers of a form, because Rasa 3.6 validates a form twice in the turn in which it begins."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any

from rasa_sdk import Tracker

KEPT = 256


class Memo:
    """The newest answers, by exactly what was asked: the conversation, its message, the form and all slots."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, list[dict[str, Any]]] = OrderedDict()

    def get(self, tracker: Tracker) -> list[dict[str, Any]] | None:
        """The answer given to the same question before, once: a third asking is looked at anew."""
        return self._known.pop(_key(tracker), None)

    def put(self, tracker: Tracker, events: list[dict[str, Any]]) -> None:
        if _is_beginning(tracker):
            self._known[_key(tracker)] = events
        while len(self._known) > KEPT:
            self._known.popitem(last=False)


def _is_beginning(tracker: Tracker) -> bool:
    """Whether the form's own event is the newest and the form is not active yet."""
    return not (tracker.active_loop or {}).get("name") or _next_form(tracker) != tracker.active_loop.get("name")


def _next_form(tracker: Tracker) -> str:
    actions = [event["name"] for event in tracker.events if event["event"] == "action"]
    return str(actions[-1]) if actions else ""


def _key(tracker: Tracker) -> str:
    message = (tracker.latest_message or {}).get("message_id")
    return json.dumps([tracker.sender_id, message, _next_form(tracker), tracker.slots], sort_keys=True, default=str)
