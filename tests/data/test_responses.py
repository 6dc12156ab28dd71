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

from bot.council import load_council
from bot.dialogue.journey_reader import read_journeys
from bot.dialogue.journeys import CONFIRMED, SHARED_ENDINGS, Journey
from bot.importer import PLACEHOLDER, intents_in
from bot.nlu.safety_numbers import load_numbers, placeholders
from bot.text.answers import TYPES
from tests.conftest import ROOT

DATA = ROOT / "data"
PACKS = (DATA / "shared", DATA / "services" / "waste")
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
PLACE_ROWS = ("utter_tip_hours_site", "utter_recycling_point_place", "utter_bin_caddy_bags_pick_up_points")

# What the code hands to a response besides facts; a question may name every answer before it.
PASSED = {
    r"utter_ask_address(_many)?": "postcode count",
    r"utter_ask_\w+": "limit",
    r"utter_ask_(\w+_)?confirmed": "answers journey_title",
    r"utter_ask_\w*confirmed_answers": "label answer",
    r"utter_ask_bin_bulky_\w+": "price items",
    r"utter_ask_bin_(new|garden_join)_confirmed": "fee",
    r"utter_problem_\w+": "limit or_skip",
    r"utter_journey_failed": "journey_title",
    r"utter_journey_outside": "postcode neighbour website",
    r"utter_journey_(outside_unknown|nowhere)": "postcode",
    r"utter_journey_far": "place miles",
    r"utter_opening_hours_(not_)?on": "day hours holiday",
    r"utter_offer_switch": "offer_title journey_title",
    r"utter_offer_resume": "offer_title",
    r"utter_using_address": "address",
    r"utter_postcode_what_for": "postcode",
    r"utter_payment_(unknown|waiting|failed)": "reference link",
    r"utter_payment_(booked|received)": "reference link amount",
    r"utter_opening_hours_open": "until",
    r"utter_opening_hours_(closed|bank_holiday)": "day time holiday",
    r"utter_speak_to_person_left": "reference contact until",
    r"utter_speak_to_person_left_closed": "reference contact day time holiday",
    r"utter_bin_day_dates": "collections link",
    r"utter_bin_day_dates_\w+": "container date usual reason",
    r"utter_bin_calendar_feed_link": "link",
    r"utter_bin_missed_(?!reported|no_service)\w+": "container next",
    r"utter_bin_missed_(not_yet|crew_reason|crew_ours|collected|already_reported|too_late)": "date",
    r"utter_bin_missed_crew_\w+": "said next_step",
    r"utter_bin_missed_collected": "time",
    r"utter_bin_missed_(already_reported|reported)": "reference promised container",
    r"utter_bin_contaminated_(street_)?event": "said next date",
    r"utter_bin_contaminated_event": "container",
    r"utter_bin_new_(ordered|to_pay)": "container reference by",
    r"utter_\w+_to_pay": "reference amount link",
    r"utter_bin_caddy_bags_ordered": "reference",
    r"utter_bin_caddy_bags_pick_up": "points",
    r"utter_bin_bulky_to_pay": "slot items cancel_by",
    r"utter_bin_bulky_too_many": "many most",
    r"utter_bin_(assisted|clinical)_requested|utter_trade_waste_requested|utter_bin_spillage_reported": "reference by",
    r"utter_trade_waste_requested": "address",
    r"utter_bin_what_goes_where_\w+": "item",
    r"utter_bin_what_goes_where_bin": "note container holds",
    r"utter_bin_what_goes_where_(?!bin|unknown)\w+": "note rule",
    r"utter_bin_hazardous_(rules|booked)": "substance rule",
    r"utter_bin_hazardous_booked": "reference slot",
    r"utter_tip_hours_sites": "sites",
    r"utter_tip_permit_issued": "reference registration",
    r"utter_tip_permit_not_needed": "rule",
    r"utter_recycling_point_points": "points place",
    rf"({'|'.join(PLACE_ROWS)})(_\w+)?": "name where distance materials note",
    rf"({'|'.join(PLACE_ROWS)})_(open|later|closed)": "hours",
    rf"({'|'.join(PLACE_ROWS)})_(later|closed)": "day time",
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
    names |= {"utter_bin_day_dates_collections"}
    for pack in PACKS:
        told = [str(item["intent"]) for item in read_yaml_file(pack / "nlu.yml")["nlu"] if "intent" in item]
        names |= {f"utter_{intent}" for intent in told if "/" in intent}
    for folder in ("actions", "bot"):
        for path in (ROOT / folder).rglob("*.py"):
            names |= set(re.findall(r'"(utter_[a-z_]+[a-z])"', path.read_text(encoding="utf-8")))
    return names


def _known(name: str) -> set[str]:
    """The placeholders that may stand in a response."""
    known = {word for pattern, words in PASSED.items() if re.fullmatch(pattern, name) for word in words.split()}
    for journey in JOURNEYS.values():
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
    assert payloads - {f"/{intent}" for intent in intents} == set()


def test_the_words_of_buttons_are_there() -> None:
    words = read_yaml_file(DATA / "shared" / "words.yml")["words"]
    asked = {
        name
        for path in (ROOT / "actions").rglob("*.py")
        for name in re.findall(r'\bword\("(\w+)"\)', path.read_text(encoding="utf-8"))
    }
    assert asked | {"yes", "no"} == set(words)
