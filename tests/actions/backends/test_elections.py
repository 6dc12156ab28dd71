"""Democracy Club: days, ballots, stations; what is left out, what is called off, what cannot be."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pytest

from actions.backends.elections import Candidate, DemocracyClub, PickAddress, Station, Timetable
from actions.backends.errors import BackendNonsense, BackendRejected, NotAllowed
from tests.actions.backends.standin import StandIn


def ballot(**fields: Any) -> dict[str, Any]:
    return {
        "ballot_paper_id": "local.stockport.manor.2027-05-06",
        "ballot_title": "Stockport local election Manor",
        "cancelled": False,
        "cancellation_reason": None,
        "replaced_by": None,
        "requires_voter_id": "EA-2022",
        "candidates_verified": True,
        "seats_contested": 2,
        "timetable": {
            "sopn_publish_deadline": "2027-04-09",
            "registration_deadline": "2027-04-19",
            "postal_vote_application_deadline": "2027-04-20",
            "vac_application_deadline": None,
        },
        "candidates": [
            {"list_position": None, "party": {"party_name": "Town Party"}, "person": {"name": "Zoe Zeal"}},
            {"list_position": None, "party": {"party_name": "Independent"}, "person": {"name": "Al Abbot"}},
        ],
        "wcivf_url": "https://whocanivotefor.co.uk/elections/x/",
        **fields,
    }


STATION = {"properties": {"address": "The Hall\r\nEdward Street\n\nStockport", "postcode": "SK1 9VA"}}


def day(on: str = "2027-05-06", station: dict[str, Any] | None = STATION, *ballots: dict[str, Any]) -> dict[str, Any]:
    place = {"polling_station_known": station is not None, "station": station}
    return {"date": on, "polling_station": place, "ballots": list(ballots) or [ballot()], "notifications": []}


def answer(*dates: dict[str, Any], **fields: Any) -> dict[str, Any]:
    services = {"name": "Stockport Council", "website": "https://x.example/", "identifiers": ["E08000007"]}
    base = {"address_picker": False, "addresses": [], "dates": list(dates), "electoral_services": services}
    return {**base, **fields}


async def found(standin: StandIn, body: dict[str, Any]) -> Any:
    standin.answer = body
    return await DemocracyClub(standin.http(), "the-key").at_postcode("SK1 3XE")


async def test_a_poll_is_read(standin: StandIn) -> None:
    elections = await found(standin, answer(day()))
    (poll,) = elections.polls
    (paper,) = poll.ballots
    assert (poll.date, poll.station) == (date(2027, 5, 6), Station("The Hall, Edward Street, Stockport", "SK1 9VA"))
    assert (paper.seats, paper.needs_photo_id, paper.is_final, paper.cancelled) == (2, True, True, False)
    assert paper.candidates == (Candidate("Zoe Zeal", "Town Party"), Candidate("Al Abbot", "Independent")), "as given"
    assert paper.timetable == Timetable(date(2027, 4, 9), date(2027, 4, 19), date(2027, 4, 20), None)
    assert elections.organiser.gss == ("E08000007",) and elections.addresses == ()
    assert standin.requests[0].path == "/api/v1/postcode/SK13XE"
    assert standin.requests[0].args["auth_token"] == ["the-key"]


async def test_days_come_in_order(standin: StandIn) -> None:
    elections = await found(standin, answer(day("2027-06-10"), day("2027-05-06")))
    assert [poll.date.month for poll in elections.polls] == [5, 6]


async def test_a_ballot_that_is_called_off_is_no_vote(standin: StandIn) -> None:
    off = ballot(cancelled=True, cancellation_reason="CANDIDATE_DEATH", replaced_by="local.manor.2027-06-10")
    (poll,) = (await found(standin, answer(day("2027-05-06", STATION, off, ballot())))).polls
    assert [paper.cancelled for paper in poll.ballots] == [True, False] and len(poll.votes) == 1
    assert (poll.ballots[0].reason, poll.ballots[0].replaced_by) == ("CANDIDATE_DEATH", "local.manor.2027-06-10")


@pytest.mark.parametrize("station", [None, {"properties": {"address": "A hut"}}])
async def test_a_station_may_be_unknown_or_without_postcode(standin: StandIn, station: dict[str, Any] | None) -> None:
    (poll,) = (await found(standin, answer(day("2027-05-06", station)))).polls
    assert poll.station == (Station("A hut", "") if station else None)


async def test_what_the_data_may_lack(standin: StandIn) -> None:
    bare = ballot(timetable=None, requires_voter_id=None, candidates=[], candidates_verified=None, seats_contested=None)
    (poll,) = (await found(standin, answer(day("2027-05-06", None, bare), electoral_services=None))).polls
    (paper,) = poll.ballots
    assert paper.timetable == Timetable(None, None, None, None)
    assert (paper.needs_photo_id, paper.is_final, paper.seats, paper.candidates) == (False, False, 1, ())


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://x.example", "https://x.example/](b", None])
async def test_a_link_that_is_none_is_left_out(standin: StandIn, link: str | None) -> None:
    (poll,) = (await found(standin, answer(day("2027-05-06", None, ballot(wcivf_url=link))))).polls
    assert poll.ballots[0].page == ""


async def test_addresses_to_pick_from_then_one_of_them(standin: StandIn) -> None:
    entry = {"address": "Flat 1, Alexandra Court", "postcode": "SK39AA", "slug": "100011002001", "url": "https://x"}
    elections = await found(standin, answer(address_picker=True, addresses=[entry]))
    assert elections.addresses == (PickAddress("Flat 1, Alexandra Court", "100011002001"),) and not elections.polls
    standin.answer = answer(day())
    assert (await DemocracyClub(standin.http(), "k").at_address("100011002001")).polls
    assert standin.requests[1].path == "/api/v1/address/100011002001"


@pytest.mark.parametrize(("status", "body"), [(404, {"message": "x"}), (400, {"message": "Could not geocode"})])
async def test_an_unknown_postcode_is_none(standin: StandIn, status: int, body: dict[str, Any]) -> None:
    standin.status = status
    assert await found(standin, body) is None


@pytest.mark.parametrize(("status", "error"), [(401, NotAllowed), (403, NotAllowed), (410, BackendRejected)])
async def test_a_refusal_is_no_unknown_postcode(standin: StandIn, status: int, error: type[Exception]) -> None:
    standin.status = status
    with pytest.raises(error):
        await found(standin, {"message": "no"})


@pytest.mark.parametrize(
    "body",
    [
        {},
        answer(address_picker="no"),
        answer(address_picker=True),
        answer(day("6 or 7 May")),
        answer(day("2027-05-06", {"properties": {}})),
        answer(day("2027-05-06", None, ballot(cancelled="maybe"))),
        answer(day("2027-05-06", None, ballot(candidates=[{"person": {"name": ""}, "party": {}}]))),
        answer(day("2027-05-06", None, ballot(timetable={"registration_deadline": "soon"}))),
    ],
)
async def test_impossible_elections_are_nonsense(standin: StandIn, body: dict[str, Any]) -> None:
    with pytest.raises(BackendNonsense):
        await found(standin, body)


async def test_where_somebody_lives_is_not_written_down(standin: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await found(standin, answer())
    await DemocracyClub(standin.http(), "the-key").at_address("100011002001")
    assert "/api/v1/postcode/{place}" in caplog.text
    assert not any(word in caplog.text for word in ("SK1", "100011002001", "the-key"))
