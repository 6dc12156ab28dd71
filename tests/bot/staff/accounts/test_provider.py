"""Who a provider says somebody is, read from its claims; a provider that is not there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.settings import read_settings
from bot.staff.accounts import pending, provider
from bot.staff.accounts.pending import Pending, Started
from bot.staff.accounts.provider import Provider
from tests.bot.store.people import AT

GIVEN = {"OIDC_ISSUER": "http://127.0.0.1:1/realm", "OIDC_CLIENT_ID": "a", "OIDC_ROLES": "g=agent g=analyst x=y=senior"}


def _provider(**more: str) -> Provider:
    found = provider.from_settings(read_settings(GIVEN | more))
    assert found
    return found


def test_there_is_none_unless_the_settings_name_one() -> None:
    assert provider.from_settings(read_settings({})) is None


def test_it_comes_back_to_the_staffs_own_address() -> None:
    assert _provider().redirect_uri == "http://127.0.0.1:5006/sign-in/provider/back"
    assert _provider(STAFF_URL="https://s.example/").redirect_uri == "https://s.example/sign-in/provider/back"


@pytest.mark.parametrize(
    ("claim", "claims", "roles"),
    [
        ("roles", {"roles": ["g", "unknown"]}, ("agent", "analyst")),
        ("roles", {"roles": "x=y"}, ("senior",)),
        ("realm_access.roles", {"realm_access": {"roles": ["x=y"]}}, ("senior",)),
        ("https://a.example/roles", {"https://a.example/roles": ["g"]}, ("agent", "analyst")),
        ("roles", {"groups": ["g"]}, ()),
        ("a.b", {"a": ["g"]}, ()),
    ],
)
def test_roles_are_ours_by_the_mapping(claim: str, claims: dict[str, Any], roles: tuple[str, ...]) -> None:
    assert _provider(OIDC_ROLES_CLAIM=claim)._person({"sub": "1", **claims}).roles == roles


@pytest.mark.parametrize(
    ("claims", "username", "name"),
    [
        ({"preferred_username": "Sam@council.example", "given_name": "Sam", "name": "Sam Jones"}, "sam", "Sam"),
        ({"email": "kim.o'hara@council.example", "name": " Kim  O'Hara "}, "kim.ohara", "Kim O'Hara"),
        ({"preferred_username": "../..", "name": "\x00"}, "....", "...."),
        ({"preferred_username": "\u5c71"}, "colleague", "Colleague"),
        ({"preferred_username": 7, "given_name": ["x"]}, "colleague", "Colleague"),
        ({"preferred_username": "x" * 99, "name": "y" * 99}, "x" * 60, "y" * 40),
    ],
)
def test_names_are_short_and_plain(claims: dict[str, Any], username: str, name: str) -> None:
    person = _provider()._person({"sub": "1", **claims})
    assert (person.username, person.name) == (username, name)


async def test_a_provider_that_nobody_answers_for_is_down() -> None:
    with pytest.raises(provider.Down):
        await _provider().address("state", Started("browser", AT))
    with pytest.raises(provider.Down):
        await _provider().identify("code", Started("browser", AT))


def test_a_sign_in_comes_back_once_in_time_to_its_browser() -> None:
    waiting = Pending()
    state, started = waiting.begin("browser", AT)
    assert waiting.take(state, "browser", AT + pending.LASTS - timedelta(seconds=1)) == started
    assert waiting.take(state, "browser", AT) is None
    for browser, later in (("other", timedelta()), ("browser", pending.LASTS)):
        state, _ = waiting.begin("browser", AT)
        assert waiting.take(state, browser, AT + later) is None


def test_no_more_are_kept_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "_LARGEST", 2)
    waiting = Pending()
    states = [waiting.begin("browser", AT)[0] for _ in range(3)]
    assert [waiting.take(state, "browser", AT) is not None for state in states] == [False, True, True]
