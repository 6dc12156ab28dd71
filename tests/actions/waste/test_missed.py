"""A missed bin: the checks in the order of the contact centre, every ending, and the one report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.base import Ended
from actions.waste.missed import BinMissed
from tests.support.sandbox import Sandbox

JOURNEY = "bin_missed"


async def ending_of(desk: Any, postcode: str, container: str = "black_bin", number: int = 1) -> Any:
    return await BinMissed().check("due", await desk.facts(JOURNEY, postcode, number, container=container))


async def test_a_home_offers_the_bins_that_it_has(desk: Any) -> None:
    offered = await BinMissed().choices("container", await desk.facts(JOURNEY, "SK7 9AA"))
    assert sorted(item.value for item in offered) == ["black_bin", "blue_bin", "brown_bin", "green_bin"]
    black = next(item for item in offered if item.value == "black_bin")
    assert black.title == "Black bin" and "rubbish bin" in black.also


async def test_a_home_without_a_service_ends_there(desk: Any) -> None:
    with pytest.raises(Ended) as caught:
        await BinMissed().choices("container", await desk.facts(JOURNEY, "SK1 9AA"))
    assert caught.value.ending.name == "no_service"


async def test_missed_yesterday_may_be_reported(desk: Any) -> None:
    assert await ending_of(desk, "SK7 9AA") is None


@pytest.mark.parametrize(
    ("postcode", "container", "name"),
    [
        ("SK5 9AB", "black_bin", "not_due"),
        ("SK5 9AA", "black_bin", "not_yet"),
        ("SK2 9AB", "black_bin", "collected"),
        ("SK7 9AB", "brown_bin", "crew_reason"),
        ("SK7 9AB", "blue_bin", "collected"),
        ("SK6 9AA", "black_bin", "crew_ours"),
        ("SK6 9AB", "black_bin", "already_reported"),
        ("SK4 9AB", "black_bin", "too_late"),
    ],
)
async def test_each_hard_case_has_its_ending(desk: Any, postcode: str, container: str, name: str) -> None:
    ending = await ending_of(desk, postcode, container)
    assert ending is not None and ending.name == name
    assert ending.values["container"] and ending.values["next"]


async def test_on_the_day_it_is_not_yet_until_collections_end(desk: Any, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-11-24T15:59")
    assert (await ending_of(desk, "SK5 9AA", number=2)).name == "not_yet"
    set_settings(assistant_now="2026-11-24T16:01")
    assert await ending_of(desk, "SK5 9AA", number=2) is None


async def test_the_window_closes_at_its_hour(desk: Any, set_settings: Callable[..., None]) -> None:
    """Due on Monday 23 November at SK7 9AA as seen on Tuesday; two working days later, at four, it is too late."""
    home = await desk.facts(JOURNEY, "SK3 9BA", container="black_bin")
    set_settings(assistant_now="2026-11-24T10:00")
    assert home.council.fact("missed_window_working_days") == 2
    late = await ending_of(desk, "SK4 9AB")
    assert late.name == "too_late" and late.values["date"] == "Monday 16 November"


async def test_the_crews_words_are_the_profiles(desk: Any) -> None:
    told = (await ending_of(desk, "SK7 9AB", "brown_bin")).values
    assert told["said"] == "there were things in the bin that do not belong there"
    assert told["next_step"].startswith("Take them out.") and told["date"] == "Monday 23 November"


async def test_an_open_report_gives_its_reference_and_day(desk: Any) -> None:
    told = (await ending_of(desk, "SK6 9AB")).values
    assert told["reference"] and told["promised"] == "Wednesday 25 November"


async def test_a_report_is_one_case_with_what_was_told(desk: Any, sandbox: Sandbox) -> None:
    before = len(sandbox.log())
    facts = await desk.facts(JOURNEY, "SK7 9AA", 3, container="blue_bin", note="by the gate", contact="sam@example.com")
    ending = await BinMissed().finish(facts)
    assert ending.name == "reported" and ending.values["container"] == "Blue bin"
    assert ending.values["reference"] and ending.values["promised"] == "Thursday 26 November"
    written = sandbox.log()[before:]
    assert [(entry["method"], entry["path"], entry["status"]) for entry in written] == [("POST", "/waste/cases", 201)]


async def test_doing_the_same_turn_again_reports_once(desk: Any) -> None:
    facts = await desk.facts(JOURNEY, "SK7 9AA", 4, container="blue_bin")
    first, again = await BinMissed().finish(facts), await BinMissed().finish(facts)
    assert first.values["reference"] == again.values["reference"]


async def test_after_the_report_the_bin_is_already_reported(desk: Any) -> None:
    reported = await BinMissed().finish(await desk.facts(JOURNEY, "SK7 9AA", 5, container="black_bin"))
    ending = await ending_of(desk, "SK7 9AA", "black_bin", 5)
    assert ending.name == "already_reported" and ending.values["reference"] == reported.values["reference"]
    assert await ending_of(desk, "SK7 9AA", "green_bin", 5) is None, "another bin is another report"
