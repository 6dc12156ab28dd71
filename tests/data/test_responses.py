"""The words of the assistant: every response that the code can utter is there, is filled, and is plainly put.

The style is that of the council's promises: plain words for a reading age of 9 to 11, short sentences, no shouting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.utils.io import read_yaml_file

from bot.content import service_folders
from bot.council import load_council
from bot.dialogue.journey_reader import read_journeys
from bot.dialogue.journeys import CONFIRMED, SHARED_ENDINGS, Journey
from bot.filling import PLACEHOLDER
from bot.importer import intents_in
from bot.safety_numbers import load_numbers, placeholders
from bot.text.answers import TYPES
from tests.conftest import ROOT

DATA = ROOT / "data"
PACKS = tuple(service_folders(DATA))
FACTS = load_council(DATA / "councils" / "stockport").placeholders() | placeholders(
    load_numbers(DATA / "safety" / "numbers.yml")
)
JOURNEYS = read_journeys(DATA)
MOST_WORDS = 20  # a value that is filled in counts as one
EASY = 5.0  # the school grade, by Flesch and Kincaid, of a child of ten
BANNED = (
    *("please be advised", "kindly", "in order to", "prior to", "regarding", "utilise", "invalid", "error"),
    *("qualify", "eligible"),
)
PLACE_ROWS = (
    *("utter_tip_hours_site", "utter_recycling_point_place", "utter_bin_caddy_bags_pick_up_points"),
    "utter_nearby_place",
)

# What the code hands to a response besides facts; a question may name every answer before it. What a service's own
# actions hand over stands in tests/data/passed/<service>.yml.
PASSED = {
    r"utter_ask_address(_many)?": "postcode count",
    r"utter_ask_\w+": "limit",
    r"utter_ask_(\w+_)?confirmed": "answers journey_title",
    r"utter_ask_\w*confirmed_answers": "label answer",
    r"utter_ask_bin_bulky_\w+": "price items",
    r"utter_ask_bin_(new|garden_join)_confirmed": "fee",
    r"utter_problem_\w+": "limit or_skip",
    r"utter_(journey|look_up)_failed": "journey_title",
    r"utter_journey_outside": "postcode neighbour website",
    r"utter_journey_(outside_unknown|nowhere)": "postcode",
    r"utter_journey_far": "place miles",
    r"utter_opening_hours_(not_)?on": "day hours holiday",
    r"utter_offer_switch": "offer_title journey_title",
    r"utter_offer_resume": "offer_title",
    r"utter_using_address": "address",
    r"utter_using_contact": "contact",
    r"utter_ask_report_details": "question",
    r"utter_report_(reported|reported_later|joined)": "reference notice where",
    r"utter_report_phoned": "urgent",
    r"utter_report_refused": "reason",
    r"utter_postcode_what_for": "postcode",
    r"utter_payment_(unknown|waiting|failed)": "reference link",
    r"utter_payment_(booked|received)": "reference link amount",
    r"utter_opening_hours_open": "until",
    r"utter_opening_hours_(closed|bank_holiday)": "day time holiday",
    r"utter_speak_to_person_left": "reference contact until",
    r"utter_speak_to_person_left_closed": "reference contact day time holiday",
    rf"({'|'.join(PLACE_ROWS)})(_\w+)?": "name where distance materials note",
    rf"({'|'.join(PLACE_ROWS)})_(open|later|closed)": "hours",
    rf"({'|'.join(PLACE_ROWS)})_(later|closed)": "day time",
}
for _path in sorted((Path(__file__).parent / "passed").glob("*.yml")):
    PASSED |= read_yaml_file(_path)
# What a shape's action hands to an ending in a journey's own words, besides the answers.
SHAPED = {
    ("report", "reported"): "reference notice where",
    ("report", "reported_later"): "notice where",
    ("report", "joined"): "reference where",
    ("report", "phoned"): "urgent",
    ("case", "opened"): "reference by",
    ("case", "danger"): "urgent",
    ("nearby", "places"): "places place",
    ("hours", "open"): "urgent until",
    ("hours", "closed"): "urgent day time",
}
# Endings that only come after an address was given, in journeys that do not always ask for one.
WITH_ADDRESS = ("utter_bin_clinical_requested", "utter_bin_hazardous_booked", "utter_bin_hazardous_slot_taken")


def _responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for pack in PACKS:
        found |= read_yaml_file(pack / "responses.yml")["responses"]
    return found


RESPONSES = _responses()


def _of_journey(journey: Journey) -> Iterator[str]:
    yield from (journey.response(ending) for ending in journey.endings)
    for ask in journey.asks:
        yield ask.question
        if ask.name == CONFIRMED:
            yield f"{ask.question}_answers"


def _uttered() -> set[str]:
    """Every name that the code can utter: those that journeys make up, and those that stand in it."""
    names = {name for journey in JOURNEYS.values() for name in _of_journey(journey)}
    names |= {f"utter_journey_{ending}" for ending in SHARED_ENDINGS}
    problems = {*TYPES, "no_address", "too_long", "needed"}
    names |= {f"utter_problem_{kind}{again}" for kind in problems for again in ("", "_again")}
    names |= {f"utter_opening_hours_{kind}" for kind in ("open", "closed", "bank_holiday", "on", "not_on")}
    names |= {"utter_safety_yes", "utter_safety_no"}
    names |= {f"{row}{state}" for row in PLACE_ROWS for state in ("", "_open", "_later", "_closed")}
    # The rows of a list have words of their own, named after the words around them.
    names |= {row for row in RESPONSES if any(row.startswith(f"{name}_") for name in names)}
    for pack in PACKS:
        told = [str(item["intent"]) for item in read_yaml_file(pack / "nlu.yml")["nlu"] if "intent" in item]
        names |= {f"utter_{intent}" for intent in told if "/" in intent}
    for folder in ("actions", "bot"):
        for path in (ROOT / folder).rglob("*.py"):
            names |= set(re.findall(r'"(utter_[a-z_]+[a-z])"', path.read_text(encoding="utf-8")))
    names.discard("utter_action")  # Rasa's own key, under which a reply names its response
    return names


def _known(name: str) -> set[str]:
    """The placeholders that may stand in a response."""
    known = {word for pattern, words in PASSED.items() if re.fullmatch(pattern, name) for word in words.split()}
    for journey in JOURNEYS.values():
        asked = {ask.name for ask in journey.asks}
        if name in {ask.question for ask in journey.asks}:
            known |= asked | ({"urgent"} if journey.shape in ("report", "case") else set())
        for ending in journey.endings:
            if name == journey.response(ending):
                known |= set(SHAPED.get((journey.shape, ending), "").split())
                known |= asked if journey.shape == "case" else set()
        asks_address = any(ask.name == "address" and ask.when is None for ask in journey.asks)
        if name in map(journey.response, journey.endings) and (asks_address or name in WITH_ADDRESS):
            known |= {"address", "journey_title"}
    return known


def _texts() -> list[Any]:
    return [pytest.param(name, item["text"], id=name) for name, many in RESPONSES.items() for item in many]


def _filled(text: str) -> str:
    return PLACEHOLDER.sub(lambda found: FACTS[found[1]], text)


def _sentences(text: str) -> list[str]:
    shown = re.sub(r"\]\([^)]*\)", "]", _filled(text))
    parts = re.split(r"[.?]\s|[.?]$|\n", shown)
    return [part for part in parts if re.search(r"\w", part)]


def _syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word))
    return max(1, groups - (word.endswith("e") and not word.endswith("le")))


def test_everything_that_can_be_uttered_has_words_and_no_words_lie_idle() -> None:
    assert _uttered() - set(RESPONSES) == set()
    assert set(RESPONSES) - _uttered() == set()


@pytest.mark.parametrize(("name", "text"), _texts())
def test_a_response_is_filled_by_what_the_code_hands_over(name: str, text: str) -> None:
    wanted = set(re.findall(r"\{([^{}]*)\}", text))
    assert {word for word in wanted if "." in word} - set(FACTS) == set()
    assert {word for word in wanted if "." not in word} - _known(name) == set()


@pytest.mark.parametrize(("name", "text"), _texts())
def test_a_response_is_plain_and_calm(name: str, text: str) -> None:
    assert [sentence for sentence in _sentences(text) if len(sentence.split()) > MOST_WORDS] == []
    assert "!" not in text
    assert [phrase for phrase in BANNED if re.search(rf"\b{phrase}", text, re.IGNORECASE)] == []
    assert set(_filled(text)) - set("£") <= {chr(code) for code in range(128)}, "plain letters only"


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_the_words_can_be_read_by_a_child_of_ten(pack: Path) -> None:
    texts = [item["text"] for many in read_yaml_file(pack / "responses.yml")["responses"].values() for item in many]
    sentences = [sentence for text in texts for sentence in _sentences(text)]
    words = [word for sentence in sentences for word in re.findall(r"[a-z']+", sentence.lower())]
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59
    assert grade <= EASY


def test_a_payment_link_comes_with_a_warning_and_a_button() -> None:
    for name, (response,) in RESPONSES.items():
        if name.endswith("_to_pay"):
            assert "until you have paid" in response["text"].split("{link}")[0]
            assert "/payment_done" in [button["payload"] for button in response["buttons"]]


def test_buttons_lead_to_something_that_is_understood() -> None:
    intents = {intent for pack in PACKS for intent in intents_in(pack / "nlu.yml")} - {"faq", "chitchat"}
    payloads = {button["payload"] for many in RESPONSES.values() for item in many for button in item.get("buttons", [])}
    asked = {f'/ask{{"query": "{name.removeprefix("utter_")}"}}' for name in RESPONSES if name.startswith("utter_faq/")}
    assert payloads - {f"/{intent}" for intent in intents} - asked == set()


def test_the_words_of_buttons_are_there() -> None:
    words = read_yaml_file(DATA / "shared" / "words.yml")["words"]
    asked = {
        name
        for path in (ROOT / "actions").rglob("*.py")
        for name in re.findall(r'\bword\("(\w+)"\)', path.read_text(encoding="utf-8"))
    }
    assert asked | {"yes", "no"} == set(words)
