"""What every page of the staff application needs, made once at the start and never at import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sanic import Request

from bot.live.bells import Bells
from bot.live.watcher import Watcher
from bot.staff.accounts.limits import Limits
from bot.staff.desk.board import Boards
from bot.store.accounts import Account
from bot.store.engine import Database
from bot.uploads.apart import Cleaner


@dataclass(frozen=True)
class State:
    """``key`` signs forms; ``secure`` marks cookies for https only; ``now`` is the clock.

    ``cleaner`` makes files safe. ``bells`` tell open windows of news, ``watcher`` rings them for what other processes
    write, and ``boards`` is what all of them look at.
    """

    db: Database
    now: Callable[[], datetime]
    key: str
    secure: bool
    limits: Limits = field(default_factory=Limits)
    cleaner: Cleaner = field(default_factory=lambda: Cleaner(at_once=1))
    bells: Bells = field(default_factory=Bells)
    watcher: Watcher = field(init=False)
    boards: Boards = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "watcher", Watcher(self.db, self.bells, self.now))
        object.__setattr__(self, "boards", Boards(self.db, self.now))


def state_of(request: Request) -> State:
    """The application's state."""
    return request.app.ctx.state


def account_of(request: Request) -> Account:
    """Who is signed in. Only for routes that the guard opens to nobody else."""
    return request.ctx.account
