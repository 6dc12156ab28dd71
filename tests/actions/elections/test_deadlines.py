"""The last day to register or to ask for a postal vote; the rule when there is no day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from actions.backends.elections import Timetable
from actions.base import Ending
from actions.elections.deadlines import PostalVote, VoteRegister
from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox

BOTH = pytest.mark.parametrize("journey", [VoteRegister, PostalVote])


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    return dict(executor().actions)


async def told(desk: Any, journey: Any, postcode: str) -> Ending:
    return await journey().finish(await desk.facts(journey.journey, area=postcode))


@pytest.mark.parametrize(
    ("journey", "last"), [(VoteRegister, "Tuesday 1 December"), (PostalVote, "Wednesday 2 December")]
)
async def test_the_last_day_for_a_postcode(desk: Any, journey: Any, last: str) -> None:
    ending = await told(desk, journey, "SK1 3XE")
    assert ending.name == "dated"
    assert ending.values == {"postcode": "SK1 3XE", "day": "Thursday 17 December", "last": last}
    assert ending.remember["postcode"]["value"] == "SK1 3XE", "the conversation knows it from now on"


@BOTH
@pytest.mark.parametrize(
    ("postcode", "name"),
    [
        ("SK4 9AB", "past"),
        ("SK5 9AA", "past"),
        ("SK2 9AA", "none"),
        ("SK7 9AB", "none"),
        ("SK7 9AA", "dated"),
        ("SK3 9AA", "split"),
        ("SK1 9AA", "no_dates"),
    ],
)
async def test_every_kind_of_answer(desk: Any, journey: Any, postcode: str, name: str) -> None:
    assert (await told(desk, journey, postcode)).name == name


@BOTH
async def test_without_a_postcode_there_is_the_rule(desk: Any, journey: Any) -> None:
    assert await journey().finish(await desk.facts(journey.journey, area=("", ""))) == Ending("rule")


@pytest.mark.parametrize(
    ("journey", "postcode", "hour", "name"),
    [
        (VoteRegister, "SK8 9AA", "23:59", "last_day"),
        (PostalVote, "SK6 9BA", "16:59", "last_day"),
        (PostalVote, "SK6 9BA", "17:00", "past"),
        (VoteRegister, "SK6 9BA", "00:00", "past"),
    ],
)
async def test_the_last_day_ends_at_its_hour(
    desk: Any, set_settings: Callable[..., None], journey: Any, postcode: str, hour: str, name: str
) -> None:
    set_settings(assistant_now=f"2026-11-24T{hour}")
    assert (await told(desk, journey, postcode)).name == name


@BOTH
async def test_data_without_last_days_is_no_promise(desk: Any, monkeypatch: pytest.MonkeyPatch, journey: Any) -> None:
    facts = await desk.facts(journey.journey, area="SK1 3XE")
    found = await facts.backends.elections.at_postcode("SK1 3XE")
    (poll,) = found.polls
    bare = replace(poll.ballots[0], timetable=Timetable(None, None, None, None))

    async def at_postcode(postcode: str) -> Any:
        return replace(found, polls=(replace(poll, ballots=(bare,)),))

    monkeypatch.setattr(facts.backends.elections, "at_postcode", at_postcode)
    assert (await told(desk, journey, "SK1 3XE")).name == "no_dates"


@BOTH
async def test_the_rule_is_told_when_the_back_end_fails(desk: Any, sandbox: Sandbox, journey: Any) -> None:
    sandbox.fault("elections", "failing")
    assert (await told(desk, journey, "SK1 3XE")).name == "no_dates"


@BOTH
async def test_a_home_that_is_known_decides_where_homes_differ(desk: Any, journey: Any) -> None:
    facts = await desk.facts(journey.journey, "SK3 9AA", 9, area="SK3 9AA")
    ending = await journey().finish(facts)
    assert (ending.name, ending.remember) == ("dated", {}), "the address is kept"


async def test_the_question_may_be_skipped_and_a_postcode_that_is_known_is_used(
    actions: dict[str, Any], desk: Any
) -> None:
    talk = FormTalk(actions, "vote_register")
    assert await talk.begin("how do I register") == ["utter_ask_vote_register_area"]
    assert talk.titles == ["Skip this question"]
    assert await talk.answer("skip") == ["utter_vote_register_rule"] and talk.slots["vote_register_area"] is None
    assert await talk.begin("register to vote SK1 3XE", postcode="SK1 3XE") == ["utter_vote_register_dated"]
    assert talk.value("postcode") == "SK1 3XE"
    other = FormTalk(actions, "postal_vote", postcode=talk.slots["postcode"])
    assert await other.begin("postal vote") == ["utter_postal_vote_dated"]


async def test_another_postcode_forgets_the_address(actions: dict[str, Any], desk: Any) -> None:
    home = await desk.home("SK3 9AA", 2)
    talk = FormTalk(actions, "vote_register", address=home, postcode={"value": "SK3 9AA", "said": "SK3 9AA"})
    assert await talk.begin("register at SK1 3XE", postcode="SK1 3XE") == ["utter_vote_register_dated"]
    assert talk.slots["address"] is None
