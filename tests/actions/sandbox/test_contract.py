"""One contract, both sides: every method of every client against the real demonstration council."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import httpx
import pytest

from actions.backends.errors import BackendNonsense, BackendRejected, BackendUnavailable, NotFound, SlotTaken
from actions.backends.factory import Backends
from bot.clock import today
from tests.support.sandbox import Sandbox

DAY = timedelta(days=1)
EDWARD_STREET_7 = "100011000007"
ALL_BINS = ["black_bin", "blue_bin", "brown_bin", "green_bin"]


async def first_home(council: Backends, postcode: str) -> str:
    return (await council.addresses.by_postcode(postcode))[0].uprn


async def test_addresses(council: Backends) -> None:
    homes = await council.addresses.by_postcode("SK1 3XE")
    assert [home.line for home in homes] == [f"{number} Edward Street, Stockport" for number in range(1, 13)]
    assert {home.custodian for home in homes} == {"4235"}
    assert await council.addresses.by_uprn(homes[6].uprn) == homes[6]
    assert await council.addresses.by_uprn("999999999999") is None
    with pytest.raises(BackendRejected):
        await council.addresses.by_postcode("nonsense")


async def test_addresses_hard_cases(council: Backends) -> None:
    tower = await council.addresses.by_postcode("SK4 9AA")
    assert [home.number for home in tower] == [f"Flat {number}" for number in range(1, 119)]
    assert tower[0].line == "Flat 1, Mersey Point, Lancashire Hill, Heaton Norris"
    assert await council.addresses.by_postcode("SK8 9ZZ") == []
    assert {home.custodian for home in await council.addresses.by_postcode("M20 9AA")} == {"4215"}
    assert {home.custodian for home in await council.addresses.by_postcode("sk99aa")} == {"660"}
    assert (await first_home(council, "SK7 9AA")).startswith("0")


async def test_services_and_collections(council: Backends) -> None:
    services = await council.waste.services(EDWARD_STREET_7)
    assert sorted(service.containers[0].type for service in services) == ALL_BINS
    for service in services:
        assert service.last is not None and service.next is not None
        assert service.last.date <= today() <= service.next.date
        assert service.last.collected_at is not None
    found = await council.waste.collections(EDWARD_STREET_7, today() - 14 * DAY, today() + 28 * DAY)
    assert [each.date for each in found] == sorted(each.date for each in found)
    assert {service.next for service in services} <= set(found)


async def test_shared_bins_and_no_service_at_all(council: Backends) -> None:
    flats = await council.waste.services(await first_home(council, "SK3 9AA"))
    assert {(service.containers[0].shape, service.containers[0].size) for service in flats} == {("shared bin", "1100L")}
    assert await council.waste.services(await first_home(council, "SK1 9AA")) == []
    assert await council.waste.services("999999999999") == []


@pytest.mark.parametrize(
    ("postcode", "offered", "member"),
    [
        ("SK1 3XE", True, False),
        ("SK8 9AA", True, True),
        ("SK3 9AB", False, False),
        ("SK3 9AA", False, False),
        ("SK1 9AA", False, False),
    ],
)
async def test_garden_waste(postcode: str, offered: bool, member: bool, council: Backends) -> None:
    uprn = await first_home(council, postcode)
    assert await council.waste.garden_offered(uprn) is offered
    assert await council.waste.garden_member(uprn) is member


async def test_joining_garden_waste(council: Backends) -> None:
    uprn = await first_home(council, "SK7 9BB")
    await council.waste.open_case("garden_join", uprn, {"bins": "1"}, "garden-1")
    assert await council.waste.garden_member(uprn)


async def test_the_moved_collection(council: Backends) -> None:
    for service in await council.waste.services(await first_home(council, "SK2 9AA")):
        assert service.next is not None
        assert service.next.date == service.next.scheduled + DAY
        assert service.next.reason == "Bank holiday"


async def test_crew_events(council: Backends) -> None:
    start, end = today() - 14 * DAY, today()
    for postcode, expected in (("SK7 9AB", ("Contaminated", "brown_bin")), ("SK6 9AA", ("Inaccessible road", ""))):
        home = (await council.addresses.by_postcode(postcode))[3]
        (event,) = await council.waste.events(home.uprn, home.usrn, start, end)
        assert (event.type, event.container) == expected
        assert await council.waste.events(home.uprn, home.usrn, end + DAY, end + DAY) == []
    assert await council.waste.events(EDWARD_STREET_7, "25500000", start, end) == []


async def test_reporting_a_missed_bin(council: Backends) -> None:
    uprn = await first_home(council, "SK7 9AA")
    details = {"container": "black_bin", "note": "left out from 6am"}
    case = await council.waste.open_case("missed", uprn, details, "missed-1")
    assert case.promised is not None and case.promised > today()
    assert await council.waste.open_case("missed", uprn, details, "missed-1") == case
    assert await council.waste.cases(uprn) == [case]
    with pytest.raises(BackendRejected) as caught:
        await council.waste.open_case("missed", uprn, details, "missed-2")
    assert caught.value.code == "already_open"
    with pytest.raises(BackendRejected) as caught:
        await council.waste.open_case("missed", uprn, {}, "missed-1")
    assert caught.value.code == "key_used"
    other = await council.waste.open_case("missed", uprn, {"container": "blue_bin"}, "missed-3")
    assert other.reference != case.reference


async def test_a_report_that_is_open_already(council: Backends) -> None:
    cases = await council.waste.cases(await first_home(council, "SK6 9AB"))
    assert sorted(case.container for case in cases) == ALL_BINS
    assert {(case.kind, case.status) for case in cases} == {("missed", "open")}


async def test_waste_cases_that_cannot_be(council: Backends) -> None:
    with pytest.raises(BackendRejected):
        await council.waste.open_case("party", EDWARD_STREET_7, {}, "party-1")
    with pytest.raises(NotFound):
        await council.waste.open_case("missed", "999999999999", {}, "missed-9")


async def test_cases(council: Backends) -> None:
    contact = {"name": "A Person", "phone": "07700 900123"}
    case = await council.cases.open_case("complaint", {"about": "noise"}, contact, "case-1")
    assert case.status == "open" and case.due is not None and case.due > today()
    assert await council.cases.open_case("complaint", {"about": "noise"}, contact, "case-1") == case
    assert await council.cases.by_reference(case.reference.lower()) == case
    assert await council.cases.by_reference("SBX-222222") is None


async def test_bookings(council: Backends) -> None:
    bookings = council.bookings
    slot = (await bookings.slots("tip_asbestos", today(), 60))[0]
    booking = await bookings.reserve("tip_asbestos", slot.id, {"vehicle": "car"}, "book-1")
    assert (booking.status, booking.slot) == ("reserved", slot)
    assert await bookings.reserve("tip_asbestos", slot.id, {"vehicle": "car"}, "book-1") == booking
    with pytest.raises(SlotTaken):
        await bookings.reserve("tip_asbestos", slot.id, {}, "book-2")
    assert slot not in await bookings.slots("tip_asbestos", today(), 60)
    assert (await bookings.confirm(booking.reference, "book-3")).status == "confirmed"
    assert (await bookings.cancel(booking.reference, "book-4")).status == "cancelled"
    assert slot in await bookings.slots("tip_asbestos", today(), 60)
    with pytest.raises(BackendRejected):
        await bookings.confirm(booking.reference, "book-5")
    with pytest.raises(NotFound):
        await bookings.reserve("bulky", "bulky-20200101-0700", {}, "book-6")


async def test_bulky_slots_have_room_for_several(council: Backends) -> None:
    slot = (await council.bookings.slots("bulky", today(), 30))[0]
    made = {(await council.bookings.reserve("bulky", slot.id, {}, f"bulky-{number}")).reference for number in range(4)}
    assert len(made) == 4
    with pytest.raises(SlotTaken):
        await council.bookings.reserve("bulky", slot.id, {}, "bulky-5")


async def test_payments(council: Backends) -> None:
    payment = await council.payments.create(3550, "SBX-7K3M9P", "Bulky waste", "http://127.0.0.1/back", "pay-1")
    assert (payment.status, payment.finished, payment.amount) == ("created", False, 3550)
    httpx.post(payment.next_url, data={"choice": "pay"})
    paid = await council.payments.status(payment.id)
    assert (paid.status, paid.finished, paid.next_url) == ("success", True, "")
    with pytest.raises(NotFound):
        await council.payments.status("none")


async def test_directory(council: Backends) -> None:
    tips = await council.directory.places("tip")
    assert {tip.hours for tip in tips} == {"mo-fr 08:00-18:00; sa-su 09:00-17:00; bank 10:00-16:00"}
    assert all("glass" in tip.materials for tip in tips)
    assert len(await council.directory.places("recycling_point")) == 6
    bags = await council.directory.places("caddy_bag_point")
    assert bags[0].hours == "mo-tu 09:00-17:00; th-fr 09:00-17:00; sa 09:00-13:00; bank closed"
    assert await council.directory.places("castle") == []


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("failing", BackendUnavailable),
        ("nonsense", BackendNonsense),
        ("nonsense", BackendNonsense),
        ("slow", BackendUnavailable),
    ],
)
async def test_faults(mode: str, error: type[Exception], council: Backends, sandbox: Sandbox) -> None:
    sandbox.fault("waste", mode, seconds=2.5)
    try:
        with pytest.raises(error):
            await council.waste.services(EDWARD_STREET_7)
        assert await council.addresses.by_postcode("SK8 9ZZ") == []
    finally:
        sandbox.fault("waste", "ok")


async def test_dates_follow_the_pretended_clock(council: Backends, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-12-23T10:00")
    uprn = await first_home(council, "SK3 9BB")
    found = await council.waste.collections(uprn, date(2026, 12, 24), date(2026, 12, 31))
    assert {(each.scheduled, each.date, each.reason) for each in found} == {
        (date(2026, 12, 25), date(2026, 12, 27), "Bank holiday")
    }
