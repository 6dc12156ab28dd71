"""How a conversation is shown to staff: what was said and written about it, as lines in order. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from operator import itemgetter

from bot.handover import ASKED, DANGER, FAILED, MISSED, PULLED, TOPIC
from bot.staff.desk import moments
from bot.store.attention import RESIDENT as THE_RESIDENT
from bot.store.attention import Attention
from bot.store.messages import ASSISTANT, RESIDENT, STAFF, SYSTEM, Attachment, Message
from bot.store.messages import FAILED as NOT_ANSWERED
from bot.store.notes import NOTE, STEP, UNSAID, WHISPER, Note
from bot.text import say
from bot.text.sent import is_upload_id, read_position

ANSWER = "/answer{"  # how a page's own answer (a file, a place, a button) begins in the ledger
STAFF_IDS = "staff-"  # and how the ledger's id of what staff said
PRIVATE = "private"
SENDERS: Mapping[str, str] = {RESIDENT: "Resident", ASSISTANT: "Assistant", SYSTEM: "Notice", STAFF: "Staff"}
# What each kind of note is called; a reader must never take one for something that was said.
LABELS: Mapping[str, str] = {
    NOTE: "Private note",
    WHISPER: "Private note to the colleague who has the conversation",
    STEP: "Private note with a step",
    UNSAID: "Not said to the resident: the assistant was about to answer when the conversation changed hands",
}
REASONS: Mapping[str, str] = {
    ASKED: "The resident asked for a person",
    MISSED: "The assistant did not understand several times",
    TOPIC: "This subject goes to a person at once",
    DANGER: "There are signs of danger",
    FAILED: "A system that the assistant needs did not answer",
    PULLED: "Staff took it from the assistant",
}


@dataclass(frozen=True)
class Line:
    """One thing said, or one note. ``key`` is unique in its conversation; ``seq`` is 0 for a note.

    ``kind`` is who said it, or PRIVATE; ``who`` that in words. ``day`` is given where a day begins. ``upload`` is the
    id of a file that came with it, ``file`` what one that staff sent is called; ``sent_as`` the id that the sending
    page gave it. ``is_markdown``: these are the council's own words, as they are shown to residents.
    """

    key: str
    seq: int
    kind: str
    who: str
    text: str
    at: datetime
    label: str = ""
    day: str = ""
    choices: tuple[str, ...] = ()
    upload: str = ""
    file: str = ""
    position: str = ""
    sent_as: str = ""
    has_failed: bool = False
    is_markdown: bool = False


def lines(said: Iterable[Message], notes: Iterable[Note], names: Mapping[str, str]) -> list[Line]:
    """What was said, in its own order, and the notes between, by time; ``names`` are the staff's by username. The first
    begins a day: a page that has it already knows it by its id."""
    said = list(said)
    # A message waits for its place in the ledger with its time already taken, so that it may be older than the one
    # before it: it counts as no older.
    since = accumulate((message.at for message in said), max)
    found = [(at, _said(message)) for at, message in zip(since, said, strict=True) if is_shown(message)]
    found += [(note.at, _note(note, names)) for note in notes]
    ordered = sorted(found, key=itemgetter(0))  # what is as old stays as it stands: what was said comes first
    days = [moments.day(at) for at, _ in ordered]
    return [
        line if place and days[place] == days[place - 1] else Line(**{**vars(line), "day": days[place]})
        for place, (_, line) in enumerate(ordered)
    ]


def is_shown(message: Message) -> bool:
    """Whether there is anything of it to be read: the assistant is told some things without a word."""
    return bool(message.text or message.attachment)


def called(file: Attachment | None) -> str:
    """What a file that staff sent is called; "" for none."""
    return say.attachment(file.name, file.description, file.size) if file else ""


def last_note(notes: Sequence[Note]) -> int:
    return max((note.id for note in notes), default=0)


def company(readers: Iterable[Attention], me: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Who else looks at the conversation, and who is typing, each in words; empty for nobody."""
    others = [reader for reader in readers if reader.who != me]
    called = {THE_RESIDENT: "the resident"}
    viewing = [names.get(each.who, each.who) for each in others if each.is_viewing and each.who != THE_RESIDENT]
    typing = [called.get(each.who) or names.get(each.who, each.who) for each in others if each.is_typing]
    return _sentence(viewing, "looking at this conversation too"), _sentence(typing, "typing")


def _sentence(people: list[str], doing: str) -> str:
    if not people:
        return ""
    listed = people[0] if len(people) == 1 else f"{', '.join(people[:-1])} and {people[-1]}"
    return f"{listed[0].upper()}{listed[1:]} {'is' if len(people) == 1 else 'are'} {doing}."


def _said(message: Message) -> Line:
    sent = _sent(message.payload)
    place = read_position(sent)
    is_staff = message.sender == STAFF
    return Line(
        key=f"m{message.seq}",
        seq=message.seq,
        kind=message.sender,
        who=(message.name or message.author or "Staff") if is_staff else SENDERS.get(message.sender, message.sender),
        text=message.text,
        at=message.at,
        label="Staff" if is_staff else "",
        choices=tuple(choice.title for choice in message.choices),
        upload=message.attachment.upload if message.attachment else sent if is_upload_id(sent) else "",
        file=called(message.attachment),
        position=f"{place[0]}, {place[1]}" if place else "",
        sent_as=(message.provider_id or "").removeprefix(STAFF_IDS) if is_staff else "",
        has_failed=message.state == NOT_ANSWERED,
        is_markdown=message.sender != RESIDENT,
    )


def _sent(payload: str) -> str:
    """What came with a message besides its words."""
    if not payload.startswith(ANSWER):
        return ""
    try:
        value = json.loads(payload.removeprefix("/answer")).get("value")
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""


def _note(note: Note, names: Mapping[str, str]) -> Line:
    who = SENDERS[ASSISTANT] if note.author == ASSISTANT else names.get(note.author, note.author)
    return Line(
        key=f"n{note.id}",
        seq=0,
        kind=PRIVATE,
        who=who,
        text=note.text,
        at=note.at,
        label=LABELS.get(note.kind, LABELS[NOTE]),
        is_markdown=note.kind == UNSAID,
    )
