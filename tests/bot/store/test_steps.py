"""The database itself refuses what cannot be: raw SQL, past all functions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import LONDON
from bot.handover import OWNERS
from bot.store.engine import Database
from bot.store.schema import conversation, handover, step
from tests.support.handing import ask, take

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
NAMES = ("assistant", "queued", "staff")
EVENTS = sorted({event for _, event in OWNERS})


def refused(db: Database, statement: Any) -> bool:
    try:
        with db.write() as connection:
            connection.execute(statement)
    except IntegrityError:
        return True
    return False


def a_step(talk: str, version: int, before: int | None, owner_before: str, event: str, owner: str) -> Any:
    values = {"conversation_id": talk, "version": version, "before": before, "owner_before": owner_before}
    about = {"handover": "h", "team": "", "actor": "ann", "reason": "", "last_seq": 0, "at": AT}
    return insert(step).values(event=event, owner=owner, **values, **about)


def test_a_legal_chain_is_taken(db: Database, talk: str) -> None:
    assert not refused(db, a_step(talk, 1, None, "assistant", "ask", "queued"))
    assert not refused(db, a_step(talk, 2, 1, "queued", "take", "staff"))
    assert not refused(db, a_step(talk, 3, 2, "staff", "hand_back", "assistant"))


@pytest.mark.parametrize("owner_before", NAMES)
@pytest.mark.parametrize("event", [*EVENTS, "steal"])
def test_only_the_steps_of_the_machine_exist(db: Database, talk: str, owner_before: str, event: str) -> None:
    """Wherever the chain stands, with every outcome that could be claimed."""
    chain = [(None, "assistant", "ask", "queued"), (1, "queued", "take", "staff")]
    place = {"assistant": 0, "queued": 1, "staff": 2}[owner_before]
    for version, one in enumerate(chain[:place], start=1):
        assert not refused(db, a_step(talk, version, *one))
    for owner in NAMES:
        is_legal = OWNERS.get((owner_before, event)) == owner
        assert refused(db, a_step(talk, place + 1, place or None, owner_before, event, owner)) is not is_legal
        if is_legal:  # the others are tried from the same place
            with db.write() as connection:
                connection.execute(delete(step).where(step.c.version == place + 1))


def test_a_chain_has_no_gap_no_fork_and_no_other_beginning(db: Database, talk: str) -> None:
    assert refused(db, a_step(talk, 1, None, "queued", "take", "staff")), "begins with the assistant"
    assert refused(db, a_step(talk, 2, 1, "assistant", "ask", "queued")), "nothing is before it"
    assert refused(db, a_step(talk, 2, None, "assistant", "ask", "queued"))
    assert not refused(db, a_step(talk, 1, None, "assistant", "ask", "queued"))
    assert refused(db, a_step(talk, 1, None, "assistant", "pull", "staff")), "two steps of one number"
    assert refused(db, a_step(talk, 2, 1, "staff", "hand_back", "assistant")), "the one before ended elsewhere"
    assert refused(db, a_step(talk, 3, 1, "queued", "take", "staff"))
    assert refused(db, a_step(talk, 3, 2, "queued", "take", "staff")), "there is no second"
    assert refused(db, a_step("nobody", 1, None, "assistant", "ask", "queued"))


def test_a_step_in_the_middle_cannot_be_taken_out(db: Database, talk: str) -> None:
    """Or its successors go with it: what is left is a chain."""
    ask(db, talk, AT)
    take(db, talk, "ann", AT)
    refused(db, delete(step).where(step.c.version == 1))
    with db.read() as connection:
        left = list(connection.execute(select(step.c.version).order_by(step.c.version)).scalars())
    assert left in ([], [1, 2])


@pytest.mark.parametrize(
    "values",
    [
        {"owner": "nobody"},
        {"owner": "staff"},
        {"owner": "staff", "handover": "h"},
        {"owner": "staff", "staff": "ann"},
        {"owner": "queued"},
        {"owner": "queued", "handover": "h", "staff": "ann"},
        {"owner": "assistant", "staff": "ann"},
        {"owner": "assistant", "handover": "h"},
    ],
)
def test_an_owner_is_whole_or_refused(db: Database, talk: str, values: dict[str, str]) -> None:
    assert refused(db, update(conversation).where(conversation.c.id == talk).values(**values))
    with db.read() as connection:
        assert connection.execute(select(conversation.c.owner)).scalar() == "assistant"


def test_a_record_has_a_known_state(db: Database, talk: str) -> None:
    ask(db, talk, AT)
    assert refused(db, update(handover).values(state="lost"))
