"""The cleaner as Rasa runs it."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.nlu.training_data.message import Message

from bot.nlu.cleanup import TextCleaner
from tests.support.nlu import parts, training_data


def cleaner(folder: Path, **config: int) -> TextCleaner:
    return TextCleaner.create(*parts(folder, {**TextCleaner.get_default_config(), **config}))


def test_messages_are_cleaned_and_cut(tmp_path: Path) -> None:
    (message,) = cleaner(tmp_path, max_length=8).process([Message.build(" bin\u200b  day tomorrow ")])
    assert message.get("text") == "bin day"
    assert message.as_dict(only_output_properties=True)["text"] == "bin day"


def test_a_command_is_left_alone(tmp_path: Path) -> None:
    (message,) = cleaner(tmp_path).process([Message.build('/bin_day{"a":  "b"}')])
    assert message.get("text") == '/bin_day{"a":  "b"}'


def test_examples_are_cleaned_unless_offsets_would_break(tmp_path: Path) -> None:
    data = training_data({"bin_day": ["bin  day"]})
    entity = {"entity": "postcode", "start": 4, "end": 11, "value": "SK1 3XE"}
    data.training_examples.append(Message.build("at  SK1 3XE", "bin_day", [entity]))
    texts = [example.get("text") for example in cleaner(tmp_path).process_training_data(data).training_examples]
    assert texts == ["bin day", "at  SK1 3XE"]
