"""What is known about a conversation that staff pull: gathered from what the assistant remembers, as at a handover."""

from __future__ import annotations

import logging
from typing import Any

from bot.content import ContentError
from bot.dialogue.facts import gather, remembered
from bot.dialogue.journey_reader import journeys
from bot.dialogue.titles import query_titles
from bot.store import turns
from bot.store.engine import Database

logger = logging.getLogger(__name__)


def gathered(db: Database, conversation_id: str) -> dict[str, Any]:
    """The summary of a handover; nothing where the assistant remembers nothing, or the content cannot be read."""
    events = turns.load_events(db, conversation_id)
    if not events:
        return {}
    try:
        return gather(remembered(events), query_titles(), journeys())
    except ContentError as error:  # in the middle of somebody's work on it: that keeps nobody from helping
        logger.warning("nothing was gathered about a conversation: %s", error)
        return {}
