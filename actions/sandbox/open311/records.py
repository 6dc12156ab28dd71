"""The reports that there are: those of the file, made anew for the time now, and those that were filed.

What residents wrote and sent is kept and never shown: whoever asks may read a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from actions.sandbox.open311.catalogue import catalogue
from actions.sandbox.references import fixed_reference
from actions.sandbox.store import Store
from bot.clock import now

CLOSED = ("closed", "fixed", "duplicate", "not_councils_responsibility", "no_further_action")


def all_reports(store: Store) -> list[dict[str, Any]]:
    """Every report as GeoReport shows it, newest first."""
    filed = [report for code in catalogue().kinds for report in store.about("reports", code)]
    found = [*map(_seeded, catalogue().reports), *(_shown(report) for report in filed if is_ready(report))]
    return sorted(found, key=lambda report: datetime.fromisoformat(report["requested_datetime"]), reverse=True)


def is_ready(report: Mapping[str, Any]) -> bool:
    """Whether a report has its reference yet: in a batch service that takes a little."""
    kind = catalogue().kinds[report["service_code"]]
    if kind.type == "batch":
        return now() - datetime.fromisoformat(report["requested"]) >= timedelta(seconds=catalogue().token_seconds)
    return kind.type == "realtime"


def all_updates() -> list[dict[str, Any]]:
    """The news of every report, oldest first."""
    found = [
        {
            "update_id": f"{reference_of(report)}-{number}",
            "service_request_id": reference_of(report),
            "status": news["status"],
            "updated_datetime": _ago(news["days_ago"]),
            "description": news["text"],
            "media_url": "",
        }
        for report in catalogue().reports
        for number, news in enumerate(report["news"], start=1)
    ]
    return sorted(found, key=lambda update: datetime.fromisoformat(update["updated_datetime"]))


def reference_of(report: Mapping[str, Any]) -> str:
    """The reference of a report of the file, always the same."""
    return fixed_reference("report", report["name"])


def _seeded(report: Mapping[str, Any]) -> dict[str, Any]:
    kind = catalogue().kinds[report["kind"]]
    last = report["news"][-1] if report["news"] else {}
    return _as_request(
        service_request_id=reference_of(report),
        status="closed" if last.get("status") in CLOSED else "open",
        status_notes=last.get("text"),
        service_code=kind.code,
        description=report["description"],
        agency_responsible=report.get("agency", catalogue().agency),
        service_notice=kind.notice,
        requested_datetime=_ago(report["days_ago"]),
        updated_datetime=_ago(last.get("days_ago", report["days_ago"])),
        expected_datetime=_ago(-report["expected_in"]) if "expected_in" in report else None,
        address=report["address"],
        lat=report["at"][0],
        long=report["at"][1],
    )


def _shown(report: Mapping[str, Any]) -> dict[str, Any]:
    """A filed report, without its ``private`` part and its attributes."""
    return _as_request(
        service_request_id=report["reference"],
        status="open",
        service_code=report["service_code"],
        agency_responsible=catalogue().agency,
        service_notice=report["notice"],
        requested_datetime=report["requested"],
        updated_datetime=report["requested"],
        expected_datetime=report["expected"],
        address=report["address"] or None,
        address_id=report["address_id"] or None,
        lat=report["latitude"],
        long=report["longitude"],
    )


def _as_request(**known: Any) -> dict[str, Any]:
    """All fields of a request in the order of the text, null where nothing is known."""
    return {
        "service_request_id": None,
        "status": None,
        "status_notes": None,
        "service_name": catalogue().kinds[known["service_code"]].name,
        "service_code": None,
        "description": None,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": None,
        "updated_datetime": None,
        "expected_datetime": None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
        **known,
    }


def _ago(days: float) -> str:
    """A moment so many days before now, to the second."""
    return (now() - timedelta(days=days)).isoformat(timespec="seconds")
