"""Reads journeys from ``journeys.yml`` of each pack, with the shapes and the shared questions of ``data/shared``.

Everything wrong is told at once, each with file and line. What a journey does not write because its shape says it
(``like: report``) is put in here, so that nobody else needs to know of shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.content import ContentError, Finding, line_of, read, service_folders
from bot.dialogue.journeys import CONFIRMED, Ask, Check, Journey, Option
from bot.settings import settings
from bot.text.answers import TYPES as ANSWER_TYPES

BACKEND = "backend"
OWN_QUESTIONS = "journey's own"
ASK_KEYS = frozenset(
    "type choices optional limit least when label entity known shown question past given unless own".split()
)
JOURNEY_KEYS = frozenset("title starts asks confirm endings like says".split())


@dataclass(frozen=True)
class Shape:
    """What journeys of a kind share. ``settings`` are the keys that such a journey may have besides all others'."""

    name: str
    settings: frozenset[str]
    asks: tuple[Any, ...]
    confirm: Any
    endings: Mapping[str, Mapping[str, Any]]


PLAIN = Shape("", frozenset(), (OWN_QUESTIONS,), None, {})


def read_shapes(data: Path) -> dict[str, Shape]:
    """The shapes of ``data/shared/shapes.yml``; none without the file."""
    path = data / "shared" / "shapes.yml"
    entries = read(path).get("shapes") or {} if path.exists() else {}
    return {
        name: Shape(
            name,
            frozenset(entry.get("settings", ())),
            tuple(entry.get("asks", (OWN_QUESTIONS,))),
            entry.get("confirm"),
            {ending: options or {} for ending, options in map(_named, entry["endings"])},
        )
        for name, entry in entries.items()
    }


def _named(item: Any) -> tuple[str, Any]:
    """``name`` or ``{name: options}`` -> the name and the options."""
    ((name, options),) = item.items() if isinstance(item, Mapping) else ((item, None),)
    return str(name), options


def _is_there(options: Any, given: Mapping[str, Any]) -> bool:
    """Whether a shape's step or ending belongs to a journey with these settings."""
    if not isinstance(options, Mapping):
        return True
    wanted, unwanted = options.get("given"), options.get("unless")
    return (wanted is None or bool(given.get(wanted))) and (unwanted is None or not given.get(unwanted))


class _Reader:
    """Reads the journeys of one file and collects what is wrong with them."""

    def __init__(
        self, path: Path, service: str, shared: Mapping[str, tuple[Ask, ...]], shapes: Mapping[str, Shape]
    ) -> None:
        self.path, self.service, self.shared, self.shapes = path, service, shared, shapes
        self.findings: list[Finding] = []

    def wrong(self, line: int, says: str) -> None:
        self.findings.append(Finding(self.path, line, says))

    def journeys(self) -> list[Journey]:
        content = read(self.path)
        entries = content.get("journeys") or {}
        return [self.journey(name, entry, line_of(entries, name)) for name, entry in entries.items()]

    def journey(self, name: str, entry: Any, line: int) -> Journey:
        shape = self.shapes.get(str(entry.get("like", "")), PLAIN)
        if "like" in entry and shape is PLAIN:
            known = ", ".join(sorted(self.shapes))
            self.wrong(line_of(entry, "like"), f"{name}: there is no shape '{entry['like']}'. There are: {known}.")
        for key in set(entry) - JOURNEY_KEYS - shape.settings:
            self.wrong(line_of(entry, key), f"{name}: a journey has no '{key}'.")
        for key in ("title", "endings"):
            if not entry.get(key) and not (key == "endings" and shape.endings):
                self.wrong(line, f"{name}: a journey needs '{key}'.")
        shaped = {ending: options for ending, options in shape.endings.items() if _is_there(options, entry)}
        says = frozenset(str(word) for word in entry.get("says", ()))
        steps = self._all_steps(name, entry, shape, says)
        self._check_order(name, steps, line)
        for word in sorted(says - set(shaped) - {step.name for step in steps}):
            self.wrong(line_of(entry, "says"), f"{name}: its shape has no question and no ending '{word}'.")
        own = {ending for ending, options in shaped.items() if options.get("own")}
        return Journey(
            id=name,
            service=self.service,
            title=str(entry.get("title", "")),
            starts=tuple(entry.get("starts") or (name,)),
            steps=tuple(steps),
            endings=(*shaped, *(entry.get("endings") or ())),
            path=self.path,
            line=line,
            shape=shape.name,
            settings={key: entry[key] for key in shape.settings if key in entry},
            told_alike=frozenset(shaped) - says - own,
        )

    def _all_steps(self, name: str, entry: Any, shape: Shape, says: frozenset[str]) -> list[Ask | Check]:
        """The shape's questions with the journey's own in their place, then the confirmation.

        What stands twice is asked where it stands first: ``postcode``, a check of it, then ``address``.
        """
        steps: list[Ask | Check] = []
        for item in shape.asks:
            if item == OWN_QUESTIONS:
                for place, own in enumerate(entry.get("asks") or []):
                    steps += self.steps(name, own, line_of(entry["asks"], place))
            elif _is_there(_named(item)[1], entry):
                steps += self._shaped(name, item, shape, says)
        confirm = entry.get("confirm", shape.confirm)
        if confirm:
            steps.append(confirmation(name, confirm))
        first: dict[str, Ask | Check] = {}
        for step in steps:
            first.setdefault(step.slot, step)
        return list(first.values())

    def _shaped(self, journey: str, item: Any, shape: Shape, says: frozenset[str]) -> list[Ask | Check]:
        """A step of the shape; its question is put in the words of the shape unless the journey has its own."""
        name, options = _named(item)
        found = self.steps(journey, item, 1)
        is_own = name in says or (isinstance(options, Mapping) and options.get("own"))
        return [
            step
            if is_own or isinstance(step, Check) or step.shared
            else replace(step, question=f"utter_ask_{shape.name}_{name}")
            for step in found
        ]

    def _check_order(self, name: str, steps: list[Ask | Check], line: int) -> None:
        known: set[str] = set()
        for step in steps:
            for earlier in (step.when or {}) if isinstance(step, Ask) else {}:
                if earlier not in known:
                    self.wrong(line, f"{name}: '{step.name}' depends on '{earlier}', which is not asked before it.")
            known.add(step.name)

    def steps(self, journey: str, item: Any, line: int) -> list[Ask | Check]:
        if not isinstance(item, str) and (not isinstance(item, Mapping) or len(item) != 1):
            self.wrong(line, f"{journey}: each step is one name, or one name with its settings below it.")
            return []
        name, options = _named(item)
        if name == "check":
            check = str(options["name"] if isinstance(options, Mapping) else options)
            return [Check(check, f"{journey}_{check}_checked")]
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
            past=bool(options.get("past", False)),
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
    reader = _Reader(path, "shared", {}, {})
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
    shared, shapes = read_shared_questions(data), read_shapes(data)
    found: dict[str, Journey] = {}
    findings: list[Finding] = []
    for folder in service_folders(data):
        path = folder / "journeys.yml"
        if not path.exists():
            continue
        reader = _Reader(path, folder.name, shared, shapes)
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
