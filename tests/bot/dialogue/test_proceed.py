"""How a turn goes on after its first action, and that silence is never the answer."""

from __future__ import annotations

import pytest

from bot.dialogue.proceed import LISTEN, UNAVAILABLE, proceed
from tests.bot.dialogue.builder import Talk, move, progress


def test_a_turn_ends_when_the_form_has_put_its_question(at_bin: Talk) -> None:
    now = at_bin.says("blue")
    assert move(proceed(now, progress("bin_missed_form", form="bin_missed_form"))).action == LISTEN


def test_a_form_that_is_over_runs_its_journey(at_bin: Talk) -> None:
    so_far = progress("bin_missed_form", spoken=False, begun="bin_missed_form")
    assert move(proceed(at_bin.says("yes"), so_far)).action == "action_bin_missed"


@pytest.mark.parametrize(
    ("actions", "form"),
    [(("bin_missed_form",), None), (("bin_missed_form",), "bin_missed_form"), (("action_bin_missed",), None)],
)
def test_silence_is_never_the_answer(talk: Talk, actions: tuple[str, ...], form: str | None) -> None:
    """An action server that is down says nothing; the resident is told so, and the turn ends."""
    now = talk.says("my bin was missed", "bin_missed")
    assert move(proceed(now, progress(*actions, form=form, spoken=False))).action == UNAVAILABLE
    assert move(proceed(now, progress(*actions, UNAVAILABLE, form=form))).action == LISTEN


def test_what_was_kept_is_offered_when_the_journey_is_over(talk: Talk) -> None:
    talk.with_slots(suspended=["bin_new", "bin_missed"])
    found = move(proceed(talk.says("yes"), progress("bin_bulky_form", "action_bin_bulky")))
    assert found.action == "utter_offer_resume"
    assert found.slots["offer"] == {"kind": "resume", "query": "bin_missed"}
    assert found.slots["offer_title"] == "Report a missed bin"


def test_a_journey_that_failed_is_not_offered_at_once(talk: Talk) -> None:
    talk.with_slots(suspended=["bin_missed"], kept=True)
    assert move(proceed(talk.says("yes"), progress("bin_missed_form", "action_bin_missed"))).action == LISTEN


def test_rasas_rules_carry_on_what_they_began(talk: Talk) -> None:
    so_far = progress("utter_faq", policy="policy_1_RulePolicy")
    assert proceed(talk.says("what does it cost", "faq/cost"), so_far) is None
