"""The bytes are kept whole, for us alone, and by names that lead nowhere else."""

from __future__ import annotations

import logging
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.settings import settings
from bot.uploads import files
from bot.uploads.refused import Refused


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    settings.cache_clear()
    yield tmp_path / "var" / "uploads"
    settings.cache_clear()


def test_what_is_kept_is_found_and_erased(folder: Path) -> None:
    first, second = files.save(b"one"), files.save(b"two")
    assert (files.read(first), files.read(second)) == (b"one", b"two")
    assert files.path_of(first) == folder / first
    files.remove(first)
    with pytest.raises(FileNotFoundError):
        files.read(first)
    files.remove(first)
    assert [path.name for path in folder.iterdir()] == [second]


def test_names_are_random_and_say_nothing() -> None:
    names = {files.save(b"same") for _ in range(50)}
    assert len(names) == 50 and all(re.fullmatch("[0-9a-f]{32}", name) for name in names)


def test_nobody_else_may_look(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    before = os.umask(0)
    try:
        kept = files.save(b"x")
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert files.path_of(kept).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../secret", "a" * 31, "a" * 33, "A" * 32, "a" * 32 + "\n", "a" * 31 + "/", "/" + "a" * 31]
    + ["a" * 31 + "\0", "٠" * 32, "../" + "a" * 29, "a" * 32 + ".part"],
)
def test_no_path_is_smuggled_in(name: str) -> None:
    for use in (files.path_of, files.read, files.remove):
        with pytest.raises(FileNotFoundError):
            use(name)


def test_a_disk_that_fails_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_handle: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        files.save(b"x")
    assert list(folder.iterdir()) == []


def test_a_disk_that_is_nearly_full_takes_no_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(files, "_logged", -files.LOG_EVERY)
    asked, free = [], files.LEAST_FREE - 1

    def usage(path: Path) -> SimpleNamespace:
        asked.append(path)
        return SimpleNamespace(free=free)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    with caplog.at_level(logging.ERROR, files.logger.name):
        for _ in range(3):
            with pytest.raises(Refused, match="unavailable") as caught:
                files.save(b"x")
            assert caught.value.retry_after
    assert len(caplog.records) == 1, "a log that grows with every try would fill the disk too"
    assert set(asked) == {folder} and list(folder.iterdir()) == []
    free += 1
    assert files.read(files.save(b"x")) == b"x"


def _age(path: Path, seconds: float) -> Path:
    """Let a file have lain there so long."""
    then = time.time() - seconds
    os.utime(path, (then, then), follow_symlinks=False)
    return path


def test_what_is_nobodys_is_swept_and_what_is_known_stays(folder: Path) -> None:
    known, forgotten = files.save(b"known"), files.save(b"forgotten")
    draft = folder / f"{known}.part"
    draft.write_bytes(b"half")
    for path in folder.iterdir():
        _age(path, 601)
    assert files.sweep({known}) == 2
    assert [path.name for path in folder.iterdir()] == [known]
    assert files.read(known) == b"known" and files.sweep({known}) == 0
    with pytest.raises(FileNotFoundError):
        files.read(forgotten)


def test_what_is_young_may_still_become_somebodys(folder: Path) -> None:
    young = folder / files.save(b"x")
    draft = young.with_name(f"{young.name}.part")
    draft.write_bytes(b"half")
    for path in (young, draft):
        _age(path, 590)
    assert files.sweep(()) == 0
    assert files.sweep((), older_than_seconds=580) == 2


def test_nothing_else_in_the_folder_is_touched(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"x")
    folder.mkdir(parents=True)
    for name in ("README", "a" * 31, "A" * 32, "a" * 32 + ".jpg", "notes.part", ".part", "b" * 32 + ".part.part"):
        (folder / name).write_bytes(b"x")
    (folder / ("c" * 32)).mkdir()
    (folder / ("d" * 32 + ".part")).mkdir()
    (folder / ("e" * 32)).symlink_to(elsewhere)
    kept = {_age(path, 10_000).name for path in folder.iterdir()}
    assert files.sweep(()) == 0
    assert {path.name for path in folder.iterdir()} == kept and elsewhere.exists()


def test_where_nothing_was_ever_kept_there_is_nothing_to_sweep(folder: Path) -> None:
    assert files.sweep(()) == 0 and not folder.exists()


def test_a_file_that_another_process_sweeps_does_not_count(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, left = _age(folder / files.save(b"x"), 601), _age(folder / files.save(b"y"), 601)
    unlink = Path.unlink

    def raced(path: Path, missing_ok: bool = False) -> None:
        unlink(path, missing_ok)
        if path == gone:
            unlink(path)

    monkeypatch.setattr(Path, "unlink", raced)
    assert files.sweep(()) == 1 and not left.exists()
