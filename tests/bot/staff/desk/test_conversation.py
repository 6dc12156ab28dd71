"""The page of one conversation: who may read it, what it shows, and what is new since."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.store import attention, audit, conversations, messages, notes, ownership, redaction, uploads
from bot.store.ownership import Change
from bot.store.uploads import Upload
from bot.uploads import files

HOSTILE = "<script>alert(1)</script> **bold** {{ 7 * 7 }} \"'>&amp;"
SignedIn = Callable[..., Awaitable[Any]]


def _actions(office: Any, *kinds: str) -> list[tuple[str, str, str]]:
    return [(row.actor, row.action, row.subject) for row in reversed(audit.latest(office.db)) if row.action in kinds]


def _page(talk: str) -> str:
    return f"/desk/c/{talk}"


async def test_whose_it_is_decides_who_reads_it(desk: Any, signed_in: SignedIn) -> None:
    sam, kim, lee = await signed_in("sam", "agent"), await signed_in("kim", "agent"), await signed_in("lee", "senior")
    talk = desk.talk()
    assert [(await each.get(_page(talk))).status_code for each in (sam, kim, lee)] == [403, 403, 200]
    queued = desk.ask("Missed bin")
    assert [(await each.get(_page(queued))).status_code for each in (sam, kim, lee)] == [200, 200, 200]
    desk.take(queued, "sam")
    assert [(await each.get(_page(queued))).status_code for each in (sam, kim, lee)] == [200, 403, 200]
    refused = await kim.get(f"{_page(queued)}/news")
    assert refused.status_code == 403 and "Where is my bin" not in refused.text


@pytest.mark.parametrize("path", ["/desk/c/nobody", f"/desk/c/{'x' * 65}", "/desk/c/nobody/news"])
async def test_what_is_not_there_is_not_found(signed_in: SignedIn, desk: Any, path: str) -> None:
    assert (await (await signed_in("lee", "senior")).get(path)).status_code == 404


async def test_reading_what_one_does_not_own_is_noted(office: Any, desk: Any, signed_in: SignedIn) -> None:
    lee = await signed_in("lee", "senior")
    talk = desk.ask("Missed bin")
    await lee.get(_page(talk))
    desk.take(talk, "lee")
    await lee.get(_page(talk))
    ownership.end(office.db, talk, office.now)
    await lee.get(_page(talk))
    assert _actions(office, audit.LISTENED, audit.TRANSCRIPT_VIEWED) == [
        ("lee", audit.LISTENED, talk),
        ("lee", audit.TRANSCRIPT_VIEWED, talk),
    ]


async def test_what_cannot_be_noted_is_not_shown(
    desk: Any, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    lee, talk = await signed_in("lee", "senior"), desk.talk()
    monkeypatch.setattr(audit, "add", lambda *_: 1 / 0)
    for path in (_page(talk), f"{_page(talk)}/news"):
        shown = await lee.get(path)
        assert shown.status_code == 500 and "Where is my bin" not in shown.text


async def test_news_without_a_page_are_noted_too(office: Any, desk: Any, signed_in: SignedIn) -> None:
    lee, talk = await signed_in("lee", "senior"), desk.talk()
    ticket = (await lee.get(f"{_page(talk)}/news?after=1")).json()["ticket"]
    await lee.get(f"{_page(talk)}/news", params={"after": "1", "ticket": ticket})
    assert _actions(office, audit.LISTENED) == [("lee", audit.LISTENED, talk)]
    desk.person("sam", "agent")
    ownership.change(office.db, talk, Change("pull", "sam", reason="pulled"), office.now)
    await lee.get(f"{_page(talk)}/news", params={"after": "1", "ticket": ticket})
    assert len(_actions(office, audit.LISTENED)) == 2, "the ticket was for the conversation as it stood"


async def test_everything_said_and_noted_stands_in_order_with_who_it_was(
    office: Any, desk: Any, signed_in: SignedIn
) -> None:
    desk.person("sam", "agent")
    talk = desk.ask("Missed bin")
    office.pass_time(minutes=1)
    desk.take(talk, "sam")
    notes.add(office.db, talk, notes.UNSAID, "assistant", "Put it out by seven", office.now)
    office.pass_time(minutes=1)
    notes.add(office.db, talk, notes.NOTE, "sam", "Third time", office.now)
    office.pass_time(days=1)
    ownership.staff_says(office.db, talk, "sam", "Sam", "Hello, I am Sam", "id-1", office.now)
    text = (await (await signed_in("lee", "senior")).get(_page(talk))).text
    shown = ("Where is my bin?", "Not said to the resident", "Put it out by seven", "Private note", "Third time")
    places = [text.index(each) for each in (*shown, "Tuesday 4 March 2025", "Hello, I am Sam")]
    assert places == sorted(places)
    assert "Monday 3 March 2025" in text and 'role="log" aria-live="off"' in text
    assert 'data-kind="private" data-who="Private note"' in text


async def test_facts_say_what_is_known_and_why_nothing_earlier_is(office: Any, desk: Any, signed_in: SignedIn) -> None:
    sam, talk = await signed_in("sam", "agent"), desk.talk()
    summary = {"title": "Missed bin", "journey": "bin_missed", "step": "Bin", "details": {"Address": "1 Sample Street"}}
    asked = Change("ask", "assistant", team="waste_streets", reason="missed", summary=summary | {"missed": ["flumph"]})
    ownership.change(office.db, talk, asked, office.now)
    text = (await sam.get(_page(talk))).text
    for shown in ("Missed bin", "Report a missed bin", "1 Sample Street", "flumph", "Waste and streets"):
        assert shown in text
    assert "did not understand several times" in text and "cannot prove who somebody is" in text


@pytest.mark.parametrize(("tag", "name"), [("en", "English"), ("cy", "Welsh"), ("pl", "pl")])
async def test_channel_and_language_are_told_in_words(
    office: Any, desk: Any, signed_in: SignedIn, tag: str, name: str
) -> None:
    lee, lasts = await signed_in("lee", "senior"), timedelta(hours=1)
    talk = conversations.open_session(office.db, "webchat", office.now, lasts, tag)[1].id
    text = (await lee.get(_page(talk))).text
    assert f"<dt>Language</dt><dd>{name}</dd>" in text and "<dt>Channel</dt><dd>Web chat</dd>" in text


async def test_what_we_told_a_resident_is_shown_as_they_read_it(office: Any, desk: Any, signed_in: SignedIn) -> None:
    lee, typed = await signed_in("lee", "senior"), "**Now** [here](https://example.org)"
    talk = desk.talk(typed)
    with office.db.write() as connection:
        messages.add(connection, talk, messages.ASSISTANT, f"{typed}\n\n- <b>Black bin</b>", office.now)
    notes.add(office.db, talk, notes.UNSAID, "assistant", "**Nearly** said", office.now)
    notes.add(office.db, talk, notes.NOTE, "lee", "**Not** said", office.now)
    for shown in ((await lee.get(_page(talk))).text, (await lee.get(f"{_page(talk)}/news")).json()["html"]):
        assert '<strong>Now</strong> <a href="https://example.org" rel="noopener">here</a>' in shown
        assert "<li>&lt;b&gt;Black bin&lt;/b&gt;</li>" in shown and "<strong>Nearly</strong> said" in shown
        assert f'dir="auto">{typed}</p>' in shown and "**Not** said" in shown, "others' words stay as they were typed"


async def test_nothing_that_anybody_wrote_is_html(office: Any, desk: Any, signed_in: SignedIn) -> None:
    lee, talk = await signed_in("lee", "senior"), desk.talk(HOSTILE)
    asked = Change("ask", "assistant", reason=HOSTILE, team=HOSTILE, summary={"title": HOSTILE, "missed": [HOSTILE]})
    ownership.change(office.db, talk, asked, office.now)
    notes.add(office.db, talk, notes.NOTE, "lee", HOSTILE, office.now)
    for shown in ((await lee.get(_page(talk))).text, (await lee.get(f"{_page(talk)}/news")).json()["html"]):
        assert "<script>alert" not in shown and "&lt;script&gt;alert(1)&lt;/script&gt; **bold**" in shown
        assert "{{ 7 * 7 }}" in shown and "&amp;amp;" in shown


async def test_news_are_what_a_page_does_not_have(office: Any, desk: Any, signed_in: SignedIn) -> None:
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    desk.take(talk, "sam")
    first = (await sam.get(f"{_page(talk)}/news")).json()
    assert first["is_whole"] and "Where is my bin?" in first["html"] and "composer" in first["panel"]
    desk.write(talk, "Hello?", "p2")
    notes.add(office.db, talk, notes.NOTE, "sam", "Hm", office.now)
    has = {
        "after": first["seq"],
        "note": first["note"],
        **{key: first[key] for key in ("version", "edition", "ticket")},
    }
    then = (await sam.get(f"{_page(talk)}/news", params=has)).json()
    assert not then["is_whole"] and not then["panel"]
    assert "Hello?" in then["html"] and "Hm" in then["html"] and "Where is my bin?" not in then["html"]
    redaction.redact(office.db, talk, "my bin", "sam", office.now)
    again = (await sam.get(f"{_page(talk)}/news", params=has)).json()
    assert again["is_whole"] and "Where is [removed]?" in again["html"] and "my bin" not in again["html"]


async def test_what_the_resident_has_seen_and_who_else_is_there(office: Any, desk: Any, signed_in: SignedIn) -> None:
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    desk.take(talk, "sam")
    seq = ownership.staff_says(office.db, talk, "sam", "Sam", "Hello", "id-1", office.now)
    assert (await sam.get(f"{_page(talk)}/news")).json()["seen"] == 0
    attention.look(office.db, talk, attention.RESIDENT, seq, True, office.now)
    attention.look(office.db, talk, "kim", 0, False, office.now)
    news = (await sam.get(f"{_page(talk)}/news")).json()
    assert news["seen"] == seq and news["html"].count("Seen by the resident") == 1
    assert (news["typing"], news["viewing"]) == ("The resident is typing.", "Kim is looking at this conversation too.")


async def test_the_owner_is_warned_that_the_resident_waits(office: Any, desk: Any, signed_in: SignedIn) -> None:
    sam, lee, talk = await signed_in("sam", "agent"), await signed_in("lee", "senior"), desk.ask("Missed bin")
    desk.take(talk, "sam")
    office.pass_time(minutes=1)
    assert "minutes for an answer" not in (await sam.get(_page(talk))).text
    office.pass_time(minutes=2)
    text = " ".join((await sam.get(_page(talk))).text.split())
    assert "The resident has waited 3 minutes for an answer." in text
    assert "minutes for an answer" not in (await lee.get(_page(talk))).text


async def test_a_file_opens_for_those_who_may_read_the_conversation(
    office: Any, desk: Any, signed_in: SignedIn
) -> None:
    lee, kim = await signed_in("lee", "senior"), await signed_in("kim", "agent")
    talk, other, name = desk.talk(), desk.talk(), "ab" * 16
    path = files.path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\xff\xd8photo")
    uploads.add(office.db, Upload(name, talk, "image/jpeg", 7, office.now))
    payload = f'/answer{{"question": "photo", "value": "{name}"}}'
    messages.receive(office.db, talk, "p2", "I sent a photo", payload, office.now, office.now)
    address = f"{_page(talk)}/uploads/{name}"
    assert address in (await lee.get(_page(talk))).text
    shown = await lee.get(address)
    assert (shown.content, shown.headers["content-type"]) == (b"\xff\xd8photo", "image/jpeg")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert (await kim.get(address)).status_code == 403
    for wrong in (f"{_page(other)}/uploads/{name}", f"{_page(talk)}/uploads/..%2Fledger.db"):
        assert (await lee.get(wrong)).status_code == 404
    path.unlink()
    assert (await lee.get(address)).status_code == 404
