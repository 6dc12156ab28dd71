"""Answers that nobody has checked yet become the promised type, or BackendNonsense."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from actions.backends.errors import BackendNonsense
from actions.backends.reading import Record, read_day, read_moment


@pytest.mark.parametrize("text", ["2014-08-01", "1 August 2014", "01 august 2014", "2014-08-01T07:30"])
def test_dates_are_read_as_iso_and_as_the_waste_standard_writes_them(text: str) -> None:
    assert read_day(text) == date(2014, 8, 1)


@pytest.mark.parametrize("text", ["", "tomorrow", "31 June 2014", "2014-13-01", "1 2 2014", "01/08/2014"])
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_day(text)


@pytest.mark.parametrize(
    ("text", "hour", "offset"),
    [
        ("2014-05-23T20:00", 20, 1),
        ("2014-05-23T19:00:00Z", 20, 1),
        ("2014-01-23T20:00:00+01:00", 19, 0),
        ("1 August 2015", 0, 1),
    ],
)
def test_moments_are_in_london(text: str, hour: int, offset: int) -> None:
    moment = read_moment(text)
    assert (moment.hour, moment.utcoffset()) == (hour, timedelta(hours=offset))
    assert isinstance(moment, datetime)


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("text", ""),
        ("text", 1),
        ("text", None),
        ("label", True),
        ("label", 1.5),
        ("whole", -1),
        ("whole", True),
        ("whole", "1"),
        ("number", "nan"),
        ("number", float("inf")),
        ("number", "north"),
        ("number", 10**400),
        ("flag", 1),
        ("flag", "yes"),
        ("texts", "a"),
        ("texts", ["a", 1]),
        ("day", "soon"),
        ("moment", "25:00"),
        ("part", []),
        ("parts", {}),
    ],
)
def test_a_wrong_field_is_nonsense_and_its_value_is_not_told(method: str, value: object) -> None:
    with pytest.raises(BackendNonsense) as caught:
        getattr(Record("waste", {"field": value}), method)("field")
    assert caught.value.backend == "waste"


def test_defaults_are_for_missing_fields_only() -> None:
    record = Record("waste", {"empty": "", "null": None, "number": 7})
    assert record.text("missing", "x") == "x"
    assert record.text("null", "x") == "x"
    assert record.text("empty", "x") == ""
    assert record.label("number") == "7"
    assert record.parts("missing") == []
    assert record.texts("missing") == []
    assert record.day_or_none("null") is None


def test_true_and_false_may_be_words() -> None:
    record = Record("waste", {"yes": " True", "no": "false", "really": True})
    assert (record.flag("yes"), record.flag("no"), record.flag("really")) == (True, False, True)
