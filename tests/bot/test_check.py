"""Each rule of ``assistant check``: right content has no findings, and each mistake is told with file and line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.check import LEAST_EXAMPLES, action_names, check
from bot.clock import today
from bot.text.answers import TYPES
from tests.conftest import ROOT
from tests.support.profile import copy_profile

TODAY = date(2026, 11, 24)
QUERIES = """\
# Parks.
# Owner: tests
service: Parks
owner: parks
review_by: 2027-05-31
queries:
  bench: {title: Report a bench, lgsl: 1, lgil: 17}
  park_hours: {title: Park hours, lgsl: 2, lgil: 8}
"""
JOURNEYS = """\
# Parks.
# Owner: tests
journeys:
  bench:
    title: Report a bench
    asks:
      - where: {type: text}
      - check: known
      - park: {type: choice, choices: backend}
    confirm: true
    endings: [reported]
"""
RESPONSES = """\
# Parks.
# Owner: tests
responses:
  utter_ask_bench_where: [{text: Where is it?}]
  utter_ask_bench_park: [{text: Which park?}]
  utter_ask_confirmed: [{text: Is this right?}]
  utter_bench_reported: [{text: "Thank you. Ring {fact.contact_phone} for more."}]
  utter_faq/park_hours: [{text: From dawn to dusk.}]
  utter_hello: [{text: Hello}]
"""
NUMBERS = """\
# Numbers.
# Owner: tests
numbers:
  - {id: gas, name: Gas, number: 0800 111 999, hours: always, source: x, checked_on: "2026-06-01", verified: true}
  - {id: sample, name: Sample, number: 0161 496 0100, hours: always, source: x, checked_on: null, verified: false}
"""
ACTIONS = '''\
"""Actions."""
RESPONSE = "utter_hello"


class Bench(JourneyAction):
    journey: ClassVar[str] = "bench"

    async def choices(self): ...

    async def check(self): ...


class Repeat(Action):
    def name(self) -> str:
        return "action_repeat"
'''


def examples(intent: str, count: int = LEAST_EXAMPLES, first: str = "") -> str:
    lines = [f"      - {intent} said in way {number}" for number in range(count)]
    lines[0] = f"      - {first}" if first else lines[0]
    return f"  - intent: {intent}\n    examples: |\n" + "\n".join(lines) + "\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project in which all is well."""
    parks = tmp_path / "data" / "services" / "parks"
    write(parks / "queries.yml", QUERIES)
    write(parks / "journeys.yml", JOURNEYS)
    write(parks / "responses.yml", RESPONSES)
    write(parks / "nlu.yml", "# Parks.\n# Owner: tests\nnlu:\n" + examples("bench") + examples("faq/park_hours"))
    write(tmp_path / "actions" / "parks.py", ACTIONS)
    write(tmp_path / "bot" / "empty.py", "")
    copy_profile(tmp_path / "data")
    write(tmp_path / "data" / "safety" / "numbers.yml", NUMBERS)
    return tmp_path


def findings(root: Path, on: date = TODAY) -> list[str]:
    return [str(finding).replace(f"{root}/", "") for finding in check(root, root / "data", "stockport", on)]


def change(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


PARKS = "data/services/parks"


def test_where_all_is_well_nothing_is_found(root: Path) -> None:
    assert findings(root) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        (
            f"{PARKS}/responses.yml",
            "  utter_bench_reported:",
            "  utter_bench_done:",
            f"{PARKS}/journeys.yml:4: bench: there is no response 'utter_bench_reported'.",
        ),
        (
            f"{PARKS}/responses.yml",
            "  utter_ask_bench_where:",
            "  utter_ask_bench_were:",
            f"{PARKS}/journeys.yml:4: bench: there is no response 'utter_ask_bench_where'.",
        ),
        (
            f"{PARKS}/responses.yml",
            "fact.contact_phone",
            "fact.park_phone",
            f"{PARKS}/responses.yml:7: utter_bench_reported: the council's profile has no 'fact.park_phone'.",
        ),
        (
            f"{PARKS}/responses.yml",
            "utter_hello",
            "utter_goodbye",
            f"{PARKS}/responses.yml:9: utter_goodbye: nothing uses this response.",
        ),
        (
            "actions/parks.py",
            '"bench"',
            '"bank"',
            f"{PARKS}/journeys.yml:4: bench: no action is called 'action_bench'.",
        ),
        (
            "actions/parks.py",
            "def choices",
            "def values",
            f"{PARKS}/journeys.yml:4: bench: 'action_bench' offers no choices.",
        ),
        (
            "actions/parks.py",
            "def check",
            "def values",
            f"{PARKS}/journeys.yml:4: bench: 'action_bench' has no check.",
        ),
        (
            f"{PARKS}/journeys.yml",
            "title: Report a bench\n",
            "title: Report a bench\n    starts: [seat]\n",
            f"{PARKS}/journeys.yml:4: bench: nobody says 'seat'; it has no examples.",
        ),
        (
            f"{PARKS}/queries.yml",
            "  park_hours: {",
            "  park_dogs: {",
            f"{PARKS}/queries.yml:8: park_dogs: there are no examples of what people say.",
        ),
        (
            f"{PARKS}/responses.yml",
            "utter_faq/park_hours",
            "utter_faq/park_dogs",
            f"{PARKS}/queries.yml:8: park_hours: no journey, look-up or answer.",
        ),
        (
            f"{PARKS}/queries.yml",
            "2027-05-31",
            "2026-11-24",
            f"{PARKS}/queries.yml:7: bench: was to be reviewed by 2026-11-24.",
        ),
        (
            f"{PARKS}/journeys.yml",
            "type: text",
            "type: txt",
            f"{PARKS}/journeys.yml:7: bench: 'where' has no answer type 'txt'.",
        ),
        (
            f"{PARKS}/nlu.yml",
            examples("bench"),
            examples("bench", 19),
            f"{PARKS}/nlu.yml:4: bench: 19 examples; 20 are needed.",
        ),
        (
            f"{PARKS}/nlu.yml",
            "faq/park_hours said in way 3\n",
            "Bench said in way 3\n",
            f"{PARKS}/nlu.yml:26: faq/park_hours: 'Bench said in way 3' is an example of bench too.",
        ),
        (
            f"{PARKS}/nlu.yml",
            examples("faq/park_hours"),
            examples("faq/park_hours") + "responses:\n  utter_hello: [{text: Hi}]\n",
            f"{PARKS}/responses.yml:9: The response 'utter_hello' is defined in {PARKS}/nlu.yml too.",
        ),
    ],
    ids=lambda value: value.strip().splitlines()[0][:40],
)
def test_a_mistake_is_told_with_file_and_line(root: Path, name: str, old: str, new: str, found: str) -> None:
    change(root, name, old, new)
    assert any(line.startswith(found) for line in findings(root)), findings(root)


def test_a_safety_number_that_nobody_checked_lately_is_found(root: Path) -> None:
    change(root, "data/safety/numbers.yml", "2026-06-01", "2026-05-01")
    assert findings(root) == ["data/safety/numbers.yml:1: The number 'gas' was not checked in the last six months."]


def test_a_fact_that_is_due_for_review_is_found(root: Path) -> None:
    assert any("The fact 'garden_fee' was to be reviewed by" in line for line in findings(root, date(2027, 2, 2)))


def test_a_profile_that_cannot_be_read_is_a_finding(root: Path) -> None:
    (root / "data" / "councils" / "stockport" / "items.yml").unlink()
    found = findings(root)
    assert len(found) == 1 and "items.yml" in found[0]


def test_a_file_that_is_no_yaml_is_a_finding(root: Path) -> None:
    write(root / PARKS / "responses.yml", "responses:\n  utter_x: [\n")
    found = findings(root)
    assert len(found) == 1 and found[0].startswith(f"{PARKS}/responses.yml:")


def test_every_type_of_answer_can_be_asked_for_and_is_described(root: Path) -> None:
    described = (ROOT / "docs" / "service-packs.md").read_text(encoding="utf-8")
    for kind in TYPES:
        assert f"`{kind}`" in described
    asks = "".join(f"      - a_{kind}: {{type: {kind}, choices: backend}}\n" for kind in sorted(TYPES))
    words = "".join(f"  utter_ask_bench_a_{kind}: [{{text: What?}}]\n" for kind in TYPES)
    change(root, f"{PARKS}/journeys.yml", "      - where:", f"{asks}      - where:")
    change(root, f"{PARKS}/responses.yml", "  utter_hello:", f"{words}  utter_hello:")
    assert findings(root) == []


def test_actions_are_found_by_reading(root: Path) -> None:
    assert action_names(root) == {"action_bench": {"choices", "check"}, "action_repeat": {"name"}}


def test_the_projects_own_content_has_no_findings(set_settings: Callable[..., None]) -> None:
    """The same as ``assistant check``."""
    set_settings(assistant_now="")
    found = [str(finding) for finding in check(ROOT, ROOT / "data", "stockport", today())]
    assert not found, "\n".join(found)
