"""A missed bin: the checks before a report, in the order that contact-centre staff use, and the report.

Was it due? Is the time past? What did the crew write down? Is there a report already? Is it soon enough? The hours,
the window and what each of the crew's reasons means are the council's profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from actions.backends.waste import Collection
from actions.base import Ended, Ending, Facts, JourneyAction
from actions.content import word
from actions.waste.collections import container_name
from bot.text import say
from bot.text.picking import Offered
from bot.text.working_days import add_working_days

LATELY = timedelta(days=7)  # emptied longer ago: that is not the one that a resident means, another bin was due
LOOK_BACK = timedelta(days=28)


async def containers_at(facts: Facts) -> list[Offered]:
    """The containers that a home has, as things to pick from. Raises Ended with ``no_service`` for none."""
    services = await facts.backends.waste.services(facts.home.uprn)
    slugs = dict.fromkeys(box.type for service in services for box in service.containers)
    if not slugs:
        raise Ended(Ending("no_service"))
    known = facts.council.containers
    return [Offered(slug, container_name(facts, slug), known[slug].aliases if slug in known else ()) for slug in slugs]


class BinMissed(JourneyAction):
    """See the module's docstring."""

    journey: ClassVar[str] = "bin_missed"

    async def choices(self, ask: str, facts: Facts) -> Sequence[Offered]:
        return await containers_at(facts)

    async def check(self, name: str, facts: Facts) -> Ending | None:
        today, slug = facts.now.date(), facts.value("container")
        past = await facts.backends.waste.collections(facts.home.uprn, today - LOOK_BACK, today)
        due = max((item for item in past if item.container.type == slug), key=lambda item: item.date, default=None)
        values = {"container": container_name(facts, slug), "next": await self._next(facts, slug)}
        if due is None or (due.collected_at and today - due.date > LATELY):
            return Ending("not_due", values)
        values["date"] = say.day(due.date, today)
        if due.collected_at is None and due.date == today and facts.now.time() < facts.council.fact("collection_ends"):
            return Ending("not_yet", values)
        return (
            await self._crew(facts, due, values)
            or await self._open_report(facts, slug, values)
            or self._too_late(facts, due, values)
        )

    async def _next(self, facts: Facts, slug: str) -> str:
        services = await facts.backends.waste.services(facts.home.uprn)
        coming = [item.next for item in services if item.next and item.next.container.type == slug]
        return say.day(min(item.date for item in coming), facts.now.date()) if coming else word("unknown_date")

    async def _crew(self, facts: Facts, due: Collection, values: dict[str, str]) -> Ending | None:
        """The crew's record: emptied, or why not."""
        home = facts.home
        events = await facts.backends.waste.events(home.uprn, home.usrn, due.date, facts.now.date())
        for event in events:
            reason = facts.council.crew_reason(event.type)
            if reason and event.container in ("", due.container.type):
                told = {**values, "said": reason.said, "next_step": reason.next}
                return Ending("crew_reason" if reason.side == "resident" else "crew_ours", told)
        if due.collected_at:
            return Ending("collected", {**values, "time": say.clock(due.collected_at.time())})
        return None

    async def _open_report(self, facts: Facts, slug: str, values: dict[str, str]) -> Ending | None:
        for case in await facts.backends.waste.cases(facts.home.uprn):
            if case.kind == "missed" and case.status == "open" and case.container in ("", slug):
                promised = say.day(case.promised, facts.now.date()) if case.promised else word("unknown_date")
                return Ending("already_reported", {**values, "reference": case.reference, "promised": promised})
        return None

    def _too_late(self, facts: Facts, due: Collection, values: dict[str, str]) -> Ending | None:
        days = facts.council.fact("missed_window_working_days")
        last = add_working_days(due.date, days, facts.council.bank_holiday)
        closes = datetime.combine(last, facts.council.fact("missed_cutoff"), facts.now.tzinfo)
        return Ending("too_late", values) if facts.now > closes else None

    async def finish(self, facts: Facts) -> Ending:
        details = {"container": facts.value("container"), "note": facts.said("note"), "contact": facts.said("contact")}
        case = await facts.backends.waste.open_case("missed", facts.home.uprn, details, facts.key)
        today = facts.now.date()
        promise = facts.council.fact("missed_promise_working_days")
        promised = case.promised or add_working_days(today, promise, facts.council.bank_holiday)
        values = {
            "container": container_name(facts, facts.value("container")),
            "reference": case.reference,
            "promised": say.day(promised, today),
        }
        return Ending("reported", values)
