"""The resident's side of a talk with a person, by the interface and as a browser without scripts has it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from bot import clock
from bot.notices import notice
from bot.store import attention, conversations
from bot.store.attention import Attention
from bot.store.engine import Database
from bot.store.schema import conversation
from channels.webchat.chat import HEARTBEAT, Chat
from channels.webchat.words import fill, words
from tests.channels.webchat.conftest import Rasa, wide
from tests.channels.webchat.test_api import check_problem, read, read_all, say
from tests.channels.webchat.test_events import following, until
from tests.channels.webchat.test_page import hidden, messages
from tests.channels.webchat.test_page import say as type_in
from tests.support.staff import Staff, ask, let_wait, the_talk

CLIENT, PAGE = words()["client"], words()["page"]
PLACE = fill(CLIENT["queued_place"], {"place": 1})


@pytest.fixture
def sam(db: Database) -> Staff:
    return Staff(db)


@pytest.fixture
async def browser(base: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=base, follow_redirects=True, trust_env=False, timeout=30, verify=False
    ) as client:
        yield client


def looks(db: Database, talk: str) -> list[Attention]:
    with db.read() as connection:
        return attention.of(connection, talk, clock.now())


async def test_the_state_tells_of_the_wait_and_of_the_person(
    client: httpx.AsyncClient, token: str, db: Database, sam: Staff
) -> None:
    await say(client, "hello")
    await read_all(client)
    talk = the_talk(db)
    let_wait(db, sam, minutes=4)
    ask(db, talk)
    state = (await read(client))["state"]
    assert (state["owner"], state["place"], state["wait_minutes"], state["staff"]) == ("queued", 1, 4, None)
    sam.take(talk)
    seq = sam.says(talk, "Hello <b>there</b>")
    sam.looks(talk, seen=seq, is_typing=True)
    page = await read(client)
    assert page["messages"][-1] | {"id": None, "at": ""} == {
        "seq": seq,
        "from": "staff",
        "name": "Sam",
        "text": "Hello <b>there</b>",
        "html": "<p>Hello &lt;b&gt;there&lt;/b&gt;</p>",
        "id": None,
        "choices": [],
        "wants": None,
        "attachment": None,
        "at": "",
    }
    assert page["messages"][0]["name"] is None
    state = page["state"]
    assert (state["owner"], state["staff"], state["typing"], state["seen"]) == ("staff", "Sam", True, seq)
    assert "team" not in state


async def test_who_waits_is_told_at_once_that_they_have_come_forward(
    client: httpx.AsyncClient, token: str, db: Database, sam: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = the_talk(db)
    _, other = conversations.open_session(db, "webchat", clock.now(), timedelta(hours=1))
    ask(db, other.id)
    ask(db, mine)
    async with following(client) as events:
        (before,) = await until(events, "state", place=2)
        reads: list[str] = []
        monkeypatch.setattr(Chat, "_page", lambda *_: reads.append("read"))
        sam.take(other.id)
        async with asyncio.timeout(HEARTBEAT / 2):
            found = await until(events, "state", place=1)
        assert [name for name, *_ in found] == ["state"] and not reads, "nobody reads anything for that"
        assert found[0][2] | {"place": 2} == before[2] | {"expires_in": found[0][2]["expires_in"]}


async def test_the_wait_is_ended_by_who_waits(client: httpx.AsyncClient, token: str, db: Database, rasa: Rasa) -> None:
    ask(db, the_talk(db))
    answer = await client.post("/webchat/stop-waiting")
    assert (answer.status_code, answer.json()) == (200, {"owner": "assistant"})
    page = await read_all(client)
    assert page["state"]["owner"] == "assistant" and rasa.heard == ["/back_from_person"]
    assert page["messages"][0]["text"] == notice("gave_up")
    again = await client.post("/webchat/stop-waiting")
    assert again.json() == {"owner": "assistant"} and len(rasa.heard) == 1, "twice is once"


async def test_it_is_too_late_to_stop_when_somebody_has_joined(
    client: httpx.AsyncClient, token: str, db: Database, sam: Staff, rasa: Rasa
) -> None:
    ask(db, the_talk(db))
    sam.take(the_talk(db))
    answer = await client.post("/webchat/stop-waiting")
    assert (answer.status_code, answer.json()) == (200, {"owner": "staff"})
    assert (await read(client))["state"]["owner"] == "staff" and rasa.heard == []


async def test_staff_see_that_the_resident_reads_and_types(client: httpx.AsyncClient, token: str, db: Database) -> None:
    await say(client, "hello")
    await read_all(client)
    talk = the_talk(db)
    assert (await client.post("/webchat/typing?cursor=2")).status_code == 204
    assert looks(db, talk) == [], "the assistant needs to know nothing of it"
    ask(db, talk)
    assert (await client.post("/webchat/typing?cursor=1")).status_code == 204
    assert looks(db, talk) == [Attention("", 1, True, True)]
    assert (await client.post("/webchat/seen?cursor=999")).status_code == 204
    assert looks(db, talk) == [Attention("", 2, True, False)], "no more can be seen than was said"
    assert (await client.post("/webchat/seen?leaves=1")).status_code == 204
    assert looks(db, talk) == [Attention("", 2, False, False)]


@pytest.mark.parametrize("limits", [wide(attention=2, messages=2)])
async def test_the_new_ways_in_are_guarded_as_the_others(client: httpx.AsyncClient, base: str, token: str) -> None:
    paths = ("stop-waiting", "seen", "typing")
    async with httpx.AsyncClient(base_url=base, trust_env=False) as bare:
        for path in paths:
            check_problem(await bare.post(f"/webchat/{path}"), "no_session")
    for path in paths:
        other_site = await client.post(f"/webchat/{path}", headers={"Sec-Fetch-Site": "cross-site"})
        check_problem(other_site, "forbidden")
    check_problem(await client.post("/webchat/seen?cursor=x"), "bad_request")
    for _ in range(2):
        assert (await client.post("/webchat/seen")).status_code == 204
        assert (await client.post("/webchat/stop-waiting")).status_code == 200
    check_problem(await client.post("/webchat/typing"), "too_many")
    check_problem(await client.post("/webchat/stop-waiting"), "too_many")


async def test_a_follower_hears_when_somebody_stops_typing_without_a_word(
    client: httpx.AsyncClient, token: str, db: Database, sam: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "TYPING", attention.TYPING / 3)
    talk = the_talk(db)
    ask(db, talk)
    sam.take(talk)
    async with following(client) as events:
        await until(events, "state", owner="staff", typing=False)
        sam.looks(talk, is_typing=True)
        await until(events, "state", typing=True)
        await until(events, "state", typing=False)
    sam.looks(talk, is_typing=True)
    async with asyncio.timeout(10):
        known = (await read(client))["state"]["revision"]
        waited = await client.get("/webchat/messages", params={"after": 9, "wait": 20, "known": known})
    assert waited.json()["state"]["typing"] is False


@pytest.mark.parametrize("is_form", [True, False])
async def test_the_language_of_the_page_is_kept_for_staff(
    browser: httpx.AsyncClient, db: Database, is_form: bool
) -> None:
    await browser.get("/?lang=cy")
    await (type_in(browser, "hello") if is_form else browser.post("/webchat/sessions"))
    with db.read() as connection:
        assert connection.execute(select(conversation.c.language)).scalars().all() == ["cy"]


async def wait_for_a_person(browser: httpx.AsyncClient, db: Database) -> str:
    await type_in(browser, "hello")
    ask(db, the_talk(db))
    return the_talk(db)


async def test_who_waits_is_told_their_place_and_the_wait(browser: httpx.AsyncClient, db: Database, sam: Staff) -> None:
    await wait_for_a_person(browser, db)
    text = (await browser.get("/")).text
    assert f"{PLACE} {CLIENT['wait_unknown']} {CLIENT['queued_kept']}" in text
    assert re.search(r'<form id="stop" method="post" action="/chat/stop-waiting">', text)
    assert 'action="/chat/refresh"' in text, "to look for news"
    assert looks(db, the_talk(db)) == [Attention("", 2, True, False)]


async def test_the_usual_wait_is_told(browser: httpx.AsyncClient, db: Database, sam: Staff) -> None:
    await type_in(browser, "hello")
    talk = the_talk(db)
    let_wait(db, sam, minutes=1)
    ask(db, talk)
    text = (await browser.get("/")).text
    assert f"{PLACE} {CLIENT['wait_one']}" in text


async def test_the_wait_is_ended_with_a_form(browser: httpx.AsyncClient, db: Database) -> None:
    await wait_for_a_person(browser, db)
    form = hidden((await browser.get("/")).text)
    assert (await browser.post("/chat/stop-waiting", data={"form_token": "forged"})).status_code == 403
    answer = await browser.post("/chat/stop-waiting", data=form)
    assert answer.url.path == "/"
    assert [text for _, text in messages(answer.text)][-2:] == [notice("gave_up"), "You said /back_from_person"]
    assert re.search(r'<div class="notice standing" id="standing" hidden>', answer.text)


async def test_the_form_comes_too_late(browser: httpx.AsyncClient, db: Database, sam: Staff) -> None:
    talk = await wait_for_a_person(browser, db)
    form = hidden((await browser.get("/")).text)
    sam.take(talk)
    answer = await browser.post("/chat/stop-waiting", data=form)
    assert answer.status_code == 409
    assert CLIENT["too_late"] in answer.text and PAGE["back"] in answer.text


async def test_a_talk_with_a_person_by_forms(browser: httpx.AsyncClient, db: Database, sam: Staff, rasa: Rasa) -> None:
    talk = await wait_for_a_person(browser, db)
    await type_in(browser, "while I wait")
    sam.take(talk)
    sam.says(talk, "Hello *there*")
    answer = await type_in(browser, "are you a person?")
    assert messages(answer.text)[2:] == [
        ("You said", "while I wait"),
        ("Message from the council", notice("joined", name="Sam")),
        ("Sam from the council said", "Hello there"),
        ("You said", "are you a person?"),
    ]
    assert rasa.heard == ["hello"]
    assert fill(CLIENT["staff_named"], {"name": "Sam"}) in answer.text
    assert 'class="seen"' not in answer.text
    sam.looks(talk, seen=3)
    assert re.findall(r'data-seq="(\d+)"(?:(?!<li).)*class="seen"', (await browser.get("/")).text, re.DOTALL) == ["3"]


async def test_the_talk_is_rated_when_staff_have_ended_it(browser: httpx.AsyncClient, db: Database, sam: Staff) -> None:
    talk = await wait_for_a_person(browser, db)
    sam.take(talk)
    sam.says(talk, "Hello")
    sam.end(talk)
    offered = re.compile(r'<a class="button plain" id="rate-talk" href="/chat/rate">')
    text = (await browser.get("/")).text
    assert offered.search(text) and CLIENT["talk_over"] in text
    assert messages((await type_in(browser, "thanks")).text)[-1] == ("Assistant said", "You said thanks")
    form = hidden((await browser.get("/chat/rate")).text)
    await browser.post("/chat/rate", data=form | {"score": "5"})
    assert not offered.search((await browser.get("/")).text)


async def test_copies_name_the_person(browser: httpx.AsyncClient, db: Database, base: str) -> None:
    talk = await wait_for_a_person(browser, db)
    sam = Staff(db, "sam", "Sam {name} <i>")
    sam.take(talk)
    sam.says(talk, "Hello")
    assert "\nSam {name} <i> from the council said (" in (await browser.get("/chat/transcript.txt")).text
    page = (await browser.get("/chat/transcript.html")).text
    assert "<h2>Sam {name} &lt;i&gt; from the council said (" in page


async def test_a_chat_with_a_person_speaks_the_language_of_the_page(
    browser: httpx.AsyncClient, db: Database, sam: Staff, set_settings: Callable[..., None]
) -> None:
    talk = await wait_for_a_person(browser, db)
    sam.take(talk)
    sam.says(talk, "Bore da")
    text = (await browser.get("/?lang=cy")).text
    assert fill(words("cy")["client"]["staff_named"], {"name": "Sam"}) in text
    assert re.search(r'<div class="said" id="said-\d" dir="auto"><p>Bore da', text), "in whatever they write"


async def test_the_resident_leaves_whoever_has_it(browser: httpx.AsyncClient, db: Database, sam: Staff) -> None:
    talk = await wait_for_a_person(browser, db)
    sam.take(talk)
    form = hidden((await browser.get("/chat/end")).text)
    assert (await browser.post("/chat/end", data=form)).url.path == "/chat/ended"
    ended = conversations.by_id(db, talk)
    assert ended and ended.ended and ended.owner == "assistant"
