"""Text to HTML that is safe in any page: a small Markdown for our words, plain escaping for everybody else's.

CommonMark without raw HTML (markdown-it-py), then an allow-list (nh3): two locks, since content is edited by many.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

import nh3
from markdown_it import MarkdownIt

from bot.store.messages import ASSISTANT, SYSTEM

TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "br"}
SCHEMES = {"http", "https", "tel", "mailto"}
PLAIN = ["image", "code", "fence", "backticks", "heading", "lheading", "hr", "blockquote", "reference"]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(PLAIN)


@lru_cache(maxsize=2048)
def html(sender: str, text: str) -> str:
    """What ``sender`` said, as HTML. Only the assistant's own words are Markdown."""
    if sender not in (ASSISTANT, SYSTEM):
        return f"<p>{escape(text)}</p>"
    return nh3.clean(
        _parser().render(text),
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}},
        url_schemes=SCHEMES,
        link_rel="noopener",
    ).strip()
