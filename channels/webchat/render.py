"""What was said as HTML that is safe in any page: Markdown for our words, plain escaping for everybody else's."""

from __future__ import annotations

from html import escape

from bot.store.messages import ASSISTANT, STAFF, SYSTEM
from bot.text import markdown

OURS = (ASSISTANT, SYSTEM, STAFF)  # staff send the assistant's answers too, with their links


def html(sender: str, text: str) -> str:
    """What ``sender`` said, as HTML. Only the council's words are Markdown, never a resident's."""
    if sender not in OURS:
        return f"<p>{escape(text)}</p>"  # what people wrote is kept nowhere but in the ledger
    return markdown.html(text)


def plain(sender: str, text: str) -> str:
    """What ``sender`` said, as text for a copy to keep."""
    return markdown.plain(text) if sender in OURS else text
