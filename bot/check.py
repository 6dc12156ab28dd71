"""What is wrong with the content and the configuration, found like a compiler finds it: with file and line.

Each check is a function from what was read to findings. ``assistant check`` prints them; the test suite runs the
same checks, so that a wrong file never gets as far as a resident.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.content import ContentError, Finding, line_of, read, service_folders
from bot.council import Council, ProfileError, load_council
from bot.dialogue.journey_reader import read_journeys
from bot.dialogue.journeys import CONFIRMED, SHARED_ENDINGS, Journey
from bot.importer import doubles
from bot.queries import Query, read_queries
from bot.safety_numbers import load_numbers, placeholders, stale_numbers
from bot.text.answers import TYPES

LEAST_EXAMPLES = 20
LEAST_SENTENCES = 6
FACT = re.compile(r"\{((?:council|fact|container|route|number)\.[a-z0-9_.]+)\}")
UTTER = re.compile(r"utter_[a-z0-9_/]+")


@dataclass(frozen=True)
class Content:
    """Everything that the checks look at. ``examples`` and ``responses`` know where they stand."""

    root: Path
    data: Path
    today: date
    council: Council
    journeys: Mapping[str, Journey]
    queries: Mapping[str, Query]
    examples: Mapping[str, tuple[Path, int, tuple[str, ...]]]
    responses: Mapping[str, tuple[Path, int, Any]]


def check(root: Path, data: Path, council: str, today: date) -> list[Finding]:
    """All findings; [] when all is well."""
    try:
        content = _read(root, data, council, today)
    except ContentError as error:
        return error.findings
    except ProfileError as error:
        return [Finding(data / "councils" / council, 1, str(error))]
    return [finding for rule in CHECKS for finding in rule(content)]


def _read(root: Path, data: Path, council: str, today: date) -> Content:
    examples: dict[str, tuple[Path, int, tuple[str, ...]]] = {}
    responses: dict[str, tuple[Path, int, Any]] = {}
    for path in content_files(data):
        content = read(path)
        for item in content.get("nlu") or []:
            if hasattr(item, "get") and "intent" in item:
                lines = tuple(line.removeprefix("- ").strip() for line in str(item["examples"]).splitlines() if line)
                examples[str(item["intent"])] = (path, line_of(item, "intent"), lines)
        for name, variations in (content.get("responses") or {}).items():
            responses[str(name)] = (path, line_of(content["responses"], name), variations)
    profile = load_council(data / "councils" / council)
    return Content(root, data, today, profile, read_journeys(data), read_queries(data), examples, responses)


def content_files(data: Path) -> list[Path]:
    """The files with examples and responses: shared, services, safety."""
    folders = [*service_folders(data), data / "safety"]
    names = ("nlu.yml", "responses.yml", "messages.yml")
    return [folder / name for folder in folders for name in names if (folder / name).exists()]


def _doubles(content: Content) -> Iterator[Finding]:
    yield from doubles(content_files(content.data))


def _examples(content: Content) -> Iterator[Finding]:
    """Every query has enough examples, and no example stands under two."""
    for query in content.queries.values():
        if not any(intent in content.examples for intent in query.intents):
            yield Finding(query.path, query.line, f"{query.id}: there are no examples of what people say.")
    seen: dict[str, str] = {}
    for intent, (path, line, lines) in content.examples.items():
        if len(lines) < LEAST_EXAMPLES:
            yield Finding(path, line, f"{intent}: {len(lines)} examples; {LEAST_EXAMPLES} are needed.")
        for text in lines:
            other = seen.setdefault(text.casefold(), intent)
            if other != intent:
                yield Finding(path, line, f"{intent}: '{text}' is an example of {other} too.")


def _catalogue(content: Content) -> Iterator[Finding]:
    """Every query that a council's assistant must know is there, with sentences to test it by."""
    path = content.data / "shared" / "catalogue.yml"
    entries = read(path).get("catalogue") or {} if path.exists() else {}
    sentences = _test_sentences(content.root)
    for service, names in entries.items():
        for name in names:
            if name not in content.queries:
                yield Finding(path, line_of(entries, service), f"{name}: this query is missing.")
            elif sentences.get(name, 0) < LEAST_SENTENCES:
                says = f"{name}: {sentences.get(name, 0)} test sentences; {LEAST_SENTENCES} are needed."
                yield Finding(path, line_of(entries, service), says)


def _test_sentences(root: Path) -> dict[str, int]:
    """How many sentences under ``tests/sentences`` must reach each query."""
    counts: dict[str, int] = {}
    for path in sorted((root / "tests" / "sentences").glob("*.yml")):
        named = read(path).get("sentences")
        if not isinstance(named, Mapping):  # a plain list: out of scope, known misses
            continue
        for name, listed in named.items():
            query = str(name).removeprefix("faq/")
            counts[query] = counts.get(query, 0) + len(listed)
    return counts


def _answered(content: Content) -> Iterator[Finding]:
    """Every query is a journey, a look-up or an answer; each with an owner who has looked at it in time."""
    started = {start for journey in content.journeys.values() for start in journey.starts}
    actions = set(action_names(content.root))
    for query in content.queries.values():
        told = f"utter_faq/{query.id}" in content.responses
        if not told and query.id not in started and f"action_{query.id}" not in actions:
            yield Finding(query.path, query.line, f"{query.id}: no journey, look-up or answer.")
        if query.review_by <= content.today:
            yield Finding(query.path, query.line, f"{query.id}: was to be reviewed by {query.review_by}.")


def _journeys(content: Content) -> Iterator[Finding]:
    """Every question and ending has its words, every journey its action, every check its method."""
    methods = action_names(content.root)
    for journey in content.journeys.values():
        wanted = {journey.response(ending) for ending in journey.endings}
        wanted |= {ask.question for ask in journey.asks}
        for name in sorted(wanted - content.responses.keys()):
            yield Finding(journey.path, journey.line, f"{journey.id}: there is no response '{name}'.")
        yield from _settings(content, journey)
        if journey.shape:  # its class is made of the shape's (actions/shapes)
            continue
        if journey.action not in methods:
            yield Finding(journey.path, journey.line, f"{journey.id}: no action is called '{journey.action}'.")
        chooses = any(ask.from_backend and ask.type != "address" for ask in journey.asks)
        if chooses and "choices" not in methods.get(journey.action, {"choices"}):
            yield Finding(journey.path, journey.line, f"{journey.id}: '{journey.action}' offers no choices.")
        has_check = any(step not in journey.asks for step in journey.steps)
        if has_check and "check" not in methods.get(journey.action, {"check"}):
            yield Finding(journey.path, journey.line, f"{journey.id}: '{journey.action}' has no check.")
        for start in journey.starts:
            if start not in content.examples:
                yield Finding(journey.path, journey.line, f"{journey.id}: nobody says '{start}'; it has no examples.")


def _settings(content: Content, journey: Journey) -> Iterator[Finding]:
    """What a journey says for its shape names facts and numbers that there are."""
    hours = {fact.name for fact in content.council.facts.values() if fact.kind == "hours"}
    days = {fact.name for fact in content.council.facts.values() if fact.kind == "number"}
    numbers = {number.id for number in load_numbers(content.data / "safety" / "numbers.yml")}
    for key, known in (("hours", hours), ("due", days), ("urgent", numbers)):
        named = journey.settings.get(key)
        if named is not None and named not in known:
            yield Finding(journey.path, journey.line, f"{journey.id}: there is no '{named}' for its '{key}'.")


def _responses(content: Content) -> Iterator[Finding]:
    """Every response can be reached, and fills only what there is."""
    facts = content.council.placeholders()
    facts |= placeholders(load_numbers(content.data / "safety" / "numbers.yml"))
    used = set(named_responses(content))
    for name, (path, line, variations) in content.responses.items():
        for wanted in FACT.findall(str(variations)):
            if wanted not in facts:
                yield Finding(path, line, f"{name}: the council's profile has no '{wanted}'.")
        if name not in used and not any(name.startswith(f"{other}_") for other in used):
            yield Finding(path, line, f"{name}: nothing uses this response.")


def named_responses(content: Content) -> Iterator[str]:
    """The names of all responses that something says."""
    for journey in content.journeys.values():
        yield from (journey.response(ending) for ending in journey.endings)
        yield from (ask.question for ask in journey.asks)
        yield f"utter_ask_{journey.id}_{CONFIRMED}"
    yield from (f"utter_journey_{ending}" for ending in SHARED_ENDINGS)
    yield from (f"utter_problem_{kind}" for kind in (*TYPES, "no_address", "too_long", "needed"))
    yield from (f"utter_{intent}" for intent in content.examples)
    yield from (name for name in content.responses if name.startswith("utter_safety_"))
    for folder in ("actions", "bot"):
        for path in sorted((content.root / folder).rglob("*.py")):
            yield from UTTER.findall(path.read_text(encoding="utf-8"))


def action_names(root: Path) -> dict[str, set[str]]:
    """The actions that the code defines, with the names of their methods; read, not imported."""
    found: dict[str, set[str]] = {}
    for path in sorted((root / "actions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                name = _action_name(node)
                if name:
                    found[name] = {item.name for item in node.body if isinstance(item, _FUNCTIONS)}
    return found


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _action_name(node: ast.ClassDef) -> str | None:
    """``journey: ClassVar[str] = "bin_day"``, or ``def name(self): return "action_repeat"``."""
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and getattr(item.target, "id", "") == "journey":
            return "action_" + str(item.value.value) if isinstance(item.value, ast.Constant) else None
        if isinstance(item, ast.FunctionDef) and item.name == "name":
            last = item.body[-1]
            if isinstance(last, ast.Return) and isinstance(last.value, ast.Constant):
                return str(last.value.value)
    return None


def _numbers(content: Content) -> Iterator[Finding]:
    """A telephone number in a safety message was checked by a person in the last six months."""
    path = content.data / "safety" / "numbers.yml"
    for number in stale_numbers(load_numbers(path), content.today):
        yield Finding(path, 1, f"The number '{number}' was not checked in the last six months.")


def _facts(content: Content) -> Iterator[Finding]:
    path = content.data / "councils" / content.council.identity.short.lower() / "profile.yml"
    for fact in content.council.facts_due(content.today):
        yield Finding(path, 1, f"The fact '{fact.name}' was to be reviewed by {fact.review_by} ({fact.owner}).")


def _topics(content: Content) -> Iterator[Finding]:
    """What goes to a person at once is a query that there is."""
    for topic in content.council.desk.topics:
        if topic.query not in content.queries:
            path = content.data / "councils" / content.council.identity.short.lower() / "desk.yml"
            yield Finding(path, 1, f"topics: there is no query '{topic.query}'.")


CHECKS: Iterable[Callable[[Content], Iterator[Finding]]] = (
    _doubles,
    _examples,
    _catalogue,
    _answered,
    _journeys,
    _responses,
    _numbers,
    _facts,
    _topics,
)
