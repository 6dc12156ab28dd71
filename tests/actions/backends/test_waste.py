"""Waste, read as the standard's own examples have it, and with the extensions."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from actions.backends.errors import BackendNonsense
from actions.backends.waste import Container, WasteStandard
from tests.actions.backends.standin import StandIn

STREAM = {"name": "Mixed recyclables", "@id": "/waste/material-streams/mixed-recycling"}
BIN = {"color": "black", "size": "240L", "shape": "wheelie bin"}
# As the examples of the Local Waste Service Standards v0.1 write it, dates and all.
SERVICE: dict[str, Any] = {
    "@type": "WasteService",
    "id": 1,
    "name": "Mixed recycling",
    "container_types": [
        {**BIN, "material_stream": STREAM},
        {"color": "brown", "size": "40L", "shape": "caddy", "material_stream": {"name": "Food waste"}},
    ],
    "last_collection": {
        "date": "23 July 2015",
        "containers": [{"type": {**BIN, "material_streams": [STREAM]}}],
    },
    "next_collection": {
        "date": "1 August 2015",
        "changed_date": "2 August 2015",
        "changed_date_reason": "Bank holiday",
        "containers": [{"type": {**BIN, "material_streams": [STREAM]}}],
    },
}
BLACK = Container("black_bin", "black", "240L", "wheelie bin", "Mixed recyclables")


async def test_a_service_is_read_as_the_standard_writes_it(standin: StandIn) -> None:
    standin.by_path = {"/services": [{"id": 1, "name": "Mixed recycling"}], "/services/1": SERVICE}
    (service,) = await WasteStandard(standin.http()).services("100011000001")
    assert (service.id, service.name) == ("1", "Mixed recycling")
    assert service.containers == (BLACK, Container("brown_caddy", "brown", "40L", "caddy", "Food waste"))
    assert service.last is not None and service.next is not None
    assert service.last.date == service.last.scheduled == date(2015, 7, 23)
    assert (service.next.scheduled, service.next.date) == (date(2015, 8, 1), date(2015, 8, 2))
    assert service.next.reason == "Bank holiday"
    assert service.last.collected_at is None


async def test_a_property_without_services_has_none(standin: StandIn) -> None:
    standin.answer = []
    client = WasteStandard(standin.http())
    assert await client.services("1") == []
    assert await client.collections("1", date(2026, 1, 1), date(2026, 2, 1)) == []
    assert not await client.garden_offered("1")


async def test_collections_of_all_services_are_in_order(standin: StandIn) -> None:
    def on(day: str, slug: str, **fields: str) -> dict[str, Any]:
        return {"date": day, "containers": [{"type": {**BIN, "type": slug}}], **fields}

    standin.by_path = {
        "/services": [{"id": "a"}, {"id": "b"}],
        "/services/a/collections": [on("2026-11-10", "black_bin"), on("2026-11-24", "black_bin")],
        "/services/b/collections": [
            on("2026-11-17", "blue_bin", collected_at="2026-11-17T09:30:00+00:00"),
            on("2026-11-24", "blue_bin", changed_date="2026-11-09", changed_date_reason="Snow"),
        ],
    }
    found = await WasteStandard(standin.http()).collections("1", date(2026, 11, 1), date(2026, 11, 30))
    assert [(each.date.day, each.container.type) for each in found] == [
        (9, "blue_bin"),
        (10, "black_bin"),
        (17, "blue_bin"),
        (24, "black_bin"),
    ]
    assert found[2].collected_at is not None and found[2].collected_at.hour == 9


async def test_events_of_both_shapes_newest_first(standin: StandIn) -> None:
    standin.answer = [
        {"event_type": "Not presented", "date_created": "2014-05-23T20:00"},
        {
            "type": "Contaminated",
            "sub_type": "Food waste",
            "date_created": "2014-05-24T08:00:00Z",
            "container_type": {**BIN, "type": "brown_bin"},
        },
    ]
    newest, oldest = await WasteStandard(standin.http()).events("1", "2", date(2014, 5, 1), date(2014, 6, 1))
    assert (newest.type, newest.container, newest.at.hour) == ("Contaminated - Food waste", "brown_bin", 9)
    assert (oldest.type, oldest.container) == ("Not presented", "")
    assert oldest.at.utcoffset() == timedelta(hours=1)
    sent = standin.requests[0].args
    assert (sent.get("uprn"), sent.get("usrn"), sent.get("start_date")) == ("1", "2", "2014-05-01")


CASE = {
    "reference": "SBX-7K3M9P",
    "kind": "missed",
    "status": "open",
    "container": "black_bin",
    "created": "2026-11-20T18:05:00+00:00",
    "promised": "2026-11-24",
}


async def test_a_case_is_opened_with_its_key_and_read(standin: StandIn) -> None:
    standin.status, standin.answer = 201, CASE
    case = await WasteStandard(standin.http()).open_case("missed", "1", {"container": "black_bin"}, "key-1")
    assert (case.reference, case.status, case.promised) == ("SBX-7K3M9P", "open", date(2026, 11, 24))
    assert standin.requests[0].headers["idempotency-key"] == "key-1"
    assert standin.requests[0].json == {"kind": "missed", "uprn": "1", "details": {"container": "black_bin"}}


@pytest.mark.parametrize("wrong", [{"status": "perhaps"}, {"reference": ""}, {"promised": "soon"}])
async def test_impossible_cases_are_nonsense(wrong: dict[str, str], standin: StandIn) -> None:
    standin.answer = [{**CASE, **wrong}]
    with pytest.raises(BackendNonsense):
        await WasteStandard(standin.http()).cases("1")


async def test_garden_membership_is_the_subscription(standin: StandIn) -> None:
    standin.answer = [{"id": 1}, {"id": 2, "subscription": {"offered": True, "member": False}}]
    client = WasteStandard(standin.http())
    assert await asyncio.gather(client.garden_offered("1"), client.garden_member("1")) == [True, False]
