"""The council's words to HTML that is safe in any page, and to plain text: a small Markdown.

CommonMark without raw HTML (markdown-it-py), then an allow-list (nh3): two locks, since content is edited by many.
"""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "br"}
SCHEMES = {"http", "https", "tel", "mailto"}
PLAIN = ["image", "code", "fence", "backticks", "heading", "lheading", "hr", "blockquote", "reference"]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(PLAIN)


@lru_cache(maxsize=2048)
def html(text: str) -> str:
    """The text as HTML."""
    made = nh3.clean(
        _parser().render(text),
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}},
        url_schemes=SCHEMES,
        link_rel="noopener",
    )
    return made.strip()


def plain(text: str) -> str:
    """The text for a copy to keep: lists stay lists, a link is followed by its address."""
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
