"""The payment page, as a browser without JavaScript uses it, and GOV.UK Pay's errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

BODY = {"amount": 3550, "reference": "SBX-7K3M9P", "description": "Sofa <b>", "return_url": "http://127.0.0.1/back"}
BEARER = {"Authorization": "Bearer sandbox"}


def create(web: httpx.Client, key: str = "", **changes: Any) -> httpx.Response:
    headers = {**BEARER, "Idempotency-Key": key} if key else BEARER
    return web.post("/payments/v1/payments", json={**BODY, **changes}, headers=headers)


def status(web: httpx.Client, identity: str) -> dict[str, Any]:
    return web.get(f"/payments/v1/payments/{identity}", headers=BEARER).json()


@pytest.mark.parametrize(("choice", "expected"), [("pay", "success"), ("cancel", "failed")])
def test_a_person_pays_or_cancels_on_the_page(choice: str, expected: str, web: httpx.Client) -> None:
    payment = create(web).json()
    page = web.get(payment["_links"]["next_url"]["href"])
    assert "£35.50" in page.text and "Sofa &lt;b&gt;" in page.text
    assert status(web, payment["payment_id"])["state"] == {"status": "started", "finished": False}
    sent = web.post(payment["_links"]["next_url"]["href"], data={"choice": choice})
    assert (sent.status_code, sent.headers["location"]) == (303, BODY["return_url"])
    after = status(web, payment["payment_id"])
    assert (after["state"]["status"], after["state"]["finished"]) == (expected, True)
    assert "next_url" not in after["_links"]


def test_what_is_finished_stays_finished(web: httpx.Client) -> None:
    payment = create(web).json()
    href = payment["_links"]["next_url"]["href"]
    web.post(href, data={"choice": "pay"})
    web.post(href, data={"choice": "cancel"})
    assert status(web, payment["payment_id"])["state"]["status"] == "success"
    assert "<form" not in web.get(href).text


def test_a_payment_fails_when_it_is_left(web: httpx.Client, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-11-23T12:00")
    payment = create(web).json()
    set_settings(assistant_now="2026-11-23T13:31")
    assert status(web, payment["payment_id"])["state"]["code"] == "P0020"


def test_a_key_pays_once(web: httpx.Client) -> None:
    first, again = create(web, key="key-a"), create(web, key="key-a")
    assert first.json() == again.json()
    other = create(web, key="key-a", amount=1)
    assert (other.status_code, other.json()["code"], other.json()["header"]) == (422, "P0191", "Idempotency-Key")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": None}, "P0101"),
        ({"reference": ""}, "P0101"),
        ({"amount": 0}, "P0102"),
        ({"amount": "12"}, "P0102"),
        ({"amount": 10_000_001}, "P0102"),
        ({"description": "x" * 256}, "P0102"),
        ({"return_url": "javascript:alert(1)"}, "P0102"),
    ],
)
def test_wrong_fields_are_named(changes: dict[str, Any], code: str, web: httpx.Client) -> None:
    answer = create(web, **changes)
    assert (answer.json()["code"], answer.json()["field"]) == (code, next(iter(changes)))


def test_no_key_no_answer_and_no_payment_no_answer(web: httpx.Client) -> None:
    assert web.post("/payments/v1/payments", json=BODY).status_code == 401
    missing = web.get("/payments/v1/payments/none", headers=BEARER)
    assert (missing.status_code, missing.json()["code"]) == (404, "P0200")
    assert web.get("/payments/pay/none").status_code == 404
