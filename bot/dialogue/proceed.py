"""How a turn goes on after its first action: the form again, the journey's ending, or listening.

It also notices that nothing was said, because the action server or a back end let us down: no message of a resident
stays without an answer.
"""

from __future__ import annotations

from bot.dialogue.beside import offer_request, request_beside
from bot.dialogue.journeys import Journey
from bot.dialogue.outside import answer_action, told_first
from bot.dialogue.person import topic
from bot.dialogue.situation import Move, Progress, Situation

LISTEN = "action_listen"
UNAVAILABLE = "utter_unavailable"
# Actions that put a question of their own; the journey's question waits until it is answered.
OFFERS = frozenset(("utter_offer_switch", "utter_offer_resume", "action_change_which"))


def proceed(now: Situation, so_far: Progress) -> Move | None:
    """The next move of a turn that has begun; None leaves it to Rasa's rules."""
    last = so_far.actions[-1]
    asking = [journey for journey in now.journeys.values() if not journey.is_look_up]
    by_form = {journey.form: journey for journey in asking}
    if last == UNAVAILABLE:
        return Move(LISTEN)
    if so_far.has_spoken and last == answer_action(now, now.query) and (wanted := topic(now)):
        return wanted
    if last in by_form:
        return _after_form(so_far, by_form[last])
    if last in {journey.action for journey in asking}:
        return _after_journey(now, so_far)
    if so_far.form is None and last in told_first(now)[:-1] and so_far.has_spoken:
        left = [action for action in told_first(now) if action not in so_far.actions]
        return Move(left[0]) if left else Move(LISTEN)
    if last == f"utter_safety_{now.safety}" and so_far.form is None and request_beside(now):
        return offer_request(now, request_beside(now))
    if last in OFFERS and so_far.has_spoken:
        return Move(LISTEN)
    if so_far.policies[0].endswith("RulePolicy") and so_far.form is None and so_far.has_spoken:
        return None
    if not so_far.has_spoken:
        return Move(UNAVAILABLE)
    if so_far.form and so_far.form not in so_far.actions:
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
