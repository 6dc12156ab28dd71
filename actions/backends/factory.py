"""One set of clients a process, built from the settings when first asked for and kept open.

Their connections belong to the event loop that first uses them: a test that starts a new loop closes the set
(``await close_backends()``) and the next call builds another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from actions.backends.addresses import Addresses, OsPlaces
from actions.backends.bookings import Bookings, BookingSystem
from actions.backends.cases import Cases, CaseSystem
from actions.backends.democracy import Democracy, ModernGov
from actions.backends.directory import Directory, OpenReferral
from actions.backends.elections import DemocracyClub, ElectionData
from actions.backends.floods import FloodMonitoring, Floods
from actions.backends.http import Http, Patience
from actions.backends.notices import NoticeFeed, Notices
from actions.backends.open311 import Open311
from actions.backends.payments import GovukPay, Payments
from actions.backends.planning import Applications, Constraints, PlanIt, PlanningData
from actions.backends.postcodes import Postcodes, PostcodesIo
from actions.backends.reports import Reports
from actions.backends.waste import Waste, WasteStandard
from bot.settings import settings

NAMES = (
    "addresses",
    "waste",
    "cases",
    "bookings",
    "payments",
    "directory",
    "reports",
    "constraints",
    "applications",
    "notices",
    "floods",
    "elections",
    "democracy",
    "postcodes",
)


@dataclass(frozen=True)
class Backends:
    """Everything that an action may ask of the council."""

    addresses: Addresses
    waste: Waste
    cases: Cases
    bookings: Bookings
    payments: Payments
    directory: Directory
    reports: Reports
    constraints: Constraints
    applications: Applications
    notices: Notices
    floods: Floods
    elections: ElectionData
    democracy: Democracy
    postcodes: Postcodes


@lru_cache(maxsize=1)
def _connections() -> Mapping[str, Http]:
    now = settings()
    patience = Patience(now.backend_timeout, now.backend_deadline)
    headers = {"payments": {"Authorization": f"Bearer {now.payments_key}"}}
    return {name: Http(name, now.backend(name), patience, headers.get(name)) for name in NAMES}


@lru_cache(maxsize=1)
def backends() -> Backends:
    """The process's clients."""
    http = _connections()
    return Backends(
        addresses=OsPlaces(http["addresses"], settings().addresses_key),
        waste=WasteStandard(http["waste"]),
        cases=CaseSystem(http["cases"]),
        bookings=BookingSystem(http["bookings"]),
        payments=GovukPay(http["payments"]),
        directory=OpenReferral(http["directory"]),
        reports=Open311(http["reports"], settings().reports_key, settings().reports_jurisdiction),
        constraints=PlanningData(http["constraints"]),
        applications=PlanIt(http["applications"]),
        notices=NoticeFeed(http["notices"]),
        floods=FloodMonitoring(http["floods"]),
        elections=DemocracyClub(http["elections"], settings().elections_key),
        democracy=ModernGov(http["democracy"]),
        postcodes=PostcodesIo(http["postcodes"]),
    )


async def close_backends() -> None:
    """Close the clients and forget them."""
    for http in _connections().values():
        await http.close()
    backends.cache_clear()
    _connections.cache_clear()
