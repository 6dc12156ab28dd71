"""The assistant's answers for staff: the packs' own words with the facts, read again when a file has changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.staff.desk.answers import Answer, search
from tests.conftest import ROOT
from tests.support.profile import copy_profile

QUERIES = """# Parks.
# Owner: tests
service: Parks and play
owner: parks
review_by: 2027-05-31
queries:
  park_hours: {title: When parks are open, lgsl: 1, lgil: 8}
  park_near: {title: A park near an address, lgsl: 1, lgil: 8}
  bench: {title: Report a broken bench, lgsl: 1, lgil: 17}
"""
RESPONSES = """# Parks.
# Owner: tests
responses:
  utter_faq/park_hours:
    - text: |-
        **Parks** are open all day. Ring {council.phone}.

        Or call {number.emergency}.
      buttons:
        - {title: Report a bench, payload: /bench}
  utter_faq/park_near:
    - text: The park near {address} is open.
  utter_faq/nobodys:
    - text: A park without a query.
  utter_bench_reported:
    - text: We have your report about the park.
  utter_chitchat/greet:
    - text: Hello from the park.
"""


def write(path: Path, text: str) -> None:
    """Write a file that is seen to have changed, however coarse the clock of its file system is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    later = write.calls = getattr(write, "calls", 0) + 1  # type: ignore[attr-defined]
    os.utime(path, (later, later))


@pytest.fixture
def data(tmp_path: Path, set_settings: Callable[..., None]) -> Path:
    """One service, parks, with Stockport's profile."""
    folder = tmp_path / "data"
    write(folder / "services" / "parks" / "queries.yml", QUERIES)
    write(folder / "services" / "parks" / "responses.yml", RESPONSES)
    copy_profile(folder)
    (folder / "safety").mkdir()
    shutil.copy(ROOT / "data" / "safety" / "numbers.yml", folder / "safety")
    set_settings(data_dir=folder)
    return folder


def test_an_answer_is_what_residents_read_with_the_facts_filled_in(data: Path) -> None:
    text = "**Parks** are open all day. Ring [0161 496 0100](tel:01614960100).\n\nOr call [999](tel:999)."
    assert search("when parks")[0] == Answer("park_hours", "When parks are open", "Parks and play", text)


def test_only_answers_that_need_no_conversation_are_given(data: Path) -> None:
    assert [answer.query for answer in search("park bench hello address")] == ["park_hours"]


def test_a_councils_own_answer_stands_in_for_the_shared_one(data: Path) -> None:
    own = "responses:\n  utter_faq/park_hours:\n    - text: Parks of {council.short} close at dusk.\n"
    write(data / "councils" / "stockport" / "local" / "parks.yml", own)
    write(data / "councils" / "elsewhere" / "parks.yml", own.replace("dusk", "noon"))
    assert [answer.text for answer in search("park")] == ["Parks of Stockport close at dusk."]


@pytest.mark.parametrize("name", ["services/parks/responses.yml", "councils/stockport/profile.yml"])
def test_a_file_that_changes_is_read_again(data: Path, name: str) -> None:
    assert "0161 496 0100" in search("park")[0].text
    changed = (data / name).read_text(encoding="utf-8")
    for old in ("{council.phone}", "0161 496 0100"):
        changed = changed.replace(old, "0161 496 0777")
    write(data / name, changed)
    assert "0161 496 0777" in search("park")[0].text


def test_what_has_not_changed_is_not_read_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = search("park")
    monkeypatch.setattr("bot.staff.desk.answer_files.read_answers", lambda *_: pytest.fail("read again"))
    assert search("park") == before


def test_a_broken_file_leaves_the_answers_as_they_were(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = search("park")
    write(data / "services" / "parks" / "responses.yml", "responses: [\n")
    assert search("park") == before and "responses.yml:" in caplog.text
    write(data / "services" / "parks" / "responses.yml", RESPONSES.replace("all day", "by day"))
    assert "by day" in search("park")[0].text


def test_without_content_there_are_no_answers(tmp_path: Path, set_settings: Callable[..., None]) -> None:
    set_settings(data_dir=tmp_path)
    assert search("park") == []


def test_the_projects_own_answers_are_whole() -> None:
    answers = search("e a i o u t s w c p", 1000)
    assert len(answers) > 90
    assert not [answer.query for answer in answers if "{" in answer.text or not answer.title]
    assert search("food wast")[0].query == "food_waste"
