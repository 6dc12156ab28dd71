"""How well messages are understood, on sentences that training never saw. By hand: ``python bench/understanding.py``.

Learns from the examples under ``data/`` with the classifier's settings of config.yml and prints the table that
docs/understanding.md holds. No council is started and no model is kept, so that it measures understanding alone.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.utils.io import read_yaml_file  # noqa: E402

from bot.importer import ServicePackImporter  # noqa: E402
from bot.nlu.intents import RefusingIntentClassifier  # noqa: E402
from tests.support.nlu import embeddings, featurized, parts  # noqa: E402
from tests.support.sentences import read_sentences, sentence_files, short  # noqa: E402


def trained(folder: Path) -> tuple[RefusingIntentClassifier, float]:
    """The classifier as config.yml sets it, and the seconds that it took to learn."""
    pipeline = read_yaml_file(ROOT / "config.yml")["pipeline"]
    named = next(item for item in pipeline if item["name"].endswith(RefusingIntentClassifier.__name__))
    config = {key: value for key, value in named.items() if key != "name"}
    given = parts(folder, {**RefusingIntentClassifier.get_default_config(), **config})
    data = ServicePackImporter("config.yml", "domain.yml", ["data"]).get_nlu_data()
    began = time.monotonic()
    RefusingIntentClassifier.create(*given).train(featurized(folder, data))
    return RefusingIntentClassifier.load(*given), time.monotonic() - began


def measure(folder: Path) -> Iterator[tuple[str, str]]:
    """The rows of the table."""
    classifier, seconds = trained(folder)
    featurizer = embeddings(folder)

    def understood(text: str) -> dict[str, Any]:
        (message,) = classifier.process(featurizer.process([Message.build(text)]))
        return dict(message.get("understanding"))

    ours = [(item, understood(item.text)) for name in sentence_files() for item in read_sentences(name)]
    yield "the right query", share([short(seen["query"]) == item.query for item, seen in ours])
    right = [not seen["refused"] and short(seen["query"]) == item.query for item, seen in ours]
    yield "the right query and not refused", share(right)
    yield "ours, but refused", share([seen["refused"] for _, seen in ours])
    outside = read("out_of_scope")["sentences"]
    yield "out of scope, refused", share([understood(text)["refused"] for text in outside])
    requests, held_back = read("requests"), read("held_back")
    yield from measure_requests(requests, understood)
    story = [short(understood(item["text"])["query"]) == item["query"] for item in requests["story"]]
    yield "the ask inside a long story", share(story)
    yield from measure_held_back(held_back, understood)
    yield from ((f"held back: {name}", value) for name, value in measure_requests(held_back, understood))
    began = time.monotonic()
    for item, _ in ours:
        understood(f"{item.text} ")  # the space: an embedding that is remembered would flatter the time
    yield "milliseconds a message", f"{1000 * (time.monotonic() - began) / len(ours):.1f}"
    yield "seconds to train", f"{seconds:.0f}"


def measure_held_back(
    held_back: dict[str, Any], understood: Callable[[str], dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    """What was written after the examples, by somebody who had not seen them."""
    ours = [(query, understood(text)) for query, texts in held_back["ours"].items() for text in texts]
    yield "held back: the right query", share([short(seen["query"]) == query for query, seen in ours])
    offered = [
        query in [short(seen["query"]), *(short(item["query"]) for item in seen["also"])] for query, seen in ours
    ]
    yield "held back: the right query among the first five", share(offered)
    yield "held back: ours, but refused", share([seen["refused"] for _, seen in ours])
    yield "held back: nobody's business, refused", share([understood(text)["refused"] for text in held_back["nobody"]])
    elsewhere = [(body, understood(text)) for body, texts in held_back["elsewhere"].items() for text in texts]
    told = [short(seen["query"]) == body and not seen["refused"] for body, seen in elsewhere]
    yield "held back: other bodies' business, answered with whose it is", share(told)
    handled = [one or seen["refused"] for one, (_, seen) in zip(told, elsewhere, strict=True)]
    yield "held back: other bodies' business, answered so or refused", share(handled)


def measure_requests(said: dict[str, Any], understood: Callable[[str], dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """How often two requests are found, and how often one is taken for two."""
    two = [(understood(item["text"]), item) for item in said["two"]]
    found = [[short(seen["query"]), short(seen["second"])] == [item["first"], item["second"]] for seen, item in two]
    yield "two requests in a message, both found", share(found)
    yield "one request taken for two", share([understood(text)["second"] is not None for text in said["one"]])


def read(name: str) -> dict[str, Any]:
    """A file of sentences as it is written."""
    return dict(read_yaml_file(ROOT / "tests" / "sentences" / f"{name}.yml"))


def share(hits: list[bool]) -> str:
    """How many of them, as the table shows it."""
    return f"{100 * sum(hits) / len(hits):.1f} % of {len(hits)}"


def main() -> None:
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        rows = list(measure(Path(folder)))
    sys.stdout.write("| measured | result |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in rows))


if __name__ == "__main__":
    main()
