"""The component: it marks messages by signals and classifier, and its model holds what it was trained with."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.safety import SafetyDetector
from tests.support.nlu import embeddings

SIGNALS = "signals:\n  gas_or_co:\n    order: 1\n    patterns: ['smell gas|gas bill']\n"
GAS = ["there is a hiss from the meter", "rotten eggs in the kitchen", "smells of eggs by the boiler", "I smell gas"]
CALM = ["when is my bin day", "my gas bill is high", "how do I pay council tax", "the library hours please"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small data/safety, and a var folder of its own."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "minilm-onnx").symlink_to(Path("var/minilm-onnx").resolve())
    (tmp_path / "safety" / "expressions").mkdir(parents=True)
    (tmp_path / "safety" / "signals.yml").write_text(SIGNALS)
    write(tmp_path / "safety", gas_or_co=GAS, everyday=CALM)
    return tmp_path / "safety"


def write(safety: Path, **files: list[str]) -> None:
    for name, texts in files.items():
        lines = "".join(f"  - {text}\n" for text in texts)
        (safety / "expressions" / f"{name}.yml").write_text(f"examples:\n{lines}")


def train(safety: Path) -> SafetyDetector:
    """The detector as a model would hold it: created, trained, stored and loaded again."""
    config = {"folder": str(safety)}
    (safety / "model").mkdir(exist_ok=True)
    storage = LocalModelStorage.create(safety / "model")
    context = ExecutionContext(GraphSchema({}))
    trained = SafetyDetector.create(config, storage, Resource("safety"), context)
    assert isinstance(trained, SafetyDetector)
    loaded = SafetyDetector.load(config, storage, trained.train(TrainingData()), context)
    assert isinstance(loaded, SafetyDetector)
    return loaded


def marked(detector: SafetyDetector, folder: Path, text: str) -> str | None:
    (message,) = detector.process(embeddings(folder / "embeddings").process([Message.build(text)]))
    return message.get("safety")


def test_a_signal_a_likeness_and_neither(folder: Path) -> None:
    detector = train(folder)
    assert marked(detector, folder, "can you smell gas too") == "gas_or_co"
    assert marked(detector, folder, "hissing meter and a smell of rotten eggs") == "gas_or_co"
    assert marked(detector, folder, "when are the bins collected") is None


def test_the_classifier_quiets_a_signal_in_a_plainly_ordinary_message(folder: Path) -> None:
    assert marked(train(folder), folder, "my gas bill is so high") is None


def test_spelled_out_words_need_no_classifier(folder: Path) -> None:
    assert marked(train(folder), folder, "s m e l l g a s") == "gas_or_co"


def test_a_button_is_no_cry(folder: Path) -> None:
    (button,) = train(folder).process([Message.build("/restart{smell gas}")])
    assert "safety" not in button.data


def test_without_the_files_it_finds_nothing(folder: Path) -> None:
    (folder / "signals.yml").unlink()
    assert marked(train(folder), folder, "I smell gas") is None


def test_a_changed_file_is_trained_again(folder: Path) -> None:
    config = {"folder": str(folder)}
    seen = [SafetyDetector.fingerprint_addon(config)]
    (folder / "signals.yml").write_text(f"{SIGNALS}# changed\n")
    seen.append(SafetyDetector.fingerprint_addon(config))
    write(folder, everyday=[*CALM, "where is the tip"])
    seen.append(SafetyDetector.fingerprint_addon(config))
    (folder / "signals.yml").unlink()
    seen.append(SafetyDetector.fingerprint_addon(config))
    assert len(set(seen)) == 4
