"""The nearest places: by postcode or where the device is, by name, with what was asked for, open now or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("council_at_work")


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    return dict(executor().actions)


def names(talk: FormTalk) -> list[str]:
    return [row["name"] for row in talk.said[-1]["places"]]


async def test_the_nearest_to_a_postcode(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "toilets")
    assert await talk.begin("where is a public toilet") == ["utter_ask_nearby_near"]
    assert await talk.answer("SK1 3XE", postcode="SK1 3XE") == ["utter_toilets_places"]
    assert names(talk)[0] == "Merseyway toilets" and talk.said[-1]["place"] == "SK1 3XE"
    assert "miles" in talk.said[-1]["places"][0]["distance"]


async def test_where_the_device_is(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "car_parks")
    await talk.begin("where can I park")
    assert await talk.press("53.3945,-2.0640") == ["utter_car_parks_places"]
    assert names(talk)[0] == "Chadwick Street car park"
    assert "£0.80 an hour" in talk.said[-1]["places"][0]["note"]


async def test_one_that_is_named_needs_no_postcode(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "park_info")
    assert await talk.begin("does bruntwood park have a cafe") == ["utter_park_info_places"]
    assert names(talk) == ["Bruntwood Park"]


async def test_what_was_asked_for_is_looked_for(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "toilets")
    await talk.begin("toilets with a changing table")
    await talk.answer("SK6 9BA", postcode="SK6 9BA")
    assert set(names(talk)) == {"Merseyway toilets", "Bramhall Park toilets"}


@pytest.mark.parametrize(
    ("now", "row"),
    [
        ("2026-11-24T12:00:00", "utter_nearby_place_open"),
        ("2026-11-24T08:00:00", "utter_nearby_place_later"),
        ("2026-11-24T20:00:00", "utter_nearby_place_closed"),
        ("2026-12-25T12:00:00", "utter_nearby_place_closed"),
    ],
    ids=["open", "opens later", "closed", "Christmas Day"],
)
async def test_open_now(actions: dict[str, Any], set_settings: Callable[..., None], now: str, row: str) -> None:
    set_settings(assistant_now=now)
    talk = FormTalk(actions, "toilets", postcode={"value": "SK1 3XE", "said": "SK1 3XE"})
    assert await talk.begin("nearest toilet") == ["utter_toilets_places"]
    assert talk.said[-1]["places"][0]["row"] == row


async def test_the_directory_is_away(actions: dict[str, Any], sandbox: Sandbox) -> None:
    sandbox.fault("directory", "failing")
    talk = FormTalk(actions, "toilets", postcode={"value": "SK1 3XE", "said": "SK1 3XE"})
    assert await talk.begin("nearest toilet") == ["utter_journey_failed"]
