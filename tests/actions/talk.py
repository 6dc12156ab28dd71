"""A form talked through as Rasa runs it: validate, ask, and the journey's action when nothing is open."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from bot.dialogue.journey_reader import journeys


def executor() -> ActionExecutor:
    """The SDK's own executor with all our actions, as the action server registers them."""
    made = ActionExecutor()
    made.register_package("actions")
    return made


def tracker(slots: dict[str, Any], message: dict[str, Any], events: list[dict[str, Any]], form: str | None) -> Tracker:
    """What Rasa sends with a call."""
    loop = {"name": form} if form else {}
    return Tracker("conversation", slots, message, events, False, None, loop, "action_listen")


class FormTalk:
    """One conversation inside one journey; the policy's part (what a message answers) is played by the test."""

    def __init__(self, actions: dict[str, Any], journey: str, **slots: Any) -> None:
        self.actions, self.journey = actions, journeys()[journey]
        self.slots: dict[str, Any] = slots
        self.turns = 0
        self.said: list[dict[str, Any]] = []

    async def begin(self, text: str, intent: str = "", **entities: str) -> list[str]:
        """The message that starts the journey."""
        return await self._turn(text, intent or self.journey.id, entities, begins=True)

    async def answer(self, text: str, intent: str = "", **entities: str) -> list[str]:
        """A message that the policy takes for an answer to the question put last."""
        self.slots["reading"] = self.slots.get("requested_slot")
        return await self._turn(text, intent, entities)

    async def press(self, value: str) -> list[str]:
        """A button below the question put last."""
        slot = str(self.slots.get("requested_slot"))
        self.slots["reading"] = slot
        return await self._turn("/answer", "answer", {"question": slot, "value": value})

    async def _turn(self, text: str, intent: str, entities: dict[str, str], begins: bool = False) -> list[str]:
        self.turns += 1
        self.said = []
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        message = {"text": text, "intent": {"name": intent}, "entities": found, "message_id": str(self.turns)}
        events = [{"event": "user", "text": text}]
        if begins:
            events.append({"event": "active_loop", "name": self.journey.form})
        await self._run(f"validate_{self.journey.form}", message, events)
        requested = self.slots.get("requested_slot")
        action = f"action_ask_{self.journey.form}_{requested}" if requested else self.journey.action
        await self._run(action, message, [])
        return self.responses

    async def _run(self, name: str, message: dict[str, Any], events: list[dict[str, Any]]) -> None:
        dispatcher = CollectingDispatcher()
        run = self.actions[name]
        result = await run(dispatcher, tracker(dict(self.slots), message, events, self.journey.form), {})
        for event in result or []:
            assert event["event"] == "slot"
            self.slots[event["name"]] = event["value"]
        self.said += dispatcher.messages

    @property
    def responses(self) -> list[str]:
        """The names of what was said in the last turn."""
        return [str(message["response"]) for message in self.said]

    @property
    def asked(self) -> str | None:
        """The slot that the last question is about."""
        return self.slots.get("requested_slot")

    @property
    def titles(self) -> list[str]:
        """The buttons below the last words."""
        return [button["title"] for button in self.said[-1]["buttons"]]

    def value(self, slot: str) -> Any:
        return (self.slots.get(slot) or {}).get("value")
