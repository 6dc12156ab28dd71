"""Accounts of the council's own sign-in: whose they are, and what they take over each time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bot.store import accounts, administration, audit, provider_accounts
from bot.store.engine import Database
from bot.store.provider_accounts import Person
from tests.bot.store.people import AT, PASSWORD, add

SAM = Person("https://login.example", "1234", "sam.jones", "Sam", ("agent",))


def _sign_in(db: Database, person: Person) -> accounts.Account:
    token = provider_accounts.sign_in(db, person, "10.0.0.0/24", AT)
    assert token
    account = accounts.by_token(db, token, AT)
    assert account
    return account


def test_the_first_sign_in_makes_the_account_and_notes_it(db: Database) -> None:
    assert _sign_in(db, SAM) == accounts.Account("sam.jones", ("agent",), False, "Sam", issuer=SAM.issuer)
    assert [(row.actor, row.action, row.subject) for row in reversed(audit.latest(db))] == [
        ("sam.jones", audit.ACCOUNT_CREATED, "sam.jones"),
        ("sam.jones", audit.ROLES_CHANGED, "sam.jones: agent"),
        ("sam.jones", audit.SIGNED_IN, "10.0.0.0/24"),
    ]


def test_the_next_takes_over_name_and_roles_and_keeps_the_rest(db: Database) -> None:
    _sign_in(db, SAM)
    details = administration.Details("x", (), ("bins",), 9)
    administration.change(db, "admin", "sam.jones", details, AT)
    account = _sign_in(db, replace(SAM, username="other", name="Samira", roles=("senior", "analyst")))
    assert (account.username, account.name, account.roles) == ("sam.jones", "Samira", ("senior", "analyst"))
    assert (account.teams, account.capacity) == (("bins",), 9)


def test_other_roles_end_the_sessions_of_before(db: Database) -> None:
    token = provider_accounts.sign_in(db, SAM, "10.0.0.0/24", AT) or ""
    _sign_in(db, replace(SAM, name="Samira"))
    assert accounts.by_token(db, token, AT)
    _sign_in(db, replace(SAM, roles=("senior",)))
    assert accounts.by_token(db, token, AT) is None


def test_nobody_elses_account_is_taken_over(db: Database) -> None:
    add(db, "sam.jones", "administrator")
    assert _sign_in(db, SAM).username == "sam.jones-2"
    assert _sign_in(db, replace(SAM, subject="99")).username == "sam.jones-3"
    assert _sign_in(db, replace(SAM, issuer="https://elsewhere.example")).username == "sam.jones-4"
    assert _sign_in(db, SAM).username == "sam.jones-2"
    own = administration.by_username(db, "sam.jones")
    assert own and own.roles == ("administrator",) and own.issuer is None
    assert accounts.is_password(db, "sam.jones", PASSWORD)


def test_it_has_no_password(db: Database) -> None:
    _sign_in(db, SAM)
    for guess in ("", "x", "None"):
        assert accounts.sign_in(db, "sam.jones", guess, AT) is None


def test_who_is_switched_off_here_does_not_get_in(db: Database) -> None:
    _sign_in(db, SAM)
    administration.deactivate(db, "admin", "sam.jones", AT)
    assert provider_accounts.sign_in(db, SAM, "10.0.0.0/24", AT) is None
    assert audit.latest(db)[0].action == audit.SIGN_IN_REFUSED


def test_two_first_sign_ins_at_once_make_one_account(db: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        tokens = list(pool.map(lambda _: provider_accounts.sign_in(db, SAM, "10.0.0.0/24", AT), range(4)))
    assert all(tokens)
    assert [account.username for account in administration.listed(db)] == ["sam.jones"]
