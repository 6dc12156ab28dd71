"""The council's colour: text on it can be read, whatever it is."""

from __future__ import annotations

import pytest

from channels.webchat.colours import contrast, stylesheet


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("colour", "text"), [("#00695c", "#ffffff"), ("#ffdd00", "#14191f")])
def test_text_on_the_colour_can_be_read(colour: str, text: str) -> None:
    assert f"--brand: {colour}; --on-brand: {text};" in stylesheet(colour)
    assert contrast(colour, text) >= 4.5


@pytest.mark.parametrize("colour", ["green", "#0695c", "#00695c; } body { display: none"])
def test_anything_else_is_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="must be like"):
        stylesheet(colour)
