"""What staff and a resident said to each other, as Rasa's events: so that the assistant knows it when it is back.

Rasa took no part in it. A resident's words are kept with no intent and followed by listening, so that no policy takes
them for something that is still to be answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered

from bot.store.messages import STAFF, Message

_BY_STAFF = {"by": "staff"}


def heard(said: Iterable[Message]) -> Iterator[Event]:
    """The events of messages that Rasa was not given."""
    for message in said:
        if message.sender == STAFF:
            yield BotUttered(message.text, metadata=_BY_STAFF, timestamp=message.at.timestamp())
        else:
            yield UserUttered(message.text, {"name": None}, message_id=str(message.id))
            yield ActionExecuted("action_listen")


def is_heard(event: BotUttered) -> bool:
    """Whether a member of staff said this, and not the assistant."""
    return event.metadata.get("by") == _BY_STAFF["by"]
