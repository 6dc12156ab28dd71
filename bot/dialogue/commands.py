"""What a resident can say anywhere in a journey: stop, go back, start again, change something, a person.

Each command is a pure function of the situation; ``COMMANDS`` maps the query (intent) to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.dialogue.journeys import Ask, Journey, started_by
from bot.dialogue.person import WISH, to_person
from bot.dialogue.situation import ASIDE, Move, Situation
from bot.text.picking import plain

# The words without which a message is no command in the middle of an answer, whatever it sounds like.
SPOKEN: Mapping[str, re.Pattern[str]] = {
    name: re.compile(words)
    for name, words in {
        "cancel": r"\b(?:stop|cancel|forget it|never ?mind|quit|leave it|don'?t bother|scrap)\b",
        "go_back": r"\bgo(?:ing)? back\b|^back\b|\bprevious\b|\bback (?:a|one)\b",
        "start_again": r"\b(?:start|begin|go)\b.*\b(?:again|over|beginning)\b|\bre(?:set|start)\b|\bfrom the start\b",
        "speak_to_person": r"\b(?:person|human|some(?:one|body)|advis[eo]r|agent|staff|operator|people)\b",
        "repeat": r"\b(?:again|repeat|pardon)\b",
        "change_answer": r"\b(?:chang\w*|wrong|different|another|edit|correct|not|mistake|instead|update|amend|swap)\b",
    }.items()
}
# What people call the answers that they want to change.
CALLED: Mapping[str, frozenset[str]] = {
    "slot": frozenset("date day time when appointment slot".split()),
    "contact": frozenset("phone number email mobile contact telephone".split()),
    "container": frozenset("bin container colour".split()),
    "items": frozenset("item items thing things".split()),
}
JOURNEY_STATE: Mapping[str, Any] = dict.fromkeys(("attempts", "problem", "ending", "reading", "run", "first", "asked"))


def clear(journey: Journey, slot: str | None = None) -> dict[str, Any]:
    """Slots to empty: all that a journey owns, or one answer with everything that rests on it."""
    if slot is None:
        return dict.fromkeys(journey.own_slots) | dict(JOURNEY_STATE)
    return dict.fromkeys((slot, *journey.after(slot))) | {"problem": None, "ending": None}


def start(now: Situation, journey: Journey) -> Move:
    """Begin a journey; the running one is kept to be offered afterwards. A kept one goes on where it was."""
    second = started_by(now.journeys, now.second) if now.second else None
    kept = [*(now.slot("suspended") or []), now.journey.id if now.journey else "", second.id if second else ""]
    waiting = [name for name in dict.fromkeys(kept) if name and name != journey.id]
    # What a failed back end interrupted goes on as the same run, so that trying again sends nothing twice.
    is_kept = now.slot("kept") == journey.id
    fresh = dict(JOURNEY_STATE) | {"first": None if now.journey else now.slot("first")}
    slots = {**({"reading": None} if is_kept else fresh), "suspended": waiting, "offer": None, "misses": 0}
    return Move(journey.form, slots, leaves=now.journey is not None)


def resume(now: Situation, journey: Journey) -> Move:
    """Go on with a kept journey; its answers are still there."""
    return start(now, journey)


def change(now: Situation, journey: Journey, ask: Ask, with_text: bool = False) -> Move:
    """Ask one question again; ``with_text``: the message may hold the new answer already."""
    asked = [*(now.slot("asked") or []), ask.slot]
    return Move(journey.form, {**clear(journey, ask.slot), "asked": asked, "reading": ask.slot if with_text else ""})


def _ended(now: Situation, journey: Journey) -> dict[str, Any]:
    """The run of a journey is over, so that the next one counts as new."""
    return {"runs": {name: run for name, run in (now.slot("runs") or {}).items() if name != journey.id} or None}


def _cancel(now: Situation, journey: Journey, ask: Ask | None) -> Move:
    return Move("utter_cancelled", {**clear(journey), **_ended(now, journey), "offer": None}, leaves=True)


def _start_again(now: Situation, journey: Journey, ask: Ask | None) -> Move:
    emptied = dict.fromkeys(journey.slots)
    return Move(journey.form, {**clear(journey), **emptied, **_ended(now, journey), **ASIDE})


def _go_back(now: Situation, journey: Journey, ask: Ask | None) -> Move:
    """The last question that was put before this one is put again."""
    named = _named_ask(now, journey) if now.words > 2 else None
    if named:
        return change(now, journey, named)
    given = now.slot(ask.slot) if ask and ask.type == "details" else None
    if ask and given and given.get("rows"):  # of several questions behind one slot the last one
        return Move(journey.form, {ask.slot: {**given, "rows": given["rows"][:-1]}, **ASIDE})
    asked = [slot for slot in now.slot("asked") or [] if slot in journey.slots and now.slot(slot) is not None]
    if ask and ask.slot in asked:
        asked = asked[: asked.index(ask.slot)]
    if not asked:
        return Move("utter_nothing_before", ASIDE)
    rows = (now.slot(asked[-1]) or {}).get("rows")
    if rows:
        return Move(journey.form, {asked[-1]: {**now.slot(asked[-1]), "value": "", "rows": rows[:-1]}, **ASIDE})
    return Move(journey.form, {**clear(journey, asked[-1]), **ASIDE})


def _change_answer(now: Situation, journey: Journey, ask: Ask | None) -> Move:
    named = journey.ask(now.details.get("question")) or _named_ask(now, journey)
    if named is None:
        return Move("action_change_which", ASIDE)
    return change(now, journey, named, with_text=not now.is_pressed and _brings_answer(now, named))


def _named_ask(now: Situation, journey: Journey) -> Ask | None:
    """The answered question that "change the ..." names, by the words of its label or name."""
    said = set(plain(now.text).split())
    answered = [ask for ask in journey.asks if now.slot(ask.slot) is not None]
    if said & {"postcode", "address", "house", "street"}:
        kinds = ("postcode", "address") if "postcode" in said else ("address", "postcode")
        for kind in kinds:
            found = next((ask for ask in answered if ask.type == kind), None)
            if found:
                return found
    for ask in answered:
        if ask.entity and now.entity(ask.entity) or said & CALLED.get(ask.name, frozenset()):
            return ask
        words = set(plain(f"{ask.label} {ask.name.replace('_', ' ')}").split()) - {"the", "or", "of", "how"}
        if said & words:
            return ask
    return None


def _brings_answer(now: Situation, ask: Ask) -> bool:
    return bool(now.entity(ask.entity or ask.type))


def _repeat(now: Situation, journey: Journey, ask: Ask | None) -> Move:
    return Move(journey.form, ASIDE)


def _person(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    if handed := to_person(now):
        return handed
    wanted = now.journeys.get(WISH)
    if wanted is None or wanted.id == journey.id:
        return None
    return start(now, wanted)


def _erase(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    """To delete the chat is to stop what is going on in it."""
    wanted = now.journeys.get("erase_chat")
    if wanted is None or wanted.id == journey.id:
        return None
    return Move(wanted.form, {**clear(journey), "suspended": None, "offer": None}, leaves=True)


def _resume(now: Situation, journey: Journey, ask: Ask | None) -> Move:
    wanted = now.journeys.get(now.details.get("journey", ""))
    return resume(now, wanted) if wanted and wanted.id != journey.id else Move(journey.form, ASIDE)


COMMANDS: Mapping[str, Callable[[Situation, Journey, Ask | None], Move | None]] = {
    "cancel": _cancel,
    "start_again": _start_again,
    "go_back": _go_back,
    "change_answer": _change_answer,
    "repeat": _repeat,
    WISH: _person,
    "resume": _resume,
    "erase_chat": _erase,
}
