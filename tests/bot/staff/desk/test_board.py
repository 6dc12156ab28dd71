"""The board: read once for all who ask at the same time, and never older than the question."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from bot.staff.desk import board
from bot.staff.desk.board import Boards


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each look at the ledger."""
    found: list[object] = []
    read = board.read_board

    def counted(*of: Any) -> Any:
        found.append(of)
        return read(*of)

    monkeypatch.setattr(board, "read_board", counted)
    return found


async def test_fifty_who_ask_at_once_share_one_look(office: Any, reads: list[object]) -> None:
    boards = Boards(office.db, lambda: office.now)
    found = await asyncio.gather(*(boards.latest() for _ in range(50)))
    assert len(reads) == 1 and len(set(map(id, found))) == 1


async def test_it_is_read_no_more_than_so_often(
    office: Any, reads: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "EVERY", 0.2)
    boards = Boards(office.db, lambda: office.now)
    begun = time.monotonic()
    for _ in range(3):
        await boards.latest()
    assert len(reads) == 3 and time.monotonic() - begun > 0.39


async def test_what_is_written_before_asking_is_on_it(desk: Any) -> None:
    boards = Boards(desk.office.db, lambda: desk.office.now)
    assert [each.conversation_id for each in (await boards.latest()).open] == []
    talk = desk.ask("Missed bin")
    assert [each.conversation_id for each in (await boards.latest()).open] == [talk]


async def test_who_goes_away_takes_the_board_from_nobody(desk: Any) -> None:
    boards = Boards(desk.office.db, lambda: desk.office.now)
    leaves, stays = asyncio.create_task(boards.latest()), asyncio.create_task(boards.latest())
    await asyncio.sleep(0)
    leaves.cancel()
    assert (await stays).open == []
