"""Files read with line numbers; what is no content is told with file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.content import ContentError, Finding, line_of, plain, read, service_folders


def write(folder: Path, text: str | bytes, name: str = "file.yml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def finding(path: Path) -> Finding:
    with pytest.raises(ContentError) as caught:
        read(path)
    assert str(caught.value) == str(caught.value.findings[0])
    return caught.value.findings[0]


def test_no_is_a_word_and_not_false(tmp_path: Path) -> None:
    content = read(write(tmp_path, "answers: {a: no, b: yes, c: off, d: 012, e: true}\n"))
    assert dict(content["answers"]) == {"a": "no", "b": "yes", "c": "off", "d": 12, "e": True}


def test_lines_are_known(tmp_path: Path) -> None:
    content = read(write(tmp_path, "# subject\n# owner\nnames:\n  one: 1\n  two:\n    - a\n    - b\n"))
    assert line_of(content, "names") == 3 and line_of(content["names"], "two") == 5
    assert line_of(content["names"]["two"], 1) == 7
    assert line_of("no node") == 1 and line_of(content["names"], "absent") == 4


def test_what_only_ruamel_understands_is_read_too(tmp_path: Path) -> None:
    content = read(write(tmp_path, "a: {page: https://x.org/a?b, at: 2027-05-31}\nb: [1, '1', 0.5, ~]\n"))
    assert content == {"a": {"page": "https://x.org/a?b", "at": date(2027, 5, 31)}, "b": [1, "1", 0.5, None]}
    assert line_of(content, "b") == 2 and line_of(content["b"], 3) == 2


def test_plain_is_made_of_pythons_own_kinds(tmp_path: Path) -> None:
    made = plain(read(write(tmp_path, "a: [{b: c}]\n")))
    assert made == {"a": [{"b": "c"}]}
    assert [type(made), type(made["a"]), type(made["a"][0])] == [dict, list, dict]


def test_an_empty_file_is_an_empty_mapping(tmp_path: Path) -> None:
    assert read(write(tmp_path, "# nothing yet\n")) == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", 3),
        ("a: 1\nb: [1, 2\nc: 3\n", 3),
        ("a: 1\n\tb: 2\n", 2),
        ("a:\n  ? [b]\n  : c\n", 2),
        ("- a\n- b\n", 1),
        ("just words\n", 1),
        (b"a: \xff\xfe\n", 1),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, text: str | bytes, line: int) -> None:
    path = write(tmp_path, text)
    found = finding(path)
    assert (found.path, found.line) == (path, line) and found.says
    assert str(found).startswith(f"{path}:{line}: ")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert finding(tmp_path / "absent.yml").line == 1


def test_packs_come_in_a_fixed_order_shared_first(tmp_path: Path) -> None:
    for name in ("services/waste", "services/parking", "shared", "safety"):
        (tmp_path / name).mkdir(parents=True)
    write(tmp_path, "x: 1\n", "services/README.yml")
    names = [folder.relative_to(tmp_path).as_posix() for folder in service_folders(tmp_path)]
    assert names == ["shared", "services/parking", "services/waste"]
    assert list(service_folders(tmp_path / "nowhere")) == []
