"""What administrators do to accounts, and what nobody can do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.store import accounts, administration, audit, staff_sessions
from bot.store.administration import GONE, LAST, NOT_OURS, OWN_ACCOUNT, OWN_ROLE, TAKEN, Details, Refused
from bot.store.engine import Database
from tests.bot.store.people import AT, PASSWORD, add

SAM = Details("Sam", ("agent", "senior"), ("bins",), 6)


def _noted(db: Database) -> list[tuple[str, str, str]]:
    return [(row.actor, row.action, row.subject) for row in reversed(audit.latest(db))]


def _why(call: Callable[..., Any], *given: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(*given)
    return refused.value.why


def _details(db: Database, username: str, **other: Any) -> Details:
    account = administration.by_username(db, username)
    assert account
    values = {"name": account.name, "roles": account.roles, "teams": account.teams, "capacity": account.capacity}
    return Details(**(values | other))


def _sign_in(db: Database, username: str) -> str:
    token = accounts.sign_in(db, username, PASSWORD, AT)
    assert token
    return token


def test_a_new_account_has_a_one_time_password_and_what_was_said(db: Database) -> None:
    password = administration.create(db, "admin", "sam", SAM, AT)
    token = accounts.sign_in(db, "sam", password, AT)
    assert token
    account = accounts.by_token(db, token, AT)
    assert account == accounts.Account("sam", ("agent", "senior"), True, "Sam", ("bins",), 6)
    assert _noted(db) == [
        ("admin", audit.ACCOUNT_CREATED, "sam"),
        ("admin", audit.ROLES_CHANGED, "sam: agent senior"),
    ]


def test_a_name_that_is_taken_stays_whose_it_is(db: Database) -> None:
    add(db, "sam", "agent")
    assert _why(administration.create, db, "admin", "sam", SAM, AT) == TAKEN
    assert accounts.is_password(db, "sam", PASSWORD)
    assert _noted(db) == []


def test_an_account_without_a_name_is_called_by_its_username(db: Database) -> None:
    add(db, "sam", "agent")
    assert administration.by_username(db, "sam") == accounts.Account("sam", ("agent",), False, "Sam")
    assert administration.by_username(db, "max") is None


def test_other_roles_end_the_sessions_and_other_details_do_not(db: Database) -> None:
    add(db, "admin", "administrator")
    add(db, "sam", "agent")
    token = _sign_in(db, "sam")
    assert not administration.change(db, "admin", "sam", _details(db, "sam", name="Sammy", capacity=2), AT)
    account = accounts.by_token(db, token, AT)
    assert account and (account.name, account.capacity) == ("Sammy", 2)
    assert administration.change(db, "admin", "sam", _details(db, "sam", roles=("senior",)), AT)
    assert accounts.by_token(db, token, AT) is None
    assert _noted(db) == [
        ("admin", audit.ACCOUNT_CHANGED, "sam"),
        ("admin", audit.ACCOUNT_CHANGED, "sam"),
        ("admin", audit.ROLES_CHANGED, "sam: senior"),
    ]


def test_a_reset_ends_password_and_sessions(db: Database) -> None:
    add(db, "sam", "agent")
    token = _sign_in(db, "sam")
    password = administration.reset_password(db, "admin", "sam", AT)
    assert accounts.by_token(db, token, AT) is None
    assert accounts.sign_in(db, "sam", PASSWORD, AT) is None
    renewed = accounts.by_token(db, accounts.sign_in(db, "sam", password, AT) or "", AT)
    assert renewed and renewed.must_change


def test_an_account_switched_off_is_out_at_once_and_back_when_switched_on(db: Database) -> None:
    add(db, "admin", "administrator")
    add(db, "sam", "agent")
    token = _sign_in(db, "sam")
    administration.deactivate(db, "admin", "sam", AT)
    assert accounts.by_token(db, token, AT) is None
    assert accounts.sign_in(db, "sam", PASSWORD, AT) is None
    assert [account.username for account in administration.listed(db)] == ["admin", "sam"]
    administration.activate(db, "admin", "sam", AT)
    assert accounts.sign_in(db, "sam", PASSWORD, AT)
    assert accounts.by_token(db, token, AT) is None, "the old session stays ended"
    assert _noted(db) == [("admin", audit.ACCOUNT_DEACTIVATED, "sam"), ("admin", audit.ACCOUNT_ACTIVATED, "sam")]


def test_a_session_that_was_left_over_of_an_account_switched_off_opens_nothing(db: Database) -> None:
    add(db, "sam", "agent", is_active=False)
    with db.write() as connection:
        token = staff_sessions.begin(connection, "sam", "10.0.0.0/24", AT)
    assert accounts.by_token(db, token, AT) is None


def test_nobody_takes_their_own_rights(db: Database) -> None:
    add(db, "admin", "administrator")
    add(db, "kim", "administrator")
    without = _details(db, "admin", roles=("agent",))
    assert _why(administration.change, db, "admin", "admin", without, AT) == OWN_ROLE
    assert _why(administration.deactivate, db, "admin", "admin", AT) == OWN_ACCOUNT
    assert _why(administration.reset_password, db, "admin", "admin", AT) == OWN_ACCOUNT
    assert administration.change(db, "admin", "admin", _details(db, "admin", roles=("agent", "administrator")), AT)
    assert administration.by_username(db, "admin") == accounts.Account(
        "admin", ("agent", "administrator"), False, "Admin"
    )


def test_the_last_active_administrator_with_a_password_stays(db: Database) -> None:
    add(db, "admin", "administrator")
    add(db, "off", "administrator", is_active=False)
    add(db, "jo", "administrator", issuer="https://login.example", subject="1")
    without = _details(db, "admin", roles=())
    assert _why(administration.change, db, "jo", "admin", without, AT) == LAST
    assert _why(administration.deactivate, db, "jo", "admin", AT) == LAST
    assert _noted(db) == []
    administration.activate(db, "jo", "off", AT)
    administration.deactivate(db, "jo", "admin", AT)


def test_two_administrators_who_take_each_others_role_at_once_leave_one(db: Database) -> None:
    add(db, "ann", "administrator")
    add(db, "bob", "administrator")
    plain = {name: _details(db, name, roles=("agent",)) for name in ("ann", "bob")}

    def take(who: str, whose: str) -> bool:
        try:
            return administration.change(db, who, whose, plain[whose], AT)
        except Refused:
            return False

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(take, ("ann", "bob"), ("bob", "ann")))
    assert sorted(done) == [False, True]
    left = [account for account in administration.listed(db) if "administrator" in account.roles]
    assert len(left) == 1


def test_what_the_councils_own_sign_in_says_is_not_changed_here(db: Database) -> None:
    add(db, "jo", "agent", issuer="https://login.example", subject="1")
    assert not administration.change(db, "admin", "jo", Details("Boss", ("administrator",), ("bins",), 9), AT)
    assert administration.by_username(db, "jo") == accounts.Account(
        "jo", ("agent",), False, "Jo", ("bins",), 9, True, "https://login.example"
    )
    assert _why(administration.reset_password, db, "admin", "jo", AT) == NOT_OURS


def test_an_account_that_is_not_there_cannot_be_changed(db: Database) -> None:
    for call in (administration.deactivate, administration.activate, administration.reset_password):
        assert _why(call, db, "admin", "nobody", AT) == GONE
    assert _why(administration.change, db, "admin", "nobody", SAM, AT) == GONE
