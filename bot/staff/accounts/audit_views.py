"""The page with the audit trail, the newest first. That somebody looked is noted there too."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request

from bot.staff.pages import page
from bot.staff.state import account_of, state_of
from bot.store import audit

SHOWN = 100  # rows on one page
_LONGEST_ACTOR = 128
_LARGEST_ID = 2**31 - 1


def audit_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("audit")
    blueprint.add_route(_show, "/audit", name="show_audit")
    return blueprint


async def _show(request: Request) -> HTTPResponse:
    db, who, now = state_of(request).db, account_of(request).username, state_of(request).now()
    actor, action, before = _asked(request, "actor"), _asked(request, "action"), _before(request)
    # Not what was looked for: it was typed, and might be anything.
    subject = f"before {before}" if before else "newest"
    await asyncio.to_thread(audit.add, db, who, audit.AUDIT_VIEWED, subject, now)
    rows = await asyncio.to_thread(audit.latest, db, SHOWN + 1, actor, action, before)
    older = None
    if len(rows) > SHOWN:
        older = "/audit?" + urlencode({"actor": actor, "action": action, "before": rows[SHOWN - 1].id})
    actions = await asyncio.to_thread(audit.actions, db)
    return page(
        request,
        "audit.html",
        rows=rows[:SHOWN],
        actions=actions,
        actor=actor,
        action=action,
        older=older,
        is_first=before is None,
    )


def _asked(request: Request, name: str) -> str:
    text = (request.args.get(name) or "").strip()
    return text if text.isprintable() and len(text) <= _LONGEST_ACTOR else ""


def _before(request: Request) -> int | None:
    """The row that the page goes on after; None for the first page."""
    text = request.args.get("before") or ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return number if 0 < number <= _LARGEST_ID else None
