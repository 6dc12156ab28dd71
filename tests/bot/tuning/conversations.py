"""A conversation and its domain, to compare the tuning with Rasa's own code on."""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

DOMAIN = Domain.from_dict(
    {
        "intents": ["bin_day", "hello"],
        "slots": {
            "address": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]},
            "member": {"type": "bool", "mappings": [{"type": "custom"}]},
        },
        "forms": {"bin_form": {"required_slots": ["address"]}},
        "actions": ["action_bin_day"],
    }
)


def spoken(intent: str) -> list[Event]:
    return [ActionExecuted("action_listen"), UserUttered(intent, {"name": intent})]


def conversation() -> DialogueStateTracker:
    """Some turns with a form, slots of both kinds and a reply."""
    events = [
        *spoken("hello"),
        *[ActionExecuted("action_bin_day"), BotUttered("Hello"), SlotSet("member", True)],
        *spoken("bin_day"),
        *[ActionExecuted("bin_form"), ActiveLoop("bin_form"), SlotSet("address", {"value": "1"})],
        *spoken("hello"),
        *[ActionExecuted("bin_form"), ActiveLoop(None), ActionExecuted("action_bin_day"), SlotSet("member", None)],
    ]
    return DialogueStateTracker.from_events("talk", events, DOMAIN.slots, domain=DOMAIN)
