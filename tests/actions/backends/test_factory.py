"""One set of clients a process, pointed where the settings say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from actions.backends.factory import backends, close_backends
from tests.actions.backends.standin import StandIn


@pytest_asyncio.fixture(autouse=True)
async def fresh() -> AsyncIterator[None]:
    await close_backends()
    yield
    await close_backends()


async def test_one_set_until_it_is_closed() -> None:
    first = backends()
    assert backends() is first
    await close_backends()
    assert backends() is not first


async def test_the_settings_say_where_and_with_which_key(standin: StandIn, set_settings: Callable[..., None]) -> None:
    set_settings(payments_url=f"{standin.url}/pay/", payments_key="the-key")
    await close_backends()
    standin.answer = {
        "payment_id": "p1",
        "amount": 1,
        "reference": "r",
        "state": {"status": "created", "finished": False},
        "_links": {},
    }
    await backends().payments.status("p1")
    assert standin.requests[0].path == "/pay/v1/payments/p1"
    assert standin.requests[0].headers["authorization"] == "Bearer the-key"
