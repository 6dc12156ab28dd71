"""Messages and states as the interface tells them: plain JSON, the contract of docs/webchat-api.md."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.store.messages import Message
from channels.webchat import render
from channels.webchat.attached import attached
from channels.webchat.chat import Page
from channels.webchat.standing import State


def page_of(page: Page, now: datetime) -> dict[str, Any]:
    """What a read is answered with."""
    messages = [message_of(said) for said in page.messages]
    return {"messages": messages, "cursor": page.cursor, "state": state_of(page.state, now)}


def state_of(state: State, now: datetime) -> dict[str, Any]:
    """How a conversation stands; ``expires_in`` is in seconds, since the clocks of devices differ."""
    return {
        "owner": state.owner,
        "busy": state.busy,
        "place": state.place,
        "ended": state.ended,
        "expires_in": max(0, int((state.expires_at - now).total_seconds())),
        "revision": state.revision,
        "first": state.first,
        "wait_minutes": state.wait_minutes,
        "staff": state.person.name,
        "typing": state.person.is_typing,
        "seen": state.person.seen_seq,
        "rate": state.person.has_left,
    }


def message_of(said: Message) -> dict[str, Any]:
    """One message: ``id`` is the sender's own, of what a resident sent; ``wants`` what it takes besides words;
    ``name`` who of the staff said it, ``attachment`` the file that they sent with it."""
    file = attached(said)
    return {
        "seq": said.seq,
        "id": said.provider_id,
        "from": said.sender,
        "name": said.name,
        "text": said.text,
        "html": render.html(said.sender, said.text),
        "choices": [{"id": choice.id, "title": choice.title} for choice in said.choices],
        "wants": said.wants.type if said.wants else None,
        "attachment": asdict(file) if file else None,
        "at": said.at.isoformat(),
    }
