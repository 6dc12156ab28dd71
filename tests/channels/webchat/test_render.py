"""Rendering: whose words are Markdown; nobody's become markup or script."""

from __future__ import annotations

import pytest

from channels.webchat.render import html, plain


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


def test_a_copy_leaves_residents_words_as_they_are() -> None:
    assert plain("staff", "**ours** [x](https://example.org)") == "ours x (https://example.org)"
    assert plain("resident", "**mine** [x](y)") == "**mine** [x](y)"
