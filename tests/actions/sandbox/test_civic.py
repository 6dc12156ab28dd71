"""Elections, councillors, meetings and postcodes: the real clients against the demonstration council."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import httpx
import pytest

from actions.backends.elections import Poll
from actions.backends.errors import BackendNonsense, BackendUnavailable
from actions.backends.factory import Backends
from actions.sandbox.civic import CIVIC
from actions.sandbox.seed import read_seed
from tests.support.sandbox import Sandbox

TUESDAY = date(2026, 11, 24)
PARTS = ("elections", "democracy", "postcodes")


async def polls(council: Backends, postcode: str) -> tuple[Poll, ...]:
    found = await council.elections.at_postcode(postcode)
    assert found is not None
    return found.polls


def test_every_home_of_ours_is_in_a_ward() -> None:
    ours = {home.postcode for home in read_seed().addresses if home.custodian == 4235}
    assert ours <= set(CIVIC.ward_of)
    assert {*CIVIC.at, *CIVIC.split, *CIVIC.unknown} <= ours
    assert set(CIVIC.at.values()) == set(CIVIC.stories) - {"ordinary"}, "every story can be seen somewhere"
    assert set(CIVIC.missing) <= {home.uprn for home in read_seed().addresses}


def test_nobody_stands_twice() -> None:
    names = [person["name"] for ward in CIVIC.wards.values() for person in ward["councillors"]]
    names = [name for name in names if name != "Vacancy"] + [person["name"] for person in CIVIC.candidates]
    assert len(names) == len(set(names)) and all(len(ward["councillors"]) == 3 for ward in CIVIC.wards.values())


async def test_an_ordinary_election_with_its_days_by_law(council: Backends) -> None:
    (poll,) = await polls(council, "SK1 3XE")
    (paper,) = poll.ballots
    assert poll.date == date(2026, 12, 17) and poll.date.weekday() == 3
    assert poll.station and poll.station.address == "Edward Street Hall, Edward Street, Stockport"
    assert paper.needs_photo_id and paper.is_final and len(paper.candidates) == 4
    days = paper.timetable
    assert (days.register, days.postal, days.voter_card) == (date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 9))


async def test_deadlines_leave_out_bank_holidays(council: Backends, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-12-15T10:00")
    ((paper,),) = [poll.ballots for poll in await polls(council, "SK1 3XE")]
    assert paper.id.endswith("2027-01-07") and paper.timetable.register == date(2026, 12, 17)


async def test_elections_hard_cases(council: Backends) -> None:
    assert await polls(council, "SK2 9AA") == ()
    assert (await polls(council, "SK2 9AB"))[0].station is None
    assert [poll.date for poll in await polls(council, "SK5 9AA")] == [TUESDAY]
    several = (await polls(council, "SK5 9AB"))[0]
    assert (len(several.ballots), len(several.votes)) == (3, 2)
    (late,) = await polls(council, "SK4 9AB")
    days = late.votes[0].timetable
    assert days.register and days.postal and days.voter_card
    assert max(days.register, days.postal) < TUESDAY <= days.voter_card
    (register,), (post,) = await polls(council, "SK8 9AA"), await polls(council, "SK6 9BA")
    assert register.votes[0].timetable.register == post.votes[0].timetable.postal == TUESDAY
    first, second = await polls(council, "SK7 9AA")
    assert (first.votes, first.ballots[0].reason) == ((), "CANDIDATE_DEATH")
    assert first.ballots[0].replaced_by == second.votes[0].id
    (uncontested,) = await polls(council, "SK7 9AB")
    assert (uncontested.votes, uncontested.ballots[0].replaced_by) == ((), "")
    assert not (await polls(council, "SK6 9AB"))[0].votes[0].is_final
    assert (await polls(council, "SK6 9AA"))[0].votes[0].candidates == ()
    assert not (await polls(council, "SK3 9AB"))[0].votes[0].needs_photo_id
    for unknown in ("SK1 9AA", "SK8 9ZZ", "SK1 9ZA"):
        assert await council.elections.at_postcode(unknown) is None
    elsewhere = await council.elections.at_postcode("M20 9AA")
    assert elsewhere and elsewhere.organiser and elsewhere.organiser.gss == ("E08000003",)


async def test_a_postcode_that_votes_in_two_places(council: Backends) -> None:
    found = await council.elections.at_postcode("SK3 9AA")
    assert found and len(found.addresses) == 12 and found.polls == ()
    assert [address.slug for address in found.addresses] == [
        home.uprn for home in await council.addresses.by_postcode("SK3 9AA")
    ]
    places = set()
    for address in found.addresses:
        at = await council.elections.at_address(address.slug)
        assert at is not None
        places.add(at.polls[0].station)
    assert len(places) == 2
    tower = await council.elections.at_postcode("SK4 9AA")
    assert tower and len(tower.addresses) == 117, "one home is missing"
    assert await council.elections.at_address("100011003118") is None


def test_refusals_of_the_elections_data(web: httpx.Client) -> None:
    path = "/elections/api/v1/postcode/SK13XE"
    assert web.get(path).status_code == 401
    assert web.get(path.replace("SK13XE", "nonsense"), params={"auth_token": "k"}).status_code == 400


async def test_councillors(council: Backends) -> None:
    edgeley = await council.democracy.ward("Edgeley")
    assert edgeley and len(edgeley.councillors) == 3 and edgeley.vacancies == 0 and edgeley.councillors[0].surgeries
    offerton = await council.democracy.ward("Offerton")
    assert offerton and (len(offerton.councillors), offerton.vacancies) == (2, 1)
    heald_green = await council.democracy.ward("Heald Green")
    assert heald_green
    assert [bool(person.email) for person in heald_green.councillors] == [True, False, False]
    assert [bool(person.phone) for person in heald_green.councillors] == [True, True, False]
    romiley = await council.democracy.ward("Bredbury Green and Romiley")
    assert romiley and romiley.name == "Bredbury Green & Romiley"
    assert await council.democracy.ward("Bramhall South and Woodford") is None
    assert "0999" not in str([edgeley, offerton, heald_green, romiley]), "no home is told"


async def test_meetings(council: Backends) -> None:
    found = await council.democracy.meetings(TUESDAY, date(2026, 12, 22))
    assert [meeting.committee for meeting in found] == [
        "Marple Area Committee",
        "Licensing Committee",
        "Council Meeting",
        "Cabinet",
        "Children & Families Scrutiny Committee",
        "Planning and Highways Committee",
    ]
    assert [meeting.is_off for meeting in found] == [False, True, False, False, False, False]
    assert (found[0].start, found[2].start) == (None, time(18))
    assert await council.democracy.meetings(date(2026, 8, 1), date(2026, 8, 29)) == []


def test_modern_gov_fails_without_its_parameters(web: httpx.Client) -> None:
    assert web.get("/democracy/mgWebService.asmx/GetAllMeetingsByDate").status_code == 500


async def test_postcodes(council: Backends) -> None:
    ours = await council.postcodes.area("SK6 9BB")
    assert ours and (ours.gss, ours.ward, ours.county) == ("E08000007", "Bredbury Green and Romiley", "")
    two_tier = await council.postcodes.area("SK22 9AA")
    assert two_tier and (two_tier.gss, two_tier.county) == ("E07000037", "Derbyshire")
    assert await council.postcodes.area("SK1 9ZA") is None and await council.postcodes.is_terminated("SK1 9ZA")
    assert await council.postcodes.area("SK8 9ZZ") is None and not await council.postcodes.is_terminated("SK8 9ZZ")


def test_a_postcode_that_is_gone_says_so_in_its_refusal(web: httpx.Client) -> None:
    gone = web.get("/postcodes/postcodes/SK19ZA")
    assert (gone.status_code, gone.json()["terminated"]["year_terminated"]) == (404, 2019)
    assert web.get("/postcodes/postcodes/nonsense").json() == {"status": 404, "error": "Invalid postcode"}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("mode", "error"),
    [("failing", BackendUnavailable), ("nonsense", BackendNonsense), ("nonsense", BackendNonsense)],
)
async def test_faults(part: str, mode: str, error: type[Exception], council: Backends, sandbox: Sandbox) -> None:
    calls = {
        "elections": lambda: council.elections.at_postcode("SK1 3XE"),
        "democracy": lambda: council.democracy.ward("Manor"),
        "postcodes": lambda: council.postcodes.area("SK1 3XE"),
    }
    sandbox.fault(part, mode)
    try:
        with pytest.raises(error):
            await calls[part]()
    finally:
        sandbox.fault(part, "ok")
