"""The classifier of danger: what it learns from, that it is learnt once, and how it does on people it never met."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.shared.utils.io import read_yaml_file

from bot.nlu import danger_model
from bot.nlu.danger_model import DangerModel, ExpressionsError, learnt, read_expressions
from bot.nlu.minilm import embed
from bot.nlu.signals import SafetySignals

ROOT = Path(__file__).parents[3]
SAFETY = ROOT / "data" / "safety"
REVIEWED = read_yaml_file(ROOT / "tests" / "sentences" / "safety.yml")
UNSEEN = read_yaml_file(ROOT / "tests" / "sentences" / "safety_unseen.yml")


@pytest.fixture(scope="module")
def model() -> DangerModel:
    return DangerModel.load(learnt(SAFETY / "expressions"))


@pytest.fixture(scope="module")
def signals() -> SafetySignals:
    return SafetySignals.from_file(SAFETY / "signals.yml")


def found(model: DangerModel, signals: SafetySignals, texts: list[str]) -> list[str | None]:
    return model.find(texts, embed(texts), signals.find)


def test_every_kind_has_sixty_expressions_and_harmless_ones_are_many() -> None:
    kinds = [kind for _, kind in read_expressions(SAFETY / "expressions")]
    assert {kind for kind in kinds if kind != danger_model.ORDINARY} == set(REVIEWED["danger"])
    assert all(kinds.count(kind) >= 60 for kind in set(kinds)) and kinds.count(danger_model.ORDINARY) >= 400


def test_nobody_it_is_tested_by_taught_it() -> None:
    taught = {text.lower() for text, _ in read_expressions(SAFETY / "expressions")}
    texts = [item["text"] for items in UNSEEN["danger"].values() for item in items] + UNSEEN["ordinary"]
    assert not taught & {text.lower() for text in texts}


def test_danger_of_people_it_never_met_is_noticed(model: DangerModel, signals: SafetySignals) -> None:
    shares = {}
    for kind, items in UNSEEN["danger"].items():
        shares[kind] = np.mean([seen is not None for seen in found(model, signals, [item["text"] for item in items])])
    assert np.mean(list(shares.values())) >= 0.97, shares
    assert min(shares.values()) >= 0.9, shares


def test_the_kind_is_one_that_a_reader_would_name(model: DangerModel, signals: SafetySignals) -> None:
    right = []
    for kind, items in UNSEEN["danger"].items():
        seen = found(model, signals, [item["text"] for item in items])
        right += [one in (kind, *item.get("also", [])) for one, item in zip(seen, items, strict=True) if one]
    assert np.mean(right) >= 0.95


def test_ordinary_messages_that_sound_alarming_are_let_be(model: DangerModel, signals: SafetySignals) -> None:
    alarmed = [seen is not None for seen in found(model, signals, UNSEEN["ordinary"])]
    assert len(alarmed) >= 300 and np.mean(alarmed) <= 0.02


@pytest.mark.parametrize("kind", REVIEWED["danger"])
def test_reviewed_expressions_all_fire(model: DangerModel, signals: SafetySignals, kind: str) -> None:
    texts = REVIEWED["danger"][kind]
    assert [text for text, seen in zip(texts, found(model, signals, texts), strict=True) if seen is None] == []


def test_reviewed_ordinary_sentences_are_quiet(model: DangerModel, signals: SafetySignals) -> None:
    texts = REVIEWED["ordinary"]
    assert [text for text, seen in zip(texts, found(model, signals, texts), strict=True) if seen] == []


def test_it_is_learnt_once_and_again_when_a_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "minilm-onnx").symlink_to(Path("var/minilm-onnx").resolve())
    (tmp_path / "flood_now.yml").write_text("examples:\n  - water is in\n  - the river is in the hall\n")
    (tmp_path / "everyday.yml").write_text("examples:\n  - bin day\n  - council tax\n")
    first = learnt(tmp_path)
    made = (first / "danger.npz").stat().st_mtime_ns
    assert (learnt(tmp_path) / "danger.npz").stat().st_mtime_ns == made
    (tmp_path / "everyday.yml").write_text("examples:\n  - bin day\n  - library\n")
    assert learnt(tmp_path) != first


def test_a_file_of_another_form_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "flood_now.yml").write_text("examples:\n  - {text: water}\n")
    with pytest.raises(ExpressionsError, match="flood_now.yml: there must be a list of texts"):
        read_expressions(tmp_path)
