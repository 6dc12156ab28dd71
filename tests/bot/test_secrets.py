"""The installation's secret: made once, by whoever is first, and for its owner's eyes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import secrets
from bot.settings import settings


@pytest.fixture(autouse=True)
def _own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "new" / "var"))
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_it_stays_the_same_and_is_private() -> None:
    first = secrets.secret()
    secrets._read_or_make.cache_clear()
    assert secrets.secret() == first and len(first) >= 32
    path = Path(settings().var_dir) / "secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["secret"]


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    make = secrets._read_or_make.__wrapped__
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(make, [tmp_path / "secret"] * 32))
    assert len(found) == 1


def test_an_empty_secret_signs_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(ValueError, match="is empty"):
        secrets._read_or_make(tmp_path / "secret")
