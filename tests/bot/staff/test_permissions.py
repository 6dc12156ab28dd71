"""The one table of permissions: complete, and obeyed by every route for every role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.staff.permissions import PUBLIC, ROLES, ROUTES, SIGNED_IN, required


def _routes(app: Any) -> Iterator[tuple[str, str]]:
    for route in app.router.routes:
        for method in route.methods:
            yield method, route.path


async def test_every_route_is_declared_and_every_declaration_is_a_route(office: Any) -> None:
    undeclared = [route for route in _routes(office.app) if required(*route) is None]
    assert undeclared == []
    assert {f"{method} /{path.lstrip('/')}" for method, path in _routes(office.app) if method != "HEAD"} == set(ROUTES)


def test_only_known_roles_are_named() -> None:
    assert set().union(*ROUTES.values()) <= {*ROLES, *PUBLIC, *SIGNED_IN}


def _example(route: str) -> tuple[str, str]:
    method, path = route.split(" ")
    return method, path.replace("<reference:str>", "M-1").replace("<__file_uri__:path>", "staff.css")


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_opens_exactly_what_the_table_says(office: Any, browser: Any, role: str) -> None:
    office.add_account("sam", role)
    office.leave("M-1")
    await browser.sign_in("sam")
    for route, needed in ROUTES.items():
        if route == "POST /sign-out":
            continue
        method, path = _example(route)
        answer = await browser.send_form("/password", path) if method == "POST" else await browser.get(path)
        may = needed in (PUBLIC, SIGNED_IN) or role in needed
        assert (answer.status_code == 403) is not may, route


async def test_nobody_signed_in_opens_only_what_is_public(office: Any, browser: Any) -> None:
    office.leave("M-1")
    for route, needed in ROUTES.items():
        answer = await browser.request(*_example(route))
        sent_away = answer.status_code == 303 and answer.headers["location"] == "/sign-in"
        assert sent_away is (needed != PUBLIC), route


async def test_a_password_must_be_chosen_before_anything_else(office: Any, browser: Any) -> None:
    office.add_account("sam", "administrator", must_change=True)
    await browser.sign_in("sam")
    for route, needed in ROUTES.items():
        if needed in (PUBLIC, SIGNED_IN):
            continue
        answer = await browser.request(*_example(route))
        assert (answer.status_code, answer.headers["location"]) == (303, "/password"), route


async def test_a_route_that_nobody_declared_is_refused(new_browser: Callable[[], Any], office: Any) -> None:
    office.app.router.reset()
    office.app.add_route(lambda request: 1 / 0, "/forgotten", name="forgotten")
    office.app.router.finalize()
    office.add_account("sam", "administrator")
    browser = new_browser()
    await browser.sign_in("sam")
    answer = await browser.get("/forgotten")
    assert answer.status_code == 403 and "You may not see this page" in answer.text
