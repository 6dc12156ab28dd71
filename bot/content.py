"""Reading the files under ``data/``: YAML 1.2 with equal keys refused, and errors that name file and line.

Everything that reads journeys, queries or questions reads through here, so that an editor's slip is told like a
compiler tells it: ``data/services/waste/journeys.yml:12: bin_missed: there is no answer type 'adress'``.

ruamel.yaml knows YAML 1.2, but takes seconds for all the files. They are parsed by libyaml, ten times as quick, with
ruamel's own rules for what a word means; what libyaml does not understand, or finds wrong, is left to ruamel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML, ScalarNode
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.resolver import implicit_resolvers
from yaml._yaml import CParser
from yaml.resolver import BaseResolver

TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class Finding:
    """One thing wrong with the content: where, and what would put it right."""

    path: Path
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.says}"


class ContentError(Exception):
    """The content cannot be used; ``findings`` says all that is wrong."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))


class Mapping(dict[Any, Any]):
    """A mapping that knows the lines of itself and of its keys."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}


class Sequence(list[Any]):
    """A list that knows the lines of itself and of its items."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}


class _Parser(CParser, BaseResolver):
    """libyaml, with YAML 1.2's rules for which plain words are numbers, dates or truth values."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        BaseResolver.__init__(self)


for _versions, _tag, _pattern, _first in implicit_resolvers:
    if (1, 2) in _versions:
        _Parser.add_implicit_resolver(_tag, _pattern, _first)


def parse(text: str) -> Any:
    """What stands in a text, mappings and lists with their lines. Raises MarkedYAMLError."""
    try:
        node = _Parser(text).get_single_node()
    except yaml.YAMLError:
        node = YAML(typ="safe", pure=True).compose(text)  # its nodes are like PyYAML's
    return None if node is None else _built(node)


def _built(node: Any) -> Any:
    line = node.start_mark.line + 1
    if node.id == "mapping":
        mapping = Mapping(line)
        for key, value in node.value:
            at = key.start_mark
            if key.id != "scalar":
                raise MarkedYAMLError(problem="a key must be one word or text", problem_mark=at)
            name = _scalar(key.tag, key.value)
            if name in mapping:
                raise MarkedYAMLError(problem=f'found duplicate key "{name}"', problem_mark=at)
            mapping[name], mapping.lines[name] = _built(value), at.line + 1
        return mapping
    if node.id == "sequence":
        sequence = Sequence(line)
        for place, item in enumerate(node.value):
            sequence.append(_built(item))
            sequence.lines[place] = item.start_mark.line + 1
        return sequence
    return node.value if node.tag == TEXT else _scalar(node.tag, node.value)


@lru_cache(maxsize=10_000)
def _scalar(tag: str, value: str) -> Any:
    return YAML(typ="safe", pure=True).constructor.construct_object(ScalarNode(tag, value))


def read(path: Path) -> Mapping:
    """The mapping in a YAML file, with line numbers kept. Raises ContentError for a file that is not one."""
    try:
        content = parse(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ContentError([Finding(path, mark.line + 1 if mark else 1, str(error.problem))]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError([Finding(path, 1, f"The file cannot be read: {error}")]) from error
    if content is None:
        return Mapping(1)
    if not isinstance(content, Mapping):
        raise ContentError([Finding(path, 1, "The file must be a mapping of names to values.")])
    return content


def plain(value: Any) -> Any:
    """What ``read`` gave as Python's own dicts and lists, for code that takes no others."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def line_of(node: Any, key: Any = None) -> int:
    """The line, from 1, of a node read by ``read``, or of one of its keys or items."""
    if not isinstance(node, Mapping | Sequence):
        return 1
    return node.lines.get(key, node.line)


def service_folders(data: Path) -> Iterator[Path]:
    """The packs, in a fixed order: what all services share first, then each service by name."""
    if (data / "shared").is_dir():
        yield data / "shared"
    if (data / "services").is_dir():
        yield from sorted(folder for folder in (data / "services").iterdir() if folder.is_dir())
