"""The staff application on a real loopback port, with a clock that a test can turn."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from sanic import Sanic

from bot.clock import LONDON
from bot.staff.app import create_app
from bot.staff.state import State
from bot.store import accounts, conversations, messages, turns
from bot.store.engine import Database
from bot.store.schema import staff_account
from bot.store.turns import LeftMessage, Reply, Turn
from tests.support.asgi import close
from tests.support.ledger import new_ledger

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
PASSWORD = "correct horse battery"


@dataclass
class Office:
    """A running application, its database and its clock."""

    db: Database
    now: datetime = AT
    app: Sanic = field(init=False)
    address: str = ""

    def pass_time(self, **units: float) -> None:
        self.now += timedelta(**units)

    def add_account(self, username: str, *roles: str, must_change: bool = False) -> None:
        """An account with PASSWORD."""
        if not accounts.exists(self.db, "admin"):
            accounts.create_first_administrator(self.db, self.now)
            accounts.change_password(self.db, "admin", PASSWORD, self.now)
        with self.db.write() as connection:
            row = connection.execute(staff_account.select()).first()
            values = {"username": username, "roles": list(roles), "must_change": must_change}
            values |= {"password_hash": row.password_hash, "created_at": self.now}
            connection.execute(staff_account.insert().values(**values))

    def leave(self, reference: str, said: str = "My bin was missed", **summary: Any) -> str:
        """A message left for staff after a short talk; the conversation's id."""
        talk = conversations.open_session(self.db, "webchat", self.now, timedelta(hours=1))[1].id
        asked, _ = messages.receive(self.db, talk, "p", said, said, self.now, self.now)
        replies = (Reply("Is it this home?", (("1 Sample Street", "/answer"),)),)
        left = LeftMessage(reference, "asked_for_person", summary)
        turns.commit_turn(self.db, Turn(talk, 0, (), replies, asked, left_message=left), self.now)
        return talk


class Browser(httpx.AsyncClient):
    """A client that keeps cookies and sends forms as a page without scripts does: with the page's own token."""

    async def send_form(self, page: str, action: str, **fields: str) -> httpx.Response:
        shown = await self.get(page)
        token = re.search(r'name="form_token" value="([^"]*)"', shown.text)
        return await self.post(action, data={"form_token": token[1] if token else "", **fields})

    async def sign_in(self, username: str = "admin", password: str = PASSWORD) -> httpx.Response:
        return await self.send_form("/sign-in", "/sign-in", username=username, password=password)


@pytest_asyncio.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setattr(Sanic, "test_mode", True)
    # Real hashes, made cheaply: the store's own tests use the true cost.
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", lambda: cheap)
    office = Office(Database(new_ledger(tmp_path)))
    office.app = create_app(State(db=office.db, now=lambda: office.now, key="test key", secure=False))
    listener = socket.create_server(("127.0.0.1", 0))
    office.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = await office.app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
    assert server
    await server.startup()
    yield office
    await close(server)
    office.db.close()


@pytest_asyncio.fixture
async def new_browser(office: Office) -> AsyncIterator[Callable[[], Browser]]:
    """Makes browsers, each with cookies of its own."""
    opened: list[Browser] = []

    def make() -> Browser:
        # Nothing is encrypted here, and reading whose certificates are trusted takes longer than most tests.
        opened.append(Browser(base_url=office.address, follow_redirects=False, verify=False))
        return opened[-1]

    yield make
    for browser in opened:
        await browser.aclose()


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    return new_browser()


@pytest_asyncio.fixture
async def agent(office: Office, browser: Browser) -> Browser:
    """A browser in which an agent called "sam" has signed in."""
    office.add_account("sam", "agent")
    assert (await browser.sign_in("sam")).status_code == 303
    return browser
