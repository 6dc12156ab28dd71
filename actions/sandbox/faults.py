"""The switch that makes a back end slow, failing, nonsensical or forgetful, for tests and demonstrations.

``PUT /faults/{backend}`` with ``{"mode": "slow" | "failing" | "nonsense" | "lost" | "ok", "seconds": 10}``, and
``GET /faults``. It answers callers on the same machine only, whatever address the sandbox listens on.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import cycle

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from actions.sandbox.answers import BACKENDS, Refusal, body_of, only_this_machine

MODES = ("ok", "slow", "failing", "nonsense", "lost")
_DEFAULT_SECONDS = 10
_MOST_SECONDS = 60
# In turn: JSON that breaks off, and sound JSON in a shape that no standard has.
_BROKEN = b'{"results": [{"LPI": {"UPRN": 12'
_WRONG = b'{"unexpected": [1, 2, 3]}'
_LOST = b'{"code": "fault", "description": "The answer to this write was lost."}'

blueprint = Blueprint("faults", url_prefix="/faults")


@dataclass(frozen=True)
class Fault:
    """How a back end misbehaves."""

    mode: str = "ok"
    seconds: float = _DEFAULT_SECONDS


@dataclass
class Faults:
    """The switches of one running sandbox."""

    switches: dict[str, Fault] = field(default_factory=lambda: dict.fromkeys(BACKENDS, Fault()))
    nonsense: cycle[bytes] = field(default_factory=lambda: cycle((_BROKEN, _WRONG)))

    def report(self) -> dict[str, dict[str, str | float]]:
        """The state of every switch, for JSON."""
        return {name: {"mode": fault.mode, "seconds": fault.seconds} for name, fault in self.switches.items()}


async def strike(request: Request) -> HTTPResponse | None:
    """Before any request: do to it what the switch of its back end says."""
    faults: Faults = request.app.ctx.faults
    fault = faults.switches.get(request.path.split("/")[1], Fault())
    if fault.mode == "slow":
        await asyncio.sleep(fault.seconds)
    if fault.mode == "failing":
        return json({"code": "fault", "description": "This back end has been told to fail."}, 503)
    if fault.mode == "nonsense":
        return raw(next(faults.nonsense), content_type="application/json")
    return None


async def lose(request: Request, response: HTTPResponse) -> None:
    """After a write that was done and kept: its answer is lost if the switch says so, and 503 comes instead."""
    faults: Faults = request.app.ctx.faults
    fault = faults.switches.get(request.path.split("/")[1], Fault())
    if fault.mode == "lost" and request.method != "GET":
        # Changed where it is: an answer that a middleware returns would keep the others from running.
        response.status, response.body, response.content_type = 503, _LOST, "application/json"


@blueprint.get("/")
async def show(request: Request) -> HTTPResponse:
    """The state of every switch."""
    only_this_machine(request)
    return json(request.app.ctx.faults.report())


@blueprint.put("/<backend:str>")
async def switch(request: Request, backend: str) -> HTTPResponse:
    """Set one back end's switch."""
    only_this_machine(request)
    if backend not in BACKENDS:
        raise Refusal(404, "unknown_backend", f"There are {', '.join(BACKENDS)}.")
    body = body_of(request)
    mode, seconds = body.get("mode"), body.get("seconds", _DEFAULT_SECONDS)
    if mode not in MODES:
        raise Refusal(400, "bad_field", f"The mode must be one of {', '.join(MODES)}.", field="mode")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds <= _MOST_SECONDS:
        raise Refusal(400, "bad_field", f"Seconds go from 0 to {_MOST_SECONDS}.", field="seconds")
    request.app.ctx.faults.switches[backend] = Fault(mode, seconds)
    return json(request.app.ctx.faults.report())
