"""Every client, every call: what the resident's turn gets when a back end is slow, refuses, fails or raves."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from datetime import date
from time import perf_counter

import pytest

from actions.backends.addresses import OsPlaces
from actions.backends.bookings import BookingSystem
from actions.backends.cases import CaseSystem
from actions.backends.democracy import ModernGov
from actions.backends.directory import OpenReferral
from actions.backends.elections import DemocracyClub
from actions.backends.errors import BackendNonsense, BackendRejected, BackendUnavailable, NotAllowed, NotFound
from actions.backends.http import Http, Patience
from actions.backends.open311 import Open311
from actions.backends.payments import GovukPay
from actions.backends.postcodes import PostcodesIo
from actions.backends.reports import Spot
from actions.backends.waste import WasteStandard
from tests.actions.backends.standin import StandIn

DAY = date(2026, 11, 24)
CALLS: dict[str, Callable[[Http], Awaitable[object]]] = {
    "addresses.by_postcode": lambda http: OsPlaces(http, "k").by_postcode("SK1 3XE"),
    "addresses.by_uprn": lambda http: OsPlaces(http, "k").by_uprn("100011000001"),
    "waste.services": lambda http: WasteStandard(http).services("1"),
    "waste.collections": lambda http: WasteStandard(http).collections("1", DAY, DAY),
    "waste.events": lambda http: WasteStandard(http).events("1", "2", DAY, DAY),
    "waste.cases": lambda http: WasteStandard(http).cases("1"),
    "waste.garden_offered": lambda http: WasteStandard(http).garden_offered("1"),
    "waste.garden_member": lambda http: WasteStandard(http).garden_member("1"),
    "waste.open_case": lambda http: WasteStandard(http).open_case("missed", "1", {}, "key"),
    "cases.open_case": lambda http: CaseSystem(http).open_case("other", {}, {}, "key"),
    "cases.by_reference": lambda http: CaseSystem(http).by_reference("SBX-7K3M9P"),
    "bookings.slots": lambda http: BookingSystem(http).slots("bulky", DAY, 7),
    "bookings.reserve": lambda http: BookingSystem(http).reserve("bulky", "s", {}, "key"),
    "bookings.confirm": lambda http: BookingSystem(http).confirm("r", "key"),
    "bookings.cancel": lambda http: BookingSystem(http).cancel("r", "key"),
    "payments.create": lambda http: GovukPay(http).create(100, "r", "d", "https://example.org", "key"),
    "payments.status": lambda http: GovukPay(http).status("p"),
    "directory.places": lambda http: OpenReferral(http).places("tip"),
    "elections.at_postcode": lambda http: DemocracyClub(http, "k").at_postcode("SK1 3XE"),
    "elections.at_address": lambda http: DemocracyClub(http, "k").at_address("100011000001"),
    "democracy.ward": lambda http: ModernGov(http).ward("Manor"),
    "democracy.meetings": lambda http: ModernGov(http).meetings(DAY, DAY),
    "postcodes.area": lambda http: PostcodesIo(http).area("SK1 3XE"),
    "postcodes.is_terminated": lambda http: PostcodesIo(http).is_terminated("SK1 3XE"),
    "reports.services": lambda http: Open311(http, "k").services(),
    "reports.definition": lambda http: Open311(http, "k").definition("pothole"),
    "reports.file": lambda http: Open311(http, "k").file("pothole", Spot(1, 2), {}, "", {}, "key"),
    "reports.by_token": lambda http: Open311(http, "k").by_token("t"),
    "reports.by_reference": lambda http: Open311(http, "k").by_reference("SBX-7K3M9P"),
    "reports.nearby": lambda http: Open311(http, "k").nearby("pothole", 53.4, -2.1, 50),
    "reports.updates": lambda http: Open311(http, "k").updates("SBX-7K3M9P"),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


@every_call
async def test_a_slow_back_end_is_unavailable_in_time(call, standin: StandIn) -> None:
    standin.delay, standin.answer = 5, {}
    started = perf_counter()
    with pytest.raises(BackendUnavailable) as caught:
        await call(standin.http(Patience(0.1, 0.2)))
    assert perf_counter() - started < 1
    assert caught.value.reason == "timeout"
    assert len(standin.requests) == 1


@every_call
async def test_nobody_there_is_unavailable(call) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(BackendUnavailable):
        await call(Http("test", f"http://127.0.0.1:{port}", Patience(1, 2)))


@every_call
@pytest.mark.parametrize("status", [500, 503, 429])
async def test_trouble_over_there_is_unavailable(call, status: int, standin: StandIn) -> None:
    standin.status, standin.answer = status, {"code": "x", "description": "y"}
    with pytest.raises(BackendUnavailable):
        await call(standin.http())
    assert len(standin.requests) == 1


@every_call
async def test_a_refusal_keeps_its_code_and_description(call, standin: StandIn) -> None:
    standin.status, standin.answer = 400, {"code": "P0102", "description": "Invalid attribute value: amount"}
    with pytest.raises(BackendRejected) as caught:
        await call(standin.http())
    assert (caught.value.code, caught.value.description) == ("P0102", "Invalid attribute value: amount")


@every_call
@pytest.mark.parametrize(
    "answer",
    [b"", b'{"results": [', b"<html>", b"\xff\xfe", 7, None, "text", {"unexpected": 1}, [3], [[]], [{"id": []}]],
    ids=repr,
)
async def test_nonsense_is_nonsense(call, answer: object, standin: StandIn) -> None:
    standin.answer = answer
    with pytest.raises(BackendNonsense):
        await call(standin.http())


@pytest.mark.parametrize(
    ("body", "code", "description"),
    [
        ([{"code": "404", "description": "No such service"}], "404", "No such service"),
        ([{"code": "a", "description": "One.\n"}, 7, {"code": "b", "description": "Two."}], "a", "One. Two."),
        ({"code": None, "description": None}, "status_404", ""),
        ({"code": "long", "description": "x" * 301}, "long", "x" * 297 + "..."),
        ({"error": {"statuscode": 400, "message": "Bad postcode"}}, "400", "Bad postcode"),
        (b"not JSON", "status_404", ""),
        ([], "status_404", ""),
    ],
)
async def test_refusals_of_other_shapes_are_read(body, code: str, description: str, standin: StandIn) -> None:
    standin.status, standin.answer = 404, body
    with pytest.raises(NotFound) as caught:
        await standin.http().get("/x")
    assert (caught.value.code, caught.value.description) == (code, description)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_is_not_taken_is_our_own_trouble(status: int, standin: StandIn) -> None:
    standin.status, standin.answer = status, {"code": "x", "description": "Not with this key."}
    with pytest.raises(NotAllowed):
        await standin.http().get("/x")


async def test_a_redirect_is_not_followed(standin: StandIn) -> None:
    standin.status, standin.answer = 302, {}
    with pytest.raises(BackendNonsense):
        await standin.http().get("/x")


class Dropper:
    """A server that closes each of the first connections without a word, then answers."""

    def __init__(self, drops: int) -> None:
        self.drops = drops
        self.seen = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.seen += 1
        if self.seen > self.drops:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            await writer.drain()
        writer.close()


@pytest.mark.parametrize(("drops", "works"), [(1, True), (2, False)])
async def test_a_get_is_sent_once_more_when_the_connection_fails(drops: int, works: bool) -> None:
    dropper = Dropper(drops)
    async with await asyncio.start_server(dropper, "127.0.0.1", 0) as server:
        http = Http("test", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", Patience(1, 2))
        if works:
            assert await http.get("/x") == {}
        else:
            with pytest.raises(BackendUnavailable):
                await http.get("/x")
    assert dropper.seen == 2


async def test_a_write_is_never_sent_again() -> None:
    dropper = Dropper(1)
    async with await asyncio.start_server(dropper, "127.0.0.1", 0) as server:
        http = Http("test", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", Patience(1, 2))
        with pytest.raises(BackendUnavailable):
            await http.post("/x", {}, "key")
    assert dropper.seen == 1


async def test_a_trickle_ends_at_the_time_limit() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass

    async with await asyncio.start_server(trickle, "127.0.0.1", 0) as server:
        http = Http("test", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", Patience(0.2, 1))
        started = perf_counter()
        with pytest.raises(BackendUnavailable):
            await http.get("/x")
        assert perf_counter() - started < 0.8
        await http.close()


async def test_many_requests_share_one_deadline(standin: StandIn) -> None:
    standin.delay, standin.answer = 0.15, {}
    http = standin.http(Patience(1, 0.4))
    started = perf_counter()
    with pytest.raises(BackendUnavailable) as caught:
        async with http.call():
            for _ in range(10):
                await http.get("/x")
    assert perf_counter() - started < 1
    assert caught.value.reason == "deadline"


async def test_the_log_has_neither_query_nor_body(standin: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    standin.answer = {}
    http = standin.http()
    await http.get("/path", {"postcode": "SK1 3XE", "key": "secret"})
    await http.post("/path", {"note": "my words"}, "key-1")
    await http.get("/path/{postcode}", postcode="SK1 3XE")
    assert standin.requests[-1].raw_url == b"/path/SK1%203XE"
    written = caplog.text
    assert "/path" in written
    assert not any(word in written for word in ("SK1", "secret", "my words"))
