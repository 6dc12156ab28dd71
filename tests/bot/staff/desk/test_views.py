"""The desk's pages: what waits, one message with its transcript, and marking it as dealt with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.store import audit, handovers, messages

HOSTILE = "<script>alert(1)</script> **bold** [link](javascript:alert(1)) {{ 7 * 7 }} \"'>&amp;"


def _actions(office: Any) -> list[tuple[str, str, str]]:
    return [(row.actor, row.action, row.subject) for row in reversed(audit.latest(office.db))][1:]


async def test_the_longest_waiting_is_first_and_the_list_shows_no_contact_details(office: Any, agent: Any) -> None:
    office.leave("M-1", title="Missed bin", contact={"phone": "07700 900123", "name": "Jo"})
    office.pass_time(minutes=20)
    office.leave("M-2", query="bin_new")
    office.pass_time(minutes=5)
    text = (await agent.get("/messages")).text
    assert text.index("Missed bin") < text.index("bin_new")
    assert "25 minutes" in text and "5 minutes" in text
    assert "name, phone" in text and "07700 900123" not in text
    assert "2 messages wait for an answer" in text


async def test_an_empty_list_says_so(agent: Any) -> None:
    assert "No message waits for an answer" in (await agent.get("/messages")).text
    assert "No message has been dealt with yet" in (await agent.get("/messages/closed")).text


async def test_a_message_shows_what_staff_need_and_what_was_said(office: Any, agent: Any) -> None:
    office.leave(
        "M-1",
        title="Missed bin",
        about="Please call me",
        contact={"phone": "07700 900123"},
        details={"Address": "1 Sample Street"},
        missed=["flumph"],
    )
    text = (await agent.get("/messages/M-1")).text
    for shown in ("Missed bin", "Please call me", "07700 900123", "1 Sample Street", "flumph", "M-1"):
        assert shown in text
    assert text.index("My bin was missed") < text.index("Is it this home?") < text.index("Choices offered")
    assert "asked for person" in text and "Monday 3 March 2025" in text


async def test_a_message_with_nothing_known_is_still_shown(office: Any, agent: Any) -> None:
    office.leave("M-1")
    text = (await agent.get("/messages/M-1")).text
    assert "No subject given" in text and "none given" in text


async def test_nothing_that_a_resident_wrote_is_html_or_markdown(office: Any, agent: Any) -> None:
    kept = {"title": HOSTILE, "about": HOSTILE, "contact": {"name": HOSTILE}, "journey": HOSTILE}
    office.leave("M-1", said=HOSTILE, **kept, details={HOSTILE: HOSTILE}, missed=[HOSTILE])
    for path in ("/messages", "/messages/M-1"):
        text = (await agent.get(path)).text
        assert "<script" not in text and 'href="javascript' not in text and "<strong>" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; **bold**" in text
        assert "{{ 7 * 7 }}" in text and "&amp;amp;" in text


async def test_looking_at_a_message_is_noted(office: Any, agent: Any) -> None:
    talk = office.leave("M-1")
    await agent.get("/messages/M-1")
    assert _actions(office) == [
        ("sam", audit.MESSAGE_VIEWED, "M-1"),
        ("sam", audit.TRANSCRIPT_VIEWED, talk),
    ]


async def test_a_view_that_cannot_be_noted_is_not_shown(
    office: Any, agent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.leave("M-1", about="Please call me")
    monkeypatch.setattr(audit, "add", lambda *_: 1 / 0)
    answer = await agent.get("/messages/M-1")
    assert answer.status_code == 500 and "Please call me" not in answer.text


async def test_a_message_dealt_with_moves_to_the_other_list(office: Any, agent: Any) -> None:
    office.leave("M-1", title="Missed bin")
    office.pass_time(minutes=20)
    done = await agent.send_form("/messages/M-1", "/messages/M-1/close")
    assert done.headers["location"] == "/messages/M-1"
    text = (await agent.get("/messages/M-1")).text
    assert "Dealt with by sam on Monday 3 March 2025 at 10.20am, after 20 minutes" in text
    assert "Mark as dealt with" not in text
    assert "Missed bin" not in (await agent.get("/messages")).text
    assert "Missed bin" in (await agent.get("/messages/closed")).text
    assert ("sam", audit.MESSAGE_CLOSED, "M-1") in _actions(office)


async def test_who_is_second_is_told_who_was_first(office: Any, agent: Any, new_browser: Callable[[], Any]) -> None:
    office.leave("M-1")
    office.add_account("kim", "senior")
    kim = new_browser()
    await kim.sign_in("kim")
    await kim.send_form("/messages/M-1", "/messages/M-1/close")
    late = await agent.send_form("/messages/M-1", "/messages/M-1/close", form="kept")
    assert late.status_code == 409 and "kim marked it" in late.text
    assert handovers.by_reference(office.db, "M-1").done_by == "kim"
    assert ("sam", audit.MESSAGE_CLOSED, "M-1") not in _actions(office)


async def test_the_newest_dealt_with_is_first(office: Any, agent: Any) -> None:
    for reference in ("M-1", "M-2"):
        office.leave(reference, title=f"Subject {reference}")
        office.pass_time(minutes=1)
    for reference in ("M-1", "M-2"):
        await agent.send_form(f"/messages/{reference}", f"/messages/{reference}/close")
        office.pass_time(minutes=1)
    text = (await agent.get("/messages/closed")).text
    assert text.index("Subject M-2") < text.index("Subject M-1")


async def test_a_message_that_its_resident_deleted_is_gone(office: Any, agent: Any) -> None:
    talk = office.leave("M-1")
    messages.erase(office.db, talk)
    assert (await agent.get("/messages/M-1")).status_code == 404
    assert (await agent.send_form("/messages", "/messages/M-1/close")).status_code == 404
