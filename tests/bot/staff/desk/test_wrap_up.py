"""Writing down how a talk ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.handover import CLOSED, END, WRAP_UP
from bot.store import handovers, notes, ownership
from bot.store.ownership import Change

SignedIn = Callable[..., Awaitable[Any]]


def _over(desk: Any, title: str, who: str) -> tuple[str, str]:
    """A talk that ``who`` had and ended: the conversation, and the record's reference."""
    talk = desk.ask(title)
    desk.take(talk, who)
    reference = ownership.standing(desk.office.db, talk).handover
    ownership.change(desk.office.db, talk, Change(END, who), desk.office.now)
    return talk, reference


async def _close(browser: Any, reference: str, **fields: Any) -> Any:
    return await browser.send_form(f"/desk/wrap-up/{reference}", f"/desk/wrap-up/{reference}", **fields)


async def test_closing_writes_outcome_tags_and_note_and_leads_to_the_next(desk: Any, signed_in: SignedIn) -> None:
    sam = await signed_in("sam", "agent")
    talk, first = _over(desk, "Missed bin", "sam")
    desk.office.pass_time(minutes=5)
    _, second = _over(desk, "Broken street light", "sam")
    shown = (await sam.get(f"/desk/wrap-up/{first}")).text
    assert "Wrap up: Missed bin" in shown and "Broken street light" in shown and "Call-back arranged" in shown
    done = await _close(sam, first, outcome="call_back", tags=["complaint", "unheard_of"], note="Ring at <four>")
    assert done.headers["location"] == f"/desk/wrap-up/{second}?closed=1"
    record = handovers.by_reference(desk.office.db, first)
    assert (record.state, record.outcome, record.tags, record.done_by) == (CLOSED, "call_back", ("complaint",), "sam")
    assert [(each.kind, each.text) for each in notes.of(desk.office.db, talk)] == [(notes.NOTE, "Ring at <four>")]
    assert (await _close(sam, second, outcome="answered")).headers["location"] == "/desk"
    assert not handovers.listed(desk.office.db, CLOSED), "a talk was no message that somebody left"


async def test_an_outcome_is_needed_and_nothing_typed_is_lost(desk: Any, signed_in: SignedIn) -> None:
    sam = await signed_in("sam", "agent")
    _, reference = _over(desk, "Missed bin", "sam")
    refused = await _close(sam, reference, tags=["complaint"], note="Kept <b>")
    assert refused.status_code == 422 and "Choose how the conversation ended." in refused.text
    assert "Kept &lt;b&gt;" in refused.text and 'value="complaint" checked' in refused.text
    assert handovers.by_reference(desk.office.db, reference).state == WRAP_UP


async def test_a_record_is_closed_once(desk: Any, signed_in: SignedIn) -> None:
    sam, lee = await signed_in("sam", "agent"), await signed_in("lee", "senior")
    talk, reference = _over(desk, "Missed bin", "sam")
    await _close(lee, reference, outcome="answered")
    late = await _close(sam, reference, outcome="no_reply", note="My view")
    assert late.status_code == 409 and "closed already by lee" in late.text and "My view" in late.text
    assert handovers.by_reference(desk.office.db, reference).outcome == "answered"
    assert not notes.of(desk.office.db, talk)


async def test_a_record_is_for_who_had_the_talk_and_for_seniors(desk: Any, signed_in: SignedIn) -> None:
    kim, lee = await signed_in("kim", "agent"), await signed_in("lee", "senior")
    desk.person("sam", "agent")
    _, reference = _over(desk, "Missed bin", "sam")
    assert (await kim.get(f"/desk/wrap-up/{reference}")).status_code == 403
    assert (await lee.get(f"/desk/wrap-up/{reference}")).status_code == 200
    assert (await lee.get("/desk/wrap-up/unknown")).status_code == 404
    waits = ownership.standing(desk.office.db, desk.ask("Waits")).handover
    assert (await lee.get(f"/desk/wrap-up/{waits}")).status_code == 404, "it is not over"
