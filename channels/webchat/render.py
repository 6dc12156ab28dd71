"""Text to HTML that is safe in any page: a small Markdown for our words, plain escaping for everybody else's.

CommonMark without raw HTML (markdown-it-py), then an allow-list (nh3): two locks, since content is edited by many.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

import nh3
from markdown_it import MarkdownIt

from bot.store.messages import ASSISTANT, STAFF, SYSTEM

OURS = (ASSISTANT, SYSTEM, STAFF)  # staff send the assistant's answers too, with their links
TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "br"}
SCHEMES = {"http", "https", "tel", "mailto"}
PLAIN = ["image", "code", "fence", "backticks", "heading", "lheading", "hr", "blockquote", "reference"]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(PLAIN)


def html(sender: str, text: str) -> str:
    """What ``sender`` said, as HTML. Only the council's words are Markdown, never a resident's."""
    if sender not in OURS:
        return f"<p>{escape(text)}</p>"  # what people wrote is kept nowhere but in the ledger
    return _of_ours(text)


@lru_cache(maxsize=2048)
def _of_ours(text: str) -> str:
    made = nh3.clean(
        _parser().render(text),
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}},
        url_schemes=SCHEMES,
        link_rel="noopener",
    )
    return made.strip()


def plain(sender: str, text: str) -> str:
    """What ``sender`` said, as text for a copy to keep: lists stay lists, a link is followed by its address."""
    if sender not in OURS:
        return text
    parts: list[str] = []
    address = ""
    for block in _parser().parse(text):
        if block.type == "list_item_open":
            parts.append("- ")
        elif block.type == "paragraph_close":
            parts.append("\n" if block.hidden else "\n\n")  # hidden: the one of an item in a list
        elif block.type in ("bullet_list_close", "ordered_list_close"):
            parts.append("\n")
        for token in block.children or ():
            if token.type in ("softbreak", "hardbreak"):
                parts.append("\n")
            elif token.type == "link_open":
                address = str(token.attrGet("href") or "")
            elif token.type == "link_close":
                parts.append("" if address.startswith(("tel:", "mailto:")) else f" ({address})")
            else:
                parts.append(token.content)
    return "".join(parts).strip()
