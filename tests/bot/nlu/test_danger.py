"""Danger that a request beside it would hide, and what looking at the parts of a message costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.shared.utils.io import read_yaml_file

from bot.nlu.danger import find
from bot.nlu.danger_model import DangerModel, learnt
from bot.nlu.minilm import embed
from bot.nlu.signals import SafetySignals

ROOT = Path(__file__).parents[3]
SAFETY = ROOT / "data" / "safety"
REVIEWED = read_yaml_file(ROOT / "tests" / "sentences" / "safety.yml")
UNSEEN = read_yaml_file(ROOT / "tests" / "sentences" / "safety_unseen.yml")
OF_EACH_KIND = 8


@pytest.fixture(scope="module")
def model() -> DangerModel:
    return DangerModel.load(learnt(SAFETY / "expressions"))


@pytest.fixture(scope="module")
def signals() -> SafetySignals:
    return SafetySignals.from_file(SAFETY / "signals.yml")


def alarms(model: DangerModel, signals: SafetySignals, texts: list[str]) -> float:
    """The share of texts that raise an alarm."""
    vectors = embed(texts)
    return float(
        np.mean([bool(find(text, vector, model, signals, embed)) for text, vector in zip(texts, vectors, strict=True)])
    )


@pytest.mark.parametrize("request_", [", and when is my bin day", " and you missed my bin again", ". Also a new bin"])
def test_a_request_does_not_hide_danger(model: DangerModel, signals: SafetySignals, request_: str) -> None:
    alone = [text.rstrip(" .!?") for texts in REVIEWED["danger"].values() for text in texts[:OF_EACH_KIND]]
    assert alarms(model, signals, [f"{text}{request_}" for text in alone]) >= 0.95


def test_a_request_alone_hides_nothing(model: DangerModel, signals: SafetySignals) -> None:
    requests = ["bins and when is my bin day", "you missed my bin again and I want to pay my council tax"]
    assert alarms(model, signals, requests) == 0


def test_ordinary_messages_stay_ordinary(model: DangerModel, signals: SafetySignals) -> None:
    assert alarms(model, signals, REVIEWED["ordinary"]) <= 0.005
    assert alarms(model, signals, UNSEEN["ordinary"]) <= 0.02


def test_spelled_out_words_need_no_likeness(model: DangerModel, signals: SafetySignals) -> None:
    (vector,) = embed(["When is my bin day?"])
    assert find("k i l l m y s e l f", vector, model, signals, embed) == "suicide_selfharm"
