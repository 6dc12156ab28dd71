"""What an administrator filled in about an account, read and checked. Pure but for the list of teams."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.staff.accounts.teams import known_teams
from bot.staff.permissions import ROLES
from bot.store.accounts import Account
from bot.store.administration import Details

LONGEST_NAME = 40
FEWEST, MOST = 1, 20  # conversations at once
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_RESERVED = ("new", "unknown")  # a page of ours, and how the audit trail calls nobody


@dataclass(frozen=True)
class Filled:
    """A form as it stands, to be shown or, without a fault, to be saved. ``capacity`` is what was typed."""

    username: str = ""
    name: str = ""
    roles: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    capacity: str = "4"

    def details(self) -> Details:
        """What to save. Residents see the username where no name was given."""
        return Details(self.name or self.username.capitalize(), self.roles, self.teams, int(self.capacity))


def read(form: Mapping[str, Sequence[str]], username: str = "") -> Filled:
    """The form that was sent, of a new account or the one named; what is no role or team of ours is left out."""
    return Filled(
        username=username or _first(form, "username").lower(),
        name=" ".join(_first(form, "name").split()),
        roles=tuple(role for role in ROLES if role in form.get("roles", ())),
        teams=tuple(team for team, _ in known_teams() if team in form.get("teams", ())),
        capacity=_first(form, "capacity"),
    )


def of(account: Account) -> Filled:
    """The form of an account as it is now."""
    return Filled(account.username, account.name, account.roles, account.teams, str(account.capacity))


def find_fault(filled: Filled, is_new: bool) -> tuple[str, str] | None:
    """The field and the kind of what is wrong; None when it can be saved."""
    if is_new and (not _USERNAME.fullmatch(filled.username) or filled.username in _RESERVED):
        return "username", "not_a_username"
    if len(filled.name) > LONGEST_NAME or not filled.name.isprintable():
        return "name", "not_a_name"
    if not (filled.capacity.isascii() and filled.capacity.isdigit() and FEWEST <= int(filled.capacity[:4]) <= MOST):
        return "capacity", "not_a_number"
    return None


def _first(form: Mapping[str, Sequence[str]], name: str) -> str:
    return (form.get(name) or [""])[0].strip()
