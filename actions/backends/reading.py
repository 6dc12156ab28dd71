"""Reading answers that nobody has checked yet: each function gives the type it promises or BackendNonsense.

Pure. Dates are read as ISO 8601 and as the waste standard's examples write them ("1 August 2014").
"""

from __future__ import annotations

import math
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from actions.backends.errors import BackendNonsense

LONDON = ZoneInfo("Europe/London")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


class Record:
    """One JSON object of a back end's answer, read field by field."""

    def __init__(self, backend: str, raw: Any) -> None:
        if not isinstance(raw, dict):
            raise BackendNonsense(backend, "an object was expected")
        self._backend = backend
        self._raw = raw

    def nonsense(self, field: str) -> BackendNonsense:
        """The error for a field; it names the field and never its value."""
        return BackendNonsense(self._backend, f"field {field}")

    def has(self, field: str) -> bool:
        """Whether the field is there and not null."""
        return self._raw.get(field) is not None

    def text(self, field: str, default: str | None = None) -> str:
        """A text; without a default it must be there and not empty."""
        if default is not None and not self.has(field):
            return default
        value = self._raw.get(field)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.nonsense(field)
        return value.strip()

    def label(self, field: str, default: str | None = None) -> str:
        """A text that some suppliers send as a whole number."""
        value = self._raw.get(field)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text(field, default)

    def whole(self, field: str) -> int:
        """A whole number that is not negative."""
        value = self._raw.get(field)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.nonsense(field)
        return value

    def number(self, field: str) -> float:
        """A finite number; the waste standard writes coordinates as text."""
        value = self._raw.get(field)
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise self.nonsense(field)
        try:
            result = float(value)
        except (ValueError, OverflowError):
            raise self.nonsense(field) from None
        if not math.isfinite(result):
            raise self.nonsense(field)
        return result

    def flag(self, field: str) -> bool:
        """True or false; XML writes it in words, and so do some who made JSON of it."""
        value = self._raw.get(field)
        if isinstance(value, str):
            value = {"true": True, "false": False}.get(value.strip().lower())
        if not isinstance(value, bool):
            raise self.nonsense(field)
        return value

    def day(self, field: str) -> date:
        """A date."""
        try:
            return read_day(self.text(field))
        except ValueError:
            raise self.nonsense(field) from None

    def day_or_none(self, field: str) -> date | None:
        """A date, or None when there is none."""
        return self.day(field) if self.has(field) else None

    def moment(self, field: str) -> datetime:
        """A moment, aware and in London's time; without a zone it is taken for London's."""
        try:
            return read_moment(self.text(field))
        except (ValueError, OverflowError):  # year 1 is how some systems write that there is none
            raise self.nonsense(field) from None

    def part(self, field: str) -> Record:
        """An object inside this one."""
        return Record(self._backend, self._raw.get(field))

    def texts(self, field: str) -> list[str]:
        """A list of texts inside this one; none when the field is missing."""
        value = self._raw[field] if self.has(field) else []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.nonsense(field)
        return value

    def parts(self, field: str) -> list[Record]:
        """A list of objects inside this one; none when the field is missing."""
        return records(self._backend, self._raw[field]) if self.has(field) else []


def records(backend: str, raw: Any) -> list[Record]:
    """A JSON list of objects."""
    if not isinstance(raw, list):
        raise BackendNonsense(backend, "a list was expected")
    return [Record(backend, item) for item in raw]


def read_day(text: str) -> date:
    """A date from "2014-08-01", "2014-08-01T07:00" or "1 August 2014". ValueError if it is none of them."""
    words = text.split()
    if len(words) == 3 and words[1].lower() in _MONTHS:
        return date(int(words[2]), _MONTHS.index(words[1].lower()) + 1, int(words[0]))
    return datetime.fromisoformat(text).date()


def read_moment(text: str) -> datetime:
    """An aware moment in London's time from ISO 8601, or the start of a day from a date alone."""
    has_words = len(text.split()) == 3
    moment = datetime.combine(read_day(text), time.min) if has_words else datetime.fromisoformat(text)
    return moment.astimezone(LONDON) if moment.tzinfo else moment.replace(tzinfo=LONDON)
