"""The council's colour as a stylesheet, with a text colour on it that can be read (WCAG 2.2, contrast). Pure."""

from __future__ import annotations

import re

_COLOUR = re.compile(r"#([0-9a-fA-F]{6})")
_DARK, _LIGHT = "#14191f", "#ffffff"


def stylesheet(colour: str) -> str:
    """The custom properties that chat.css expects. Raises ValueError unless ``colour`` is like #00695c."""
    if not _COLOUR.fullmatch(colour):
        raise ValueError(f"The council's colour must be like #00695c, not '{colour}'.")
    on_brand = max(_LIGHT, _DARK, key=lambda text: contrast(text, colour))
    return f":root {{ --brand: {colour}; --on-brand: {on_brand}; }}\n"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
