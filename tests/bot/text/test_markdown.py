"""The council's Markdown: a little HTML, and plain text for a copy; nothing hostile comes through."""

from __future__ import annotations

import pytest

from bot.text.markdown import html, plain


def test_the_small_markdown() -> None:
    assert html("One **bold** word\nnext line\n\nNext") == (
        "<p>One <strong>bold</strong> word<br>\nnext line</p>\n<p>Next</p>"
    )
    assert html("- one\n- two") == "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"


@pytest.mark.parametrize("link", ["https://www.example.org/a", "tel:01614960000", "mailto:a@example.org"])
def test_links_that_are_allowed(link: str) -> None:
    assert html(f"[here]({link})") == f'<p><a href="{link}" rel="noopener">here</a></p>'


def test_layout_that_is_not_ours_is_left_as_text() -> None:
    assert html("# Big") == "<p># Big</p>"
    assert html("> Said") == "<p>&gt; Said</p>"


def test_a_copy_is_plain_text() -> None:
    link = "[Add them](https://example.org/a.ics) or call [999](tel:999)."
    said = f"Your bins:\n\n- **Black bin**: Tuesday\n- Blue\n\n{link}\n\nBye,\nthe council"
    assert plain(said) == (
        "Your bins:\n\n- Black bin: Tuesday\n- Blue\n\n"
        "Add them (https://example.org/a.ics) or call 999.\n\nBye,\nthe council"
    )
