"""Steps with a conversation, as forms: what they change, who may, and who is second."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.content import ContentError
from bot.handover import ASSISTANT, QUEUED, STAFF
from bot.notices import notice
from bot.staff.desk import gathering
from bot.store import handovers, messages, notes, ownership, turns
from bot.store.turns import Turn

SignedIn = Callable[..., Awaitable[Any]]


async def _step(desk: Any, browser: Any, talk: str, name: str, version: int | None = None, **fields: str) -> Any:
    if version is None:
        version = ownership.standing(desk.office.db, talk).version
    return await browser.send_form("/password", f"/desk/c/{talk}/{name}", version=str(version), **fields)


def _stands(desk: Any, talk: str) -> tuple[str, str | None]:
    now = ownership.standing(desk.office.db, talk)
    return now.owner, now.staff


def _last(desk: Any, talk: str) -> Any:
    return messages.after(desk.office.db, talk, 0)[-1]


async def test_taking_tells_the_resident_who_has_come(desk: Any, signed_in: SignedIn) -> None:
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    assert "Take this conversation" in (await sam.get(f"/desk/c/{talk}")).text
    done = await _step(desk, sam, talk, "take")
    assert (done.status_code, done.headers["location"]) == (303, f"/desk/c/{talk}#text")
    assert _stands(desk, talk) == (STAFF, "sam") and _last(desk, talk).text == notice("joined", name="Sam")
    assert 'id="composer"' in (await sam.get(f"/desk/c/{talk}")).text


async def test_who_is_second_is_told_who_won_and_loses_nothing(desk: Any, signed_in: SignedIn) -> None:
    sam, kim, talk = await signed_in("sam", "agent"), await signed_in("kim", "agent"), desk.ask("Missed bin")
    seen = ownership.standing(desk.office.db, talk).version
    await _step(desk, sam, talk, "take", seen)
    late = await _step(desk, kim, talk, "take", seen)
    assert late.status_code == 409 and "Sam has this conversation now." in late.text
    assert "Where is my bin" not in late.text, "it is not theirs to read any more"
    note = await _step(desk, kim, talk, "note", note="Half an hour's work")
    assert note.status_code == 409 and "Half an hour&#39;s work" in note.text
    said = await _step(desk, kim, talk, "say", text="Hello <b>", sent_as="0123456789")
    assert said.status_code == 409 and "Hello &lt;b&gt;" in said.text
    assert _stands(desk, talk) == (STAFF, "sam")


async def test_nobody_has_more_than_they_can_have(desk: Any, signed_in: SignedIn) -> None:
    sam = await signed_in("sam", "agent")
    for _ in range(4):
        desk.take(desk.ask("Missed bin"), "sam")
    talk = desk.ask("One more")
    full = await _step(desk, sam, talk, "take")
    assert full.status_code == 409 and "as many conversations as you can have (4)" in full.text
    assert _stands(desk, talk) == (QUEUED, None)


async def test_handing_back_lets_the_assistant_go_on_and_leads_to_the_record(desk: Any, signed_in: SignedIn) -> None:
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    desk.take(talk, "sam")
    reference = ownership.standing(desk.office.db, talk).handover
    done = await _step(desk, sam, talk, "hand-back")
    assert done.headers["location"] == f"/desk/wrap-up/{reference}" and _stands(desk, talk) == (ASSISTANT, None)
    last = _last(desk, talk)
    assert (last.text, last.payload) == (notice("handed_back", name="Sam"), "/back_from_person")


async def test_ending_wakes_no_assistant(desk: Any, signed_in: SignedIn) -> None:
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    desk.take(talk, "sam")
    await _step(desk, sam, talk, "end")
    last = _last(desk, talk)
    assert (last.text, last.payload) == (notice("ended", name="Sam"), "") and _stands(desk, talk) == (ASSISTANT, None)


async def test_a_journey_is_started_by_its_query_and_can_be_followed(desk: Any, signed_in: SignedIn) -> None:
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    desk.take(talk, "sam")
    assert "Report a missed bin" in (await sam.get(f"/desk/c/{talk}")).text
    wrong = await _step(desk, sam, talk, "hand-back", query="restart")
    assert wrong.status_code == 422 and _stands(desk, talk) == (STAFF, "sam")
    done = await _step(desk, sam, talk, "hand-back", query="bin_missed")
    assert done.headers["location"] == f"/desk/c/{talk}" and _last(desk, talk).payload == "/bin_missed"
    shown = await sam.get(f"/desk/c/{talk}")
    assert shown.status_code == 200 and "Take it from the assistant" in shown.text
    assert (await _step(desk, sam, talk, "pull")).status_code == 303
    assert _stands(desk, talk) == (STAFF, "sam")
    assert handovers.of_conversation(desk.office.db, talk).summary == {"title": "Missed bin"}


async def test_what_is_known_is_gathered_at_a_pull_as_at_a_handover(desk: Any, signed_in: SignedIn) -> None:
    lee, talk = await signed_in("lee", "senior"), desk.talk()
    events = (
        {"event": "user", "text": "my bin was missed", "parse_data": {"understanding": {"query": "bin_missed"}}},
        {"event": "active_loop", "name": "bin_missed_form"},
        {"event": "user", "text": "flumph", "parse_data": {"understanding": {"refused": True}}},
    )
    turns.commit_turn(desk.office.db, Turn(talk, 0, events, ()), desk.office.now)
    assert (await _step(desk, lee, talk, "pull")).status_code == 303
    found = handovers.of_conversation(desk.office.db, talk).summary
    assert found["journey"] == "Report a missed bin" and found["missed"] == ["flumph"] and found["step"]
    shown = (await lee.get(f"/desk/c/{talk}")).text
    assert '<h1 id="subject">Report a missed bin</h1>' in shown and "<dt>At the question</dt>" in shown


async def test_a_pull_needs_no_content_that_can_be_read(
    desk: Any, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    lee, talk = await signed_in("lee", "senior"), desk.talk()
    turns.commit_turn(desk.office.db, Turn(talk, 0, ({"event": "restart"},), ()), desk.office.now)

    def broken() -> None:
        raise ContentError([])

    monkeypatch.setattr(gathering, "journeys", broken)
    assert (await _step(desk, lee, talk, "pull")).status_code == 303
    assert handovers.of_conversation(desk.office.db, talk).summary == {}


async def test_only_the_owner_hands_back_and_ends(desk: Any, signed_in: SignedIn) -> None:
    lee, talk = await signed_in("lee", "senior"), desk.ask("Missed bin")
    desk.person("sam", "agent")
    desk.take(talk, "sam")
    for name in ("hand-back", "end"):
        assert (await _step(desk, lee, talk, name)).status_code == 409
    assert _stands(desk, talk) == (STAFF, "sam")


async def test_an_agent_does_not_pull_what_is_the_assistants(desk: Any, signed_in: SignedIn) -> None:
    sam, lee, talk = await signed_in("sam", "agent"), await signed_in("lee", "senior"), desk.talk()
    assert (await _step(desk, sam, talk, "pull")).status_code == 403
    assert (await _step(desk, lee, talk, "pull")).status_code == 303
    assert _stands(desk, talk) == (STAFF, "lee")
    ownership.end(desk.office.db, talk, desk.office.now)
    ended = await _step(desk, lee, talk, "pull")
    assert ended.status_code == 409 and "The resident has ended this conversation." in ended.text


async def test_a_colleague_gets_it_with_a_note_if_they_are_there_and_have_room(desk: Any, signed_in: SignedIn) -> None:
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    desk.take(talk, "sam")
    desk.person("kim", "agent", is_available=True)
    desk.person("pat", "agent")
    text = (await sam.get(f"/desk/c/{talk}")).text
    assert 'value="kim"' in text and 'value="pat"' not in text
    absent = await _step(desk, sam, talk, "transfer", to="pat", note="Kept <i>")
    assert absent.status_code == 422 and "Kept &lt;i&gt;" in absent.text
    done = await _step(desk, sam, talk, "transfer", to="kim", note="Knows the crew")
    assert done.headers["location"] == "/desk" and _stands(desk, talk) == (STAFF, "kim")
    assert _last(desk, talk).text == notice("transferred", name="Kim")
    assert [(each.kind, each.text) for each in notes.of(desk.office.db, talk)] == [(notes.STEP, "Knows the crew")]


async def test_seniors_reassign_what_others_have_and_agents_do_not(desk: Any, signed_in: SignedIn) -> None:
    sam, lee, talk = await signed_in("sam", "agent"), await signed_in("lee", "senior"), desk.ask("Missed bin")
    desk.person("kim", "agent", is_available=True)
    desk.take(talk, "kim")
    for name, to in (("transfer", {"to": "kim"}), ("requeue", {"team": "money"})):
        refused = await _step(desk, sam, talk, name, **to)
        assert refused.status_code == 409 and "Kim has this conversation now." in refused.text
    assert (await _step(desk, lee, talk, "transfer", to="lee")).headers["location"] == f"/desk/c/{talk}"
    assert _stands(desk, talk) == (STAFF, "lee")


async def test_another_team_gets_it_and_the_resident_is_told(desk: Any, signed_in: SignedIn) -> None:
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    desk.take(talk, "sam")
    assert (await _step(desk, sam, talk, "requeue", team="nowhere")).status_code == 422
    await _step(desk, sam, talk, "requeue", team="money", note="About a bill")
    assert _stands(desk, talk) == (QUEUED, None) and _last(desk, talk).text == notice("other_team")
    assert handovers.of_conversation(desk.office.db, talk).team == "money"
    await _step(desk, sam, talk, "requeue", team="care")
    assert handovers.of_conversation(desk.office.db, talk).team == "care" and _stands(desk, talk) == (QUEUED, None)
    desk.take(talk, "sam")
    await _step(desk, sam, talk, "requeue", team="care")
    assert _last(desk, talk).text == notice("waiting_again")


async def test_a_step_needs_the_version_that_was_seen(desk: Any, signed_in: SignedIn) -> None:
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    assert (await sam.send_form("/password", f"/desk/c/{talk}/take")).status_code == 400
    assert (await _step(desk, sam, talk, "take", 0)).status_code == 409
    assert (await sam.post(f"/desk/c/{talk}/take", data={"version": "1"})).status_code == 403, "no form of ours"
