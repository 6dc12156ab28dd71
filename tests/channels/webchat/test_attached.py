"""Files that staff send: shown to the resident of the conversation, opened by nobody else, gone with the chat."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from bot import clock
from bot.settings import settings
from bot.store import messages, redaction, uploads
from bot.store.engine import Database
from bot.uploads import files
from channels.webchat.words import words
from tests.channels.webchat.test_api import check_problem, read_all, say
from tests.channels.webchat.test_page import say as type_in
from tests.support.staff import Staff, ask, the_talk

PDF = {"media_type": "application/pdf", "name": "Form <1>.pdf"}
SHOWS = 'The bin "in" the yard'


def picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(data, "JPEG")
    return data.getvalue()


PHOTO = {"media_type": "image/jpeg", "description": SHOWS, "width": 40, "height": 30}


@pytest.fixture
def sam(db: Database) -> Staff:
    return Staff(db)


@pytest.fixture
async def talk(client: httpx.AsyncClient, token: str, db: Database, sam: Staff) -> str:
    """A conversation that Sam has, of the client."""
    await say(client, "hello")
    await read_all(client)
    ask(db, the_talk(db))
    sam.take(the_talk(db))
    return the_talk(db)


@pytest.fixture
async def stranger(base: str, talk: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=30) as client:
        await client.post("/webchat/sessions")
        yield client


async def test_a_picture_comes_with_what_it_shows(client: httpx.AsyncClient, talk: str, sam: Staff) -> None:
    sent = sam.sends(talk, picture(), "Is it this one?", **PHOTO)
    said = (await client.get("/webchat/messages?after=0")).json()["messages"][-1]
    assert (said["text"], said["html"], said["from"]) == ("Is it this one?", "<p>Is it this one?</p>", "staff")
    url = f"/webchat/uploads/{sent.upload}"
    about = {"url": url, "media_type": "image/jpeg", "size": sent.size, "name": "", "title": SHOWS}
    assert said["attachment"] == about | {"width": 40, "height": 30}
    answer = await client.get(url)
    assert answer.content == picture() and answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_nobody_else_opens_it(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, base: str, talk: str, sam: Staff, token: str
) -> None:
    url = f"/webchat/uploads/{sam.sends(talk, picture(), **PHOTO).upload}"
    check_problem(await stranger.get(url), "not_found")
    for wrong in ("/webchat/uploads/" + "ab" * 16, "/webchat/uploads/..%2fsecret"):
        check_problem(await client.get(wrong), "not_found")
    async with httpx.AsyncClient(base_url=base, trust_env=False) as nobody:
        check_problem(await nobody.get(url), "no_session")
        assert (await nobody.get(url, headers={"Authorization": f"Bearer {token}"})).status_code == 200
    await client.post("/webchat/end")
    check_problem(await client.get(url), "no_session")


async def test_the_page_without_scripts_shows_both_kinds(base: str, db: Database, sam: Staff) -> None:
    async with httpx.AsyncClient(base_url=base, follow_redirects=True, trust_env=False, timeout=30) as browser:
        await type_in(browser, "hello")
        talk = the_talk(db)
        ask(db, talk)
        sam.take(talk)
        shown, saved = sam.sends(talk, picture(), **PHOTO), sam.sends(talk, b"%PDF-" + bytes(1_249_995), **PDF)
        text = (await browser.get("/")).text
        alt = "The bin &#34;in&#34; the yard"
        assert f'<img src="/webchat/uploads/{shown.upload}" alt="{alt}" width="40" height="30">' in text
        name = "Form &lt;1&gt;.pdf"
        assert f'<a href="/webchat/uploads/{saved.upload}" download="{name}">{name} (1.2 MB)</a>' in text
        answer = await browser.get(f"/webchat/uploads/{saved.upload}")
        assert answer.headers["content-disposition"] == "attachment"
        kept = words()["transcript"]
        as_text = (await browser.get("/chat/transcript.txt")).text
        assert f"{kept['picture']} {SHOWS}" in as_text and f"{kept['document']} Form <1>.pdf (1.2 MB)" in as_text
        as_html = (await browser.get("/chat/transcript.html")).text
        assert f"{kept['picture']} {alt}" in as_html and "/webchat/" not in as_html


async def test_it_goes_with_the_chat(client: httpx.AsyncClient, talk: str, sam: Staff, db: Database) -> None:
    sent = sam.sends(talk, picture(), **PHOTO)
    url = f"/webchat/uploads/{sent.upload}"
    assert (await client.get(url)).status_code == 200
    messages.erase(db, talk)
    check_problem(await client.get(url), "not_found")
    assert files.sweep(uploads.ids(db), older_than_seconds=-1) == 1
    assert not any((Path(settings().var_dir) / "uploads").iterdir())


async def test_words_that_are_removed_go_from_its_description_and_it_still_opens(
    client: httpx.AsyncClient, talk: str, sam: Staff, db: Database
) -> None:
    sent = sam.sends(talk, picture(), **PHOTO)
    for word in ("YARD", sent.upload[:3], "image"):
        redaction.redact(db, talk, word, "sam", clock.now())
    file = (await client.get("/webchat/messages?after=0")).json()["messages"][-1]["attachment"]
    assert file["title"] == 'The bin "in" the [removed]'
    assert (await client.get(file["url"])).headers["content-type"] == "image/jpeg"
