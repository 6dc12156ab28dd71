"""A council's school years: read with their owner and review, and a broken file is told with file and line."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.council import ProfileError, load_council

FOLDER = Path(__file__).parents[2] / "data" / "councils" / "stockport"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the folder, to break."""
    return Path(shutil.copytree(FOLDER, tmp_path / "stockport"))


def test_years_have_three_terms_and_are_sample_data() -> None:
    council = load_council(FOLDER)
    assert [year.name for year in council.school_years] == ["2026 to 2027", "2027 to 2028"]
    for year in council.school_years:
        assert len(year.terms) == 3 and year.inset
        assert year.checked_on is None and year.owner == "schools"
        for term in year.terms:
            for day in (term.begins, term.breaks_up, term.goes_back, term.ends):
                assert day.weekday() < 5 and not council.bank_holiday(day) and day not in year.inset


def test_years_follow_one_another() -> None:
    days = [
        day for year in load_council(FOLDER).school_years for term in year.terms for day in (term.begins, term.ends)
    ]
    assert days == sorted(days)


def test_years_fall_due_on_their_review_date() -> None:
    council = load_council(FOLDER)
    assert "2026 to 2027" not in {each.name for each in council.facts_due(date(2027, 4, 30))}
    assert "2026 to 2027" in {each.name for each in council.facts_due(date(2027, 5, 1))}


def test_not_every_council_has_schools(copy: Path) -> None:
    (copy / "terms.yml").unlink()
    assert load_council(copy).school_years == ()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("begins: 2026-09-02", "begins: 2026-12-02", "must be there, and follow one another"),
        ("begins: 2026-09-02", "begins: soon", "'begins' has the wrong kind of value"),
        ("half_term: October half term, ", "", "'half_term' is missing"),
        ("    inset: [2026-09-01", "    inset: [whenever", "'inset' must be a list of dates"),
        ("    owner: schools", "    keeper: schools", "'keeper' is not known here"),
        ("school_years:", "years:", "the section 'school_years' is missing"),
    ],
)
def test_a_broken_file_is_told_with_file_and_line(copy: Path, old: str, new: str, complaint: str) -> None:
    path = copy / "terms.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProfileError, match=complaint) as told:
        load_council(copy)
    assert f"{path}, line " in str(told.value)


def test_a_year_without_terms_is_told(copy: Path) -> None:
    path = copy / "terms.yml"
    path.write_text("school_years: [{name: 2026 to 2027, terms: []}]", encoding="utf-8")
    with pytest.raises(ProfileError, match="must be there"):
        load_council(copy)
