"""Training with the tuning gives what it gave, in less time."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.caching import LocalTrainingCache
from rasa.engine.graph import ExecutionContext, GraphSchema, SchemaNode
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.training.hooks import TrainingHook
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tarsafe import TarSafe

from bot import tuning


@pytest.fixture(autouse=True)
def _tuned() -> None:
    tuning.apply_to_training()


class Unhashable:
    """An input of a step that must not be looked at."""

    def fingerprint(self) -> str:
        raise AssertionError("hashed")


@pytest.mark.parametrize("size", ["0", "1000"])
def test_steps_are_hashed_only_for_a_cache(size: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_MAX_CACHE_SIZE", size)
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path))
    schema = GraphSchema({"step": SchemaNode({}, DomainProvider, "create", "provide_inference", {})})
    hook = TrainingHook(LocalTrainingCache(), LocalModelStorage(tmp_path), schema)
    context = ExecutionContext(schema)
    if size == "0":
        assert hook.on_before_node("step", context, {}, {"given": Unhashable()}) == {}
        hook.on_after_node("step", context, {}, Unhashable(), {})
    else:
        with pytest.raises(AssertionError, match="hashed"):
            hook.on_before_node("step", context, {}, {"given": Unhashable()})


def test_merged_training_data_is_what_it_was() -> None:
    one = TrainingData(
        [Message.build("hi", "greet"), Message.build("bin day", "bin_day")],
        entity_synonyms={"grey bin": "black_bin"},
        lookup_tables=[{"name": "street", "elements": ["High Street"]}],
        responses={"utter_x": [{"text": "old"}]},
    )
    other = TrainingData(
        [Message.build("hi", "greet"), Message.build("hi", "chitchat/greet")],
        regex_features=[{"name": "postcode", "pattern": "x"}],
        responses={"utter_x": [{"text": "new"}]},
    )
    merged = one.merge(None, other)
    pairs = [(message.get("text"), message.get_full_intent()) for message in merged.training_examples]
    assert pairs == [("hi", "greet"), ("bin day", "bin_day"), ("hi", "chitchat/greet")], "equal examples are one"
    assert merged.entity_synonyms == {"grey bin": "black_bin"} and merged.responses == {"utter_x": [{"text": "new"}]}
    assert merged.lookup_tables == one.lookup_tables and merged.regex_features == other.regex_features
    assert len(one.training_examples) == 2 and one.responses["utter_x"] == [{"text": "old"}]


def test_equal_messages_hash_alike() -> None:
    one, same, other = (Message.build(text, "greet") for text in ("hi", "hi", "hello"))
    assert one == same and hash(one) == hash(same) and one != other
    same.set("entities", [{"entity": "x"}])
    assert one != same and len({one, same}) == 2


def test_a_model_is_compressed_lightly_and_read_as_ever(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("words " * 1000)
    with TarSafe.open(tmp_path / "model.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "file", arcname="file")
    assert (tmp_path / "model.tar.gz").read_bytes()[8] == 4  # gzip's mark of its quickest way (RFC 1952)
    with TarSafe.open(tmp_path / "model.tar.gz", mode="r:gz") as tar:
        assert tar.extractfile("file").read() == (tmp_path / "file").read_bytes()
