"""Queries with codes, owners and review dates; what lacks one is told with file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.content import ContentError
from bot.queries import read_queries, service_of

HEAD = "# Bins.\n# Owner: tests\nservice: Bins\nowner: waste\nreview_by: 2027-05-31\nqueries:\n"


def write(data: Path, text: str, service: str = "bins") -> Path:
    """The queries of a service; the first stands in line 7."""
    path = data / "services" / service / "queries.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def findings(data: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_queries(data)
    return [str(finding) for finding in caught.value.findings]


def test_a_query_takes_owner_and_review_date_from_its_file(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "  bin_day: {title: Bin days, lgsl: 524, lgil: 8, also: [bin_when]}\n")
    query = read_queries(tmp_path)["bin_day"]
    assert (query.title, query.service, query.owner) == ("Bin days", "Bins", "waste")
    assert query.review_by == date(2027, 5, 31) and (query.lgsl, query.lgil) == (524, 8)
    assert query.intents == ("bin_day", "faq/bin_day", "bin_when")
    assert (query.path, query.line) == (path, 7)


def test_a_query_may_have_its_own(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "  a: {title: A, lgsl: 1, lgil: 0, owner: parks, review_by: 2026-12-01}\n")
    query = read_queries(tmp_path)["a"]
    assert (query.owner, query.review_by) == ("parks", date(2026, 12, 1))


def test_what_is_lacking_or_unknown_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "  a: {title: A, lgsl: 1, lgil: 0}\n  b: {lgsl: 1, lgil: 0, onwer: x}\n")
    assert findings(tmp_path) == [f"{path}:8: b: a query needs 'title'.", f"{path}:8: b: a query has no 'onwer'."]


def test_a_query_in_two_services_is_refused(tmp_path: Path) -> None:
    first = write(tmp_path, HEAD + "  a: {title: A, lgsl: 1, lgil: 0}\n", "bins")
    second = write(tmp_path, HEAD + "  a: {title: A, lgsl: 1, lgil: 0}\n", "parks")
    assert findings(tmp_path) == [f"{second}:7: The query 'a' is in {first} too."]


def test_a_file_without_an_owner_owns_nothing(tmp_path: Path) -> None:
    write(tmp_path, "queries:\n  a: {title: A, lgsl: 1, lgil: 0, review_by: 2027-01-01}\n")
    assert findings(tmp_path)[0].endswith("a: a query needs 'owner'.")


def test_no_data_means_no_queries(tmp_path: Path) -> None:
    assert read_queries(tmp_path) == {}


def test_a_query_belongs_to_the_folder_of_its_service_by_any_of_its_names(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "  bin_day: {title: Bin days, lgsl: 524, lgil: 8, also: [bin_when]}\n")
    shared = tmp_path / "shared" / "queries.yml"
    shared.parent.mkdir()
    shared.write_text(HEAD + "  privacy: {title: Privacy, lgsl: 826, lgil: 8}\n", encoding="utf-8")
    found = {name: service_of(tmp_path, name) for name in ("bin_day", "faq/bin_day", "bin_when", "privacy", "lost")}
    assert found == {"bin_day": "bins", "faq/bin_day": "bins", "bin_when": "bins", "privacy": None, "lost": None}
