"""A desk with people and conversations, and the watcher running beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.council import council
from bot.dialogue.titles import query_titles
from bot.handover import ASK, TAKE
from bot.staff.desk import board, events
from bot.store import conversations, messages, ownership, presence
from bot.store.ownership import Change
from bot.store.schema import staff_account


@dataclass
class Desk:
    """What happens at the desk of an office."""

    office: Any

    def person(self, username: str, *roles: str, teams: tuple[str, ...] = (), is_available: bool = False) -> None:
        """An account with teams; one that is available has its desk open."""
        self.office.add_account(username, *roles)
        with self.office.db.write() as connection:
            mine = update(staff_account).where(staff_account.c.username == username)
            connection.execute(mine.values(teams=list(teams)))
        if is_available:
            presence.change(self.office.db, username, True, "", self.office.now)

    def talk(self, said: str = "Where is my bin?") -> str:
        """A resident's talk with the assistant; its id."""
        db, now = self.office.db, self.office.now
        talk = conversations.open_session(db, "webchat", now, timedelta(hours=1))[1].id
        messages.receive(db, talk, "p1", said, said, now, now + timedelta(hours=1))
        return talk

    def ask(self, title: str, team: str = "general", reason: str = "asked") -> str:
        """A resident who waits in the queue; the conversation's id."""
        talk = self.talk()
        wanted = Change(ASK, ownership.RESIDENT, team=team, reason=reason, summary={"title": title})
        ownership.change(self.office.db, talk, wanted, self.office.now)
        return talk

    def take(self, talk: str, username: str) -> None:
        ownership.change(self.office.db, talk, Change(TAKE, username), self.office.now)

    def write(self, talk: str, text: str, name: str) -> None:
        """The resident writes."""
        until = self.office.now + timedelta(hours=1)
        messages.receive(self.office.db, talk, name, text, text, self.office.now, until)


@pytest.fixture
def desk(office: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The desk of the office, whose board may be read again at once, and whose content has been read as at a start."""
    monkeypatch.setattr(board, "EVERY", 0.0)
    council()
    query_titles()
    return Desk(office)


@pytest_asyncio.fixture
async def live_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A desk whose windows hear of news, with streams that look often whether they may go on."""
    monkeypatch.setattr(events, "BEAT", 0.2)
    state = desk.office.app.ctx.state
    await state.watcher.start()
    yield desk
    state.bells.close()
    await state.watcher.close()


@pytest.fixture
def signed_in(desk: Desk, new_browser: Callable[[], Any]) -> Callable[..., Awaitable[Any]]:
    """Signs somebody in, with an account that is made for them: ``await signed_in("sam", "agent")``."""

    async def sign_in(username: str, *roles: str) -> Any:
        desk.person(username, *roles)
        browser = new_browser()
        assert (await browser.sign_in(username)).status_code == 303
        return browser

    return sign_in
