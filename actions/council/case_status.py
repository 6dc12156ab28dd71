"""What happened to a report or a case, in plain words, and only what everybody may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rapidfuzz.distance import OSA

from actions.backends.cases import Case
from actions.backends.errors import BackendError
from actions.backends.reports import Report
from actions.backends.waste import WasteCase
from actions.base import Ending, Facts, JourneyAction
from actions.content import word
from actions.own import Own, own
from bot.dialogue.journeys import Ask
from bot.text import say
from bot.text.picking import Offered
from bot.text.say import inert

SLIPS = 2  # signs of a reference that may be wrong
TOKEN = "token:"  # begins the value of a report whose reference is to come
MESSAGE = "MSG-"  # begins the reference of a message to staff
NEITHER = "neither"
# The statuses of GeoReport v2 and of mySociety's updates, as we tell them.
REPORTS: Mapping[str, str] = {
    "open": "report_open",
    "for_triage": "report_open",
    "reopen": "report_open",
    "in_progress": "report_in_progress",
    "investigating": "report_in_progress",
    "internal_referral": "report_in_progress",
    "planned": "report_planned",
    "action_scheduled": "report_planned",
    "fixed": "report_fixed",
    "closed": "report_closed",
    "duplicate": "report_duplicate",
    "not_councils_responsibility": "report_not_ours",
    "no_further_action": "report_no_action",
    "cancelled": "report_closed",
}
STILL_WORKED_ON = ("report_open", "report_in_progress", "report_planned")
CASES: Mapping[str, str] = {
    "open": "case_open",
    "in_progress": "case_in_progress",
    "waiting": "case_waiting",
    "closed": "case_closed",
}


class CaseStatus(JourneyAction):
    """By reference; a slip is put right only from what this conversation has sent itself."""

    journey: ClassVar[str] = "case_status"

    async def choices(self, ask: str, facts: Facts) -> Sequence[Offered]:
        mine = own(facts.slots)
        if ask == "reference":
            return [_offered(each) for each in mine]
        wanted = facts.value("reference")
        if not wanted or await _found(facts, wanted):
            return []
        near = [each for each in mine if each.reference and _is_near(each.reference, wanted)]
        return [*map(_offered, near), Offered(NEITHER, word("none_of_them"), ("no", "none"))] if near else []

    def values(self, ask: Ask, facts: Facts) -> Mapping[str, str]:
        return {"skip": ""} if ask.name == "meant" else {}  # "None of these" is among the choices

    async def finish(self, facts: Facts) -> Ending:
        wanted = facts.value("meant") or facts.value("reference")
        if not wanted:
            return Ending("lost")
        found = await _found(facts, wanted) if wanted != NEITHER else None
        if found:
            return found
        return Ending("unknown", {"wanted": inert(facts.said("reference"))}, forget=("reference",))


def _offered(sent: Own) -> Offered:
    where = f", {sent.where}" if sent.where else ""
    reference = f" ({sent.reference})" if sent.reference else ""
    return Offered(sent.reference or f"{TOKEN}{sent.token}", f"{sent.title}{where}{reference}")


def _is_near(reference: str, typed: str) -> bool:
    return OSA.distance(reference.upper(), typed.upper(), score_cutoff=SLIPS) <= SLIPS


async def _found(facts: Facts, wanted: str) -> Ending | None:
    """How a report, a case or a message stands; None when there is no such reference."""
    if wanted.startswith(MESSAGE):
        return Ending("message", {"wanted": wanted})
    if wanted.startswith(TOKEN):
        reference = await facts.backends.reports.by_token(wanted.removeprefix(TOKEN))
        return await _found(facts, reference) if reference else Ending("not_ready")
    report = await facts.backends.reports.by_reference(wanted)
    if report:
        return await _told_report(facts, report)
    case = await facts.backends.cases.by_reference(wanted)
    if case:
        return _told_case(facts, case)
    waste = await _waste_case(facts, wanted)
    return _told_waste(facts, waste) if waste else None


async def _told_report(facts: Facts, report: Report) -> Ending:
    """A report with the latest news of it; without the news it is told by its own status."""
    try:
        news = await facts.backends.reports.updates(report.id, report.requested)
    except BackendError:
        news = []
    status = news[-1].status if news else report.status
    ending = REPORTS.get(status, "report_in_progress")
    expected = report.expected if ending in STILL_WORKED_ON else None
    values = {
        **_common(facts, report.id, (news[-1].updated if news else report.updated or report.requested).date()),
        "what": inert(report.service_name),
        "where": inert(report.address),
        "note": inert(news[-1].description if news else report.status_notes),
        "expected": _expected(facts, expected.date() if expected else None),
    }
    return Ending(ending, values)


def _told_case(facts: Facts, case: Case) -> Ending:
    ending = CASES.get(case.status, "case_in_progress")
    values = {**_common(facts, case.reference, None), "expected": ""}
    if case.due and ending != "case_closed":
        values["expected"] = _expected(facts, case.due)
    return Ending(ending, values)


async def _waste_case(facts: Facts, wanted: str) -> WasteCase | None:
    """The waste standard looks cases up by property: that of the conversation, or of what it has sent."""
    homes = {each.uprn for each in own(facts.slots) if each.uprn and each.reference == wanted}
    known = (facts.slots.get("address") or {}).get("value")
    for uprn in homes | ({known} if known else set()):
        for case in await facts.backends.waste.cases(uprn):
            if case.reference == wanted:
                return case
    return None


def _told_waste(facts: Facts, case: WasteCase) -> Ending:
    return Ending("case_open", {**_common(facts, case.reference, None), "expected": _expected(facts, case.promised)})


def _common(facts: Facts, reference: str, day: Any) -> dict[str, str]:
    return {"wanted": inert(reference), "day": say.day(day, facts.now.date()) if day else ""}


def _expected(facts: Facts, day: Any) -> str:
    return word("expected_by").format(day=say.day(day, facts.now.date())) if day else ""
