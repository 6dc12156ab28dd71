"""A case for staff: what a person at the council has to do, with a reference and the day by which they answer."""

from __future__ import annotations

from abc import abstractmethod
from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from actions.base import Ending, Facts, JourneyAction
from actions.shapes.urgent import urgent_number
from bot.dialogue.journeys import Ask
from bot.text import say
from bot.text.say import inert
from bot.text.working_days import add_working_days

DEFAULT_DUE = "case_reply_working_days"


class CaseForStaff(JourneyAction):
    """Journeys like ``case``."""

    @abstractmethod
    def name(self) -> str:
        """Made for each journey."""

    async def check(self, name: str, facts: Facts) -> Ending | None:
        if name == "consent":
            return Ending("declined") if facts.value("consent") == "no" else None
        return Ending("danger", {"urgent": urgent_number(facts)}) if facts.value("danger") == "yes" else None

    def values(self, ask: Ask, facts: Facts) -> Mapping[str, str]:
        return {"urgent": urgent_number(facts)}

    async def finish(self, facts: Facts) -> Ending:
        by = due(facts)
        contact = {name: facts.said(name) for name in ("name", "contact") if facts.said(name)}
        details = {"summary": facts.journey.title, **facts.details}
        case = await facts.backends.cases.open_case(facts.journey.id, details, contact, facts.key, by)
        answers = {ask.name: inert(facts.said(ask.name)) for ask in facts.journey.asks}
        values = {**answers, "reference": inert(case.reference), "by": say.day(case.due or by, facts.now.date())}
        return Ending("opened", values)


def due(facts: Facts) -> date:
    """The day by which the council answers: working days by a fact of the profile, or months by the law."""
    today, settings = facts.now.date(), facts.journey.settings
    if "due_months" in settings:
        return months_after(today, int(settings["due_months"]))
    days = int(facts.council.fact(str(settings.get("due", DEFAULT_DUE))))
    return add_working_days(today, days, facts.council.bank_holiday)


def months_after(start: date, months: int) -> date:
    """The same day that many months later, or the month's last day (the corresponding date rule)."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
