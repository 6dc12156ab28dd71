"""Settings come from the environment, with defaults that run on one machine; mistakes are told in plain words."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from bot.settings import STAFF_ROLES, Settings, read_settings, settings
from bot.staff.permissions import ROLES


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings()
    assert read_settings({"PATH": "/bin", "COUNCIL_TAX": "x"}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("council", "elsewhere", "elsewhere"),
        ("assistant_port", "8080", 8080),
        ("backend_timeout", "0.5", 0.5),
        ("secure_cookies", "true", True),
        ("secure_cookies", "ON", True),
        ("secure_cookies", "0", False),
        ("secure_cookies", "", False),
        ("database_url", "", ""),
    ],
)
def test_a_variable_in_capitals_changes_a_setting(name: str, text: str, value: Any) -> None:
    assert getattr(read_settings({name.upper(): text}), name) == value


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("ASSISTANT_PORT", "http", "The setting ASSISTANT_PORT must be a number, not 'http'."),
        ("BACKEND_TIMEOUT", "", "The setting BACKEND_TIMEOUT must be a number, not ''."),
        ("SECURE_COOKIES", "maybe", "The setting SECURE_COOKIES must be true or false, not 'maybe'."),
        (
            "FRAME_ANCESTORS",
            "https://a.example https://b.example/",
            "The setting FRAME_ANCESTORS must be origins like https://www.example.gov.uk, not 'https://b.example/'.",
        ),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(name: str, text: str, says: str) -> None:
    with pytest.raises(ValueError, match="^" + says.replace(".", r"\.")):
        read_settings({name: text})


def test_the_ledger_is_sqlite_below_var_unless_a_url_is_given() -> None:
    assert Settings(var_dir="/srv/var").database == "sqlite:////srv/var/assistant.db"
    assert Settings(database_url="postgresql://db/council").database == "postgresql://db/council"


def test_addresses_have_no_slash_at_their_end() -> None:
    assert Settings().public == "http://127.0.0.1:5005"
    assert Settings(public_url="https://chat.example.gov.uk/").public == "https://chat.example.gov.uk"
    assert Settings(waste_url="https://waste.example/api/").backend("waste") == "https://waste.example/api"


def test_a_back_end_is_the_sandboxs_unless_it_has_a_url() -> None:
    assert Settings(sandbox_port=6000).backend("cases") == "http://127.0.0.1:6000/cases"


def test_the_chat_is_framed_by_itself_and_the_websites_that_are_named() -> None:
    assert Settings(sandbox_port=6000).ancestors == "'self' http://127.0.0.1:6000"
    named = read_settings({"FRAME_ANCESTORS": " https://www.example.gov.uk  https://*.example.gov.uk:8443 "})
    assert named.ancestors == "'self' https://www.example.gov.uk https://*.example.gov.uk:8443"


@pytest.mark.parametrize(
    "text", ["*", "'self'", "'none'", "www.example.gov.uk", "https://a.example; script-src *", "ftp://a.example"]
)
def test_nothing_but_origins_comes_into_the_policy(text: str) -> None:
    with pytest.raises(ValueError, match="must be origins"):
        read_settings({"FRAME_ANCESTORS": text})


def test_nobody_can_change_a_setting_on_the_way() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings().council = "elsewhere"  # type: ignore[misc]


def test_they_are_read_once(set_settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    set_settings(council="first")
    assert settings().council == "first"
    monkeypatch.setenv("COUNCIL", "second")
    assert settings().council == "first"


def test_the_staffs_roles_are_the_ones_that_permissions_know() -> None:
    assert STAFF_ROLES == ROLES


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("OIDC_ISSUER", "http://login.example", "must be a URL like https://login.example.gov.uk"),
        ("OIDC_ISSUER", "https://login.example?x=1", "must be a URL like https://login.example.gov.uk"),
        ("OIDC_ROLES", "staff=king", "must be pairs like group=agent, not 'staff=king'"),
        ("OIDC_ROLES", "agent", "must be pairs like group=agent, not 'agent'"),
        ("OIDC_ISSUER", "https://login.example", "OIDC_CLIENT_ID must be there when OIDC_ISSUER is"),
    ],
)
def test_a_sign_in_that_could_not_work_is_told_at_once(name: str, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says.replace(".", r"\.")):
        read_settings({name: text})


def test_groups_are_roles_by_pairs() -> None:
    given = {
        "OIDC_ISSUER": "https://login.example",
        "OIDC_CLIENT_ID": "a",
        "OIDC_ROLES": "g=agent, h=senior cn=x=agent",
    }
    assert read_settings(given).roles_of_groups == (("g", "agent"), ("h", "senior"), ("cn=x", "agent"))
