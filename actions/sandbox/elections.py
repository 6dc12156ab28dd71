"""Elections in the shape of Democracy Club's API. Days are worked out from today, deadlines by the law."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox.civic import CIVIC, spaced
from actions.sandbox.rounds import working_days_from
from actions.sandbox.seed import Home
from bot.clock import today

_DAY = timedelta(days=1)
_THURSDAY = 3
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
# Working days before the day of the vote.
_DEADLINES = {
    "notice_of_election_deadline": 25,
    "close_of_nominations": 19,
    "sopn_publish_deadline": 18,
    "registration_deadline": 12,
    "postal_vote_application_deadline": 11,
    "vac_application_deadline": 6,
}
_TITLES = {
    "local": "{council} local election {ward}",
    "mayor": "Mayor of Greater Manchester",
    "parish": "{ward} parish council election",
}
_PHONE = "0161 496 0130"

blueprint = Blueprint("elections", url_prefix="/elections/api/v1")


@blueprint.get("/postcode/<postcode:str>")
async def by_postcode(request: Request, postcode: str) -> HTTPResponse:
    """The elections at a postcode, or the addresses to pick from."""
    asked = spaced(postcode)
    refusal = _refusal(request, asked)
    if refusal:
        return refusal
    if asked in CIVIC.split:
        homes = [home for home in request.app.ctx.store.homes(postcode=asked) if home.uprn not in CIVIC.missing]
        return json(_answer(asked, [], [_pick(request, home) for home in homes]))
    return json(_answer(asked, _days(asked, _station(asked)), []))


@blueprint.get("/address/<slug:str>")
async def by_address(request: Request, slug: str) -> HTTPResponse:
    """The elections at one address, by its UPRN."""
    home = request.app.ctx.store.home(slug) if slug not in CIVIC.missing else None
    refusal = _refusal(request, home.postcode if home else "")
    if refusal or home is None:
        return refusal or _problem(404, "Address not found")
    return json(_answer(home.postcode, _days(home.postcode, _station_of(request, home)), []))


def _refusal(request: Request, postcode: str) -> HTTPResponse | None:
    if not request.args.get("auth_token"):
        return _problem(401, "Authentication credentials were not provided.")
    if postcode and not _POSTCODE.fullmatch(postcode):
        return _problem(400, "Could not geocode from any source")
    if postcode in CIVIC.unknown or CIVIC.place(postcode) is None:
        return _problem(404, "Postcode not found")
    return None


def _problem(status: int, message: str) -> HTTPResponse:
    return json({"message": message}, status)


def _pick(request: Request, home: Home) -> dict[str, str]:
    parts = (home.flat, home.building, f"{home.number} {home.street}".strip(), home.town)
    return {
        "address": ", ".join(part for part in parts if part),
        "postcode": home.postcode.replace(" ", ""),
        "slug": home.uprn,
        "url": f"{request.scheme}://{request.host}/elections/api/v1/address/{home.uprn}/",
    }


def _station(postcode: str) -> Mapping[str, str]:
    ward = CIVIC.wards.get(CIVIC.ward_of.get(postcode, ""))
    return ward["station"] if ward else CIVIC.second_station


def _station_of(request: Request, home: Home) -> Mapping[str, str]:
    """Of a split postcode the second half of the homes votes elsewhere."""
    homes = request.app.ctx.store.homes(postcode=home.postcode)
    is_second = home.postcode in CIVIC.split and homes.index(home) >= len(homes) // 2
    return CIVIC.second_station if is_second else _station(home.postcode)


def _answer(postcode: str, days: list[Any], addresses: list[Any]) -> dict[str, Any]:
    place = CIVIC.place(postcode) or {}
    contact = {
        "email": "elections@democracy.example",
        "phone": _PHONE,
        "website": place["website"],
        "postcode": "SK1 3XE",
        "address": "Electoral Services\nTown Hall\nEdward Street",
    }
    services = {"council_id": "SBX", "name": place["council"], "nation": "England", "identifiers": [place["gss"]]}
    point = {"type": "Point", "coordinates": [-2.1575, 53.4063]}
    return {
        "address_picker": bool(addresses),
        "addresses": addresses,
        "dates": days,
        "electoral_services": {**services, **contact},
        "registration": contact,
        "postcode_location": {"type": "Feature", "properties": {"postcode": postcode}, "geometry": point},
    }


def _days(postcode: str, station: Mapping[str, str]) -> list[dict[str, Any]]:
    story = CIVIC.stories[CIVIC.at.get(postcode, "ordinary")]
    dates = [_date(plan) for plan in story]
    return [_day(postcode, plan, when, dates[-1], station) for plan, when in zip(story, dates, strict=True)]


def _date(plan: Mapping[str, Any]) -> date:
    if "on" in plan:
        return today() + plan["on"] * _DAY
    if "working_days" in plan:
        return working_days_from(today(), plan["working_days"])
    day = today() + plan["after"] * _DAY
    return day + (_THURSDAY - day.weekday()) % 7 * _DAY


def _day(postcode: str, plan: Mapping[str, Any], when: date, last: date, station: Mapping[str, str]) -> dict[str, Any]:
    ballots = [_ballot(postcode, ballot, when, last) for ballot in plan["ballots"]]
    known = plan.get("station", True)
    place = {"postcode": station["postcode"], "address": station["address"].replace(", ", "\n")}
    point = {"type": "Point", "coordinates": [-2.16, 53.41]}
    feature = {"id": f"{station['postcode']}-1", "type": "Feature", "geometry": point, "properties": place}
    off = [ballot for ballot in ballots if ballot["cancelled"]]
    return {
        "date": when.isoformat(),
        "polling_station": {
            "polling_station_known": known,
            "custom_finder": None,
            "report_problem_url": None,
            "station": feature if known else None,
        },
        "advance_voting_station": None,
        "notifications": [
            {
                "type": "cancelled_election",
                "title": "Cancelled Election",
                "url": None,
                "detail": "The poll for this election will not take place",
            }
            for _ in off[:1]
        ],
        "ballots": ballots,
    }


def _ballot(postcode: str, plan: Mapping[str, Any], when: date, last: date) -> dict[str, Any]:
    place = CIVIC.place(postcode) or {}
    area = place["ward"].lower().replace(" ", "-") if plan["kind"] != "mayor" else "greater-manchester"
    name = f"{plan['kind']}.{place['district'].lower()}.{area}" if plan["kind"] != "mayor" else f"mayor.{area}"
    people = CIVIC.candidates if plan.get("names", True) else ()
    return {
        "ballot_paper_id": f"{name}.{when}",
        "ballot_title": _TITLES[plan["kind"]].format(council=place["district"], ward=place["ward"]),
        "ballot_url": f"https://democracy.example/elections/{name}.{when}/",
        "poll_open_date": when.isoformat(),
        "elected_role": "Local Councillor",
        "metadata": None,
        "cancelled": "cancelled" in plan,
        "cancellation_reason": plan.get("cancelled"),
        "replaced_by": f"{name}.{last}" if plan.get("replaced") else None,
        "replaces": None,
        "requires_voter_id": "EA-2022" if plan.get("photo_id", True) else None,
        "timetable": {deadline: working_days_from(when, -days).isoformat() for deadline, days in _DEADLINES.items()},
        "election_id": f"{plan['kind']}.{place['district'].lower()}.{when}",
        "election_name": f"{place['district']} {plan['kind']} election",
        "post_name": place["ward"],
        "candidates_verified": plan.get("final", True),
        "by_election_reason": "",
        "voting_system": {"slug": "FPTP", "name": "First-past-the-post", "uses_party_lists": False},
        "hustings": None,
        "seats_contested": 1,
        "candidates": [_candidate(number, person) for number, person in enumerate(people, start=1)],
        "wcivf_url": "https://whocanivotefor.co.uk/",
    }


def _candidate(number: int, person: Mapping[str, str]) -> dict[str, Any]:
    return {
        "list_position": None,
        "party": {"party_id": f"party:{number}", "party_name": person["party"]},
        "previous_party_affiliations": None,
        "person": {"ynr_id": number, "name": person["name"], "absolute_url": None, "email": None, "photo_url": None},
    }
