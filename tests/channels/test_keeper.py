"""What the keeper does about time, by pretended clocks: everything over a real ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.clock import LONDON
from bot.council import council
from bot.live.bells import Bells
from bot.notices import notice
from bot.profile_desk import Desk
from bot.store import conversations, handovers, messages, notes, ownership, presence
from bot.store.engine import Database
from bot.store.schema import staff_account
from channels import keeper as keeper_module
from channels.keeper import Keeper
from tests.support.handing import ask, hand_back, replies, said, take, talks

AT = datetime(2026, 11, 24, 10, 0, tzinfo=LONDON)  # a Tuesday
NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=LONDON)


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


@pytest.fixture
def talk(db: Database) -> str:
    return conversations.open_session(db, "webchat", AT, timedelta(hours=12))[1].id


@pytest.fixture
def hire(db: Database) -> Callable[..., None]:
    """Adds somebody whose desk is open and who takes conversations."""

    def add(username: str, at: datetime = AT, teams: tuple[str, ...] = (), capacity: int = 4) -> None:
        about = {"password_hash": "x", "roles": ["agent"], "must_change": False, "created_at": AT}
        with db.write() as connection:
            connection.execute(
                insert(staff_account).values(username=username, teams=list(teams), capacity=capacity, **about)
            )
        presence.change(db, username, True, "", at)

    return add


@pytest.fixture
def look(db: Database) -> Callable[[datetime], object]:
    """Has a keeper look at a moment; gives the keeper."""

    async def once(at: datetime) -> Keeper:
        keeper = Keeper(db, Bells(), lambda: at)
        await keeper.look()
        return keeper

    return once


@pytest.fixture
def talks_waiting(db: Database) -> list[str]:
    """Three conversations that wait: two for one team, then one for another."""
    found = []
    for place, team in enumerate(("general", "general", "money")):
        found.append(conversations.open_session(db, "webchat", AT, timedelta(hours=12))[1].id)
        ask(db, found[-1], later(place), team=team)
    return found


@pytest.fixture
def push(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from dataclasses import replace

    rules: Desk = replace(council().desk, assignment="push")
    monkeypatch.setattr(keeper_module, "council", lambda: _Council(rules))
    yield


class _Council:
    """The council with other rules for its desk."""

    def __init__(self, rules: Desk) -> None:
        self.desk = rules
        self.bank_holiday = council().bank_holiday


async def test_a_team_is_there_when_one_of_it_takes_conversations_in_its_hours(db, hire, look) -> None:
    assert (await look(AT)).teams == ()
    hire("sam", teams=("waste_streets",))
    assert (await look(AT)).teams == ("waste_streets",)
    assert (await look(later(61))).teams == ()  # the desk was not heard of for more than a minute
    presence.seen(db, "sam", later(100))
    assert (await look(later(101))).teams == ("waste_streets",)
    presence.change(db, "sam", False, "break", later(102))
    assert (await look(later(103))).teams == ()
    presence.change(db, "sam", True, "", NIGHT)
    assert (await look(NIGHT)).teams == ()


async def test_who_is_in_no_team_answers_for_all(hire, look) -> None:
    hire("sam")
    assert set((await look(AT)).teams) == {team.id for team in council().desk.teams}


async def test_nobody_came(db, talk, look) -> None:
    ask(db, talk, AT)
    await look(later(599))
    assert ownership.standing(db, talk).owner == "queued"
    await look(later(600))
    await look(later(601))
    assert ownership.standing(db, talk).owner == "assistant"
    assert said(db, talk) == [("system", notice("nobody_came"), "received")]
    assert messages.after(db, talk, 0)[0].payload == "/nobody_came"


async def test_a_desk_that_has_gone_is_told_once_then_the_resident_waits_again(db, talk, hire, look) -> None:
    hire("sam")
    ask(db, talk, AT)
    take(db, talk, "sam", AT)
    replies(db, talk, "sam", "hello", later(1))
    presence.seen(db, "sam", later(10))
    for second in (69, 70, 71, 100):
        await look(later(second))
    gone = notice("staff_gone", name="Sam")
    assert [text for _, text, _ in said(db, talk)] == ["hello", gone]
    await look(later(130))
    standing = ownership.standing(db, talk)
    assert (standing.owner, standing.staff) == ("queued", None)
    assert [text for _, text, _ in said(db, talk)] == ["hello", gone, notice("waiting_again")]
    assert [note.kind for note in notes.of(db, talk)] == ["step"]
    assert not presence.one(db, "sam").is_available


async def test_staff_who_do_not_answer_lose_the_conversation(db, talk, hire, look) -> None:
    hire("sam")
    ask(db, talk, AT)
    take(db, talk, "sam", AT)
    replies(db, talk, "sam", "hello", later(1))
    talks(db, talk, "are you there", later(20))
    talks(db, talk, "hello?", later(200))
    presence.seen(db, "sam", later(300))
    await look(later(319))
    assert ownership.standing(db, talk).staff == "sam"
    await look(later(320))
    assert ownership.standing(db, talk).owner == "queued"


async def test_a_resident_who_says_nothing_is_asked_then_the_talk_ends(db, talk, hire, look) -> None:
    hire("sam")
    ask(db, talk, AT)
    take(db, talk, "sam", AT)
    replies(db, talk, "sam", "which bin?", later(10))
    for second in (309, 310, 311, 600):
        presence.seen(db, "sam", later(second))
        await look(later(second))
    asked = notice("resident_silent_ask")
    assert [text for _, text, _ in said(db, talk)] == ["which bin?", asked]
    talks(db, talk, "the brown one", later(650))
    replies(db, talk, "sam", "thanks", later(660))
    for second in (959, 960, 1559):
        presence.seen(db, "sam", later(second))
        await look(later(second))
    assert [text for _, text, _ in said(db, talk)].count(asked) == 2
    presence.seen(db, "sam", later(1560))
    await look(later(1560))
    assert ownership.standing(db, talk).owner == "assistant"
    assert said(db, talk)[-1][1] == notice("resident_silent_close", name="Sam")


async def test_what_nobody_wraps_up_is_closed(db, talk, hire, look) -> None:
    hire("sam")
    ask(db, talk, AT)
    taken = take(db, talk, "sam", AT)
    hand_back(db, talk, "sam", later(10))
    await look(later(609))
    assert handovers.by_reference(db, taken.handover).state == "wrap_up"
    await look(later(610))
    closed = handovers.by_reference(db, taken.handover)
    assert (closed.state, closed.done_at) == ("closed", later(610))


async def test_with_push_the_least_loaded_of_the_team_gets_the_most_urgent(db, hire, look, push) -> None:
    hire("ann", teams=("money",), capacity=1)
    hire("bob", teams=("money",), capacity=2)
    hire("cat", teams=("housing",))
    ids = [conversations.open_session(db, "webchat", AT, timedelta(hours=1))[1].id for _ in range(5)]
    for number, each in enumerate(ids):
        ask(db, each, later(number), team="money", reason="danger" if number == 4 else "asked")
    await look(later(10))
    owners = [ownership.standing(db, each).staff for each in ids]
    assert owners[4] is not None and sorted(filter(None, owners)) == ["ann", "bob", "bob"]
    assert owners[2] is owners[3] is None  # everybody of the team is full


async def test_without_push_nobody_is_given_anything(db, talk, hire, look) -> None:
    hire("sam")
    ask(db, talk, AT)
    await look(later(1))
    assert ownership.standing(db, talk).owner == "queued"


async def test_those_who_wait_are_told_as_they_come_forward(db, talks_waiting) -> None:
    first, second, third = talks_waiting
    bells = Bells()
    keeper = Keeper(db, bells, lambda: later(10))
    with bells.listen(first) as one, bells.listen(second) as two, bells.listen(third) as three:
        await keeper.look()
        assert [await bell.ring(0) and bell.place for bell in (one, two, three)] == [1, 2, 1], "another team's queue"
        await keeper.look()
        assert not any([await bell.ring(0) for bell in (one, two, three)]), "nobody has moved"
        take(db, first, "sam", later(11))
        await keeper.look()
        assert [await bell.ring(0) and bell.place for bell in (one, two, three)] == [False, 1, False]


async def test_a_ledger_out_of_reach_promises_nobody(db, hire, look, monkeypatch: pytest.MonkeyPatch) -> None:
    hire("sam")
    keeper = await look(AT)
    assert keeper.teams

    def fail(*_: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(presence, "everybody", fail)
    await keeper.look()
    assert keeper.teams == ()
