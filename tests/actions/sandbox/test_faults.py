"""The fault switch: each mode, its end, and only from this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from time import perf_counter
from types import SimpleNamespace

import httpx
import pytest

from actions.sandbox import faults
from actions.sandbox.answers import BACKENDS, Refusal
from bot.clock import today
from tests.support.sandbox import Sandbox

SERVICES = "/directory/services"


@pytest.fixture(autouse=True)
def well_again(sandbox: Sandbox) -> Iterator[None]:
    yield
    for name in BACKENDS:
        sandbox.fault(name, "ok")


def test_failing_until_it_is_ok(sandbox: Sandbox, web: httpx.Client) -> None:
    sandbox.fault("directory", "failing")
    assert web.get(SERVICES).status_code == 503
    assert web.get("/waste/material-streams").status_code == 200
    sandbox.fault("directory", "ok")
    assert web.get(SERVICES).status_code == 200


def test_slow_waits_and_then_answers(sandbox: Sandbox, web: httpx.Client) -> None:
    sandbox.fault("directory", "slow", seconds=0.3)
    started = perf_counter()
    assert web.get(SERVICES).status_code == 200
    assert perf_counter() - started >= 0.3


def test_a_lost_write_is_done_and_not_answered(sandbox: Sandbox, web: httpx.Client) -> None:
    body = {"service": "bulky", "slot": "", "details": {}}
    start = web.get("/bookings/slots", params={"service": "bulky", "start": today().isoformat(), "days": "30"})
    body["slot"] = start.json()["slots"][0]["id"]
    headers = {"Idempotency-Key": "lost-1"}
    sandbox.fault("bookings", "lost")
    assert web.post("/bookings/bookings", json=body, headers=headers).status_code == 503
    assert web.get("/bookings/slots", params=dict(start.request.url.params)).status_code == 200
    sandbox.fault("bookings", "ok")
    assert [entry["status"] for entry in sandbox.log()[-1:]] == [503]
    kept = [web.post("/bookings/bookings", json=body, headers=headers).json()["reference"] for _ in range(2)]
    assert kept[0] == kept[1]
    others = [web.post("/bookings/bookings", json=body).status_code for _ in range(4)]
    assert others == [201, 201, 201, 409]  # of the slot's four places the lost one has one


def test_nonsense_takes_turns(sandbox: Sandbox, web: httpx.Client) -> None:
    sandbox.fault("directory", "nonsense")
    answers = [web.get(SERVICES) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    with pytest.raises(json.JSONDecodeError):
        answers[0].json()
    assert "contents" not in answers[1].json()


def test_the_switches_can_be_read(sandbox: Sandbox, web: httpx.Client) -> None:
    sandbox.fault("waste", "slow", seconds=3)
    shown = web.get("/faults").json()
    assert shown["waste"] == {"mode": "slow", "seconds": 3}
    assert {name for name, fault in shown.items() if fault["mode"] == "ok"} == set(BACKENDS) - {"waste"}


@pytest.mark.parametrize(
    ("backend", "body", "status"),
    [
        ("nothing", {"mode": "ok"}, 404),
        ("waste", {"mode": "odd"}, 400),
        ("waste", {"mode": "slow", "seconds": -1}, 400),
        ("waste", {"mode": "slow", "seconds": "ten"}, 400),
        ("waste", [], 400),
    ],
)
def test_wrong_switches_are_refused(backend: str, body: object, status: int, web: httpx.Client) -> None:
    assert web.put(f"/faults/{backend}", json=body).status_code == status


async def test_another_machine_may_not_ask() -> None:
    with pytest.raises(Refusal) as caught:
        await faults.show(SimpleNamespace(ip="192.0.2.1"))  # type: ignore[arg-type]
    assert caught.value.status == 403
