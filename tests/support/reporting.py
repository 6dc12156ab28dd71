"""A made-up day at a council, written into a ledger as it would have come about, for tests of the reports.

Monday 3 March 2025, London time; everything that a test expects was worked out by hand from these lines.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.clock import LONDON
from bot.handover import END, EXPIRE, LEAVE, MOVE, REQUEUE, TRANSFER
from bot.hours import parse_week
from bot.profile_desk import Choice, Desk, Targets, Team
from bot.store import conversations, handovers, messages, ownership, ratings, turns
from bot.store.engine import Database
from bot.store.ownership import KEEPER, RESIDENT, Change
from bot.store.ratings import Rating
from bot.store.turns import Asks, LeftMessage, Turn, Understood
from tests.support import handing

LASTS = timedelta(hours=2)
OFFICE = parse_week("mo-fr 09:00-17:00")
DESK = Desk(
    teams=(Team("waste", "Waste and streets", OFFICE, default=True), Team("money", "Council tax", OFFICE)),
    hours=OFFICE,
    targets=Targets(answer_within=120, answer_share=80, first_reply_within=60),
    tags=(Choice("complaint", "Complaint"),),
)


def at(clock: str, day: int = 3) -> datetime:
    """A time on the wall in London, in March 2025."""
    return datetime.fromisoformat(f"2025-03-{day:02d}T{clock}").replace(tzinfo=LONDON)


def begin(db: Database, when: datetime, channel: str = "webchat") -> str:
    return conversations.open_session(db, channel, when, LASTS)[1].id


def say(db: Database, talk: str, when: datetime, query: str, refused: bool = False, **more: Any) -> None:
    """The resident says something and the assistant deals with it; ``journey`` is what then asks,
    ``ended`` the journey that came to its end, and how."""
    message_id, _ = messages.receive(db, talk, f"{when.isoformat()}", query, query, when, when + LASTS)
    ended, ending = more.pop("ended", (None, None))
    journey = more.pop("journey", None)
    understood = Understood(query, 0.9, None, 0.0, refused, None, (), journey, "model", ended, ending)
    turns.commit_turn(db, Turn(talk, 0, (), (), message_id, understood, **more), when)


def step(db: Database, talk: str, event: str, by: str, when: datetime, **more: Any) -> None:
    ownership.change(db, talk, Change(event, by, **more), when)


def write_monday(db: Database) -> None:
    """Five conversations, a chat that was opened only, and one on Tuesday."""
    _kept(db)
    _answered(db)
    _moved(db)
    _nobody_came(db)
    _over_midnight(db)
    begin(db, at("12:00"))
    tuesday = begin(db, at("11:00", 4))
    say(db, tuesday, at("11:00", 4), "homeless", asks=Asks("danger", "waste", {}))
    handing.give_up(db, tuesday, at("11:05", 4))


def _kept(db: Database) -> None:
    talk = begin(db, at("09:00"))
    say(db, talk, at("09:00"), "bin_day", ended=("bin_day", "failed"))
    say(db, talk, at("09:01"), "bin_missed", refused=True, journey="bin_missed_form")
    say(db, talk, at("10:30"), "bin_missed", ended=("bin_missed", "reported"))
    ratings.give(db, talk, Rating(5, "Thanks"), at("10:31"))


def _answered(db: Database) -> None:
    talk = begin(db, at("09:10"))
    say(db, talk, at("09:10"), "bin_missed")
    say(db, talk, at("09:12"), "speak_to_person", asks=Asks("asked", "waste", {}))
    handing.take(db, talk, "sam", at("09:15"))
    handing.replies(db, talk, "sam", "Hello", at("09:15:30"))
    step(db, talk, REQUEUE, "sam", at("09:20"))
    handing.take(db, talk, "kim", at("09:21"))
    step(db, talk, TRANSFER, "kim", at("09:25"), staff="pat")
    reference = ownership.standing(db, talk).handover
    step(db, talk, END, "pat", at("09:31"))
    handovers.wrap_up(db, reference, "answered", ["complaint"], "", "pat", at("09:34"))
    ratings.give(db, talk, Rating(2, ""), at("09:40"))


def _moved(db: Database) -> None:
    talk = begin(db, at("16:58"), "whatsapp")
    say(db, talk, at("16:58"), "ct_pay")
    handing.ask(db, talk, at("16:59"), reason="topic")
    step(db, talk, MOVE, "sam", at("17:01"), team="money")
    handing.take(db, talk, "sam", at("17:03"))
    step(db, talk, LEAVE, RESIDENT, at("17:13"))


def _nobody_came(db: Database) -> None:
    talk = begin(db, at("20:00"))
    say(db, talk, at("20:00"), "flytip_report", journey="flytip_report_form")
    handing.ask(db, talk, at("20:01"))
    step(db, talk, EXPIRE, KEEPER, at("20:11"), notice="Nobody is free.", payload="/nobody_came")
    left = LeftMessage("M-1", "nobody_came", {})
    say(db, talk, at("20:12"), "speak_to_person", journey="flytip_report_form", left_message=left)
    handovers.close(db, "M-1", "sam", at("08:12", 4))


def _over_midnight(db: Database) -> None:
    talk = begin(db, at("23:50"))
    say(db, talk, at("23:50"), "bin_missed")
    handing.pull(db, talk, "kim", at("23:55"), team="money")
    step(db, talk, END, "kim", at("00:05", 4))
    # Nobody wrapped it up in time; the other conversation of the kind is still being wrapped up.
    handovers.close_overdue(db, at("00:06", 4), at("00:15", 4))
