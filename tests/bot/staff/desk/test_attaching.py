"""A file from staff to a resident: only from the owner, made safe, described, and kept only where it was sent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from bot.handover import TRANSFER
from bot.notices import told
from bot.settings import settings
from bot.store import messages, ownership, redaction, uploads
from bot.store.messages import Message
from bot.store.ownership import Change
from bot.store.schema import conversation
from bot.uploads import files, receiving, refused
from bot.uploads.apart import Cleaner
from bot.uploads.cleaning import Clean
from tests.bot.uploads.papers import paper, written
from tests.bot.uploads.pictures import photo

SignedIn = Callable[..., Awaitable[Any]]
ID = "3f1d9c1e-0000-4000-8000-000000000001"
JSON = {"Accept": "application/json"}
SHOWS = "Where the <new> bin goes"


@pytest.fixture(autouse=True)
def _own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files of its own for each test."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
async def taken(desk: Any, signed_in: SignedIn) -> tuple[Any, str]:
    """Sam's browser, and a conversation that Sam has."""
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    desk.take(talk, "sam")
    return sam, talk


async def _send(browser: Any, talk: str, data: bytes | None, name: str = "me.jpg", **fields: str) -> Any:
    """As a browser sends the form; one in which no file was chosen has a nameless file of no bytes."""
    token = re.search(r'name="form_token" value="([^"]*)"', (await browser.get("/password")).text)
    form = {"form_token": token[1] if token else "", "sent_as": ID, "text": "", "description": "", **fields}
    file = ("", b"", "application/octet-stream") if data is None else (name, data, "image/jpeg")
    return await browser.post(f"/desk/c/{talk}/say", data=form, files={"file": file})


def _of_staff(desk: Any, talk: str) -> list[Message]:
    return [each for each in messages.after(desk.office.db, talk, 0) if each.sender == messages.STAFF]


def _kept() -> list[str]:
    folder = files.folder()
    return [path.name for path in folder.iterdir()] if folder.exists() else []


async def test_a_picture_is_in_the_conversation_made_safe_and_described(desk: Any, taken: tuple[Any, str]) -> None:
    sam, talk = taken
    answer = await _send(sam, talk, photo(), text="Here", description=SHOWS)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/c/{talk}#text")
    (said,) = _of_staff(desk, talk)
    file = said.attachment
    assert said.text == "Here" and said.author == "sam" and file is not None and _kept() == [file.upload]
    assert (file.media_type, file.name, file.description) == ("image/jpeg", "", SHOWS)
    assert (file.width, file.height, file.size) == (40, 30, len(files.read(file.upload)))
    assert b"camera" not in files.read(file.upload)
    row = uploads.by_id(desk.office.db, file.upload)
    assert row and (row.conversation_id, row.media_type, row.size) == (talk, "image/jpeg", file.size)
    text = (await sam.get(f"/desk/c/{talk}")).text
    address = f"/desk/c/{talk}/uploads/{file.upload}"
    assert address in text and "File sent: Where the &lt;new&gt; bin goes" in text
    assert (await sam.get(address)).content == files.read(file.upload)


async def test_a_document_keeps_its_name_and_needs_no_words(desk: Any, taken: tuple[Any, str]) -> None:
    sam, talk = taken
    sam.headers.update(JSON)
    answer = await _send(sam, talk, written(paper()), name="../Form 7")
    (said,) = _of_staff(desk, talk)
    assert answer.json()["seq"] == said.seq and said.text == ""
    assert said.attachment and (said.attachment.media_type, said.attachment.name) == ("application/pdf", "Form 7.pdf")


async def test_a_form_without_a_file_is_a_message(desk: Any, taken: tuple[Any, str]) -> None:
    sam, talk = taken
    assert (await _send(sam, talk, None, text="Hello\r\nthere")).status_code == 303
    (said,) = _of_staff(desk, talk)
    assert said.text == "Hello\nthere" and said.attachment is None and _kept() == []


async def test_what_is_sent_twice_counts_once_and_is_kept_once(desk: Any, taken: tuple[Any, str]) -> None:
    sam, talk = taken
    sam.headers.update(JSON)
    first, again = [(await _send(sam, talk, photo(), description=SHOWS)).json()["seq"] for _ in range(2)]
    (said,) = _of_staff(desk, talk)
    assert first == again and said.attachment and _kept() == [said.attachment.upload]


async def test_only_the_owner_sends_one(desk: Any, taken: tuple[Any, str], signed_in: SignedIn) -> None:
    _, talk = taken
    lee = await signed_in("lee", "senior")
    answer = await _send(lee, talk, photo(), description=SHOWS)
    assert answer.status_code == 409 and "Sam has this conversation now." in answer.text
    assert "Where the &lt;new&gt; bin goes" in answer.text, "what was typed is not lost"
    assert not _of_staff(desk, talk) and _kept() == []
    assert 'type="file"' not in (await lee.get(f"/desk/c/{talk}")).text


async def test_whoever_loses_it_meanwhile_is_told_and_nothing_is_kept(
    desk: Any, taken: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sam, talk = taken
    db, now = desk.office.db, desk.office.now
    desk.person("kim", "agent")
    clean = Cleaner.clean

    async def meanwhile(cleaner: Cleaner, data: bytes, kinds: Collection[str]) -> Clean:
        await asyncio.to_thread(ownership.change, db, talk, Change(TRANSFER, "sam", staff="kim"), now)
        return await clean(cleaner, data, kinds)

    monkeypatch.setattr(Cleaner, "clean", meanwhile)
    sam.headers.update(JSON)
    answer = await _send(sam, talk, photo(), description=SHOWS)
    assert answer.status_code == 409 and "Kim has this conversation now." in answer.json()["problem"]
    assert not _of_staff(desk, talk) and _kept() == [] and not uploads.ids(db)


@pytest.mark.parametrize("token", ["", "made up"])
async def test_a_form_that_is_not_ours_sends_nothing(desk: Any, taken: tuple[Any, str], token: str) -> None:
    sam, talk = taken
    answer = await _send(sam, talk, photo(), description=SHOWS, form_token=token)
    assert answer.status_code == 403 and "Nothing was changed" in answer.text
    assert not _of_staff(desk, talk) and _kept() == []


async def test_of_who_is_not_signed_in_nothing_is_read(
    desk: Any, taken: tuple[Any, str], new_browser: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, talk = taken
    monkeypatch.setattr(receiving, "receive", lambda request: 1 / 0)
    answer = await _send(new_browser(), talk, b"\xff\xd8\xff" + bytes(9_000_000), description=SHOWS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize(
    ("data", "fields", "kind"),
    [
        (photo(), {}, "no_description"),
        (photo(), {"description": "x" * 301}, "description_too_long"),
        (None, {"description": SHOWS}, "no_file"),
        (b"<script>alert(1)</script>", {"description": SHOWS}, "upload_type"),
        (b"\xff\xd8\xff broken", {"description": SHOWS}, "upload_broken"),
        (b"%PDF-1.7 broken", {}, "upload_broken"),
        (b"\xff\xd8\xff" + bytes(10_000_000), {"description": SHOWS}, "upload_too_large"),
    ],
    ids=["undescribed", "long", "none", "type", "damaged", "damaged paper", "too large"],
)
async def test_what_cannot_be_sent_is_told_and_nothing_typed_is_lost(
    desk: Any, taken: tuple[Any, str], data: bytes | None, fields: dict[str, str], kind: str
) -> None:
    sam, talk = taken
    answer = await _send(sam, talk, data, name="plan <1>.jpg", text="Here it is", **fields)
    assert answer.status_code == 422 and told(kind) in answer.text
    assert ">Here it is</textarea>" in answer.text
    assert f'value="{fields.get("description", "").replace("<", "&lt;").replace(">", "&gt;")}"' in answer.text
    assert ("Choose plan &lt;1&gt;.jpg again" in answer.text) is (data is not None)
    sam.headers.update(JSON)
    answer = (await _send(sam, talk, data, text="Here it is", **fields)).json()
    assert answer == {"kind": "file", "problem": told(kind)}
    assert not _of_staff(desk, talk) and _kept() == []


@pytest.mark.parametrize(
    ("length", "status", "kind"),
    [
        (f"Content-Length: {receiving.MAX_FORM + 1}", 413, "too_large"),
        ("Transfer-Encoding: chunked", 400, "bad_request"),
    ],
)
async def test_a_form_of_no_fit_length_is_answered_before_it_is_read(
    desk: Any, taken: tuple[Any, str], length: str, status: int, kind: str
) -> None:
    """A browser without scripts gets a page, and the scripts what they can show beside the file."""
    sam, talk = taken
    address = urlsplit(desk.office.address)
    for accept, shown in (("text/html", "The file was not sent"), ("application/json", '"kind":"file"')):
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        lines = [f"POST /desk/c/{talk}/say HTTP/1.1", f"Host: {address.netloc}", f"Accept: {accept}", length]
        lines += ["Content-Type: multipart/form-data; boundary=x", f"Cookie: staff={sam.cookies['staff']}", "", ""]
        writer.write("\r\n".join(lines).encode())
        async with asyncio.timeout(10):
            head = await reader.readuntil(b"\r\n\r\n")
            told_length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
            body = (await reader.readexactly(told_length)).decode()
        writer.close()
        assert head.startswith(f"HTTP/1.1 {status} ".encode()) and shown in body and told(kind) in body


async def test_words_alone_may_not_be_as_large_as_a_file(desk: Any, taken: tuple[Any, str]) -> None:
    sam, talk = taken
    answer = await sam.post(f"/desk/c/{talk}/say", data={"text": "x" * 40_000})
    assert answer.status_code == 413 and not _of_staff(desk, talk)


async def test_a_number_that_nobody_should_need_is_seen_in_a_description(desk: Any, taken: tuple[Any, str]) -> None:
    sam, talk = taken
    shows = "The card 4111 1111 1111 1111"
    warned = await _send(sam, talk, photo(), description=shows)
    assert warned.status_code == 422 and "bank card" in warned.text and "Choose me.jpg again" in warned.text
    assert (await _send(sam, talk, photo(), description=shows, sure="yes")).status_code == 303


async def test_a_channel_that_shows_no_files_is_offered_none(desk: Any, taken: tuple[Any, str]) -> None:
    sam, talk = taken
    with desk.office.db.write() as connection:
        connection.execute(update(conversation).where(conversation.c.id == talk).values(channel="sms"))
    assert 'type="file"' not in (await sam.get(f"/desk/c/{talk}")).text
    answer = await _send(sam, talk, photo(), text="Here", description=SHOWS)
    assert answer.status_code == 422 and told("no_files_here") in answer.text
    assert not _of_staff(desk, talk) and _kept() == []


async def test_words_of_a_description_are_found_and_removed(desk: Any, taken: tuple[Any, str]) -> None:
    sam, talk = taken
    await _send(sam, talk, photo(), description="At 12 Sample Street")
    asked = await sam.send_form("/password", f"/desk/c/{talk}/redact", words="sample street")
    assert "They stand in 1 line of this conversation" in asked.text
    assert redaction.redact(desk.office.db, talk, "sample street", "sam", desk.office.now) == 1
    (said,) = _of_staff(desk, talk)
    assert said.attachment and said.attachment.description == "At 12 [removed]"
    assert (await sam.get(f"/desk/c/{talk}/uploads/{said.attachment.upload}")).status_code == 200


async def test_it_is_erased_with_the_conversation(desk: Any, taken: tuple[Any, str]) -> None:
    sam, talk = taken
    await _send(sam, talk, photo(), description=SHOWS)
    (said,) = _of_staff(desk, talk)
    messages.erase(desk.office.db, talk)
    assert said.attachment and uploads.by_id(desk.office.db, said.attachment.upload) is None
    assert (await sam.get(f"/desk/c/{talk}/uploads/{said.attachment.upload}")).status_code == 404
    assert files.sweep(uploads.ids(desk.office.db), older_than_seconds=-1) == 1 and _kept() == []


def test_every_refusal_has_a_sentence() -> None:
    kinds = re.findall(r"── (\w+)", refused.__doc__ or "")
    assert len(kinds) == 8 and all(told(kind).endswith(".") for kind in kinds)
