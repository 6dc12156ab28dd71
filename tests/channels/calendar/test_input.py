"""The feed over real HTTP, with a stand-in for the one call of the waste back end that it makes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar

from actions.backends.errors import BackendError, BackendNonsense, BackendUnavailable, NotFound
from actions.backends.waste import Collection, Container
from bot.feeds import sign
from bot.settings import settings
from channels.calendar import input as calendar_input
from channels.webchat.words import words
from tests.support.asgi import application, serve

UPRN = "100011400001"
BLACK = Container("black_bin", "black", "240 litres", "wheelie bin", "refuse")
EASTER = Collection(date(2027, 3, 30), BLACK, date(2027, 3, 29), "Bank holiday", None)


class Waste:
    """The one call of the waste back end that the feed makes."""

    def __init__(self) -> None:
        self.error: BackendError | None = None
        self.asked: list[tuple[str, date, date]] = []

    async def collections(self, uprn: str, start: date, end: date) -> list[Collection]:
        self.asked.append((uprn, start, end))
        if self.error:
            raise self.error
        return [EASTER]


class Backends:
    def __init__(self) -> None:
        self.waste = Waste()


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Waste]:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_NOW", "2027-03-01T09:00")
    settings.cache_clear()
    backends = Backends()
    monkeypatch.setattr(calendar_input, "backends", lambda: backends)
    yield backends.waste
    settings.cache_clear()


@pytest.fixture
async def phone(backend: Waste) -> AsyncIterator[httpx.AsyncClient]:
    channel = calendar_input.CalendarInput()

    async def on_new_message(_message: object) -> None:
        raise AssertionError("no message comes in by a calendar")

    app = application(channel.blueprint(on_new_message), prefix=channel.url_prefix())
    async with serve(app) as base, httpx.AsyncClient(base_url=base, trust_env=False) as client:
        yield client


async def test_a_phone_gets_the_collections(phone: httpx.AsyncClient, backend: Waste) -> None:
    answer = await phone.get(f"/calendar/{sign(UPRN)}.ics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, max-age=3600"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["SUMMARY"] == "Black bin collection"
    assert event.decoded("DTSTART") == date(2027, 3, 30)
    assert event["DESCRIPTION"].startswith("Moved from Monday 29 March. Bank holiday\n")
    assert event["UID"].startswith("20270329-black_bin-") and UPRN not in answer.text
    assert backend.asked == [(UPRN, date(2027, 3, 1), date(2027, 8, 28))]


@pytest.mark.parametrize("file", [f"{UPRN}.ics", "x.y.ics", ".ics", "nothing", "%E2%98%83.ics"])
async def test_a_link_that_we_did_not_make_opens_nothing(phone: httpx.AsyncClient, backend: Waste, file: str) -> None:
    assert (await phone.get(f"/calendar/{file}")).status_code == 404
    assert not backend.asked


@pytest.mark.parametrize(
    "error", [BackendUnavailable("waste", "timeout"), BackendNonsense("waste", "no JSON")], ids=lambda e: e.reason
)
async def test_a_back_end_that_is_down_is_not_an_empty_calendar(
    phone: httpx.AsyncClient, backend: Waste, error: BackendError
) -> None:
    backend.error = error
    answer = await phone.get(f"/calendar/{sign(UPRN)}.ics")
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert answer.text == words()["calendar"]["unavailable"]


async def test_a_home_that_is_gone_has_no_calendar(phone: httpx.AsyncClient, backend: Waste) -> None:
    backend.error = NotFound("waste", "404", "no such property")
    assert (await phone.get(f"/calendar/{sign(UPRN)}.ics")).status_code == 404
