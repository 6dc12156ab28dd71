"""A report over Open311: the place, what others have reported there, the questions that the server gives, one call."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from actions.backends.errors import BackendError, BackendRejected, NotAllowed
from actions.backends.reports import Attribute, Filed, Report, Spot, metres_between
from actions.base import Ended, Ending, Facts, JourneyAction
from actions.content import word
from actions.shapes.urgent import urgent_number
from actions.spots import SEVERAL, WORDS
from bot.dialogue.journeys import CONFIRMED, Ask
from bot.links import upload_link
from bot.text import say
from bot.text.emails import find_emails
from bot.text.picking import Offered
from bot.text.say import inert

NEAR_METRES = 75
MOST_SEEN = 3
NONE_OF_THEM = "none"
MOST_DESCRIPTION = 4000  # characters that GeoReport v2 takes


class ReportToCouncil(JourneyAction):
    """Journeys like ``report``; ``code`` is the service's code at the server, by default the journey's id."""

    @abstractmethod
    def name(self) -> str:
        """Made for each journey."""

    async def questions(self, ask: Ask, facts: Facts) -> Sequence[Attribute]:
        return await facts.backends.reports.definition(code(facts))

    async def choices(self, ask: str, facts: Facts) -> Sequence[Offered]:
        if ask == "which":
            candidates = facts.slots[f"{self.journey}_where"]["candidates"]
            return [Offered(str(place), each["said"]) for place, each in enumerate(candidates)]
        return await self._seen(facts)

    async def _seen(self, facts: Facts) -> list[Offered]:
        """Open reports of the kind close by; none when they cannot be had, for a report must not wait for them."""
        where = spot(facts)
        if where.latitude is None or where.longitude is None:
            return []
        try:
            found = await facts.backends.reports.nearby(code(facts), where.latitude, where.longitude, NEAR_METRES)
        except BackendError:
            return []
        found = sorted(found, key=lambda report: _metres(report, where))
        offered = [Offered(report.id, _told(facts, report, where)) for report in found[:MOST_SEEN]]
        return [*offered, Offered(NONE_OF_THEM, word("none_of_them"), ("none", "no", "neither"))] if offered else []

    def values(self, ask: Ask, facts: Facts) -> Mapping[str, str]:
        # "None of these" is among the choices, so that nothing else need be offered to go on.
        return {"urgent": urgent_number(facts), **({"skip": ""} if ask.name == "seen" else {})}

    async def check(self, name: str, facts: Facts) -> Ending | None:
        if name == "phoned":
            is_phoned = facts.value("danger") == "yes" and facts.value("still") != "yes"
            return Ending("phoned", {"urgent": urgent_number(facts)}) if is_phoned else None
        if name == "joined" and facts.value("seen") not in (None, NONE_OF_THEM):
            # Nothing new is sent: the report is there, and this conversation may ask after it.
            values = {"reference": inert(str(facts.value("seen"))), "where": inert(place_said(facts))}
            return Ending("joined", values, {"last_spot": kept_spot(facts)})
        return None

    async def finish(self, facts: Facts) -> Ending:
        try:
            filed = await self._file(facts)
        except NotAllowed:
            raise
        except BackendRejected as refusal:  # its words are meant for the resident
            return Ending("refused", {"reason": inert(refusal.description)}, keep=True, forget=(CONFIRMED,))
        reference = filed.reference
        if reference is None and filed.token:
            reference = await self._soon(facts, filed.token)
        values = {
            "reference": inert(reference or ""),
            "token": filed.token or "",
            "notice": inert(filed.notice),
            "where": inert(place_said(facts)),
        }
        return Ending("reported" if reference else "reported_later", values, {"last_spot": kept_spot(facts)})

    async def _file(self, facts: Facts) -> Filed:
        photo = facts.value("photo")
        return await facts.backends.reports.file(
            code(facts),
            spot(facts),
            (facts.slots.get(f"{self.journey}_details") or {}).get("value") or {},
            description(facts),
            contact(facts),
            facts.key,
            upload_link(photo) if photo else "",
        )

    async def _soon(self, facts: Facts, token: str) -> str | None:
        """The reference, if the server has it by now; the report is made, so that failing to ask is no failure."""
        try:
            return await facts.backends.reports.by_token(token)
        except BackendError:
            return None


def code(facts: Facts) -> str:
    """The service's code at the Open311 server."""
    return str(facts.journey.settings.get("code", facts.journey.id))


def kept_spot(facts: Facts) -> dict[str, Any]:
    """The answer to "where", with the street that was picked when several had the name."""
    where = facts.slots[f"{facts.journey.id}_where"]
    if where["value"] != SEVERAL:
        return dict(where)
    picked = facts.value("which")
    if picked is None:
        raise Ended(Ending("nowhere", {"postcode": where["said"]}))
    chosen = where["candidates"][int(picked)]
    return {**chosen, "said": f"{where['number']} {chosen['said']}".strip()}


def place_said(facts: Facts) -> str:
    """The place as it is said back."""
    return str(kept_spot(facts)["said"])


def spot(facts: Facts) -> Spot:
    """The place as the server takes it."""
    where = kept_spot(facts)
    if where["value"] == WORDS:
        return Spot(address=where["words"])
    return Spot(where["latitude"], where["longitude"], where["said"], where["uprn"])


def description(facts: Facts) -> str:
    """What the resident adds, for the crew: their note, their words for the place, and whether it is dangerous."""
    where = kept_spot(facts).get("words", "")
    danger = word("marked_dangerous") if facts.value("danger") == "yes" else ""
    return "\n".join(filter(None, (danger, facts.said("note"), where)))[:MOST_DESCRIPTION]


def contact(facts: Facts) -> dict[str, str]:
    """The contact by GeoReport's names."""
    said = facts.said("contact")
    if not said:
        return {}
    return {"email" if find_emails(said) else "phone": said}


def _metres(report: Report, where: Spot) -> float:
    """How far a report is from the place; 0 where one of them has no position."""
    if None in (report.latitude, report.longitude, where.latitude, where.longitude):
        return 0.0
    return metres_between(report.latitude, report.longitude, where.latitude, where.longitude)  # type: ignore[arg-type]


def _told(facts: Facts, report: Report, where: Spot) -> str:
    """A report of somebody else as a choice: what, where, how far, since when; never what they wrote."""
    metres = _metres(report, where)
    day = say.day(report.requested.date(), facts.now.date())
    place = report.address or facts.journey.title
    return word("seen_report").format(place=place, metres=max(5, round(metres / 5) * 5), day=day)
