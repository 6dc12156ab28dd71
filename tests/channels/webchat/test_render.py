"""Rendering: our Markdown becomes a little HTML; nobody's words become markup or script."""

from __future__ import annotations

import pytest

from channels.webchat.render import html, plain


def test_the_small_markdown() -> None:
    assert html("assistant", "One **bold** word\nnext line\n\nNext") == (
        "<p>One <strong>bold</strong> word<br>\nnext line</p>\n<p>Next</p>"
    )
    assert html("assistant", "- one\n- two") == "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"


@pytest.mark.parametrize("link", ["https://www.example.org/a", "tel:01614960000", "mailto:a@example.org"])
def test_links_that_are_allowed(link: str) -> None:
    assert html("assistant", f"[here]({link})") == f'<p><a href="{link}" rel="noopener">here</a></p>'


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "![x](https://example.org/pixel.png)",
        "<a href='https://example.org' onclick='x()'>x</a>",
        "[x](https://example.org 'onmouseover=alert(1)')",
        "<!-- --><style>*{display:none}</style>",
    ],
)
@pytest.mark.parametrize("sender", ["assistant", "system", "staff", "resident"])
def test_hostile_text_stays_text(sender: str, text: str) -> None:
    made = html(sender, text)
    for forbidden in ("<script", "<img", "<style", 'href="javascript', 'href="data', "<a href='", 'title="'):
        assert forbidden not in made


def test_what_residents_wrote_is_never_markdown() -> None:
    assert html("resident", "**b** [x](https://example.org) <b>") == ("<p>**b** [x](https://example.org) &lt;b&gt;</p>")


def test_staff_send_the_assistants_answers_with_their_links() -> None:
    assert html("staff", "Call [0161 496 0100](tel:01614960100)") == (
        '<p>Call <a href="tel:01614960100" rel="noopener">0161 496 0100</a></p>'
    )


def test_layout_that_is_not_ours_is_left_as_text() -> None:
    assert html("assistant", "# Big") == "<p># Big</p>"
    assert html("assistant", "> Said") == "<p>&gt; Said</p>"


def test_a_copy_is_plain_text() -> None:
    link = "[Add them](https://example.org/a.ics) or call [999](tel:999)."
    said = f"Your bins:\n\n- **Black bin**: Tuesday\n- Blue\n\n{link}\n\nBye,\nthe council"
    assert plain("assistant", said) == (
        "Your bins:\n\n- Black bin: Tuesday\n- Blue\n\n"
        "Add them (https://example.org/a.ics) or call 999.\n\nBye,\nthe council"
    )
    assert plain("resident", "**mine** [x](y)") == "**mine** [x](y)"
