"""Removing words for good: asked first, then done everywhere, by the owner or a senior."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.store import audit, messages, notes

SignedIn = Callable[..., Awaitable[Any]]


async def _remove(browser: Any, talk: str, **fields: str) -> Any:
    return await browser.send_form("/password", f"/desk/c/{talk}/redact", **fields)


async def test_it_is_asked_first_and_then_done(desk: Any, signed_in: SignedIn) -> None:
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    desk.take(talk, "sam")
    notes.add(desk.office.db, talk, notes.NOTE, "sam", "Says MY BIN", desk.office.now)
    asked = await _remove(sam, talk, words="my bin")
    assert asked.status_code == 200 and "Where they are removed" in asked.text and "cannot be reached" in asked.text
    assert "They stand in 2 lines" in asked.text
    assert messages.after(desk.office.db, talk, 0)[0].text == "Where is my bin?"
    done = await _remove(sam, talk, words="my bin", confirmed="yes")
    assert done.headers["location"] == f"/desk/c/{talk}?removed=2"
    assert messages.after(desk.office.db, talk, 0)[0].text == "Where is [removed]?"
    assert notes.of(desk.office.db, talk)[0].text == "Says [removed]"
    assert audit.latest(desk.office.db)[0].action == audit.REDACTED
    text = " ".join((await sam.get(done.headers["location"])).text.split())
    assert "removed from 2 records" in text


async def test_not_everybody_and_not_everything(desk: Any, signed_in: SignedIn) -> None:
    sam, lee, talk = await signed_in("sam", "agent"), await signed_in("lee", "senior"), desk.ask("Missed bin")
    assert (await _remove(sam, talk, words="my bin", confirmed="yes")).status_code == 409
    assert (await _remove(lee, talk, words="my", confirmed="yes")).status_code == 422
    hostile = await _remove(lee, talk, words='"><script>alert(1)</script>')
    assert hostile.status_code == 200 and "<script>alert" not in hostile.text
    assert messages.after(desk.office.db, talk, 0)[0].text == "Where is my bin?"
