"""Elections at a postcode or an address, by Democracy Club's API: days, ballots, candidates, polling stations.

Where homes of one postcode vote in different places the answer is a list of addresses to pick from, and no days.
An address's slug is its UPRN. Nobody's vote is known here, but where somebody lives is personal: a postcode goes into
the path, which the log has unfilled.
"""

from __future__ import annotations

import datetime as dt  # not "from": Poll has a field named date
from dataclasses import dataclass
from typing import Protocol

from actions.backends.errors import BackendRejected, NotFound
from actions.backends.http import Http
from actions.backends.reading import Record
from bot.text.links import https_link

_UNKNOWN = "status_400"  # what a postcode gets that no register of postcodes has


@dataclass(frozen=True)
class Candidate:
    """Somebody who stands, with the party as the ballot paper has it."""

    name: str
    party: str


@dataclass(frozen=True)
class Timetable:
    """The last days of one ballot, by law; None where the data has none."""

    names_published: dt.date | None
    register: dt.date | None
    postal: dt.date | None
    voter_card: dt.date | None


@dataclass(frozen=True)
class Ballot:
    """One paper to mark. ``reason`` is why there is no vote after all; ``replaced_by`` the id of the later ballot."""

    id: str
    title: str
    seats: int
    cancelled: bool
    reason: str
    replaced_by: str
    needs_photo_id: bool
    is_final: bool
    candidates: tuple[Candidate, ...]
    timetable: Timetable
    page: str


@dataclass(frozen=True)
class Station:
    """Where to vote."""

    address: str
    postcode: str


@dataclass(frozen=True)
class Poll:
    """A day on which people vote. ``station`` is None when it is not known (yet)."""

    date: dt.date
    station: Station | None
    ballots: tuple[Ballot, ...]

    @property
    def votes(self) -> tuple[Ballot, ...]:
        """The ballots that take place."""
        return tuple(ballot for ballot in self.ballots if not ballot.cancelled)


@dataclass(frozen=True)
class PickAddress:
    """One of the addresses to pick from."""

    line: str
    slug: str


@dataclass(frozen=True)
class Organiser:
    """The council that runs the elections there; ``gss`` has the codes of its area."""

    name: str
    website: str
    gss: tuple[str, ...]


@dataclass(frozen=True)
class Elections:
    """What is coming, by day. With ``addresses`` it is told only for one of them."""

    polls: tuple[Poll, ...]
    addresses: tuple[PickAddress, ...]
    organiser: Organiser | None


class ElectionData(Protocol):
    """What is known of elections to come."""

    async def at_postcode(self, postcode: str) -> Elections | None:
        """The elections at a postcode; None for a postcode that is not known."""

    async def at_address(self, slug: str) -> Elections | None:
        """The elections at one of the addresses of a postcode; None for one that is not known."""


class DemocracyClub:
    """Elections from Democracy Club."""

    def __init__(self, http: Http, key: str) -> None:
        self._http = http
        self._key = key

    async def at_postcode(self, postcode: str) -> Elections | None:
        """The elections at a postcode; None for a postcode that is not known."""
        return await self._find("/api/v1/postcode/{place}", postcode.replace(" ", ""))

    async def at_address(self, slug: str) -> Elections | None:
        """The elections at one of the addresses of a postcode; None for one that is not known."""
        return await self._find("/api/v1/address/{place}", slug)

    async def _find(self, path: str, place: str) -> Elections | None:
        async with self._http.call():
            try:
                raw = await self._http.get(path, {"auth_token": self._key}, place=place)
            except NotFound:
                return None
            except BackendRejected as refusal:
                if refusal.code == _UNKNOWN:
                    return None
                raise
        return _elections(Record(self._http.name, raw))


def _elections(entry: Record) -> Elections:
    needs_picking = entry.flag("address_picker")
    addresses = [PickAddress(item.text("address"), item.label("slug")) for item in entry.parts("addresses")]
    if needs_picking != bool(addresses):
        raise entry.nonsense("address_picker")
    return Elections(
        polls=tuple(sorted((_poll(item) for item in entry.parts("dates")), key=lambda poll: poll.date)),
        addresses=tuple(addresses),
        organiser=_organiser(entry.part("electoral_services")) if entry.has("electoral_services") else None,
    )


def _organiser(entry: Record) -> Organiser:
    website = entry.text("website", "")
    return Organiser(entry.text("name"), https_link(website), tuple(entry.texts("identifiers")))


def _poll(entry: Record) -> Poll:
    place = entry.part("polling_station")
    known = place.flag("polling_station_known") and place.has("station")
    return Poll(
        date=entry.day("date"),
        station=_station(place.part("station").part("properties")) if known else None,
        ballots=tuple(_ballot(item) for item in entry.parts("ballots")),
    )


def _station(entry: Record) -> Station:
    lines = [line.strip() for line in entry.text("address").splitlines()]
    return Station(", ".join(filter(None, lines)), entry.text("postcode", ""))


def _ballot(entry: Record) -> Ballot:
    return Ballot(
        id=entry.text("ballot_paper_id"),
        title=entry.text("ballot_title"),
        seats=entry.whole("seats_contested") if entry.has("seats_contested") else 1,
        cancelled=entry.flag("cancelled"),
        reason=entry.text("cancellation_reason", ""),
        replaced_by=entry.text("replaced_by", ""),
        needs_photo_id=bool(entry.text("requires_voter_id", "")),
        is_final=entry.has("candidates_verified") and entry.flag("candidates_verified"),
        candidates=tuple(
            Candidate(item.part("person").text("name"), item.part("party").text("party_name"))
            for item in entry.parts("candidates")
        ),
        timetable=_timetable(entry.part("timetable")) if entry.has("timetable") else Timetable(None, None, None, None),
        page=https_link(entry.text("wcivf_url", "")),
    )


def _timetable(entry: Record) -> Timetable:
    return Timetable(
        names_published=entry.day_or_none("sopn_publish_deadline"),
        register=entry.day_or_none("registration_deadline"),
        postal=entry.day_or_none("postal_vote_application_deadline"),
        voter_card=entry.day_or_none("vac_application_deadline"),
    )
