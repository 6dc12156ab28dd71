"""How a question is put: what was wrong before it, its words, its choices as buttons, what it takes besides words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.base import Facts
from actions.content import word
from bot.dialogue.journeys import CONFIRMED, Ask
from bot.text.picking import Offered
from bot.text.say import inert

MANY = 12  # more addresses than this are asked for by number instead of listed
AGAIN, PERSON = 2, 3  # the failed try from which a question is put in another way, and a person is offered


def put_question(
    dispatcher: CollectingDispatcher,
    facts: Facts,
    ask: Ask,
    offered: Sequence[Offered],
    problem: Any,
    values: Mapping[str, str],
) -> None:
    """Utter the question for ``ask`` with what can be picked; ``values`` fill its words."""
    tries = 0
    if problem:
        tries = int(problem["attempt"])
        or_skip = word("or_skip") if ask.optional and values.get("skip", "skip") else ""
        dispatcher.utter_message(
            response=_problem(facts, problem["kind"], tries), limit=str(ask.limit), or_skip=or_skip
        )
    if ask.name == CONFIRMED:
        _put_summary(dispatcher, facts, ask, values)
        return
    buttons = _buttons(ask, offered)
    many = ask.type == "address" and len(offered) > MANY
    if many or ask.type == "many":
        buttons = []
    if ask.type == "spot":
        buttons = [button(word("same_place").format(place=option.title), ask.slot, option.value) for option in offered]
    if ask.type == "yes_no":
        buttons = [button(word(name), ask.slot, name) for name in ("yes", "no")]
    if values.get("skip", "skip") and ask.optional:
        buttons.append({"title": word("skip"), "payload": "/skip"})
    if tries >= AGAIN and facts.journey.id != "speak_to_person":
        buttons.append({"title": word("person"), "payload": "/speak_to_person"})
    name = "utter_ask_address_many" if many else ask.question
    said = {other.name: inert(facts.said(other.name)) for other in facts.journey.asks}
    filling = {**said, "count": str(len(offered)), "limit": str(ask.limit), **values}
    taken = "place" if ask.type == "spot" else ask.type  # a page knows only one way to say where the device is
    wants = {"wants": {"type": taken, "question": ask.slot}} if ask.takes_more else None
    dispatcher.utter_message(response=name, buttons=buttons, json_message=wants, **filling)


def _problem(facts: Facts, kind: str, tries: int) -> str:
    """What was wrong: said once, then in another way, then a person is offered; and round again."""
    turn = (tries - 1) % PERSON + 1
    if turn == PERSON and facts.journey.id != "speak_to_person":
        return "utter_problem_person"
    return f"utter_problem_{kind}_again" if turn >= AGAIN else f"utter_problem_{kind}"


def _buttons(ask: Ask, offered: Sequence[Offered]) -> list[dict[str, str]]:
    return [button(option.title, ask.slot, option.value) for option in offered]


def button(title: str, slot: str, value: str) -> dict[str, str]:
    """A button that answers the question of ``slot``."""
    return {"title": title, "payload": "/answer" + json.dumps({"question": slot, "value": value})}


def _put_summary(dispatcher: CollectingDispatcher, facts: Facts, ask: Ask, values: Mapping[str, str]) -> None:
    rows = [{"label": inert(label), "answer": inert(said)} for label, said in facts.answers.items()]
    slot = f"{facts.journey.id}_{CONFIRMED}"
    buttons = [button(word("send"), slot, "yes")]
    if rows:
        buttons.append({"title": word("change"), "payload": "/change_answer"})
    buttons.append({"title": word("stop"), "payload": "/cancel"})
    title = facts.journey.title
    dispatcher.utter_message(response=ask.question, answers=rows, journey_title=title, buttons=buttons, **values)
