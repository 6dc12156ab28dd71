"""Who may do what with a conversation, by how it stands: read anew for each request, without what was said in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sanic import Request
from sanic.exceptions import NotFound

from bot.handover import ASSISTANT, QUEUED, STAFF
from bot.staff.permissions import ADMINISTRATOR, SENIOR
from bot.staff.state import account_of, state_of
from bot.store import talks
from bot.store.accounts import Account
from bot.store.conversations import Conversation
from bot.store.ownership import Standing
from bot.store.talks import Found

SENIORS = frozenset({SENIOR, ADMINISTRATOR})


@dataclass(frozen=True)
class Access:
    """One conversation as it is ``found`` now, for one member of staff."""

    me: Account
    found: Found

    @property
    def known(self) -> Conversation:
        return self.found.known

    @property
    def standing(self) -> Standing:
        return self.found.standing

    @property
    def edition(self) -> str:
        """What changes when something that was shown is gone."""
        return self.found.edition

    @property
    def to_wrap_up(self) -> str:
        """The reference of the record that ``me`` has still to close; empty for none."""
        return self.found.to_wrap_up

    @property
    def is_mine(self) -> bool:
        return self.standing.staff == self.me.username

    @property
    def is_senior(self) -> bool:
        return bool(SENIORS & set(self.me.roles))

    @property
    def may_look(self) -> bool:
        """Whether ``me`` may read it. What a colleague or the assistant has is for seniors; what one had until now
        stays open until it is wrapped up."""
        return self.is_mine or self.is_senior or self.standing.owner == QUEUED or bool(self.to_wrap_up)

    @property
    def may_pull(self) -> bool:
        return self.standing.owner == ASSISTANT and not self.known.ended and self.may_look

    @property
    def may_move(self) -> bool:
        """Whether ``me`` may give it to somebody else."""
        return self.is_mine or self.standing.owner == QUEUED or (self.standing.owner == STAFF and self.is_senior)

    @property
    def may_assign(self) -> bool:
        """Whether ``me`` may give it to a colleague."""
        return self.is_mine or (self.is_senior and self.standing.owner != ASSISTANT)

    @property
    def may_whisper(self) -> bool:
        return self.is_senior and self.standing.owner == STAFF and not self.is_mine

    @property
    def may_remove(self) -> bool:
        return self.is_mine or self.is_senior


async def access_to(request: Request, conversation_id: str) -> Access:
    """What who is signed in may do with a conversation, be it nothing. Raises NotFound."""
    me = account_of(request)
    found = await asyncio.to_thread(talks.find, state_of(request).db, conversation_id, me.username)
    if found is None:
        raise NotFound("no such conversation")
    return Access(me, found)
