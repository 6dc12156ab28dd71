"""The page with the audit trail."""

from __future__ import annotations

import re
from typing import Any

import pytest
import pytest_asyncio

from bot.staff.accounts import audit_views
from bot.store import audit


@pytest_asyncio.fixture
async def admin(office: Any, browser: Any) -> Any:
    office.add_account("kim", "agent")
    await browser.sign_in("admin")
    return browser


def _shown(text: str) -> list[str]:
    return re.findall(r"<dt>Which</dt><dd>([^<]*)</dd>", text)


async def test_looking_is_noted_and_shown_first(office: Any, admin: Any) -> None:
    text = (await admin.get("/audit")).text
    assert _shown(text)[0] == "newest" and "127.0.0.0/24" in _shown(text)
    newest = audit.latest(office.db)[0]
    assert (newest.actor, newest.action) == ("admin", audit.AUDIT_VIEWED)


async def test_it_is_filtered_by_who_and_by_what(office: Any, admin: Any) -> None:
    for actor, action, subject in (("kim", "message_viewed", "M-1"), ("kim", "message_closed", "M-2")):
        audit.add(office.db, actor, action, subject, office.now)
    assert _shown((await admin.get("/audit?actor=kim")).text) == ["M-2", "M-1"]
    text = (await admin.get("/audit?actor=kim&action=message_viewed")).text
    assert _shown(text) == ["M-1"] and 'value="message_viewed" selected' in text
    assert "Nothing that fits" in (await admin.get("/audit?actor=nobody")).text
    assert "kim" not in {row.subject for row in audit.latest(office.db, action=audit.AUDIT_VIEWED)}


async def test_it_has_pages(office: Any, admin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_views, "SHOWN", 2)
    for number in range(5):
        audit.add(office.db, "kim", "message_viewed", f"M-{number}", office.now)
    address, seen = "/audit?actor=kim", []
    while address:
        text = (await admin.get(address)).text
        seen.append(_shown(text))
        older = re.search(r'href="([^"]+)">Older', text)
        address = older[1].replace("&amp;", "&") if older else ""
    assert seen == [["M-4", "M-3"], ["M-2", "M-1"], ["M-0"]]


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=99999999999999999999", "actor=%00", "before=0"])
async def test_what_cannot_be_meant_is_left_out(admin: Any, query: str) -> None:
    assert _shown((await admin.get(f"/audit?{query}")).text)[0] == "newest"
