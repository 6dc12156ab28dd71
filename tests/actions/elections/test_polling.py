"""Where to vote and who stands: every kind of answer, by postcode and by home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions.base import Ended, Ending
from actions.elections.polling import Candidates, PollingStation
from bot.dialogue.journey_reader import journeys
from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    return dict(executor().actions)


async def at(desk: Any, journey: Any, postcode: str) -> Ending:
    """What is told for a postcode alone."""
    facts = await desk.facts(journey.journey)
    slots = {**facts.slots, "postcode": {"value": postcode, "said": postcode}}
    told = await journey().check("split", type(facts)(facts.journey, slots, facts.now, facts.council, facts.backends))
    assert told is not None
    return told


def rows(told: Ending, name: str) -> list[str]:
    return [row["row"].removeprefix("utter_") for row in told.values[name]]


def test_the_postcode_comes_before_the_check_and_the_address() -> None:
    for name in ("polling_station", "candidates"):
        assert journeys()[name].slots == ("postcode", f"{name}_split_checked", "address")


async def test_a_station_with_its_day_and_what_to_bring(desk: Any) -> None:
    told = await at(desk, PollingStation, "SK1 3XE")
    assert told.name == "station" and told.values["where"] == "SK1 3XE"
    assert told.values["day"] == "Thursday 17 December"
    assert told.values["station"] == "Edward Street Hall, Edward Street, Stockport, SK1 9VA"
    assert rows(told, "notes") == ["elections_photo_id", "elections_voter_card"]
    assert told.values["notes"][1]["by"] == "Wednesday 9 December"


@pytest.mark.parametrize(
    ("postcode", "ending", "notes"),
    [
        ("SK2 9AB", "not_known", ["elections_photo_id", "elections_voter_card"]),
        ("SK2 9AA", "none", None),
        ("SK5 9AA", "today", ["elections_photo_id"]),
        ("SK4 9AB", "station", ["elections_photo_id", "elections_voter_card"]),
        ("SK3 9AB", "station", ["elections_no_photo_id"]),
        ("SK5 9AB", "station", ["elections_photo_id", "elections_voter_card", "elections_off_equal"]),
        ("SK7 9AA", "station", ["elections_photo_id", "elections_voter_card", "elections_off_death"]),
        ("SK7 9AB", "cancelled", ["elections_off_equal"]),
    ],
)
async def test_every_kind_of_answer(desk: Any, postcode: str, ending: str, notes: list[str] | None) -> None:
    told = await at(desk, PollingStation, postcode)
    assert told.name == ending
    assert (rows(told, "notes") if "notes" in told.values else None) == notes


async def test_a_vote_that_is_put_off_is_told_with_its_new_day(desk: Any) -> None:
    assert (await at(desk, PollingStation, "SK7 9AA")).values["day"] == "Thursday 14 January"


async def test_only_what_is_voted_on_is_listed(desk: Any) -> None:
    titles = [row["title"] for row in (await at(desk, PollingStation, "SK5 9AB")).values["ballots"]]
    assert titles == ["Stockport local election Reddish North", "Mayor of Greater Manchester"]


@pytest.mark.parametrize(("hour", "ending"), [("06:00", "today"), ("21:59", "today"), ("22:00", "closed")])
async def test_the_day_of_the_vote_ends_at_ten(
    desk: Any, set_settings: Callable[..., None], hour: str, ending: str
) -> None:
    set_settings(assistant_now=f"2026-11-24T{hour}")
    assert (await at(desk, PollingStation, "SK5 9AA")).name == ending


@pytest.mark.parametrize("journey", [PollingStation, Candidates])
@pytest.mark.parametrize(
    ("postcode", "ending", "neighbour"),
    [
        ("SK1 9AA", "not_listed", None),
        ("SK8 9ZZ", "not_listed", None),
        ("M20 9AA", "outside", "Manchester City Council"),
        ("LS1 9AA", "outside", "Leeds City Council"),
    ],
)
async def test_a_postcode_that_leads_nowhere_is_forgotten(
    desk: Any, journey: Any, postcode: str, ending: str, neighbour: str | None
) -> None:
    with pytest.raises(Ended) as caught:
        await at(desk, journey, postcode)
    told = caught.value.ending
    assert (told.name, told.values.get("neighbour")) == (ending, neighbour)
    assert told.remember == {"postcode": None, "address": None}


async def test_where_homes_differ_the_address_decides(desk: Any) -> None:
    facts = await desk.facts("polling_station", "SK3 9AA", 1)
    assert await PollingStation().check("split", facts) is None
    one = await PollingStation().finish(facts)
    other = await PollingStation().finish(await desk.facts("polling_station", "SK3 9AA", 12))
    assert one.values["where"] == "Flat 1, Alexandra Court, St Mary's Road, Edgeley, SK3 9AA"
    assert one.values["station"].endswith("SK3 9VA") and other.values["station"].endswith("SK3 9VB")


async def test_a_home_that_the_list_lacks(desk: Any) -> None:
    with pytest.raises(Ended) as caught:
        await PollingStation().finish(await desk.facts("polling_station", "SK4 9AA", 118))
    assert (caught.value.ending.name, caught.value.ending.remember) == ("not_listed", {})


async def test_a_home_is_found_by_its_words_when_the_list_has_ids_of_its_own(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = await desk.facts("polling_station", "SK3 9AA", 7)
    elections = facts.backends.elections
    found = await elections.at_postcode("SK3 9AA")
    asked: list[str] = []

    async def at_postcode(postcode: str) -> Any:
        entries = tuple(replace(entry, slug=f"own-{at}") for at, entry in enumerate(found.addresses, start=1))
        return replace(found, addresses=entries)

    async def at_address(slug: str) -> Any:
        asked.append(slug)
        return replace(found, addresses=())

    monkeypatch.setattr(elections, "at_postcode", at_postcode)
    monkeypatch.setattr(elections, "at_address", at_address)
    assert (await PollingStation().finish(facts)).name == "none" and asked == ["own-7"]


async def test_candidates_in_the_order_given(desk: Any) -> None:
    told = await at(desk, Candidates, "SK1 3XE")
    assert (told.name, told.values["day"]) == ("list", "Thursday 17 December")
    assert rows(told, "ballots") == ["candidates_ballot", *["candidates_person"] * 4, "candidates_more"]
    people = [(row["name"], row["party"]) for row in told.values["ballots"] if "party" in row]
    assert people[0] == ("Bram Almondroyd", "Moorland Party") and people[-1] == ("Wren Zeal", "Riverside Party")


@pytest.mark.parametrize(
    ("postcode", "ending", "last"),
    [
        ("SK6 9AB", "list", ["candidates_not_final", "candidates_more"]),
        ("SK6 9AA", "list", ["candidates_ballot", "candidates_names_by"]),
        ("SK5 9AB", "list", ["candidates_more", "elections_off_equal"]),
        ("SK2 9AA", "none", None),
        ("SK7 9AB", "cancelled", None),
    ],
)
async def test_every_kind_of_list(desk: Any, postcode: str, ending: str, last: list[str] | None) -> None:
    told = await at(desk, Candidates, postcode)
    assert told.name == ending and (last is None or rows(told, "ballots")[-2:] == last)


@pytest.mark.parametrize(
    ("published", "row"),
    [(date(2026, 12, 16), "names_by"), (date(2026, 11, 20), "no_names"), (None, "no_names")],
)
async def test_when_the_names_come_out_if_that_is_known(
    desk: Any, monkeypatch: pytest.MonkeyPatch, published: date | None, row: str
) -> None:
    facts = await desk.facts("candidates")
    found = await facts.backends.elections.at_postcode("SK6 9AA")
    (poll,) = found.polls
    timetable = replace(poll.ballots[0].timetable, names_published=published)

    async def at_postcode(postcode: str) -> Any:
        return replace(found, polls=(replace(poll, ballots=(replace(poll.ballots[0], timetable=timetable),)),))

    monkeypatch.setattr(facts.backends.elections, "at_postcode", at_postcode)
    last = (await at(desk, Candidates, "SK6 9AA")).values["ballots"][-1]
    assert last["row"] == f"utter_candidates_{row}" and last.get("day", "Wednesday 16 December").endswith("16 December")


async def test_candidates_of_a_home(desk: Any) -> None:
    told = await Candidates().finish(await desk.facts("candidates", "SK3 9AA", 3))
    assert told.name == "list" and told.values["where"].startswith("Flat 3")


async def test_a_postcode_is_enough_where_all_vote_in_one_place(actions: dict[str, Any], desk: Any) -> None:
    talk = FormTalk(actions, "polling_station")
    assert await talk.begin("where do I vote") == ["utter_ask_postcode"]
    assert await talk.answer("sk1 3xe") == ["utter_polling_station_station"]
    assert talk.value("postcode") == "SK1 3XE", "it is kept for what comes next"
    again = FormTalk(actions, "candidates", postcode=talk.slots["postcode"])
    assert await again.begin("who is standing") == ["utter_candidates_list"]


async def test_a_home_is_asked_for_where_it_matters(actions: dict[str, Any], desk: Any) -> None:
    talk = FormTalk(actions, "polling_station")
    assert await talk.begin("polling station SK3 9AA", postcode="SK3 9AA") == ["utter_ask_address"]
    assert await talk.answer("flat 9") == ["utter_polling_station_station"]
    assert talk.said[-1]["station"].endswith("SK3 9VB")
    known = FormTalk(actions, "candidates", postcode=talk.slots["postcode"], address=talk.slots["address"])
    assert await known.begin("candidates") == ["utter_candidates_list"]
    assert known.said[-1]["where"].startswith("Flat 9")


async def test_a_back_end_that_fails_keeps_the_postcode(actions: dict[str, Any], desk: Any, sandbox: Sandbox) -> None:
    sandbox.fault("elections", "failing")
    talk = FormTalk(actions, "polling_station")
    assert await talk.begin("polling station", postcode="SK1 3XE") == ["utter_journey_failed"]
    sandbox.fault("elections", "ok")
    assert await talk.begin("try again", "resume") == ["utter_polling_station_station"]
