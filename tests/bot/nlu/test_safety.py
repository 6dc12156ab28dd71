"""Danger: every reviewed expression fires its kind, ordinary sentences fire nothing, and numbers are not old."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.clock import today
from bot.nlu.safety import SafetyDetector, SafetyError, SafetySignals
from bot.safety_numbers import Number, load_numbers, placeholders, stale_numbers, unverified_numbers

ROOT = Path(__file__).parents[3]
SAFETY = ROOT / "data" / "safety"
SENTENCES = read_yaml_file(ROOT / "tests" / "sentences" / "safety.yml")
DANGER = [(kind, text) for kind, texts in SENTENCES["danger"].items() for text in texts]
RESPONSES: dict[str, list[dict[str, Any]]] = read_yaml_file(SAFETY / "messages.yml")["responses"]


@pytest.fixture(scope="module")
def signals() -> SafetySignals:
    return SafetySignals.from_file(SAFETY / "signals.yml")


@pytest.mark.parametrize(("kind", "text"), DANGER)
def test_danger_fires_its_kind(signals: SafetySignals, kind: str, text: str) -> None:
    assert signals.find(text) == kind


@pytest.mark.parametrize("text", SENTENCES["ordinary"])
def test_ordinary_sentences_are_quiet(signals: SafetySignals, text: str) -> None:
    assert signals.find(text) is None


def test_every_kind_has_enough_sentences(signals: SafetySignals) -> None:
    assert set(SENTENCES["danger"]) == set(signals.kinds)
    assert all(len(texts) >= 15 for texts in SENTENCES["danger"].values())
    assert len(SENTENCES["ordinary"]) >= 120


@pytest.mark.parametrize(
    "text",
    [
        "I WANT TO KILL MYSELF!!!",
        "i want to kill\u2019 myself",
        "kill-my-self",
        "k.i.l.l m.y.s.e.l.f",
        "k i l l m y s e l f",
        "kiiiill myseeelf",
        "i w a n t to d i e",
        "\u00ed want to d\u00ede",
        "k1ll mys3lf",
        "When is my bin day? SK4 3AA. " * 20 + "I want to die",
    ],
)
def test_disguised_writing_is_read(signals: SafetySignals, text: str) -> None:
    assert signals.find(text) == "suicide_selfharm"


def test_an_idiom_does_not_hide_a_real_cry_beside_it(signals: SafetySignals) -> None:
    assert signals.find("how do I kill weeds, and my gas bill is high") is None
    assert signals.find("my gas bill is high and there is a smell of gas") == "gas_or_co"
    assert signals.find("no food waste collection, and we have no food") == "destitution"
    assert signals.find("a torched car is on fire") == "fire_crime_now"


def test_an_idiom_ends_with_its_sentence(signals: SafetySignals) -> None:
    assert signals.find("I can't go on the website") is None
    assert signals.find("I can't go on. The website says I owe rent") == "suicide_selfharm"
    assert signals.find("who pays my council tax?\nThe ceiling is coming down") == "dangerous_structure"


def test_the_most_urgent_kind_is_told_first(signals: SafetySignals) -> None:
    assert signals.find("I have no food and I want to die") == "suicide_selfharm"


@pytest.mark.parametrize("text", ["", "   ", "???", "\U0001f525\U0001f525", "\u0645\u0631\u062d\u0628\u0627"])
def test_empty_and_foreign_texts_are_quiet(signals: SafetySignals, text: str) -> None:
    assert signals.find(text) is None


@pytest.mark.parametrize(
    "text", ["a " * 500, "my " * 330, "he she they my husband " * 45, "x" * 1000, "i im want " * 100]
)
def test_a_hostile_text_is_quick(signals: SafetySignals, text: str) -> None:
    before = time.process_time()
    signals.find(text)
    assert time.process_time() - before < 0.5


def test_signals_survive_json(signals: SafetySignals) -> None:
    again = SafetySignals.from_dict(signals.to_dict())
    assert again.kinds == signals.kinds
    assert again.find("I can smell gas") == "gas_or_co"


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [("un(closed", "not a regular expression"), ("{nobody} hits me", "{nobody}"), ("(?:help)?", "no words")],
)
def test_a_bad_pattern_is_refused_in_plain_words(tmp_path: Path, pattern: str, complaint: str) -> None:
    file = tmp_path / "signals.yml"
    file.write_text(f"signals:\n  gas_or_co:\n    order: 1\n    patterns: ['{pattern}']\n")
    with pytest.raises(SafetyError, match=re.escape(complaint)) as caught:
        SafetySignals.from_file(file)
    assert str(file) in str(caught.value)


def test_a_file_without_signals_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "signals.yml"
    file.write_text("words: {a: b}\n")
    with pytest.raises(SafetyError, match="signals:"):
        SafetySignals.from_file(file)


def _train(tmp_path: Path, signals_file: Path) -> SafetyDetector:
    """The detector as a model would hold it: created, trained, stored and loaded again."""
    config = {"signals": str(signals_file)}
    storage = LocalModelStorage.create(tmp_path / "model")
    context = ExecutionContext(GraphSchema({}))
    trained = SafetyDetector.create(config, storage, Resource("safety"), context)
    assert isinstance(trained, SafetyDetector)
    resource = trained.train(TrainingData())
    loaded = SafetyDetector.load(config, storage, resource, context)
    assert isinstance(loaded, SafetyDetector)
    return loaded


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    (tmp_path / "model").mkdir()
    return tmp_path


def test_the_detector_marks_messages(model_folder: Path) -> None:
    detector = _train(model_folder, SAFETY / "signals.yml")
    messages = [Message.build(text) for text in ("I can smell gas", "when is my bin day", "/restart{gas leak}")]
    danger, ordinary, button = detector.process(messages)
    assert danger.as_dict(only_output_properties=True)["safety"] == "gas_or_co"
    assert ordinary.data["safety"] is None  # Rasa leaves an empty property out of what it parses
    assert "safety" not in button.data


def test_the_detector_trains_without_a_signals_file(model_folder: Path) -> None:
    detector = _train(model_folder, model_folder / "absent.yml")
    assert detector.process([Message.build("I can smell gas")])[0].get("safety") is None


def test_a_changed_signal_is_trained_again(tmp_path: Path) -> None:
    file = tmp_path / "signals.yml"
    config = {"signals": str(file)}
    absent = SafetyDetector.fingerprint_addon(config)
    file.write_text("signals: {}\n")
    first = SafetyDetector.fingerprint_addon(config)
    file.write_text("signals: {} # changed\n")
    assert len({absent, first, SafetyDetector.fingerprint_addon(config)}) == 3


def test_every_kind_has_a_message_that_begins_with_a_number(signals: SafetySignals) -> None:
    assert set(RESPONSES) == {f"utter_safety_{kind}" for kind in signals.kinds}
    for variations in RESPONSES.values():
        for variation in variations:
            assert "{number." in variation["text"].splitlines()[0]
            assert variation["metadata"]["owner"]
            assert date.fromisoformat(variation["metadata"]["review_by"])


def test_domestic_abuse_asks_whether_it_is_safe_and_names_the_way_out() -> None:
    for variation in RESPONSES["utter_safety_domestic_abuse"]:
        assert "Is it safe to talk here?" in variation["text"]
        assert "Leave now" in variation["text"]


def test_messages_name_every_number_by_a_placeholder_that_exists() -> None:
    known = placeholders(load_numbers(SAFETY / "numbers.yml"))
    used: set[str] = set()
    for variation in (v for variations in RESPONSES.values() for v in variations):
        named = re.findall(r"\{([^{}]+)\}", variation["text"])
        used.update(named)
        assert set(named) <= set(known)
        assert not any(number in variation["text"] for number in known.values())
    assert used == set(known), "a number that no message names"


def test_every_number_was_checked_in_the_last_six_months() -> None:
    numbers = load_numbers(SAFETY / "numbers.yml")
    assert len({number.id for number in numbers}) == len(numbers)
    assert stale_numbers(numbers, today()) == []


def test_samples_are_told_apart_and_fictitious() -> None:
    numbers = {number.id: number for number in load_numbers(SAFETY / "numbers.yml")}
    assert "adult_care" in unverified_numbers(numbers.values())
    assert all(n.number.startswith("0161 496 0") for n in numbers.values() if n.source == "sample")


@pytest.mark.parametrize(
    ("checked_on", "verified", "is_stale"),
    [
        (date(2026, 11, 1), True, False),
        (date(2026, 10, 30), True, False),
        (date(2026, 10, 29), True, True),
        (None, True, True),
        (None, False, False),
    ],
)
def test_a_number_is_stale_after_six_months(checked_on: date | None, verified: bool, is_stale: bool) -> None:
    number = Number("gas", "Gas", "0800 111 999", "day and night", "https://example.org", verified, checked_on)
    assert stale_numbers([number], date(2027, 5, 1)) == (["gas"] if is_stale else [])
