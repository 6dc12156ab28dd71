"""What the assistant does next: the rules that all journeys share, as pure functions.

``decide`` looks at what the resident said; the first of these that fits wins: danger; an answer to an offer that
the assistant made; inside a journey a button, an answer, a command, a correction, an interruption; outside of one
a command, a bare postcode, a message that was not understood. None means that nothing special is going on and
Rasa's rules may act. ``proceed`` carries a turn on after its first action.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.dialogue.commands import COMMANDS, change, clear, resume, start
from bot.dialogue.journeys import CONFIRMED, Ask, Journey, started_by
from bot.dialogue.situation import Move, Progress, Situation
from bot.text.answers import Question, is_skip, parse
from bot.text.picking import Offered, pick, plain

LISTEN = "action_listen"
UNAVAILABLE = "utter_unavailable"
CLOSE_CALL = 0.15  # two meanings nearer than this, and neither sure: ask which
SHORT = 6  # words: in a free-text answer only a message this short can be a command
# Actions that put a question of their own; the journey's question waits until it is answered.
OFFERS = frozenset(("utter_offer_switch", "utter_offer_resume", "action_change_which"))
CORRECTING = frozenset("no not nope sorry meant mean actually instead wrong oops should correction".split())
ASIDE = {"reading": ""}


def decide(now: Situation) -> Move | None:
    """The next move after the resident spoke, or None for Rasa's rules."""
    if now.safety:
        return Move(f"utter_safety_{now.safety}", {**ASIDE, "offer": None})
    now = _asked_for(_press_what_was_named(now))
    if now.slot("offer"):
        answered = _answer_offer(now, now.slot("offer"))
        if answered:
            return answered
        now = replace(now, slots={**now.slots, "offer": None})
    return _inside(now, now.journey) if now.journey else _outside(now)


def _press_what_was_named(now: Situation) -> Situation:
    """Typing a button's words, or "the second one", is pressing it. A journey's own buttons are read by the form."""
    if now.is_pressed or not now.offered or all(button.intent == "answer" for button in now.offered):
        return now
    buttons = [button for button in now.offered if button.intent != "answer"]
    picked = pick(now.text, [button.offered for button in buttons])
    if picked is None or now.words > SHORT:
        return now
    button = next(button for button in buttons if button.offered == picked)
    return replace(now, query=button.intent, details=button.details, confidence=1.0, refused=False, is_pressed=True)


def _asked_for(now: Situation) -> Situation:
    """The button of a question with one answer stands for that question."""
    return replace(now, query=now.details.get("query", "")) if now.is_pressed and now.query == "ask" else now


def _answer_offer(now: Situation, offer: dict[str, Any]) -> Move | None:
    said = parse(Question("yes_no"), now.text)
    agrees = now.query == "affirm" or bool(said and said.value == "yes")
    declines = now.query == "deny" or bool(said and said.value == "no")
    if agrees == declines:
        return None
    wanted = now.journeys.get(offer["query"])
    if agrees and wanted:
        return resume(now, wanted) if offer["kind"] == "resume" else start(now, wanted)
    if now.journey:
        return Move(now.journey.form, {**ASIDE, "offer": None})
    dropped = clear(wanted) if wanted and offer["kind"] == "resume" else {}
    waiting = [name for name in now.slot("suspended") or [] if name != offer["query"]]
    return Move("utter_what_next", {**dropped, "offer": None, "suspended": waiting})


def _inside(now: Situation, journey: Journey) -> Move:
    ask = now.requested
    for step in (_pressed, _command_in_free_text, _answered, _command, _corrected, _interrupted):
        move = step(now, journey, ask)
        if move:
            return move
    return Move(journey.form, {"reading": ask.slot if ask else "", "offer": None})


def _pressed(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    """A button of this or an earlier question, or a button that stands for a request."""
    if not now.is_pressed:
        return None
    if now.query != "answer":
        return _command(now, journey, ask) or _interrupted(now, journey, ask)
    slot = now.details.get("question", "")
    if slot not in journey.slots:
        return Move("utter_stale_choice", ASIDE)
    if slot == f"{journey.id}_{CONFIRMED}" and now.details.get("value") == "no":
        return _not_sent(now, journey, ask)
    changes = {} if ask and slot == ask.slot else clear(journey, slot)
    return Move(journey.form, {**changes, "reading": slot})


def _command_in_free_text(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    """To a free-text question everything is the answer except "stop", "go back" and "a person", said shortly."""
    if ask and ask.is_free_text and now.words <= SHORT:
        if ask.optional and (now.query == "skip" or is_skip(now.text)):
            return Move(journey.form, {"reading": ask.slot})
        if now.query in ("cancel", "go_back", "start_again", "speak_to_person", "repeat"):
            return _command(now, journey, ask)
    return None


def _answered(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    """What parses is the answer; only a look-up of things by name gives way to a sure other meaning."""
    if ask is None:
        return None
    if ask.optional and (now.query == "skip" or is_skip(now.text) or _declines(now)):
        return Move(journey.form, {"reading": ask.slot})
    postcode = journey.ask("postcode")
    if ask.type == "address" and postcode and now.entity("postcode"):
        return change(now, journey, postcode, with_text=True)
    means_other = now.is_sure and now.query not in journey.starts
    question = question_for(ask, now)
    if ask.type == "item" or ask.from_backend and not question.offered:
        return None if means_other else Move(journey.form, {"reading": ask.slot})
    answer = parse(question, now.text)
    if answer is None:
        is_try = ask.type == "choice" and now.words <= SHORT and _names_part(now.text, question)
        return Move(journey.form, {"reading": ask.slot}) if is_try else None
    if ask.name == CONFIRMED and answer.value == "no":
        return _not_sent(now, journey, ask)
    aside = _side_question(now, journey, ask)
    if aside:
        return Move(aside, {"reading": ask.slot})
    return Move(journey.form, {"reading": ask.slot})


def _names_part(text: str, question: Question) -> bool:
    """Whether a short message holds a telling word of something offered: a try, though not clear which."""
    words = {word for word in plain(text).split() if len(word) > 3}
    return any(words & set(plain(option.title).split()) for option in question.offered)


def _not_sent(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    """"No" to the summary: something is to be changed, or nothing was asked that could be."""
    if any(other.is_shown for other in journey.asks):
        return Move("action_change_which", ASIDE)
    return COMMANDS["cancel"](now, journey, ask)


def _declines(now: Situation) -> bool:
    return now.query == "deny" and now.words <= 3


def _side_question(now: Situation, journey: Journey, ask: Ask) -> str | None:
    """An answer and a question at once ("SK1 3XE, is it free?"): the response that answers the question."""
    if ask.is_free_text or "?" not in now.text or now.words < SHORT or not now.is_sure:
        return None
    return f"utter_{now.query}" if now.query.startswith("faq/") else None


def _command(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    handler = COMMANDS.get(now.query)
    return handler(now, journey, ask) if handler and now.is_sure else None


def _corrected(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    """A detail that answers an earlier question: "no, SK4 3AA". A clear other request is none."""
    if now.is_sure and now.query not in journey.starts and not CORRECTING & set(plain(now.text).split()):
        return None
    for earlier in journey.asks:
        detail = earlier.entity or (earlier.type if earlier.type in ("email", "phone", "registration") else "")
        is_answered = now.slot(earlier.slot) is not None and earlier is not ask
        if detail and is_answered and now.entity(detail):
            return change(now, journey, earlier, with_text=True)
    return None


def _interrupted(now: Situation, journey: Journey, ask: Ask | None) -> Move | None:
    if not now.is_sure or now.query in ("affirm", "deny", "skip", "answer"):
        return None
    if now.query in journey.starts:
        return None
    if now.query.startswith(("faq/", "chitchat/")):
        return Move(f"utter_{now.query}", ASIDE)
    other = started_by(now.journeys, now.query)
    if other:
        offer = {"kind": "switch", "query": other.id}
        titles = {"offer_title": other.title, "journey_title": journey.title}
        return Move("utter_offer_switch", {**ASIDE, **titles, "offer": offer})
    return Move(f"action_{now.query}", ASIDE) if now.query in now.look_ups else None


def question_for(ask: Ask, now: Situation) -> Question:
    """The pure question behind ``ask``: fixed options, or what was offered as buttons."""
    options = [Offered(option.value, option.title, option.also) for option in ask.options]
    buttons = [button.offered for button in now.offered if button.details.get("question") == ask.slot]
    return Question(ask.type, options or buttons, ask.limit, ask.least, now.today)


def _outside(now: Situation) -> Move | None:
    if now.is_pressed and now.query in ("resume", "switch") or now.query == "resume" and now.is_sure:
        return _go_on(now)
    if now.query == "answer" or now.query == "change_answer" and now.is_pressed:
        return Move("utter_stale_choice", {"offer": None})
    if now.is_pressed and now.query.startswith("faq/"):
        return Move(f"utter_{now.query}", {"offer": None})
    if now.is_sure and now.query in COMMANDS and now.query != "speak_to_person":
        return Move(OUTSIDE.get(now.query, "utter_what_next"), {"offer": None})
    if now.query in ("affirm", "deny", "skip") and not now.refused:
        return Move("utter_what_next", {"offer": None})
    if now.entity("postcode") and now.words <= 3 and not now.is_sure:
        return Move(
            "utter_postcode_what_for", {"postcode": shared(now.entity("postcode")), "address": None, "misses": 0}
        )
    if now.refused and not now.is_pressed:
        return _missed(now)
    if not now.is_pressed and _is_close(now):
        return Move("action_did_you_mean", {"misses": 0})
    journey = started_by(now.journeys, now.query)
    is_answered = now.query.startswith(("faq/", "chitchat/")) or now.query in now.look_ups
    if not journey and not is_answered:
        return _missed(now)
    if journey and (now.second or journey.id in (now.slot("suspended") or []) or now.is_pressed):
        return start(now, journey)
    return None


OUTSIDE = {"cancel": "utter_nothing_to_stop", "repeat": "action_repeat"}


def _go_on(now: Situation) -> Move:
    waiting = now.slot("suspended") or []
    wanted = now.details.get("journey") or (waiting[-1] if waiting else "")
    journey = now.journeys.get(wanted)
    return resume(now, journey) if journey else Move("utter_what_next", {"offer": None})


def _is_close(now: Situation) -> bool:
    rival = now.also[0][1] if now.also else 0.0
    return not now.is_sure and now.confidence - rival < CLOSE_CALL


def _missed(now: Situation) -> Move:
    """Not understood: the second time in a row in other words, the third time a person first."""
    misses = int(now.slot("misses") or 0) + 1
    actions: dict[int, str] = {1: "action_did_you_mean", 2: "utter_fallback_again"}
    return Move(actions.get(misses, "utter_fallback_person"), {"misses": misses})


def shared(value: str | None) -> dict[str, str] | None:
    """A plain value in the shape in which slots keep answers."""
    return {"value": value, "said": value} if value else None


def proceed(now: Situation, so_far: Progress) -> Move | None:
    """The next move of a turn that has begun; None leaves it to Rasa's rules."""
    last = so_far.actions[-1]
    by_form = {journey.form: journey for journey in now.journeys.values()}
    by_action = {journey.action: journey for journey in now.journeys.values()}
    if last == UNAVAILABLE:
        return Move(LISTEN)
    if last in by_form:
        return _after_form(so_far, by_form[last])
    if last in by_action:
        return _after_journey(now, so_far)
    if so_far.policies[0].endswith("RulePolicy") and so_far.form is None and so_far.has_spoken:
        return None
    if not so_far.has_spoken:
        return Move(UNAVAILABLE)
    if so_far.form and last not in OFFERS and so_far.actions.count(so_far.form) == 0:
        return Move(so_far.form)
    return Move(LISTEN)


def _after_form(so_far: Progress, journey: Journey) -> Move:
    if so_far.form == journey.form:
        return Move(LISTEN) if so_far.has_spoken else Move(UNAVAILABLE)
    # The form is over, or it never began because the action server did not answer.
    return Move(journey.action) if journey.form in so_far.loops_begun else Move(UNAVAILABLE)


def _after_journey(now: Situation, so_far: Progress) -> Move:
    if not so_far.has_spoken:
        return Move(UNAVAILABLE)
    waiting = list(now.slot("suspended") or [])
    if not waiting or now.slot("kept"):
        return Move(LISTEN)
    journey = now.journeys[waiting[-1]]
    offer = {"kind": "resume", "query": journey.id}
    return Move("utter_offer_resume", {"offer": offer, "offer_title": journey.title})
