"""Which journey came to its end in a turn, and how: told by its action and the response that the action gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rasa.shared.core.events import ActionExecuted, BotUttered, Event

from bot.dialogue.journeys import SHARED_ENDINGS, Journey

LOOK_UP_FAILED, FAILED = "utter_look_up_failed", "failed"


def ended(events: Iterable[Event], known: Mapping[str, Journey]) -> tuple[str, str] | None:
    """The last journey that was over in a turn and the name of its ending; None when none was."""
    by_action = {journey.action: journey for journey in known.values()}
    found, telling = None, None
    for event in events:
        if isinstance(event, ActionExecuted):
            telling = by_action.get(str(event.action_name))
        elif isinstance(event, BotUttered) and telling:
            ending = _ending(telling, str(event.metadata.get("utter_action")))
            found = (telling.id, ending) if ending else found
    return found


def _ending(journey: Journey, response: str) -> str | None:
    if response == LOOK_UP_FAILED:
        return FAILED
    endings = (*journey.endings, *SHARED_ENDINGS)
    return next((ending for ending in endings if journey.response(ending) == response), None)
