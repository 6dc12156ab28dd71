"""Signals of danger in a resident's words: reviewed patterns, which people who know the subject can read and correct.

``data/safety/signals.yml`` says how signals are written. Errors: ValueError <- SafetyError (a signals file that cannot
be used, in plain words).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_LETTER_LOOKALIKE = re.compile(r"(?<=[a-z])[013@$!](?=[a-z])")
_LOOKALIKES = {"0": "o", "1": "i", "3": "e", "@": "a", "$": "s", "!": "i"}
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SPLIT_NOT = re.compile(r"\b(ca|do|wo|is|has|have|does|did|are|was)n t\b")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_SPELLED_OUT = re.compile(r"\b[a-z](?: [a-z]){2,}\b")
_SENTENCE_END = re.compile(r"[.!?;]+\s+|\n+")

_NAMED = re.compile(r"\{([a-z_]+)\}")
_DOUBLED = re.compile(r"(?<!\\)([a-z])\1")
_GAPS = re.compile(r"( ?)((?:\{gap\})+)( ?)")


class SafetyError(ValueError):
    """The signals cannot be used; the message says where and why."""


def plain(text: str) -> str:
    """Lower-case words with single spaces: no accents, apostrophes, punctuation, drawn-out letters or su1c1de."""
    decomposed = unicodedata.normalize("NFKD", text).lower()
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    letters = _APOSTROPHES.sub("", letters)
    letters = _LETTER_LOOKALIKE.sub(lambda m: _LOOKALIKES[m.group()], letters)
    words = _SPLIT_NOT.sub(r"\1nt", _NOT_WORD.sub(" ", letters))
    return _DRAWN_OUT.sub(r"\1", words).strip()


@dataclass(frozen=True)
class _Kind:
    """One kind of danger, compiled. ``glued`` reads words that were spelled out letter by letter."""

    name: str
    words: re.Pattern[str]
    glued: re.Pattern[str]
    unless: re.Pattern[str] | None


class SafetySignals:
    """The signals of one file, compiled once."""

    def __init__(self, words: dict[str, str], signals: dict[str, dict[str, Any]]) -> None:
        self._words = words
        self._signals = signals
        in_order = sorted(signals, key=lambda name: int(signals[name]["order"]))
        self._kinds = [self._compile(name) for name in in_order]

    @property
    def kinds(self) -> list[str]:
        """The kinds of danger, most urgent first."""
        return [kind.name for kind in self._kinds]

    @classmethod
    def from_file(cls, path: str | Path) -> SafetySignals:
        """Signals from YAML; SafetyError when the file is not as its own opening comment says."""
        content = read_yaml_file(path)
        if not isinstance(content, dict) or not isinstance(content.get("signals"), dict):
            raise SafetyError(f"{path}: there is no 'signals:' section.")
        try:
            return cls.from_dict(content)
        except SafetyError as error:
            raise SafetyError(f"{path}: {error}") from None

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> SafetySignals:
        """Signals from the structure of the file or of ``to_dict``."""
        return cls(content.get("words") or {}, content.get("signals") or {})

    def to_dict(self) -> dict[str, Any]:
        """The signals as they were written, for JSON."""
        return {"words": self._words, "signals": self._signals}

    def find(self, text: str) -> str | None:
        """The most urgent kind of danger in the text, or None."""
        words = plain(text)
        # Each sentence alone too: "I can't go on. The bill came" is not the idiom "can't go on the website".
        sentences = [plain(part) for part in _SENTENCE_END.split(text)]
        readings = [words, *sentences] if len(sentences) > 1 else [words]
        for kind in self._kinds:
            if kind.words.search(words) and any(self._remains(kind, reading) for reading in readings):
                return kind.name
        return None

    def spelled_out(self, text: str) -> str | None:
        """The most urgent kind of danger in words that are spelled out letter by letter ("k i l l"), or None."""
        words = plain(text)
        if not _SPELLED_OUT.search(words):
            return None
        glued = words.replace(" ", "")
        return next((kind.name for kind in self._kinds if kind.glued.search(glued)), None)

    @staticmethod
    def _remains(kind: _Kind, words: str) -> bool:
        """Whether the danger is still there without what is harmless: an idiom must not hide a real cry beside it."""
        if kind.unless is None:
            return True
        return kind.words.search(kind.unless.sub(".", words)) is not None

    def _compile(self, name: str) -> _Kind:
        patterns = [self._expand(name, p) for p in self._signals[name]["patterns"]]
        unless = [self._expand(name, p) for p in self._signals[name].get("unless") or []]
        spelled = "|".join(p.replace("{gap}", "").replace(" ?", "").replace(" ", "") for p in patterns)
        return _Kind(name, _whole_words(patterns), re.compile(spelled), _whole_words(unless) if unless else None)

    def _expand(self, kind: str, pattern: str) -> str:
        """The pattern with its named words filled in; a doubled letter also matches when typed once."""

        def named(match: re.Match[str]) -> str:
            name = match.group(1)
            if name == "gap":
                return match.group()
            if name not in self._words:
                raise SafetyError(f"{kind}: '{pattern}' names {{{name}}}, which is not under 'words:'.")
            return f"(?:{_NAMED.sub(named, self._words[name])})"

        expanded = _DOUBLED.sub(r"\1+", _NAMED.sub(named, pattern))
        try:
            if re.compile(expanded.replace("{gap}", "")).match(""):
                raise SafetyError(f"{kind}: '{pattern}' matches a text with no words at all.")
        except re.error as error:
            raise SafetyError(f"{kind}: '{pattern}' is not a regular expression: {error}.") from None
        return expanded


def _whole_words(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + _GAPS.sub(_few_words, "|".join(patterns)) + r")\b")


def _few_words(gap: re.Match[str]) -> str:
    """Up to three words for each {gap}; whichever side its space was written, words stay one space apart."""
    before, gaps, after = gap.groups()
    most = 3 * gaps.count("{gap}")
    return rf" (?:\w+ ){{0,{most}}}" if before else rf"(?: \w+){{0,{most}}}{after}"
