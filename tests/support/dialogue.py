"""The whole assistant in one process: real inbox, ledger, model and actions; the sandbox over real HTTP.

A dialogue is talked through like a resident's: ``say`` types, ``press`` presses a choice by its title, ``upload``
and ``locate`` send what the page sends for a file that it has stored and for the device's location. Custom actions
run through the SDK's own executor, so that only the socket between Rasa and its action server is missing.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, fields
from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot.clock import now
from bot.dialogue.nlg import ContentNaturalLanguageGenerator
from bot.dialogue.tracker_store import LedgerTrackerStore
from bot.live.bells import Bells
from bot.live.watcher import Watcher
from bot.store import messages, ownership, turns
from bot.store.conversations import Conversation
from bot.store.engine import Database
from bot.store.ownership import Change
from channels.inbox import Inbox
from channels.messages import Incoming
from channels.webchat.chat import Chat
from channels.webchat.limits import Limits, Window

APOLOGY = "(apology)"


class ActionsInProcess(EndpointConfig):
    """Rasa's action endpoint, answered by the SDK's executor in this process; ``is_down`` refuses connections."""

    def __init__(self) -> None:
        super().__init__("http://actions.invalid/webhook", enable_selective_domain=True)
        self.executor = ActionExecutor()
        self.executor.register_package("actions")
        self.is_down = False

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        if self.is_down:
            raise ConnectionError("the action server is down")
        return await self.executor.run(json.loads(json.dumps(kwargs["json"])))


def load_agent(model: str, endpoint: ActionsInProcess) -> Agent:
    """The model with our tracker store, generator and actions, as endpoints.yml wires them."""
    agent = Agent.load(model, action_endpoint=endpoint)
    wire(agent)
    return agent


def wire(agent: Agent) -> TrackerStore:
    """A fresh tracker store over the database that the settings name now."""
    store = LedgerTrackerStore(agent.domain)
    agent.processor.tracker_store = agent.tracker_store = store
    agent.processor.nlg = agent.nlg = ContentNaturalLanguageGenerator(EndpointConfig(), agent.domain)
    return store


def _no_limits() -> Limits:
    window = Window(10**6, 1.0, lambda: 0.0)
    return Limits(**{each.name: window for each in fields(Limits) if each.type == "Window"})


@dataclass
class Heard:
    """What the assistant said to one message."""

    texts: list[str] = field(default_factory=list)
    responses: list[str] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)
    wants: messages.Wants | None = None

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


class Dialogue:
    """One resident's chat with the assistant."""

    def __init__(self, db: Database, agent: Agent) -> None:
        self.db, self.agent = db, agent
        self.bells = Bells()
        self.teams: tuple[str, ...] = ()  # of which somebody would come
        self.inbox = Inbox(db, agent.handle_message, now, self.bells, lambda: APOLOGY, lambda: self.teams)
        self.chat = Chat(db, self.inbox, self.bells, Watcher(db, self.bells, now), now, _no_limits())
        self.conversation: Conversation | None = None
        self.cursor = self.sent = 0
        self.heard = Heard()

    async def say(self, text: str) -> Heard:
        return await self._send(text=text)

    async def press(self, title: str) -> Heard:
        """Press the choice with this title, or the one whose title begins so."""
        found = [key for name, key in self.heard.choices.items() if name == title]
        found += [key for name, key in self.heard.choices.items() if name.startswith(title)]
        assert found, f"no choice '{title}' among {list(self.heard.choices)}"
        return await self._send(choice=found[0])

    async def staff(self, event: str, who: str = "sam", **more: Any) -> Heard:
        """A step of staff's, of the keeper's or of the resident's, and what comes of it."""
        assert self.conversation
        await asyncio.to_thread(ownership.change, self.db, self.conversation.id, Change(event, who, **more), now())
        self.inbox.take_up(self.conversation.id)
        return await self._listen(self.conversation)

    async def staff_says(self, text: str, who: str = "sam") -> None:
        assert self.conversation
        self.sent += 1
        said = (self.conversation.id, who, who.capitalize(), text, f"{self.sent}")
        await asyncio.to_thread(ownership.staff_says, self.db, *said, now())

    async def say_payload(self, payload: str) -> Heard:
        """What a button of the page's own menu sends; nobody can type it."""
        assert self.conversation
        self.sent += 1
        sent = Incoming(self.conversation.id, f"message-{self.sent:04}", payload, payload)
        assert await self.inbox.accept(sent)
        return await self._listen(self.conversation)

    async def upload(self, kind: str) -> Heard:
        """Send a photo or a document to a question that takes one."""
        return await self._hand_over(kind, f"{self.sent:032x}")

    async def locate(self, latitude: float, longitude: float) -> Heard:
        """Share where the device is with a question that takes it."""
        return await self._hand_over("place", f"{latitude},{longitude}")

    async def _hand_over(self, kind: str, value: str) -> Heard:
        wants = self.heard.wants
        assert self.conversation and wants and wants.type == kind, f"no {kind} is wanted: {wants}"
        self.sent += 1
        payload = "/answer" + json.dumps({"question": wants.question, "value": value})
        sent = Incoming(self.conversation.id, f"message-{self.sent:04}", kind.capitalize(), payload)
        assert await self.inbox.accept(sent)
        return await self._listen(self.conversation)

    async def _send(self, **what: str) -> Heard:
        if self.conversation is None:
            _, self.conversation = await self.chat.open("127.0.0.1")
        self.sent += 1
        await self.chat.send(self.conversation, f"message-{self.sent:04}", **what)
        return await self._listen(self.conversation)

    async def _listen(self, conversation: Conversation) -> Heard:
        await self.chat.answered(conversation, 60)
        page = await self.chat.read(conversation, self.cursor)
        self.cursor = page.cursor
        said = [message for message in page.messages if message.sender != messages.RESIDENT]
        choices = {choice.title: choice.id for message in said for choice in message.choices}
        wants = said[-1].wants if said else None
        self.heard = Heard([message.text for message in said], await self._responses(), choices, wants)
        return self.heard

    async def _responses(self) -> list[str]:
        """The names of the responses of the last turn, from Rasa's own events."""
        events = turns.load_events(self.db, self.conversation.id) if self.conversation else []
        last = max((place for place, event in enumerate(events) if event["event"] == "user"), default=0)
        return [str(event["metadata"].get("utter_action", "")) for event in events[last:] if event["event"] == "bot"]

    async def slot(self, name: str) -> Any:
        tracker = await self.agent.tracker_store.retrieve(self.conversation.id) if self.conversation else None
        return tracker.get_slot(name) if tracker else None


def run(coroutine: Any) -> Any:
    """Run a coroutine to its end in a new event loop."""
    return asyncio.run(coroutine)
