"""What the page says of people: who said a message, and who has the conversation now.

The script says the same as things change (static/handover.js, static/transcript.js).
"""

from __future__ import annotations

from bot.handover import QUEUED, STAFF
from bot.store.messages import Message
from channels.webchat.standing import State
from channels.webchat.words import Words, fill


def sender(message: Message, words: Words) -> str:
    """Who said a message: "Sam from the council said" where a member of staff has a name, otherwise the kind."""
    said: str = words["page"]["staff_named" if message.name else message.sender]
    return fill(said, {"name": message.name})


def standing(state: State, words: Words) -> str:
    """Who the resident waits for or talks to; "" while it is the assistant, and nothing is left to say of a person."""
    said = words["client"]
    if state.owner == STAFF:
        return fill(said["staff_named" if state.person.name else "staff"], {"name": state.person.name})
    if state.owner == QUEUED:
        return " ".join((_place(state, said), _wait(state, said), said["queued_kept"]))
    return str(said["talk_over"]) if state.person.has_left else ""


def _place(state: State, said: dict[str, str]) -> str:
    return fill(said["queued_place" if state.place else "queued"], {"place": state.place})


def _wait(state: State, said: dict[str, str]) -> str:
    if state.wait_minutes is None:
        return said["wait_unknown"]
    return fill(said["wait_one" if state.wait_minutes == 1 else "wait_many"], {"minutes": state.wait_minutes})
