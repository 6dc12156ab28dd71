"""Staff accounts: passwords and sessions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from bot.clock import LONDON
from bot.store import accounts, staff_sessions
from bot.store.engine import Database
from bot.store.schema import staff_account, staff_session

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
NEW = "correct horse battery"


@pytest.fixture
def password(db: Database) -> str:
    """The one-time password of the first administrator."""
    password = accounts.create_first_administrator(db, AT)
    assert password
    return password


def _sign_in(db: Database, password: str, at: datetime = AT) -> str:
    token = accounts.sign_in(db, "admin", password, at)
    assert token
    return token


def test_the_first_administrator_is_made_once(db: Database, password: str) -> None:
    assert accounts.create_first_administrator(db, AT) is None
    assert accounts.by_token(db, _sign_in(db, password), AT) == accounts.Account(
        "admin", ("administrator",), True, "Admin"
    )


def test_processes_that_start_together_make_one_administrator(db: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: accounts.create_first_administrator(db, AT), range(4)))
    assert len([password for password in made if password]) == 1


def test_the_one_time_password_is_readable_and_has_eighty_bits(password: str) -> None:
    groups = password.split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert not set("".join(groups)) & set("ILOU")
    assert len(set(accounts._ALPHABET)) ** 16 >= 2**80


def test_only_the_right_pair_opens(db: Database, password: str) -> None:
    assert accounts.sign_in(db, "admin", password + "x", AT) is None
    assert accounts.sign_in(db, "nobody", password, AT) is None
    assert accounts.is_password(db, "admin", password)
    assert not accounts.is_password(db, "nobody", password)


def test_an_unknown_name_costs_a_hash_like_any_other(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    real = accounts._matches
    monkeypatch.setattr(accounts, "_matches", lambda *given: checked.append(given[0]) or real(*given))
    assert accounts.sign_in(db, "nobody", "anything", AT) is None
    assert len(checked) == 1 and checked[0].startswith("$argon2id$")


def test_nothing_that_opens_is_stored(db: Database, password: str) -> None:
    token = _sign_in(db, password)
    with db.read() as connection:
        hashed = connection.execute(select(staff_account.c.password_hash)).scalar()
        stored = connection.execute(select(staff_session.c.token_hash)).scalar()
    assert hashed.startswith("$argon2id$") and password not in hashed
    assert len(token) >= 43 and stored != token


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(db: Database, password: str) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
    with db.write() as connection:
        connection.execute(staff_account.update().values(password_hash=old))
    _sign_in(db, password)
    with db.read() as connection:
        renewed = connection.execute(select(staff_account.c.password_hash)).scalar()
    assert not PasswordHasher().check_needs_rehash(renewed)
    assert accounts.is_password(db, "admin", password)


def test_a_new_password_ends_the_old_one_and_every_session(db: Database, password: str) -> None:
    before = [_sign_in(db, password), _sign_in(db, password)]
    after = accounts.change_password(db, "admin", NEW, AT)
    assert [accounts.by_token(db, token, AT) for token in before] == [None, None]
    assert accounts.by_token(db, after, AT) == accounts.Account("admin", ("administrator",), False, "Admin")
    assert accounts.sign_in(db, "admin", password, AT) is None
    assert accounts.sign_in(db, "admin", NEW, AT)


def test_a_password_typed_in_another_unicode_form_is_the_same(db: Database, password: str) -> None:
    accounts.change_password(db, "admin", "cafe\u0301 cafe\u0301 cafe\u0301", AT)
    assert accounts.sign_in(db, "admin", "caf\u00e9 caf\u00e9 caf\u00e9", AT)


def test_a_session_ends_after_half_an_hour_without_use(db: Database, password: str) -> None:
    token = _sign_in(db, password)
    assert accounts.by_token(db, token, AT + timedelta(minutes=29))
    assert accounts.by_token(db, token, AT + timedelta(minutes=58))
    assert accounts.by_token(db, token, AT + timedelta(minutes=88)) is None


def test_a_session_in_use_ends_after_twelve_hours(db: Database, password: str) -> None:
    token = _sign_in(db, password)
    for minutes in range(20, 720, 20):
        assert accounts.by_token(db, token, AT + timedelta(minutes=minutes))
    assert accounts.by_token(db, token, AT + timedelta(hours=12)) is None


def test_signing_out_ends_that_session_only(db: Database, password: str) -> None:
    one, other = _sign_in(db, password), _sign_in(db, password)
    staff_sessions.sign_out(db, one)
    assert accounts.by_token(db, one, AT) is None
    assert accounts.by_token(db, other, AT)


def test_ended_sessions_are_cleared_away(db: Database, password: str) -> None:
    _sign_in(db, password)
    _sign_in(db, password, AT + timedelta(hours=1))
    with db.read() as connection:
        assert len(connection.execute(select(staff_session)).all()) == 1
