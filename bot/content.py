"""Reading the files under ``data/``: YAML 1.2 with equal keys refused, and errors that name file and line.

Everything that reads journeys, queries or questions reads through here, so that an editor's slip is told like a
compiler tells it: ``data/services/waste/journeys.yml:12: bin_missed: there is no answer type 'adress'``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError


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


def read(path: Path) -> CommentedMap:
    """The mapping in a YAML file, with line numbers kept. Raises ContentError for a file that is not one."""
    try:
        with path.open(encoding="utf-8") as file:
            content = YAML(typ="rt").load(file)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ContentError([Finding(path, mark.line + 1 if mark else 1, str(error.problem))]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError([Finding(path, 1, f"The file cannot be read: {error}")]) from error
    if content is None:
        return CommentedMap()
    if not isinstance(content, CommentedMap):
        raise ContentError([Finding(path, 1, "The file must be a mapping of names to values.")])
    return content


def line_of(node: Any, key: Any = None) -> int:
    """The line, from 1, of a node read by ``read``, or of one of its keys or items."""
    if key is not None and isinstance(node, CommentedMap | CommentedSeq):
        try:
            return int(node.lc.key(key)[0] if isinstance(node, CommentedMap) else node.lc.item(key)[0]) + 1
        except (KeyError, TypeError):
            pass
    return int(getattr(getattr(node, "lc", None), "line", 0) or 0) + 1


def service_folders(data: Path) -> Iterator[Path]:
    """The packs, in a fixed order: what all services share first, then each service by name."""
    if (data / "shared").is_dir():
        yield data / "shared"
    if (data / "services").is_dir():
        yield from sorted(folder for folder in (data / "services").iterdir() if folder.is_dir())
