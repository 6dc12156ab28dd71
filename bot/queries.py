"""The queries that the assistant answers: ``queries.yml`` of each pack, with codes, owners and review dates.

LGSL is the Local Government Service List's code, LGIL the Local Government Interaction List's (0 apply, 4 pay,
8 find information, 17 report).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from bot.content import ContentError, Finding, line_of, read, service_folders

QUERY_KEYS = frozenset(("title", "lgsl", "lgil", "owner", "review_by", "also"))


@dataclass(frozen=True)
class Query:
    """One question of residents. ``intents`` are the names under which the examples stand."""

    id: str
    title: str
    service: str
    owner: str
    review_by: date
    lgsl: int
    lgil: int
    intents: tuple[str, ...]
    path: Path
    line: int


def read_queries(data: Path) -> dict[str, Query]:
    """All queries below ``data``, by id. Raises ContentError with everything that is wrong."""
    found: dict[str, Query] = {}
    findings: list[Finding] = []
    for folder in service_folders(data):
        path = folder / "queries.yml"
        if path.exists():
            queries, wrong = _read_file(path)
            findings += wrong
            findings += [
                Finding(path, query.line, f"The query '{query.id}' is in {found[query.id].path} too.")
                for query in queries
                if query.id in found
            ]
            found |= {query.id: query for query in queries}
    if findings:
        raise ContentError(findings)
    return found


def service_of(data: Path, query: str) -> str | None:
    """The folder of the service that a query belongs to, also by the name of one of its intents.

    None for what all services share and for what is no query. Read once.
    """
    return _services(data).get(query)


@lru_cache(maxsize=4)
def _services(data: Path) -> dict[str, str]:
    queries = read_queries(data).values()
    own = (query for query in queries if query.path.parent.parent.name == "services")
    return {intent: query.path.parent.name for query in own for intent in query.intents}


def _read_file(path: Path) -> tuple[list[Query], list[Finding]]:
    content = read(path)
    entries = content.get("queries") or {}
    queries: list[Query] = []
    findings: list[Finding] = []
    for name, entry in entries.items():
        line = line_of(entries, name)
        merged = {"owner": content.get("owner"), "review_by": content.get("review_by"), **entry}
        lacking = [key for key in ("title", "lgsl", "lgil", "owner", "review_by") if merged.get(key) is None]
        unknown = sorted(set(entry) - QUERY_KEYS)
        findings += [Finding(path, line, f"{name}: a query needs '{key}'.") for key in lacking]
        findings += [Finding(path, line, f"{name}: a query has no '{key}'.") for key in unknown]
        if lacking:
            continue
        queries.append(
            Query(
                id=str(name),
                title=str(merged["title"]),
                service=str(content.get("service", path.parent.name)),
                owner=str(merged["owner"]),
                review_by=merged["review_by"],
                lgsl=int(merged["lgsl"]),
                lgil=int(merged["lgil"]),
                intents=(str(name), f"faq/{name}", *(str(other) for other in entry.get("also", ()))),
                path=path,
                line=line,
            )
        )
    return queries, findings
