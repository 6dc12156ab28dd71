"""A message as people meant it: the same letters whatever keyboard, phone or web page they came from.

Unicode NFKC (Unicode Standard Annex 15) folds full-width and styled letters; characters that nobody can see
(format, control and tag characters, variation selectors) go: they break matching and can hide text from readers.
"""

from __future__ import annotations

import re
import unicodedata

_STRAIGHT = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    }
)  # fmt: skip
_SPACES = re.compile(r"\s+")
_INVISIBLE = {"Cf", "Cc", "Co", "Cs", "Cn"}
# Drawn as nothing or as a blank, though Unicode does not count them as format characters.
_BLANK_LETTERS = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u3164", "\uffa0", "\u2800"}
# A letter has at most a few accents in any language; more of them are decoration meant to break the page.
_ACCENT_RUN = re.compile(r"([\u0300-\u036f]{3})[\u0300-\u036f]+")


def _is_visible(character: str) -> bool:
    if character.isascii():
        return character >= " " and character != "\x7f"
    if "\ufe00" <= character <= "\ufe0f" or character in _BLANK_LETTERS:
        return False
    return unicodedata.category(character) not in _INVISIBLE


def clean(text: str, max_length: int = 1000) -> str:
    """The text without invisible characters, white space single, quotes straight, at most max_length long."""
    # Four times the limit bounds the work on a hostile megabyte and still survives characters that will vanish.
    text = text[: max_length * 4]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_STRAIGHT)).translate(_STRAIGHT)
        text = _ACCENT_RUN.sub(r"\1", text)
    text = "".join(c for c in _SPACES.sub(" ", text) if _is_visible(c))
    return _SPACES.sub(" ", text)[:max_length].strip()
