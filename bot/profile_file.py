"""One YAML file of a council's folder: its sections as dataclasses, and errors with file, line and a plain sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from ruamel.yaml.error import MarkedYAMLError

from bot.content import line_of, parse
from bot.finding import Named, words_of
from bot.profile import ProfileError, Value

T = TypeVar("T")


class File:
    """One YAML file and the way to say where in it something is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.content: dict[str, Any] = parse(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            raise ProfileError(f"{path} cannot be read.") from None
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            # For a key that stands twice ruamel adds its values, which help nobody.
            problem = str(error.problem).partition(" with value")[0]
            raise ProfileError(f"{path}, line {line}: {problem}.") from None
        if not isinstance(self.content, dict):
            raise ProfileError(f"{path}, line 1: there must be named sections.")

    def wrong(self, trail: Sequence[str | int], sentence: str) -> ProfileError:
        """The error for what stands at the end of the trail of keys and positions."""
        return ProfileError(f"{self.path}, line {self._line(trail)}: {sentence}")

    def _line(self, trail: Sequence[str | int]) -> int:
        node: Any = self.content
        line = 1
        for step in trail:
            if isinstance(node, list):
                key: Any = int(step)
            elif isinstance(node, dict) and str(step) in map(str, node):
                key = next(key for key in node if str(key) == str(step))
            else:
                break
            line, node = line_of(node, key), node[key]
        return line

    def section(self, name: str, kind: type[T]) -> T:
        """A top-level section, which must be a dict or list as told."""
        if not isinstance(self.content.get(name), kind):
            raise self.wrong([name], f"the section '{name}' is missing or is not a {kind.__name__}.")
        return self.content[name]

    def one(self, kind: type[T], trail: Sequence[str | int], values: Any, **given: Any) -> T:
        """A dataclass from a mapping; every key known, none missing, each value of its kind."""
        if not isinstance(values, dict):
            raise self.wrong(trail, f"'{trail[-1]}' must have named values.")
        hints = get_type_hints(kind)
        wanted = [each for each in fields(kind) if each.name not in given]  # type: ignore[arg-type]
        for key in values:
            if key not in {each.name for each in wanted}:
                raise self.wrong([*trail, key], f"'{key}' is not known here.")
        for each in wanted:
            if each.name in values:
                given[each.name] = self._typed([*trail, each.name], values[each.name], hints[each.name])
            elif each.default is MISSING:
                raise self.wrong(trail, f"'{each.name}' is missing in '{trail[-1]}'.")
        return kind(**given)

    def _typed(self, trail: Sequence[str | int], value: Any, hint: Any) -> Any:
        if hint == tuple[str, ...]:
            if isinstance(value, list) and all(isinstance(each, str) for each in value):
                return tuple(value)
        elif hint is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        elif hint == Value or isinstance(value, hint):
            return value
        raise self.wrong(trail, f"'{trail[-1]}' has the wrong kind of value: {value!r}.")

    def keyed(self, section: str, kind: type[T], key: str = "id") -> dict[str, T]:
        """A section of named entries; the name becomes the field ``key``."""
        entries = self.section(section, dict)
        return {str(name): self.one(kind, [section, name], entries[name], **{key: str(name)}) for name in entries}

    def listed(self, section: str, kind: type[T]) -> list[T]:
        """A section that is a list of entries."""
        return [self.one(kind, [section, at], each) for at, each in enumerate(self.section(section, list))]

    def by_id(self, section: str, kind: type[T]) -> dict[str, T]:
        """A list of entries with ids, none twice."""
        found: dict[str, T] = {}
        for at, entry in enumerate(self.listed(section, kind)):
            name: str = entry.id  # type: ignore[attr-defined]
            if name in found:
                raise self.wrong([section, at], f"the id '{name}' stands twice.")
            found[name] = entry
        return found

    def check(self, section: str, entries: Iterable[Any], field: str, allowed: Iterable[str]) -> None:
        """Every entry's field is one of the allowed words."""
        known = tuple(allowed)
        keys = list(self.content[section])
        for at, entry in enumerate(entries):
            word = getattr(entry, field)
            if word not in known:
                where: str | int = keys[at] if isinstance(self.content[section], dict) else at
                raise self.wrong([section, where, field], f"'{word}' is not one of {', '.join(known)}.")

    def check_names(self, section: str, entries: Iterable[Named]) -> None:
        """No name or alias means two things."""
        owner: dict[str, str] = {}
        for at, entry in enumerate(entries):
            for name in (entry.name, *entry.aliases):
                first = owner.setdefault("".join(words_of(name)), entry.name)
                if first != entry.name:
                    raise self.wrong([section, at], f"'{name}' already stands under '{first}'.")
