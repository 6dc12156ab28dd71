"""The gazetteer as Rasa runs it."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.gazetteer import Gazetteer
from tests.support.nlu import parts

DATA = TrainingData(
    lookup_tables=[
        {"name": "container", "elements": ["black bin", "grey bin", "blue bin"]},
        {"name": "street", "elements": ["Bramhall Lane"]},
    ],
    entity_synonyms={"black bin": "black_bin", "Grey Bin": "black_bin", "rubbish bin": "black_bin", "aye": "yes"},
)


def trained(folder: Path, data: TrainingData) -> Gazetteer:
    given = parts(folder)
    Gazetteer.create(*given).train(data)
    return Gazetteer.load(*given)


def entities(gazetteer: Gazetteer, text: str) -> list[dict]:
    (message,) = gazetteer.process([Message.build(text)])
    return message.get("entities", [])


def test_an_entity_as_rasa_wants_it(tmp_path: Path) -> None:
    (entity,) = entities(trained(tmp_path, DATA), "on bramhal lane")
    assert entity.pop("confidence") > 0.9
    assert entity == {"entity": "street", "value": "Bramhall Lane", "start": 3, "end": 15, "extractor": "Gazetteer"}


def test_synonyms_give_the_canonical_value(tmp_path: Path) -> None:
    gazetteer = trained(tmp_path, DATA)
    for text in ("black bin", "grey bin", "rubbish bin", "blak bin"):
        assert [item["value"] for item in entities(gazetteer, text)] == ["black_bin"]
    assert [item["value"] for item in entities(gazetteer, "blue bin")] == ["blue bin"]


def test_a_synonym_of_nothing_listed_is_no_name(tmp_path: Path) -> None:
    assert entities(trained(tmp_path, DATA), "aye") == []


def test_an_english_word_is_not_a_misspelling(tmp_path: Path) -> None:
    data = TrainingData(lookup_tables=[{"name": "item", "elements": ["fridge", "chair", "kettle"]}])
    gazetteer = trained(tmp_path, data)
    assert entities(gazetteer, "under the bridge") == []
    assert [item["value"] for item in entities(gazetteer, "my frige")] == ["fridge"]


def test_other_entities_are_kept_and_commands_left_alone(tmp_path: Path) -> None:
    gazetteer = trained(tmp_path, DATA)
    (message,) = gazetteer.process([Message({"text": "blue bin", "entities": [{"entity": "x"}]})])
    assert [item["entity"] for item in message.get("entities")] == ["x", "container"]
    assert entities(gazetteer, "/blue bin") == []


def test_no_lists_at_all(tmp_path: Path) -> None:
    assert entities(trained(tmp_path, TrainingData()), "blue bin") == []
    assert entities(Gazetteer.load(*parts(tmp_path / "empty")), "blue bin") == []
