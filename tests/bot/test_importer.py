"""Spine, packs, journeys and facts put together into what Rasa trains on; doubles and unknown facts are refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import rasa.shared.utils.common
from rasa.shared.core.domain import InvalidDomain
from rasa.shared.importers.importer import TrainingDataImporter
from ruamel.yaml import YAML

from bot.filling import PLACEHOLDER
from bot.importer import ServicePackImporter, doubles, filled, intents_in
from tests.conftest import ROOT
from tests.support.profile import copy_profile

JOURNEYS = """\
# Parks.
# Owner: tests
journeys:
  bench:
    title: Report a bench
    asks:
      - where: {type: text}
    confirm: true
    endings: [reported]
"""
NLU = """\
# Parks.
# Owner: tests
nlu:
  - intent: bench
    examples: |
      - a broken bench
      - the bench is broken
  - intent: faq/park_hours
    examples: |
      - when does the park open
      - park opening times
"""
RESPONSES = """\
# Parks.
# Owner: tests
responses:
  utter_faq/park_hours:
    - text: Ring {fact.contact_phone} or write to {council.name}.
  utter_ask_bench_where:
    - text: Where is it?
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path, set_settings: Callable[..., None]) -> Path:
    """One service, parks, with Stockport's profile."""
    folder = tmp_path / "data"
    write(folder / "services" / "parks" / "nlu.yml", NLU)
    write(folder / "services" / "parks" / "responses.yml", RESPONSES)
    write(folder / "services" / "parks" / "journeys.yml", JOURNEYS)
    copy_profile(folder)
    (folder / "safety").mkdir()
    shutil.copy(ROOT / "data" / "safety" / "numbers.yml", folder / "safety")
    set_settings(data_dir=folder)
    return folder


def importer(data: Path) -> ServicePackImporter:
    return ServicePackImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(data)])


def test_the_spine_and_what_follows_from_the_packs(data: Path) -> None:
    domain = importer(data).get_domain()
    assert {"answer", "resume", "bench", "faq"} <= set(domain.intents)
    assert "bench_form" in domain.form_names
    assert {slot.name for slot in domain.slots} >= {"bench_where", "bench_confirmed", "suspended", "misses"}
    assert {"action_bench", "validate_bench_form", "action_did_you_mean"} <= set(domain.user_actions)


def test_a_rule_for_every_query(data: Path) -> None:
    rules = {step.block_name: step for step in importer(data).get_stories().story_steps}
    assert "bench starts bench_form" in rules and "faq is answered" in rules


def test_the_councils_facts_stand_in_the_answers(data: Path) -> None:
    answer = importer(data).get_nlu_data().responses["utter_faq/park_hours"][0]["text"]
    assert answer == "Ring [0161 496 0100](tel:01614960100) or write to Stockport Council."


def test_a_fact_that_there_is_not_is_refused(data: Path) -> None:
    write(data / "services" / "parks" / "responses.yml", RESPONSES.replace("fact.contact_phone", "fact.park_fee"))
    with pytest.raises(InvalidDomain, match="utter_faq/park_hours: the council's profile has no 'fact.park_fee'"):
        importer(data).get_nlu_data()


def test_facts_are_filled_wherever_they_stand() -> None:
    variations = [
        {
            "text": "{fact.fee}",
            "buttons": [{"title": "Pay {fact.fee}", "payload": "/pay"}],
            "channel": "{other}",
            "number": 1,
        }
    ]
    found = filled({"utter_x": variations}, {"fact.fee": "£5"})["utter_x"][0]
    assert found["text"] == "£5" and found["buttons"][0]["title"] == "Pay £5"
    assert found["channel"] == "{other}" and found["number"] == 1, "what a conversation fills is left for it"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{fact.fee} and {council.name}", ["fact.fee", "council.name"]),
        (
            "{container.black_bin}, {number.gas}, {contact.phone}",
            ["container.black_bin", "number.gas", "contact.phone"],
        ),
        ("{address} {journey_title}", []),
    ],
)
def test_what_counts_as_a_fact(text: str, names: list[str]) -> None:
    assert PLACEHOLDER.findall(text) == names


def test_a_name_defined_twice_is_refused_with_file_and_line(data: Path) -> None:
    nlu = write(
        data / "services" / "roads" / "nlu.yml",
        "# Roads.\n# Owner: tests\nnlu:\n  - intent: bench\n    examples: |\n      - x\n",
    )
    answers = write(
        data / "services" / "roads" / "responses.yml",
        "# Roads.\n# Owner: tests\nresponses:\n  utter_ask_bench_where:\n    - text: Where?\n",
    )
    with pytest.raises(InvalidDomain) as caught:
        importer(data).get_domain()
    first = data / "services" / "parks"
    assert f"{nlu}:4: The intent 'bench' is defined in {first / 'nlu.yml'} too." in str(caught.value)
    assert f"{answers}:4: The response 'utter_ask_bench_where' is defined in {first / 'responses.yml'} too." in str(
        caught.value
    )


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("nlu:\n  - intent: bench\n    example: |\n      - x\n", 4, "An entry needs one of intent"),
        ("nlu:\n  - bench\n", 4, "An entry needs one of intent"),
        ("responses:\n  utter_x:\n    - txt: Hello\n", 4, "utter_x: a response is a list"),
        ("responses:\n  utter_x: Hello\n", 4, "utter_x: a response is a list"),
    ],
)
def test_what_rasa_could_not_read_is_told_with_file_and_line(data: Path, text: str, line: int, says: str) -> None:
    path = write(data / "services" / "roads" / "nlu.yml", f"# Roads.\n# Owner: tests\n{text}")
    with pytest.raises(InvalidDomain) as caught:
        importer(data).get_nlu_data()
    assert str(caught.value).startswith(f"{path}:{line}: {says}")


def test_each_thing_is_made_once(data: Path) -> None:
    one = importer(data)
    assert one.get_domain() is one.get_domain() and one.get_nlu_data() is one.get_nlu_data("en")


def test_the_same_name_as_an_intent_and_as_a_response_is_no_double(tmp_path: Path) -> None:
    path = write(tmp_path / "nlu.yml", NLU.replace("bench", "greet") + "responses:\n  greet:\n    - text: Hello\n")
    assert doubles([path]) == [] and intents_in(path) == ["greet", "faq"]


def test_another_councils_folder_is_left_out(data: Path) -> None:
    write(data / "councils" / "elsewhere" / "nlu.yml", "nlu:\n  - intent: elsewhere_only\n    examples: |\n      - x\n")
    made = importer(data)
    assert "elsewhere_only" not in made.get_domain().intents
    assert "elsewhere_only" not in made.get_nlu_data().intents


def test_a_mistake_in_a_journey_stops_the_training_with_file_and_line(data: Path) -> None:
    path = write(data / "services" / "parks" / "journeys.yml", JOURNEYS.replace("type: text", "type: txt"))
    with pytest.raises(InvalidDomain, match=f"{path}:7: bench: 'where' has no answer type 'txt'"):
        importer(data).get_domain()


def test_the_importer_that_the_configuration_names_can_be_imported() -> None:
    """Rasa falls back to its own without a word where it cannot, and trains a model without our content."""
    named = YAML(typ="safe").load(ROOT / "config.yml")["importers"]
    assert [rasa.shared.utils.common.class_from_module_path(item["name"]) for item in named] == [ServicePackImporter]


def test_rasa_loads_our_importer_from_the_configuration(data: Path) -> None:
    made = TrainingDataImporter.load_from_config(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(data)])
    assert "bench_form" in made.get_domain().form_names


def test_any_rasa_nlu_file_is_read_without_a_data_folder(tmp_path: Path, set_settings: Callable[..., None]) -> None:
    """``rasa train nlu -c config.yml -u some.yml`` in an empty folder."""
    set_settings(data_dir=tmp_path / "absent")
    path = write(
        tmp_path / "some.yml",
        'version: "3.1"\nnlu:\n- intent: book_flight\n  examples: |\n    - fly me to [Rome](city)\n    - a flight\n'
        "responses:\n  utter_hello:\n  - text: Hello\n",
    )
    made = ServicePackImporter(str(ROOT / "config.yml"), None, [str(path)])
    data = made.get_nlu_data()
    assert data.intents == {"book_flight"} and data.entities == {"city"}
    assert made.get_domain().is_empty() and made.get_stories().is_empty()


def test_the_projects_own_content_is_complete() -> None:
    """Every action of every rule is in the domain, and no word waits for a fact that is not there."""
    made = ServicePackImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")])
    domain, responses = made.get_domain(), made.get_nlu_data().responses
    assert {"bin_missed_form", "speak_to_person_form"} <= set(domain.form_names)
    assert not [name for name, variations in responses.items() if PLACEHOLDER.search(str(variations))]
