"""Reading what a message to staff says about itself."""

from __future__ import annotations

from typing import Any

import pytest

from bot.staff.desk.summary import Summary, read

EMPTY = Summary("", "", "", "", {}, (), ())


def test_everything_that_is_there_is_read() -> None:
    raw = {
        "query": "bin_missed",
        "title": "Missed bin",
        "about": "Third time now",
        "contact": {"email": "jo@example.org", "name": "Jo", "fax": "1"},
        "details": {"Postcode": "SK1 3XE", "How often": 3},
        "missed": ["hm", "what"],
        "journey": "bin_missed",
    }
    summary = read(raw)
    assert (summary.title, summary.query, summary.about) == ("Missed bin", "bin_missed", "Third time now")
    assert summary.contact == {"name": "Jo", "email": "jo@example.org"}
    assert summary.details == (("Postcode", "SK1 3XE"), ("How often", "3"))
    assert summary.missed == ("hm", "what")


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"query": None, "contact": None, "details": [], "missed": "text", "title": " "},
        {"title": {}, "contact": {"name": "", "phone": None}, "details": {"a": {}}, "missed": [None, []]},
    ],
)
def test_what_does_not_fit_is_left_out(raw: dict[str, Any]) -> None:
    assert read(raw) == EMPTY
