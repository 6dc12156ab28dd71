"""From a postcode to one address: shared by every journey that asks for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.backends.addresses import Address
from actions.base import Ended, Ending, Facts
from bot.text.picking import Offered


async def addresses_at(facts: Facts) -> list[Address]:
    """The homes at the postcode given, in the order of their numbers; none for a postcode without homes.

    Raises Ended with ``outside`` when they are another council's.
    """
    found = await facts.backends.addresses.by_postcode(facts.slots["postcode"]["value"])
    ours = [address for address in found if address.custodian == facts.council.identity.custodian_code]
    if found and not ours:
        raise Ended(outside(facts, found[0]))
    return ours


def outside(facts: Facts, address: Address) -> Ending:
    """The ending for somebody who lives in another council's area: whose it is."""
    neighbour = facts.council.neighbour(address.custodian)
    values = {"postcode": address.postcode}
    remember = {"postcode": None, "address": None}
    if neighbour is None:
        return Ending("outside_unknown", values, remember)
    return Ending("outside", {**values, "neighbour": neighbour.name, "website": neighbour.website}, remember)


def as_offered(addresses: Sequence[Address]) -> list[Offered]:
    """Addresses as things to pick from."""
    return [Offered(address.uprn, address.line, (address.number,) if address.number else ()) for address in addresses]


def as_answer(address: Address) -> dict[str, Any]:
    """An address as the slot ``address`` keeps it."""
    return {
        "value": address.uprn,
        "said": f"{address.line}, {address.postcode}",
        "line": address.line,
        "postcode": address.postcode,
        "usrn": address.usrn,
        "latitude": address.latitude,
        "longitude": address.longitude,
    }
