"""Whole dialogues: every transcript in tests/conversations/ through the real inbox, model, actions and sandbox.

A transcript is a list of turns: what the resident says, presses, uploads (``photo``, ``document``) or where they
share to be (``locate``), the responses heard (by name), words that must and must not be in them, what the last
message ``wants`` besides words. ``desk`` names the teams of which somebody is there from then on, ``staff`` is a step
of theirs, ``staff_says`` their words, ``waits`` what they see of whoever waits for them. ``calls`` are the writes that
reached the back ends. A fault of a back end is a turn too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import A_TUESDAY
from tests.support.ledger import new_ledger
from tests.support.sandbox import Sandbox, running_sandbox

pytestmark = pytest.mark.model
FILES = sorted((Path(__file__).parent / "conversations").glob("*.yml"))


def _transcripts() -> Iterator[Any]:
    for path in FILES:
        for transcript in YAML(typ="safe").load(path)["conversations"]:
            yield pytest.param(transcript, id=f"{path.stem}: {transcript['name']}")


@pytest.mark.parametrize("transcript", _transcripts())
async def test_conversation(
    transcript: dict[str, Any],
    agent: tuple[Any, Any],
    tmp_path: Path,
    set_settings: Callable[..., None],
) -> None:
    from actions.backends.factory import close_backends
    from bot.settings import settings
    from bot.store.engine import open_database
    from tests.support.dialogue import Dialogue, wire

    loaded, endpoint = agent
    endpoint.is_down = False
    set_settings(assistant_now=transcript.get("now", A_TUESDAY), database_url=new_ledger(tmp_path))
    with running_sandbox(tmp_path) as sandbox:
        set_settings(**sandbox.environment)
        wire(loaded)
        dialogue = Dialogue(open_database(settings().database), loaded)
        try:
            for number, turn in enumerate(transcript["turns"], start=1):
                await _take(turn, f"turn {number}", dialogue, sandbox, endpoint)
        finally:
            await dialogue.inbox.close()
            await close_backends()
        writes = [entry["path"] for entry in sandbox.log() if entry["status"] < 400]
    assert writes == transcript.get("calls", writes)


async def _take_every_slot(service: str) -> None:
    """Other residents book all there is."""
    from actions.backends.bookings import SlotTaken
    from actions.backends.factory import backends
    from bot.clock import today

    bookings = backends().bookings
    for slot in await bookings.slots(service, today(), 40):
        for number in range(50):
            try:
                await bookings.reserve(service, slot.id, {}, f"other-{slot.id}-{number}")
            except SlotTaken:
                break


def _check_queue(expected: dict[str, Any], dialogue: Any, said: str) -> None:
    """What staff see of a conversation that waits for them."""
    from bot.store import desk

    (waiting,) = desk.open_conversations(dialogue.db)
    assert waiting.owner == "queued", said
    shown = {"team": waiting.team, "reason": waiting.reason, **waiting.summary}
    assert {name: shown[name] for name in expected} == expected, said


async def _take(turn: dict[str, Any], where: str, dialogue: Any, sandbox: Sandbox, endpoint: Any) -> None:
    for backend, mode in (turn.get("fault") or {}).items():
        if backend == "actions":
            endpoint.is_down = mode != "ok"
        else:
            sandbox.fault(backend, mode)
    for service in turn.get("taken", ()):
        await _take_every_slot(service)
    dialogue.teams = tuple(turn.get("desk", dialogue.teams))
    if "staff_says" in turn:
        await dialogue.staff_says(turn["staff_says"])
    if "staff" in turn:
        heard = await dialogue.staff(**turn["staff"])
    elif "say" in turn:
        heard = await dialogue.say(turn["say"])
    elif "press" in turn:
        heard = await dialogue.press(turn["press"])
    elif "upload" in turn:
        heard = await dialogue.upload(turn["upload"])
    elif "locate" in turn:
        heard = await dialogue.locate(*turn["locate"])
    else:
        return
    did = next(turn[step] for step in ("say", "press", "upload", "locate", "staff") if step in turn)
    said = f"{where}: {did!r} -> {heard.responses}\n{heard.text}\n{list(heard.choices)}\n{heard.wants}"
    if "hear" in turn:
        assert heard.responses == turn["hear"], said
    if "waits" in turn:
        _check_queue(turn["waits"], dialogue, said)
    if "wants" in turn:
        assert (heard.wants.type if heard.wants else None) == turn["wants"], said
    for words in turn.get("has", ()):
        assert words in heard.text, said
    for words in turn.get("lacks", ()):
        assert words not in heard.text, said
    for title in turn.get("choices", ()):
        assert title in heard.choices, said
