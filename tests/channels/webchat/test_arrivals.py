"""Photos, documents and places: taken where a question asks for them, made safe, and only once."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from bot.links import upload_link
from bot.settings import settings
from bot.store import uploads
from bot.store.engine import Database
from bot.uploads import files, receiving
from channels.webchat.limits import Gauge, Limits, Window
from channels.webchat.words import words
from tests.bot.uploads.pictures import photo
from tests.channels.webchat.conftest import Rasa, wide
from tests.channels.webchat.test_api import check_problem, new_id, read_all, say


async def send(client: httpx.AsyncClient, data: bytes, message_id: str = "") -> httpx.Response:
    form = {"id": message_id or new_id()}
    return await client.post("/webchat/uploads", data=form, files={"file": ("me.jpg", data, "image/jpeg")})


async def ask(client: httpx.AsyncClient, what: str) -> None:
    await say(client, what)
    assert (await read_all(client))["messages"][-1]["wants"] == what.rstrip("?")


def kept() -> list[Path]:
    folder = Path(settings().var_dir) / "uploads"
    return sorted(folder.iterdir()) if folder.exists() else []


async def test_a_photo_answers_the_question_that_asked_for_it(
    client: httpx.AsyncClient, token: str, rasa: Rasa, db: Database
) -> None:
    await ask(client, "photo?")
    message_id = new_id()
    assert (await send(client, photo(), message_id)).status_code == 202
    page = await read_all(client)
    assert page["messages"][-2]["text"] == words()["page"]["sent_photo"]
    (file,) = kept()
    payload = rasa.heard[-1]
    assert payload == "/answer" + json.dumps({"question": "spill_photo", "value": file.name})
    sent = uploads.by_id(db, file.name)
    assert sent and (sent.media_type, sent.size) == ("image/jpeg", file.stat().st_size)
    assert b"camera" not in file.read_bytes()
    again = await send(client, photo(), message_id)
    assert again.status_code == 202, "only the acknowledgement was lost"
    assert len(rasa.heard) == 2 and kept() == [file]


async def test_the_link_of_a_report_shows_the_file_and_nothing_else_does(
    client: httpx.AsyncClient, token: str, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(client, "photo?")
    await send(client, photo())
    await read_all(client)
    (file,) = kept()
    path = upload_link(file.name).removeprefix(settings().public)
    async with httpx.AsyncClient(base_url=base, trust_env=False) as back_end:
        answer = await back_end.get(path)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert Image.open(io.BytesIO(answer.content)).size == (40, 30)
        for wrong in (f"/files/{file.name}", path[:-1], path + "x", "/files/..%2fsecret"):
            assert (await back_end.get(wrong)).status_code == 404
        await client.post("/webchat/end")
        assert (await back_end.get(path)).status_code == 200, "the report needs it still"
        file.unlink()
        assert (await back_end.get(path)).status_code == 404


async def test_nothing_is_taken_that_was_not_asked_for(client: httpx.AsyncClient, token: str) -> None:
    check_problem(await send(client, photo()), "not_wanted")
    await ask(client, "place?")
    check_problem(await send(client, photo()), "not_wanted")
    await ask(client, "photo?")
    location = {"id": new_id(), "location": {"latitude": 53.4, "longitude": -2.1}}
    check_problem(await client.post("/webchat/messages", json=location), "not_wanted")
    assert kept() == []


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "upload_broken"),
        (b"<script>alert(1)</script>", "upload_type"),
        (b"%PDF-1.7 not for a photo", "upload_type"),
        (b"\xff\xd8\xff broken", "upload_broken"),
        (b"\xff\xd8\xff" + b"\0" * 10_000_001, "upload_too_large"),
    ],
    ids=["nothing", "page", "document", "damaged", "too large"],
)
async def test_what_is_no_picture_is_refused_and_the_question_stays(
    client: httpx.AsyncClient, token: str, data: bytes, kind: str
) -> None:
    await ask(client, "photo?")
    check_problem(await send(client, data), kind)
    assert kept() == []
    assert (await send(client, photo())).status_code == 202


async def test_an_upload_must_be_a_form_with_a_file(client: httpx.AsyncClient, token: str) -> None:
    await ask(client, "photo?")
    check_problem(await client.post("/webchat/uploads", json={"id": new_id()}), "unsupported")
    check_problem(await client.post("/webchat/uploads", files={"other": b"x"}), "bad_request")
    check_problem(await send(client, photo(), "short"), "bad_request")


async def test_other_bodies_may_not_be_as_large_as_a_file(client: httpx.AsyncClient, token: str) -> None:
    check_problem(
        await client.post("/webchat/messages", content=b"x" * 2_000_000, headers={"content-type": "application/json"}),
        "too_large",
    )


async def test_the_same_file_twice_at_once_counts_once(client: httpx.AsyncClient, token: str, rasa: Rasa) -> None:
    await ask(client, "photo?")
    rasa.open.clear()
    message_id = new_id()
    both = await asyncio.gather(*(send(client, photo(), message_id) for _ in range(2)))
    assert [answer.status_code for answer in both] == [202, 202]
    rasa.open.set()
    await read_all(client)
    assert len(rasa.heard) == 2 and len(kept()) == 1


async def test_a_place_answers_the_question_that_asked_for_it(
    client: httpx.AsyncClient, token: str, rasa: Rasa
) -> None:
    await ask(client, "place?")
    location = {"id": new_id(), "location": {"latitude": 53.4099512345, "longitude": -2, "accuracy": 12}}
    assert (await client.post("/webchat/messages", json=location)).status_code == 202
    assert (await read_all(client))["messages"][-2]["text"] == words()["page"]["sent_location"]
    assert rasa.heard[-1] == "/answer" + json.dumps({"question": "near", "value": "53.40995,-2.00000"})
    assert (await client.post("/webchat/messages", json=location)).status_code == 202
    assert len(rasa.heard) == 2


@pytest.mark.parametrize("limits", [wide(uploads=1)])
async def test_tries_are_counted_whatever_becomes_of_them(
    client: httpx.AsyncClient, token: str, limits: Limits
) -> None:
    await ask(client, "photo?")
    check_problem(await send(client, b"\xff\xd8\xff broken"), "upload_broken")
    check_problem(await send(client, photo()), "too_many")
    assert isinstance(limits.uploads, Window)


@pytest.mark.parametrize("limits", [wide(network_uploads=1)])
async def test_tries_of_a_whole_network_are_counted(client: httpx.AsyncClient, token: str, base: str) -> None:
    await ask(client, "photo?")
    check_problem(await send(client, b"\xff\xd8\xff broken"), "upload_broken")
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as neighbour:
        await neighbour.post("/webchat/sessions")
        await ask(neighbour, "photo?")
        check_problem(await send(neighbour, photo()), "too_many")


@pytest.mark.parametrize("limits", [wide(messages=2)])
async def test_an_upload_is_one_message(client: httpx.AsyncClient, token: str) -> None:
    await ask(client, "photo?")
    assert (await send(client, photo())).status_code == 202
    check_problem(await send(client, photo()), "too_many")


HUGE = 15_999_999


@asynccontextmanager
async def sending(
    base: str, token: str, body: bytes = b"", length: str = f"Content-Length: {HUGE}", path: str = "/webchat/uploads"
) -> AsyncIterator[asyncio.StreamReader]:
    """A connection on which so much of an upload was sent and no more."""
    address = urlsplit(base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    lines = [f"POST {path} HTTP/1.1", f"Host: {address.netloc}", f"Cookie: chat={token}"]
    lines += ["Content-Type: multipart/form-data; boundary=x", length]
    writer.write("\r\n".join([*filter(None, lines), "", ""]).encode() + body)
    try:
        await writer.drain()
        yield reader
    finally:
        writer.close()


async def refused(reader: asyncio.StreamReader, kind: str) -> bytes:
    """The head of an answer that comes although the body never does."""
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
        told = await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]))
    assert json.loads(told)["type"].endswith("/" + kind)
    return head


async def until(gauge: Gauge, open_: int) -> None:
    async with asyncio.timeout(10):
        while sum(gauge._open.values()) != open_:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("length", "kind"),
    [
        ("", "bad_request"),
        ("Transfer-Encoding: chunked", "bad_request"),
        (f"Content-Length: {receiving.MAX_FORM + 1}", "too_large"),
        (f"Content-Length: {HUGE}", "not_wanted"),
    ],
    ids=["no length", "chunked", "too large", "not asked for"],
)
async def test_what_may_not_come_is_refused_before_it_is_read(
    client: httpx.AsyncClient, base: str, token: str, length: str, kind: str
) -> None:
    if kind != "not_wanted":
        await ask(client, "photo?")
    async with sending(base, token, b"", length) as reader:
        await refused(reader, kind)


async def test_a_refusal_reaches_those_who_send_everything_first(client: httpx.AsyncClient, token: str) -> None:
    """As browsers do: were the connection closed on them, they would show that it broke and not why."""
    for path, status in (("/webchat/uploads", 422), ("/chat/upload", 422)):
        async with asyncio.timeout(20):
            answer = await client.post(path, files={"file": ("me.jpg", b"x" * 15_000_000, "image/jpeg")})
        assert answer.status_code == status
        assert words().problem("not_wanted") in answer.text


@pytest.mark.parametrize("path", ["/webchat/uploads", "/chat/upload"])
async def test_a_film_is_refused_in_words_and_not_by_a_broken_connection(
    client: httpx.AsyncClient, token: str, path: str
) -> None:
    await ask(client, "photo?")
    async with asyncio.timeout(30):
        answer = await client.post(path, files={"file": ("me.mp4", b"x" * 60_000_000, "video/mp4")})
    assert answer.status_code == 413 and words().problem("too_large") in answer.text
    assert (await send(client, photo())).status_code == 202, "the question still waits for a photo"


@pytest.mark.parametrize("path", ["/webchat/uploads", "/chat/upload"])
async def test_a_body_that_never_ends_is_dropped(
    client: httpx.AsyncClient, base: str, token: str, limits: Limits, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(receiving, "SECONDS", 0.5)
    await ask(client, "photo?")
    async with sending(base, token, b"x" * 15_000_000, path=path) as reader, asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 400 " in head and b"connection: close" in head
    await until(limits.all_uploading, 0)


@pytest.mark.parametrize("which", ["uploading", "network_uploading", "all_uploading"])
async def test_so_many_come_at_once_and_no_more(
    client: httpx.AsyncClient, base: str, token: str, limits: Limits, which: str
) -> None:
    await ask(client, "photo?")
    object.__setattr__(limits, which, Gauge(1))
    gauge = getattr(limits, which)
    async with sending(base, token, b"x" * 100_000):
        await until(gauge, 1)
        async with sending(base, token) as reader:
            assert b"Retry-After: " in await refused(reader, "too_many")
        check_problem(await send(client, photo()), "too_many")
    await until(gauge, 0)
    assert (await send(client, photo())).status_code == 202, "whoever hung up counts no longer"
    assert not gauge._open


async def test_an_id_that_was_used_for_something_else_is_told(
    client: httpx.AsyncClient, token: str, rasa: Rasa
) -> None:
    ids = {what: new_id() for what in ("words", "photo", "place")}
    location = {"latitude": 53.4, "longitude": -2.1}

    async def locate(what: str, **other: float) -> httpx.Response:
        return await client.post("/webchat/messages", json={"id": ids[what], "location": location | other})

    await client.post("/webchat/messages", json={"id": ids["words"], "text": "photo?"})
    await read_all(client)
    check_problem(await send(client, photo(), ids["words"]), "conflict")
    assert (await send(client, photo(), ids["photo"])).status_code == 202
    await ask(client, "place?")
    for what in ("words", "photo"):
        check_problem(await locate(what), "conflict")
    assert (await locate("place")).status_code == 202
    check_problem(await locate("place", latitude=53.5), "conflict")
    check_problem(await send(client, photo(), ids["place"]), "conflict")
    await read_all(client)
    assert (await locate("place")).status_code == (await send(client, photo(), ids["photo"])).status_code == 202
    assert len(rasa.heard) == 4 and len(kept()) == 1


async def test_of_words_and_a_file_with_one_id_one_is_told(
    client: httpx.AsyncClient, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(client, "photo?")
    message_id, save = new_id(), files.save

    def save_late(data: bytes) -> str:
        asyncio.run_coroutine_threadsafe(
            client.post("/webchat/messages", json={"id": message_id, "text": "hello"}), loop
        ).result(10)
        return save(data)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(files, "save", save_late)
    check_problem(await send(client, photo(), message_id), "conflict")
    assert kept() == []
