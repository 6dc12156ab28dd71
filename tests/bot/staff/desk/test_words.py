"""What staff write: to the resident once, among themselves never to the resident."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.store import attention, conversations, messages, notes, presence
from bot.store.schema import message

SignedIn = Callable[..., Awaitable[Any]]
ID = "3f1d9c1e-0000-4000-8000-000000000001"
JSON = {"Accept": "application/json"}


async def _send(browser: Any, talk: str, name: str, **fields: str) -> Any:
    return await browser.send_form("/password", f"/desk/c/{talk}/{name}", **fields)


def _of_staff(desk: Any, talk: str) -> list[str]:
    return [each.text for each in messages.after(desk.office.db, talk, 0) if each.sender == messages.STAFF]


@pytest.fixture
async def taken(desk: Any, signed_in: SignedIn) -> tuple[Any, str]:
    """Sam's browser, and a conversation that Sam has."""
    sam, talk = await signed_in("sam", "agent"), desk.ask("Missed bin")
    desk.take(talk, "sam")
    return sam, talk


async def test_a_message_that_is_sent_twice_counts_once(desk: Any, taken: tuple[Any, str]) -> None:
    sam, talk = taken
    sam.headers.update(JSON)
    first, again = [(await _send(sam, talk, "say", text="Hello\r\nthere", sent_as=ID)).json() for _ in range(2)]
    assert first["seq"] == again["seq"] and _of_staff(desk, talk) == ["Hello\nthere"]
    said = messages.after(desk.office.db, talk, 0)[-1]
    assert (said.author, said.name) == ("sam", "Sam")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": " ", "sent_as": ID}, "Write something first."),
        ({"text": "x" * 2001, "sent_as": ID}, "2,001 characters"),
        ({"text": "Hello", "sent_as": "1"}, "no id"),
    ],
)
async def test_what_cannot_be_sent_is_refused_in_words(
    desk: Any, taken: tuple[Any, str], fields: dict[str, str], says: str
) -> None:
    sam, talk = taken
    refused = await _send(sam, talk, "say", **fields)
    assert refused.status_code == 422 and says in refused.text and fields["text"] in refused.text
    assert not _of_staff(desk, talk)


async def test_a_number_that_nobody_should_need_is_sent_only_when_one_is_sure(
    desk: Any, taken: tuple[Any, str]
) -> None:
    sam, talk = taken
    sam.headers.update(JSON)
    warned = await _send(sam, talk, "say", text="Your card 4111 1111 1111 1111", sent_as=ID)
    assert (
        warned.status_code == 422 and warned.json()["kind"] == "sensitive" and "bank card" in warned.json()["problem"]
    )
    assert not _of_staff(desk, talk)
    await _send(sam, talk, "say", text="Your card 4111 1111 1111 1111", sent_as=ID, sure="yes")
    assert _of_staff(desk, talk) == ["Your card 4111 1111 1111 1111"]


async def test_only_the_owner_talks_to_the_resident(desk: Any, taken: tuple[Any, str], signed_in: SignedIn) -> None:
    _, talk = taken
    lee = await signed_in("lee", "senior")
    lee.headers.update(JSON)
    refused = await _send(lee, talk, "say", text="Hello", sent_as=ID)
    assert refused.status_code == 409 and "Sam has this conversation now." in refused.json()["problem"]
    assert 'id="composer"' not in (await lee.get(f"/desk/c/{talk}")).text


async def test_nothing_of_a_note_is_where_residents_read(
    desk: Any, taken: tuple[Any, str], signed_in: SignedIn
) -> None:
    sam, talk = taken
    lee = await signed_in("lee", "senior")
    before = conversations.by_id(desk.office.db, talk)
    assert (await _send(sam, talk, "note", note="Rude last week")).status_code == 303
    assert (await _send(lee, talk, "whisper", note="Offer a refund")).status_code == 303
    assert (await _send(sam, talk, "note", note=" ")).status_code == 422
    kinds = [(each.kind, each.author, each.text) for each in notes.of(desk.office.db, talk)]
    assert kinds == [(notes.NOTE, "sam", "Rude last week"), (notes.WHISPER, "lee", "Offer a refund")]
    after = conversations.by_id(desk.office.db, talk)
    assert after.last_seq == before.last_seq and after.revision > before.revision
    with desk.office.db.read() as connection:
        kept = str([tuple(row) for row in connection.execute(select(message))])
    assert "Rude" not in kept and "refund" not in kept
    text = (await sam.get(f"/desk/c/{talk}")).text
    assert "Private note to the colleague who has the conversation" in text and "Offer a refund" in text


async def test_whispering_is_for_seniors_about_what_others_have(
    desk: Any, taken: tuple[Any, str], signed_in: SignedIn
) -> None:
    sam, talk = taken
    lee = await signed_in("lee", "senior")
    assert (await _send(sam, talk, "whisper", note="Psst")).status_code == 403
    assert (await _send(lee, desk.ask("Waits"), "whisper", note="Psst")).status_code == 409


async def test_a_page_that_is_still_open_wakes_nobody(desk: Any, taken: tuple[Any, str]) -> None:
    sam, talk = taken
    with desk.office.app.ctx.state.bells.listen(talk) as bell:
        await _send(sam, talk, "look", seen="1")
        assert await bell.ring(0), "that it was opened, and read, is news"
        await _send(sam, talk, "look", seen="1")
        assert not await bell.ring(0)


async def test_only_the_owners_looking_is_shown_to_the_resident(
    desk: Any, taken: tuple[Any, str], signed_in: SignedIn
) -> None:
    sam, talk = taken
    lee = await signed_in("lee", "senior")
    for browser, seen in ((sam, "1"), (lee, "1")):
        assert (await _send(browser, talk, "look", seen=seen, typing="1")).status_code == 204
    with desk.office.db.read() as connection:
        found = {each.who: each for each in attention.of(connection, talk, desk.office.now)}
    assert (found["sam"].seen_seq, found["sam"].is_typing, found["sam"].is_viewing) == (1, True, True)
    assert (found["lee"].seen_seq, found["lee"].is_typing, found["lee"].is_viewing) == (0, False, True)
    assert presence.one(desk.office.db, "sam").seen_at == desk.office.now
    await _send(sam, talk, "look", seen="99999", leaves="1")
    with desk.office.db.read() as connection:
        left = {each.who: each for each in attention.of(connection, talk, desk.office.now)}["sam"]
    assert (left.seen_seq, left.is_viewing) == (1, False), "nothing was seen that was not said"
