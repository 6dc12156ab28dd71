"""Bins, bags and help for a home: each is one case in the waste system, some with a fee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from actions.base import Ended, Ending, Facts, JourneyAction
from actions.nearby import nearest, place_rows, position_of
from actions.paying import to_pay
from actions.waste.collections import container_name
from actions.waste.missed import containers_at
from bot.dialogue.journeys import CONFIRMED, Ask
from bot.text import say
from bot.text.picking import Offered
from bot.text.say import inert
from bot.text.working_days import add_working_days


def _in_working_days(facts: Facts, fact: str) -> str:
    """The day that lies a fact's number of working days ahead, in words."""
    today = facts.now.date()
    return say.day(add_working_days(today, facts.council.fact(fact), facts.council.bank_holiday), today)


class BinNew(JourneyAction):
    """A new, replacement or further container."""

    journey: ClassVar[str] = "bin_new"

    async def choices(self, ask: str, facts: Facts) -> Sequence[Offered]:
        if facts.value("reason") == "new_home":
            return self._all(facts)
        try:
            return await containers_at(facts)
        except Ended:  # a new home has no service yet, and that is why somebody asks
            return self._all(facts)

    def _all(self, facts: Facts) -> list[Offered]:
        return [Offered(box.id, box.name, box.aliases) for box in facts.council.containers.values()]

    def _fee(self, facts: Facts) -> int:
        return int(facts.council.fact("extra_bin_fee" if facts.value("reason") == "extra" else "new_bin_fee"))

    def values(self, ask: Ask, facts: Facts) -> Mapping[str, str]:
        return {"fee": say.fee(self._fee(facts))} if ask.name == CONFIRMED else {}

    async def finish(self, facts: Facts) -> Ending:
        details = {name: facts.said(name) for name in ("container", "reason", "contact")}
        case = await facts.backends.waste.open_case("new_container", facts.home.uprn, details, facts.key)
        values = {
            "container": container_name(facts, facts.value("container")),
            "reference": case.reference,
            "by": _in_working_days(facts, "new_bin_delivery_working_days"),
        }
        fee = self._fee(facts)
        return await to_pay(facts, fee, case.reference, values) if fee else Ending("ordered", values)


class BinCaddyBags(JourneyAction):
    """Liners for the food caddy: delivered, or where to pick them up."""

    journey: ClassVar[str] = "bin_caddy_bags"

    async def finish(self, facts: Facts) -> Ending:
        if facts.value("how") == "pick_up":
            places = await facts.backends.directory.places("caddy_bag_point")
            position = await position_of(facts, facts.home.postcode)
            rows = place_rows(facts, nearest(places, position), "utter_bin_caddy_bags_pick_up_points")
            return Ending("pick_up", {"points": rows})
        case = await facts.backends.waste.open_case("caddy_bags", facts.home.uprn, {}, facts.key)
        return Ending("ordered", {"reference": case.reference})


class BinGardenJoin(JourneyAction):
    """A year of garden waste collections."""

    journey: ClassVar[str] = "bin_garden_join"

    async def check(self, name: str, facts: Facts) -> Ending | None:
        if not await facts.backends.waste.garden_offered(facts.home.uprn):
            return Ending("not_offered")
        return Ending("member") if await facts.backends.waste.garden_member(facts.home.uprn) else None

    def _fee(self, facts: Facts) -> int:
        return int(facts.council.fact("garden_fee")) * int(facts.value("bins") or 1)

    def values(self, ask: Ask, facts: Facts) -> Mapping[str, str]:
        return {"fee": say.fee(self._fee(facts))} if ask.name == CONFIRMED else {}

    async def finish(self, facts: Facts) -> Ending:
        details = {"bins": str(facts.value("bins")), "contact": facts.said("contact")}
        case = await facts.backends.waste.open_case("garden_join", facts.home.uprn, details, facts.key)
        return await to_pay(facts, self._fee(facts), case.reference, {})


class BinAssisted(JourneyAction):
    """Help with putting bins out, for people who cannot."""

    journey: ClassVar[str] = "bin_assisted"

    async def finish(self, facts: Facts) -> Ending:
        case = await facts.backends.waste.open_case("assisted", facts.home.uprn, facts.answers, facts.key)
        values = {"reference": case.reference, "by": _in_working_days(facts, "assisted_start_working_days")}
        return Ending("requested", values)


class BinClinical(JourneyAction):
    """Medical waste: where most of it goes, and a collection for what is infectious."""

    journey: ClassVar[str] = "bin_clinical"

    async def finish(self, facts: Facts) -> Ending:
        kind = facts.value("kind")
        if kind != "infectious":
            return Ending(kind)
        case = await facts.backends.waste.open_case("clinical", facts.home.uprn, facts.answers, facts.key)
        values = {"reference": case.reference, "by": _in_working_days(facts, "clinical_reply_working_days")}
        return Ending("requested", values)


class BinSpillage(JourneyAction):
    """Waste that our own crew spilled."""

    journey: ClassVar[str] = "bin_spillage"

    async def finish(self, facts: Facts) -> Ending:
        case = await facts.backends.waste.open_case("spillage", facts.home.uprn, facts.details, facts.key)
        values = {"reference": case.reference, "by": _in_working_days(facts, "spillage_clear_working_days")}
        return Ending("reported", values)


class TradeWaste(JourneyAction):
    """A quote for a business; it goes to the case system, for it is no home's."""

    journey: ClassVar[str] = "trade_waste"

    async def finish(self, facts: Facts) -> Ending:
        contact = {"name": facts.said("name"), "contact": facts.said("contact")}
        case = await facts.backends.cases.open_case("trade_waste", facts.answers, contact, facts.key)
        values = {
            "reference": case.reference,
            "address": inert(facts.said("where")),
            "by": _in_working_days(facts, "trade_quote_working_days"),
        }
        return Ending("requested", values)
