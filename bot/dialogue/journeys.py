"""Journeys: a service's transactions as data (``data/services/<service>/journeys.yml``).

A journey says what starts it, what it asks, how each answer is read, which back-end call ends it and how each
ending is told. This module reads them into frozen dataclasses; the importer turns those into Rasa's forms, slots
and rules, the policy and the action server run them. No Rasa in here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.content import ContentError, Finding, line_of, read, service_folders
from bot.settings import settings
from bot.text.answers import TYPES as ANSWER_TYPES
from bot.text.sent import MORE_THAN_WORDS, UPLOADS

FREE_TEXT = frozenset(("text", "name"))
CONFIRMED = "confirmed"
BACKEND = "backend"


@dataclass(frozen=True)
class Option:
    """One answer of a fixed list: ``also`` are other words for it."""

    value: str
    title: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ask:
    """One question. ``slot`` keeps the answer; shared questions keep it for the whole conversation.

    ``options`` is the fixed list, or empty when ``from_backend``. ``when`` maps earlier questions to the answers
    for which this one is asked. ``entity`` is the detail that may answer it unasked, ``known`` a shared slot that
    may. A question that is not ``is_shown`` stays out of the summary.
    """

    name: str
    slot: str
    type: str
    question: str
    label: str
    shared: bool = False
    optional: bool = False
    from_backend: bool = False
    options: tuple[Option, ...] = ()
    limit: int = 0
    least: int = 1
    when: Mapping[str, tuple[str, ...]] | None = None
    entity: str = ""
    known: str = ""
    is_shown: bool = True

    @property
    def is_free_text(self) -> bool:
        return self.type in FREE_TEXT

    @property
    def is_upload(self) -> bool:
        return self.type in UPLOADS

    @property
    def takes_more(self) -> bool:
        """Whether a page can help to answer it besides with a text field: with a file, or the device's location."""
        return self.type in MORE_THAN_WORDS

    @property
    def is_found_out(self) -> bool:
        """Whether the answers that make sense depend on answers before it."""
        return self.from_backend or self.type == "address"


@dataclass(frozen=True)
class Check:
    """A look at the back end between two questions; it may end the journey early."""

    name: str
    slot: str


@dataclass(frozen=True)
class Journey:
    """One transaction or look-up, from the words that start it to how each ending is told."""

    id: str
    service: str
    title: str
    starts: tuple[str, ...]
    steps: tuple[Ask | Check, ...]
    endings: tuple[str, ...]
    path: Path
    line: int

    @property
    def form(self) -> str:
        return f"{self.id}_form"

    @property
    def action(self) -> str:
        return f"action_{self.id}"

    @property
    def asks(self) -> tuple[Ask, ...]:
        return tuple(step for step in self.steps if isinstance(step, Ask))

    @property
    def slots(self) -> tuple[str, ...]:
        return tuple(step.slot for step in self.steps)

    @property
    def own_slots(self) -> tuple[str, ...]:
        """The slots that are emptied when the journey is over."""
        return tuple(step.slot for step in self.steps if isinstance(step, Check) or not step.shared)

    def applies(self, ask: Ask, slots: Mapping[str, Any]) -> bool:
        """Whether a question is asked at all, given the answers so far."""
        values = {other.name: (slots.get(other.slot) or {}).get("value") for other in self.asks}
        return all(str(values.get(name)) in allowed for name, allowed in (ask.when or {}).items())

    def ask(self, slot: str | None) -> Ask | None:
        """The question that fills ``slot``."""
        return next((ask for ask in self.asks if ask.slot == slot), None)

    def after(self, slot: str) -> tuple[str, ...]:
        """The slots that a new answer for ``slot`` makes doubtful: later checks and choices from a back end."""
        place = self.slots.index(slot)
        return tuple(
            step.slot
            for step in self.steps[place + 1 :]
            if isinstance(step, Check) or step.is_found_out or step.name == CONFIRMED
        )

    def response(self, ending: str) -> str:
        """The name of the response that tells an ending."""
        return f"utter_{self.id}_{ending}"


ASK_KEYS = frozenset("type choices optional limit least when label entity known shown question".split())
JOURNEY_KEYS = frozenset("title starts asks confirm endings".split())
# Endings that every journey has, told by shared responses (data/shared/responses.yml).
SHARED_ENDINGS = ("failed", "outside", "outside_unknown", "nowhere", "far")


class _Reader:
    """Reads the journeys of one file and collects what is wrong with them."""

    def __init__(self, path: Path, service: str, shared: Mapping[str, tuple[Ask, ...]]) -> None:
        self.path, self.service, self.shared = path, service, shared
        self.findings: list[Finding] = []

    def wrong(self, line: int, says: str) -> None:
        self.findings.append(Finding(self.path, line, says))

    def journeys(self) -> list[Journey]:
        content = read(self.path)
        entries = content.get("journeys") or {}
        return [self.journey(name, entry, line_of(entries, name)) for name, entry in entries.items()]

    def journey(self, name: str, entry: Any, line: int) -> Journey:
        for key in set(entry) - JOURNEY_KEYS:
            self.wrong(line_of(entry, key), f"{name}: a journey has no '{key}'.")
        for key in ("title", "endings"):
            if not entry.get(key):
                self.wrong(line, f"{name}: a journey needs '{key}'.")
        steps: list[Ask | Check] = []
        for place, item in enumerate(entry.get("asks") or []):
            steps += self.steps(name, item, line_of(entry["asks"], place))
        if entry.get("confirm"):
            steps.append(confirmation(name, entry["confirm"]))
        known: set[str] = set()
        for step in steps:
            for earlier in (step.when or {}) if isinstance(step, Ask) else {}:
                if earlier not in known:
                    self.wrong(line, f"{name}: '{step.name}' depends on '{earlier}', which is not asked before it.")
            known.add(step.name)
        return Journey(
            id=name,
            service=self.service,
            title=str(entry.get("title", "")),
            starts=tuple(entry.get("starts") or (name,)),
            steps=tuple(steps),
            endings=tuple(entry.get("endings") or ()),
            path=self.path,
            line=line,
        )

    def steps(self, journey: str, item: Any, line: int) -> list[Ask | Check]:
        if isinstance(item, str):
            item = {item: {}}
        if not isinstance(item, Mapping) or len(item) != 1:
            self.wrong(line, f"{journey}: each step is one name, or one name with its settings below it.")
            return []
        ((name, options),) = item.items()
        if name == "check":
            return [Check(str(options), f"{journey}_{options}_checked")]
        options = options or {}
        when = _when(options)
        if name == "confirm":
            return [replace(confirmation(journey), when=when)]
        if name in self.shared and "type" not in options:
            return [
                replace(ask, when=when, optional=bool(options.get("optional", ask.optional)))
                for ask in self.shared[name]
            ]
        return [self.ask(journey, name, options, line)]

    def ask(self, journey: str, name: str, options: Mapping[str, Any], line: int, shared: bool = False) -> Ask:
        for key in set(options) - ASK_KEYS:
            self.wrong(line_of(options, key), f"{journey}: '{name}' has no setting '{key}'.")
        kind = str(options.get("type", "choice" if "choices" in options else ""))
        if kind not in ANSWER_TYPES:
            known = ", ".join(sorted(ANSWER_TYPES))
            self.wrong(line, f"{journey}: '{name}' has no answer type '{kind}'. There are: {known}.")
        choices = options.get("choices")
        if kind == "choice" and not choices:
            self.wrong(line, f"{journey}: '{name}' is a choice and needs 'choices'.")
        return Ask(
            name=name,
            slot=name if shared else f"{journey}_{name}",
            type=kind,
            question=str(options.get("question") or (f"utter_ask_{name}" if shared else f"utter_ask_{journey}_{name}")),
            label=str(options.get("label", name.replace("_", " ").capitalize())),
            shared=shared,
            optional=bool(options.get("optional", False)),
            from_backend=choices == BACKEND,
            options=tuple(_option(choice) for choice in choices or ()) if choices != BACKEND else (),
            limit=int(options.get("limit", 0)),
            least=int(options.get("least", 1)),
            when=_when(options),
            entity=str(options.get("entity", "")),
            known=str(options.get("known", "")),
            is_shown=bool(options.get("shown", True)),
        )


def confirmation(journey: str, question: Any = True) -> Ask:
    """The last question of a journey that sends something: the summary, and whether to send it.

    ``question`` is the response that puts it; True for the one that all journeys share.
    """
    return Ask(
        name=CONFIRMED,
        slot=f"{journey}_{CONFIRMED}",
        type="yes_no",
        question="utter_ask_confirmed" if question is True else str(question),
        label="",
        is_shown=False,
    )


def _option(entry: Any) -> Option:
    return Option(str(entry["value"]), str(entry["title"]), tuple(str(word) for word in entry.get("also", ())))


def _when(options: Mapping[str, Any]) -> dict[str, tuple[str, ...]] | None:
    return {key: _values(value) for key, value in options["when"].items()} if "when" in options else None


def _values(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


def read_shared_questions(data: Path) -> dict[str, tuple[Ask, ...]]:
    """The shared questions of ``data/shared/questions.yml``: a name to one question, or to several in order."""
    path = data / "shared" / "questions.yml"
    if not path.exists():
        return {}
    content = read(path)
    reader = _Reader(path, "shared", {})
    asks = {
        name: reader.ask("questions", name, entry or {}, line_of(content["questions"], name), shared=True)
        for name, entry in (content.get("questions") or {}).items()
    }
    if reader.findings:
        raise ContentError(reader.findings)
    groups: dict[str, tuple[Ask, ...]] = {name: (ask,) for name, ask in asks.items()}
    for name, members in (content.get("groups") or {}).items():
        groups[name] = tuple(asks[member] for member in members)
    return groups


def read_journeys(data: Path) -> dict[str, Journey]:
    """All journeys below ``data``, by id. Raises ContentError with everything that is wrong."""
    shared = read_shared_questions(data)
    found: dict[str, Journey] = {}
    findings: list[Finding] = []
    for folder in service_folders(data):
        path = folder / "journeys.yml"
        if not path.exists():
            continue
        reader = _Reader(path, folder.name, shared)
        for journey in reader.journeys():
            if journey.id in found:
                reader.wrong(journey.line, f"There is a journey '{journey.id}' in {found[journey.id].path} too.")
            found[journey.id] = journey
        findings += reader.findings
    if findings:
        raise ContentError(findings)
    return found


@lru_cache(maxsize=4)
def _cached(data: str) -> Mapping[str, Journey]:
    return read_journeys(Path(data))


def journeys() -> Mapping[str, Journey]:
    """The journeys of this process's content, read once."""
    return _cached(settings().data_dir)


def started_by(known: Mapping[str, Journey], query: str) -> Journey | None:
    """The journey that a query (intent) begins."""
    return next((journey for journey in known.values() if query in journey.starts), None)


def all_slots(known: Mapping[str, Journey]) -> Iterator[str]:
    """Every slot that journeys fill, each once, in a fixed order."""
    yield from dict.fromkeys(slot for journey in known.values() for slot in journey.slots)
