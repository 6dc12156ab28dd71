"""Accounts, managed by an administrator at a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import pytest_asyncio

from bot.store import accounts, administration, audit

PASSWORD = "correct horse battery"
TEAMS = (("bins", "Bins & recycling"), ("tax", "Council Tax"))


@pytest.fixture(autouse=True)
def _teams(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("people_form", "people_views"):
        monkeypatch.setattr(f"bot.staff.accounts.{module}.known_teams", lambda: TEAMS)


@pytest_asyncio.fixture
async def admin(office: Any, new_browser: Callable[[], Any]) -> Any:
    """A browser in which an administrator called "admin" has signed in."""
    office.add_account("kim", "agent")
    browser = new_browser()
    await browser.sign_in("admin")
    return browser


def _account(office: Any, username: str) -> accounts.Account:
    found = administration.by_username(office.db, username)
    assert found
    return found


def _noted(office: Any) -> list[tuple[str, str, str]]:
    return [(row.actor, row.action, row.subject) for row in reversed(audit.latest(office.db))]


async def _send(browser: Any, path: str, page: str = "/accounts/new", **fields: Any) -> Any:
    return await browser.send_form(page, path, **fields)


async def test_a_new_account_signs_in_with_the_password_that_was_shown_once(
    office: Any, admin: Any, new_browser: Callable[[], Any]
) -> None:
    fields = {"username": " Sam ", "name": "Sam  J", "roles": ["agent", "senior", "king"], "teams": ["tax", "x"]}
    made = await _send(admin, "/accounts/new", **fields, capacity="6")
    assert made.status_code == 200 and "shown only now" in made.text
    found = re.search(r"<code>([^<]+)</code>", made.text)
    assert found
    assert _account(office, "sam") == accounts.Account("sam", ("agent", "senior"), True, "Sam J", ("tax",), 6)
    assert found[1] not in (await admin.get("/accounts/sam")).text
    sam = new_browser()
    assert (await sam.sign_in("sam", found[1])).status_code == 303
    assert (await sam.get("/messages")).headers["location"] == "/password"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"username": ""}, "Enter a username"),
        ({"username": "sam jones"}, "Enter a username"),
        ({"username": "new"}, "Enter a username"),
        ({"username": "x" * 41}, "Enter a username"),
        ({"username": "kim"}, "There is an account of this name already"),
        ({"name": "x" * 41}, "at most 40 characters"),
        ({"capacity": "0"}, "a number from 1 to 20"),
        ({"capacity": "21"}, "a number from 1 to 20"),
        ({"capacity": "10000000000000000000"}, "a number from 1 to 20"),
        ({"capacity": "\u00b2"}, "a number from 1 to 20"),
        ({"capacity": ""}, "a number from 1 to 20"),
    ],
)
async def test_what_will_not_do_is_explained_and_kept(
    office: Any, admin: Any, fields: dict[str, str], said: str
) -> None:
    sent = {"username": "sam", "capacity": "4", "roles": "agent"} | fields
    answer = await _send(admin, "/accounts/new", **sent)
    assert answer.status_code == 422 and said in answer.text
    assert "<title>Error: New account" in answer.text and 'role="alert"' in answer.text
    assert 'value="agent" checked' in answer.text
    assert len(administration.listed(office.db)) == 2


async def test_the_list_shows_who_there_is(office: Any, admin: Any) -> None:
    details = administration.Details("<Kim>", ("agent",), ("bins", "gone"), 4)
    administration.change(office.db, "admin", "kim", details, office.now)
    text = (await admin.get("/accounts")).text
    assert "&lt;Kim&gt;" in text and "Bins &amp; recycling, gone" in text and 'href="/accounts/kim"' in text


async def test_an_account_is_changed_and_its_sessions_end_with_its_roles(
    office: Any, admin: Any, new_browser: Callable[[], Any]
) -> None:
    kim = new_browser()
    await kim.sign_in("kim")
    same_roles = {"name": "Kimberley", "roles": "agent", "teams": "bins", "capacity": "2"}
    saved = await _send(admin, "/accounts/kim", **same_roles)
    assert saved.headers["location"] == "/accounts?saved=1"
    assert "Saved." in (await admin.get("/accounts?saved=1")).text
    assert (await kim.get("/messages")).status_code == 200
    await _send(admin, "/accounts/kim", **{**same_roles, "roles": "senior", "name": ""})
    assert (await kim.get("/messages")).headers["location"] == "/sign-in?ended=1"
    assert _account(office, "kim") == accounts.Account("kim", ("senior",), False, "Kim", ("bins",), 2)


async def test_changing_ones_own_roles_goes_on_with_another_session(office: Any, admin: Any) -> None:
    before = admin.cookies["staff"]
    await _send(admin, "/accounts/admin", roles=["administrator", "analyst"], capacity="4")
    assert admin.cookies["staff"] != before
    assert accounts.by_token(office.db, before, office.now) is None
    assert (await admin.get("/accounts")).status_code == 200


async def test_nobody_takes_the_administrators_role_from_themselves(office: Any, admin: Any) -> None:
    refused = await _send(admin, "/accounts/admin", roles="agent", capacity="4")
    assert refused.status_code == 422 and "from yourself" in refused.text
    assert (await _send(admin, "/accounts/admin/deactivate")).status_code == 422
    assert (await _send(admin, "/accounts/admin/password")).status_code == 422
    assert _account(office, "admin").roles == ("administrator",) and _account(office, "admin").is_active
    assert "Switch the account off" not in (await admin.get("/accounts/admin")).text


async def test_the_last_administrator_with_a_password_stays(office: Any, admin: Any) -> None:
    office.add_account("jo", "administrator")
    await _send(admin, "/accounts/jo", roles="agent", capacity="4")
    assert _account(office, "jo").roles == ("agent",)
    administration.change(office.db, "admin", "jo", administration.Details("Jo", ("administrator",), (), 4), office.now)
    administration.deactivate(office.db, "jo", "admin", office.now)
    assert (await admin.get("/accounts")).headers["location"] == "/sign-in?ended=1"


async def test_a_password_is_reset(office: Any, admin: Any, new_browser: Callable[[], Any]) -> None:
    kim = new_browser()
    await kim.sign_in("kim")
    reset = await _send(admin, "/accounts/kim/password")
    found = re.search(r"<code>([^<]+)</code>", reset.text)
    assert found and "Password reset" in reset.text
    assert (await kim.get("/messages")).status_code == 303
    assert (await kim.sign_in("kim")).status_code == 422
    assert (await kim.sign_in("kim", found[1])).status_code == 303
    assert ("admin", audit.PASSWORD_RESET, "kim") in _noted(office)


async def test_an_account_is_switched_off_and_on(office: Any, admin: Any, new_browser: Callable[[], Any]) -> None:
    kim = new_browser()
    await kim.sign_in("kim")
    await _send(admin, "/accounts/kim/deactivate")
    assert (await kim.get("/messages")).status_code == 303
    wrong = await kim.sign_in("kim")
    assert wrong.status_code == 422 and "do not go together" in wrong.text
    assert "switched off" in (await admin.get("/accounts/kim")).text
    await _send(admin, "/accounts/kim/activate")
    assert (await kim.sign_in("kim")).status_code == 303


async def test_sessions_are_seen_and_ended(office: Any, admin: Any, new_browser: Callable[[], Any]) -> None:
    browsers = [new_browser(), new_browser(), new_browser()]
    for browser in browsers:
        await browser.sign_in("kim")
        office.pass_time(minutes=1)
    text = (await admin.get("/accounts/kim")).text
    assert text.count("127.0.0.0/24") == 3 and "Monday 3 March 2025 at 10am" in text
    ids = re.findall(r'name="session" value="([^"]+)"', text)
    await _send(admin, "/accounts/kim/sessions/end", session=ids[0])  # the newest is the first
    assert [(await browser.get("/messages")).status_code for browser in browsers] == [200, 200, 303]
    await _send(admin, "/accounts/kim/sessions/end", session="made up")
    await _send(admin, "/accounts/kim/sessions/end-all")
    assert [(await browser.get("/messages")).status_code for browser in browsers] == [303, 303, 303]
    assert [entry for entry in _noted(office) if "session" in entry[1]] == [
        ("admin", audit.SESSION_ENDED, "kim"),
        ("admin", audit.SESSIONS_ENDED, "kim"),
    ]
    assert "Nowhere" in (await admin.get("/accounts/kim")).text


async def test_an_account_of_the_councils_own_sign_in_offers_no_password_and_no_roles(office: Any, admin: Any) -> None:
    office.add_account("jo", "agent")
    with office.db.write() as connection:
        connection.exec_driver_sql(
            "UPDATE staff_account SET issuer = 'https://a.example', subject = '1' WHERE username = 'jo'"
        )
    text = (await admin.get("/accounts/jo")).text
    assert "come from there" in text and "Reset the password" not in text and 'name="roles"' not in text
    await _send(admin, "/accounts/jo", roles="administrator", name="Boss", teams="bins", capacity="3")
    changed = _account(office, "jo")
    assert (changed.roles, changed.name, changed.teams, changed.capacity) == (("agent",), "Jo", ("bins",), 3)
    refused = await _send(admin, "/accounts/jo/password")
    assert refused.status_code == 422 and "no password here" in refused.text


@pytest.mark.parametrize("name", ["nobody", "%00", "x" * 129, "..%2fkim"])
async def test_an_account_that_is_not_there_has_no_page(office: Any, admin: Any, name: str) -> None:
    assert (await admin.get(f"/accounts/{name}")).status_code == 404
    assert (await _send(admin, f"/accounts/{name}/deactivate")).status_code == 404


async def test_a_username_with_signs_of_its_own_has_a_page(office: Any, admin: Any) -> None:
    office.add_account("o'hara & co", "agent")
    link = re.search(r'href="(/accounts/o[^"]+)"', (await admin.get("/accounts")).text)
    assert link
    shown = await admin.get(link[1])
    assert shown.status_code == 200 and "o&#39;hara &amp; co" in shown.text
