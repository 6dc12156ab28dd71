"""Payments, by GOV.UK Pay: a payment is created here, paid on Pay's own page, and its status is read afterwards.

No card detail ever passes through us, and coming back from the page proves nothing: only the status does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlsplit

from actions.backends.http import Http
from actions.backends.reading import Record

_STATUSES = ("created", "started", "submitted", "capturable", "success", "failed", "cancelled", "error")


@dataclass(frozen=True)
class Payment:
    """A payment; ``amount`` is in pence, and ``next_url`` is "" once there is nothing left to pay."""

    id: str
    status: str
    finished: bool
    next_url: str
    amount: int
    reference: str


class Payments(Protocol):
    """Create a payment, and learn what became of it."""

    async def create(self, amount: int, reference: str, description: str, return_url: str, key: str) -> Payment:
        """A new payment; the same key again gives the same payment."""

    async def status(self, payment_id: str) -> Payment:
        """The payment as it is now."""


class GovukPay:
    """Payments over GOV.UK Pay's API."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def create(self, amount: int, reference: str, description: str, return_url: str, key: str) -> Payment:
        """A new payment; the same key again gives the same payment."""
        body = {
            "amount": amount,
            "reference": reference,
            "description": description,
            "return_url": return_url,
        }
        async with self._http.call():
            return self._payment(await self._http.post("/v1/payments", body, key))

    async def status(self, payment_id: str) -> Payment:
        """The payment as it is now."""
        async with self._http.call():
            return self._payment(await self._http.get(f"/v1/payments/{quote(payment_id, safe='')}"))

    def _payment(self, raw: object) -> Payment:
        entry = Record(self._http.name, raw)
        state, links = entry.part("state"), entry.part("_links")
        status = state.text("status")
        if status not in _STATUSES:
            raise state.nonsense("status")
        next_url = links.part("next_url").text("href") if links.has("next_url") else ""
        # The address is shown to residents as a link: nothing but a web page may hide behind it.
        if next_url and urlsplit(next_url).scheme not in ("https", "http"):
            raise links.nonsense("next_url")
        return Payment(
            id=entry.text("payment_id"),
            status=status,
            finished=state.flag("finished"),
            next_url=next_url,
            amount=entry.whole("amount"),
            reference=entry.text("reference"),
        )
