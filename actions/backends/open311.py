"""Open311 GeoReport v2 over HTTP, by the frozen text, with updates by mySociety's extension.

Servers must speak XML and may speak JSON: the server's discovery says whether it does (read once), and without a
discovery XML is what is left. We send no parameter that the text or mySociety does not name: their adapter turns
down a request with any other.

GeoReport has no idempotency. A report goes out with our ``Idempotency-Key``; a server that does not know the header
files a report twice when the first answer was lost, and needs a proxy before it that does (decision 9).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, TypeVar

from actions.backends.errors import BackendNonsense, BackendRejected, NotFound
from actions.backends.georeport import attribute_of, filed_of, has_json, report_of, service_of, update_of
from actions.backends.http import Http
from actions.backends.reading import Record, records
from actions.backends.reports import (
    CONTACT_FIELDS,
    Attribute,
    Filed,
    Report,
    ReportService,
    Spot,
    Update,
    metres_between,
    w3c,
)
from actions.backends.spark import read_answer
from bot.clock import now

DESCRIPTION_LIMIT = 4000
LONGEST_SPAN = timedelta(days=90)  # of one search, by the text
_KEEP_SECONDS = 300.0  # services and their details, which a conversation asks for again and again

_Read = TypeVar("_Read")


class Open311:
    """Reports to and from a GeoReport v2 server."""

    def __init__(self, http: Http, key: str, jurisdiction: str = "") -> None:
        self._http = http
        self._key = key
        self._common = {"jurisdiction_id": jurisdiction} if jurisdiction else {}
        self._format = ""
        self._kept: dict[tuple[str, str], tuple[float, Sequence[Any]]] = {}

    async def services(self) -> list[ReportService]:
        """The kinds of report that the council takes."""
        async with self._http.call():
            return list(await self._services())

    async def definition(self, code: str) -> list[Attribute]:
        """The details of a kind in their order, none if it has none; NotFound if there is no such kind."""
        async with self._http.call():
            service = next((each for each in await self._services() if each.code == code), None)
            if service is None:
                raise NotFound(self._http.name, "unknown_service", "")
            if not service.has_details:
                return []
            return list(await self._lasting("/services/{code}", self._attributes_of, code=code))

    async def file(
        self,
        code: str,
        spot: Spot,
        attributes: Mapping[str, str | Sequence[str]],
        description: str,
        contact: Mapping[str, str],
        key: str,
        media_url: str = "",
    ) -> Filed:
        """A new report; a description is cut at the text's 4,000 characters."""
        fields = {
            **self._common,
            "api_key": self._key,
            "service_code": code,
            "address_string": spot.address,
            "address_id": spot.address_id,
            **{name: contact.get(name, "") for name in CONTACT_FIELDS},
            "description": description[:DESCRIPTION_LIMIT],
            "media_url": media_url,
        }
        if spot.latitude is not None and spot.longitude is not None:
            fields |= {"lat": f"{spot.latitude:.6f}", "long": f"{spot.longitude:.6f}"}
        form = [(name, value) for name, value in fields.items() if value]
        for name, value in attributes.items():
            if isinstance(value, str):
                form.append((f"attribute[{name}]", value))
            else:
                form += [(f"attribute[{name}][]", each) for each in value]
        async with self._http.call():
            path = f"/requests.{await self._spoken()}"
            return filed_of(self._http.name, await self._http.post_form(path, form, key, read_answer))

    async def by_token(self, token: str) -> str | None:
        """The reference that a token stands for, or None as long as there is none (or the token is not known)."""
        try:
            async with self._http.call():
                found = records(self._http.name, await self._get("/tokens/{token}", token=token))
        except NotFound:
            return None
        if not found:
            return None
        reference = found[0].label("service_request_id", "")
        if not reference:
            found[0].label("token")  # an answer with neither is not about a token
        return reference or None

    async def by_reference(self, reference: str) -> Report | None:
        """The report, or None when there is no such reference."""
        try:
            async with self._http.call():
                found = records(self._http.name, await self._get("/requests/{reference}", reference=reference))
        except NotFound:
            return None
        return report_of(found[0]) if found else None

    async def nearby(
        self, code: str, latitude: float, longitude: float, metres: float, since: datetime | None = None
    ) -> list[Report]:
        """Open reports of a kind within so many metres, newest first; GeoReport itself cannot search by place."""
        end = now()
        earliest = end.astimezone(UTC) - LONGEST_SPAN  # in UTC: here such a span may have an hour more
        start = max(since, earliest) if since else earliest
        search = {"service_code": code, "status": "open", "start_date": w3c(start), "end_date": w3c(end)}
        async with self._http.call():
            found = records(self._http.name, await self._get("/requests", search))
        near = [
            report
            for report in map(report_of, found)
            if report.is_open
            and report.service_code == code
            and report.latitude is not None
            and report.longitude is not None
            and metres_between(latitude, longitude, report.latitude, report.longitude) <= metres
        ]
        return sorted(near, key=lambda report: report.requested, reverse=True)

    async def updates(self, reference: str, since: datetime | None = None) -> list[Update]:
        """What became of a report, oldest first; the extension can only be asked about all reports at once."""
        start = since or now().astimezone(UTC) - LONGEST_SPAN
        try:
            async with self._http.call():
                search = {"start_date": w3c(start), "end_date": w3c(now())}
                found = records(self._http.name, await self._get("/servicerequestupdates", search))
        except NotFound:
            return []
        mine = [update_of(entry) for entry in found if entry.label("service_request_id") == reference]
        return sorted(mine, key=lambda update: update.updated)

    async def _spoken(self) -> str:
        """The format to ask for: JSON if every endpoint that the discovery names has it, else XML."""
        if not self._format:
            try:
                discovery = Record(self._http.name, await self._http.get("/discovery.json", read=read_answer))
                self._format = "json" if has_json(discovery) else "xml"
            except BackendRejected:
                self._format = "xml"  # this server tells nothing about itself
            except BackendNonsense:
                return "xml"  # nor does this one, at the moment
        return self._format

    async def _get(self, path: str, params: Mapping[str, str] | None = None, **parts: str) -> Any:
        path = f"{path}.{await self._spoken()}"
        return await self._http.get(path, {**self._common, **(params or {})}, read_answer, **parts)

    async def _lasting(self, path: str, read: Callable[[Any], Sequence[_Read]], code: str = "") -> Sequence[_Read]:
        """What stays the same for minutes, and is kept for as long once it could be read."""
        until, kept = self._kept.get((path, code), (0.0, ()))
        if monotonic() >= until:
            kept = read(await self._get(path, code=code))
            self._kept[path, code] = (monotonic() + _KEEP_SECONDS, kept)
        return kept

    async def _services(self) -> Sequence[ReportService]:
        return await self._lasting("/services", self._services_of)

    def _services_of(self, raw: Any) -> Sequence[ReportService]:
        return [service_of(entry) for entry in records(self._http.name, raw)]

    def _attributes_of(self, raw: Any) -> Sequence[Attribute]:
        found = [attribute_of(entry) for entry in Record(self._http.name, raw).parts("attributes")]
        return sorted(found, key=lambda attribute: attribute.order)
