"""Inside a journey: is a message an answer, a command, a correction or something else? The first that fits wins.

To a typed question (postcode, choice, number) what parses is the answer, and otherwise a sure other meaning is an
interruption. To a free-text question everything is the answer except a short "stop", "go back", "a person".
"""

from __future__ import annotations

import re

from bot.dialogue.commands import COMMANDS, SPOKEN, change, clear
from bot.dialogue.journeys import CONFIRMED, Ask, Journey, started_by
from bot.dialogue.outside import answer_action
from bot.dialogue.situation import ASIDE, SHORT, Move, Situation
from bot.text.answers import Question, is_skip, names_a_day, parse
from bot.text.picking import Offered, plain
from bot.text.sent import has_none

IN_FREE_TEXT = frozenset(("cancel", "go_back", "start_again", "speak_to_person", "repeat"))
CORRECTING = frozenset("no not nope sorry meant mean actually instead wrong oops should correction".split())
PART_OF_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\b", re.IGNORECASE)
# Answers that are told in words, so that almost anything may be one.
DESCRIBED = frozenset(("spot", "details"))
HOUSE_ALONE = 3  # words up to which a house number is all that a message says
ASKING = frozenset(
    "when what how why who which can could do does did will would is are am should want need wanna help report book pay"
    " tell please ask i'd id whats whens wheres".split()
)
DETAILS_BY_TYPE = frozenset(("email", "phone", "registration"))


def inside(now: Situation, journey: Journey) -> Move:
    """The next move while a journey's form is active."""
    ask = now.requested
    for step in (_pressed, _skipped, _free_text, _answered, _command, _corrected, _interrupted):
        move = step(now, journey, ask)
        if move:
            return move
    return Move(journey.form, {"reading": ask.slot if ask else ""})


def _pressed(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    """A button of this or an earlier question, or a button that stands for a request."""
    if not now.is_pressed:
        return None
    if now.query != "answer":
        skips = now.query == "skip" and ask and ask.optional
        return None if skips else _command(now, journey, ask) or _interrupted(now, journey, ask)
    slot = now.details.get("question", "")
    if slot not in journey.slots:
        return Move("utter_stale_choice", ASIDE)
    if slot == f"{journey.id}_{CONFIRMED}" and now.details.get("value") == "no":
        return _not_sent(now, journey, ask)
    changes = {} if ask and slot == ask.slot else clear(journey, slot)
    return Move(journey.form, {**changes, "reading": slot})


def _skipped(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    """A resident would rather not say; a "no" with an earlier answer put right is a correction instead."""
    if ask is None or not ask.optional:
        return None
    declines = now.query == "deny" and now.words <= 3 or ask.is_upload and has_none(now.text)
    if now.query == "skip" or is_skip(now.text) or declines:
        return _corrected(now, journey, ask) or Move(journey.form, {"reading": ask.slot})
    return None


def _free_text(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    if ask is None or not ask.is_free_text:
        return None
    is_command = now.words <= SHORT and now.query in IN_FREE_TEXT and is_spoken(now)
    command = _command(now, journey, ask) if is_command else None
    return command or Move(journey.form, {"reading": ask.slot})


def _answered(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    if ask is None:
        return None
    postcode = journey.ask("postcode")
    if ask.type == "address" and postcode and now.entity("postcode"):
        return change(now, journey, postcode, with_text=True)
    reads = Move(journey.form, {"reading": ask.slot})
    question = question_for(ask, now)
    if ask.type in DESCRIBED:
        is_other = now.is_sure and now.query not in journey.starts and asks_for_something(now)
        return None if is_other and not parse(question, now.text) else reads
    if ask.type == "item" or ask.from_backend and not question.offered:
        # What there is to pick from is known to the back end only: a sure other meaning comes first.
        is_other = now.is_sure and now.query not in journey.starts and not _is_a_try(now, ask, question)
        return None if is_other else reads
    answer = parse(question, now.text)
    if answer is None:
        return reads if _is_a_try(now, ask, question) else None
    if ask.name == CONFIRMED and now.offered and not question.offered:
        return Move(journey.form, ASIDE)  # the summary is not what was shown last: show it before a yes counts
    if ask.name == CONFIRMED and answer.value == "no":
        return _corrected(now, journey, ask) or _not_sent(now, journey, ask)
    if "?" in now.text and now.words > 3 and now.is_sure and now.query.startswith("faq/"):
        return Move(f"utter_{now.query}", reads.slots)  # an answer and a question at once
    return reads


def inside_danger(now: Situation) -> dict[str, str]:
    """What is read of a message with danger in it: an answer of the kind that was asked for, so that a false alarm
    does not cost it. What is free to say anything is asked again: a cry is no note for the crew."""
    ask = now.requested if now.journey else None
    if ask is None or ask.is_free_text or ask.name == CONFIRMED or ask.type in DESCRIBED:
        return {}
    return {"reading": ask.slot} if parse(question_for(ask, now), now.text) else {}


def asks_for_something(now: Situation) -> bool:
    """Whether a message asks, wishes or commands: a place or a detail told in words does none of these."""
    return "?" in now.text or now.query in COMMANDS and is_spoken(now) or bool(ASKING & set(plain(now.text).split()))


def _is_a_try(now: Situation, ask: Ask, question: Question) -> bool:
    """Whether a message aims at what is offered, though it is not clear at which of it, or by another name.

    Part of a postcode is a try at one, and so is a house number alone at an address.
    """
    if ask.type == "address":
        return now.words <= HOUSE_ALONE and now.entity("house_number") is not None
    if ask.type == "postcode":
        return now.words <= SHORT and bool(PART_OF_POSTCODE.search(now.text))
    if ask.type != "choice":
        return False
    if ask.entity and now.entity(ask.entity) in {option.value for option in question.offered}:
        return True
    if names_a_day(question, now.text):
        return True
    words = {word for word in plain(now.text).split() if len(word) > 3}
    named = any(words & set(plain(option.title).split()) for option in question.offered)
    return named and now.words <= SHORT


def question_for(ask: Ask, now: Situation) -> Question:
    """The pure question behind ``ask``: fixed options, or what was offered as buttons."""
    options = [Offered(option.value, option.title, option.also) for option in ask.options]
    buttons = [button.offered for button in now.offered if button.details.get("question") == ask.slot]
    return Question(ask.type, options or buttons, ask.limit, ask.least, now.today, past=ask.past)


def _not_sent(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    """ "No" to the summary: something is to be changed, or nothing was asked that could be."""
    if any(other.is_shown for other in journey.asks):
        return Move("action_change_which", ASIDE)
    return COMMANDS["cancel"](now, journey, ask)


def _command(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    handler = COMMANDS.get(now.query)
    is_meant = now.is_pressed or now.query != "change_answer" or is_spoken(now)
    return handler(now, journey, ask) if handler and now.is_sure and is_meant else None


def is_spoken(now: Situation) -> bool:
    """Whether the message holds the words of the command that it is taken for."""
    pattern = SPOKEN.get(now.query)
    return pattern is None or bool(pattern.search(now.text.lower()))


def _corrected(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    """A detail that answers an earlier question: "no, SK4 3AA". A clear other request is none."""
    if now.is_sure and now.query not in journey.starts and not CORRECTING & set(plain(now.text).split()):
        return None
    for earlier in journey.asks:
        detail = earlier.entity or (earlier.type if earlier.type in DETAILS_BY_TYPE else "")
        is_answered = now.slot(earlier.slot) is not None and earlier is not ask
        if detail and is_answered and now.entity(detail):
            return change(now, journey, earlier, with_text=True)
    return None


def _interrupted(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    if not now.is_sure or now.query in journey.starts:
        return None
    told = answer_action(now, now.query)
    if told:
        return Move(told, ASIDE)
    other = started_by(now.journeys, now.query)
    if other is None:
        return None
    offer = {"kind": "switch", "query": other.id}
    titles = {"offer_title": other.title, "journey_title": journey.title}
    return Move("utter_offer_switch", {**ASIDE, **titles, "offer": offer})
