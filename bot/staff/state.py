"""What every page of the staff application needs, made once at the start and never at import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sanic import Request

from bot.staff.accounts.limits import Limits
from bot.store.accounts import Account
from bot.store.engine import Database


@dataclass(frozen=True)
class State:
    """``key`` signs forms; ``secure`` marks cookies for https only; ``now`` is the clock."""

    db: Database
    now: Callable[[], datetime]
    key: str
    secure: bool
    limits: Limits = field(default_factory=Limits)


def state_of(request: Request) -> State:
    """The application's state."""
    return request.app.ctx.state


def account_of(request: Request) -> Account:
    """Who is signed in. Only for routes that the guard opens to nobody else."""
    return request.ctx.account
