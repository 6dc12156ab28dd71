"""GOV.UK Pay: create with a key, read the status, and never hand out a link that is not a page."""

from __future__ import annotations

from typing import Any

import pytest

from actions.backends.errors import BackendNonsense
from actions.backends.payments import GovukPay, Payment
from tests.actions.backends.standin import StandIn

PAGE = "https://pay.example.org/p1"


def answer(status: str = "created", finished: bool = False, href: str | None = PAGE) -> Any:
    links = {"next_url": {"href": href, "method": "GET"}} if href else {"next_url": None}
    return {
        "payment_id": "p1",
        "amount": 3550,
        "reference": "SBX-7K3M9P",
        "state": {"status": status, "finished": finished},
        "_links": links,
    }


async def test_a_payment_is_created(standin: StandIn) -> None:
    standin.status, standin.answer = 201, answer()
    pay = GovukPay(standin.http())
    payment = await pay.create(3550, "SBX-7K3M9P", "Bulky", "https://example.org/back", "key-1")
    assert payment == Payment("p1", "created", False, PAGE, 3550, "SBX-7K3M9P")
    assert standin.requests[0].path == "/v1/payments"
    assert standin.requests[0].headers["idempotency-key"] == "key-1"
    assert standin.requests[0].json["return_url"] == "https://example.org/back"


async def test_a_finished_payment_has_nowhere_to_go(standin: StandIn) -> None:
    standin.answer = answer("success", True, href=None)
    payment = await GovukPay(standin.http()).status("p1")
    assert (payment.status, payment.finished, payment.next_url) == ("success", True, "")


@pytest.mark.parametrize("wrong", [answer("paid"), answer(href="javascript:alert(1)"), {**answer(), "amount": "3550"}])
async def test_impossible_payments_are_nonsense(wrong: Any, standin: StandIn) -> None:
    standin.answer = wrong
    with pytest.raises(BackendNonsense):
        await GovukPay(standin.http()).status("p1")
