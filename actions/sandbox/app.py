"""The demonstration council's one web application: a part per back end, the fault switch, and a log of writes."""

from __future__ import annotations

from collections import deque
from itertools import count
from pathlib import Path

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox import (
    addresses,
    applications,
    bookings,
    cases,
    constraints,
    democracy,
    directory,
    elections,
    faults,
    floods,
    notices,
    notify,
    open311,
    payments,
    postcodes,
    site,
    waste,
)
from actions.sandbox.answers import BACKENDS, Refusal, refused
from actions.sandbox.seed import read_seed
from actions.sandbox.store import Store

_LOG_LENGTH = 1000
_PARTING_SECONDS = 1.0  # a slow answer does not hold up the end
_numbers = count(1)  # Sanic wants each application in a process to have a name of its own


def create_app(database: Path) -> Sanic:
    """The application, its database created and filled."""
    app = Sanic(f"sandbox-{next(_numbers)}", configure_logging=False)
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = _PARTING_SECONDS
    app.ctx.seed = read_seed()
    app.ctx.store = Store(database)
    app.ctx.store.put_addresses(app.ctx.seed.addresses)
    app.ctx.log = deque(maxlen=_LOG_LENGTH)
    app.ctx.faults = faults.Faults()
    for part in (
        *(addresses, waste, cases, bookings, payments, directory, open311),
        *(constraints, applications),
        *(notices, floods, elections, democracy, postcodes, notify, site, faults),
    ):
        app.blueprint(part.blueprint)
    app.add_route(_health, "/health")
    app.add_route(_log, "/log")
    app.register_middleware(faults.strike, "request")
    app.register_middleware(_remember_write, "response")
    app.register_middleware(faults.lose, "response")  # the last to be registered is the first to be run
    app.error_handler.add(Refusal, refused)
    app.error_handler.add(SanicException, _web_error)
    return app


async def _health(request: Request) -> HTTPResponse:
    return json({"status": "ok"})


async def _log(request: Request) -> HTTPResponse:
    """The writes so far, newest last: what was asked of which back end, never what was in it."""
    return json(list(request.app.ctx.log))


async def _remember_write(request: Request, response: HTTPResponse) -> None:
    if request.method != "GET" and request.path.split("/")[1] in BACKENDS:
        request.app.ctx.log.append(
            {
                "method": request.method,
                "path": request.path,
                "key": request.headers.get("idempotency-key", ""),
                "status": response.status,
            }
        )


async def _web_error(request: Request, error: SanicException) -> HTTPResponse:
    """Unknown paths, unreadable bodies and the like, in the same form as our own refusals."""
    return json({"code": f"status_{error.status_code}", "description": str(error)}, error.status_code)
