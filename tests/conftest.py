"""What many tests share: a clean environment, the trained model (trained once), the whole assistant, a browser."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings, settings
from tests.support.browser import chromium_at, served_chromium

ROOT = Path(__file__).parent.parent
# A Tuesday morning in a week without bank holidays, in winter time.
A_TUESDAY = "2026-11-24T10:00:00"


@pytest.fixture(scope="session", autouse=True)
def _own_var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests never write to the var folder of a running assistant, nor read this machine's settings."""
    kept = dict(os.environ)
    for name in Settings.__dataclass_fields__:
        os.environ.pop(name.upper(), None)
    os.environ["VAR_DIR"] = str(tmp_path_factory.mktemp("var"))
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    for built in (ROOT / "var" / "minilm-onnx", *(ROOT / "var").glob("danger-*")):
        (Path(os.environ["VAR_DIR"]) / built.name).symlink_to(built)
    settings.cache_clear()
    yield
    os.environ.clear()
    os.environ.update(kept)
    settings.cache_clear()


@pytest.fixture
def set_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Change settings for one test: ``set_settings(assistant_now="2026-12-25T10:00")``."""

    def change(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name.upper(), str(value))
        settings.cache_clear()

    yield change
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model of the content as it is; trained when there is none yet."""
    import os

    from bot import tuning

    tuning.apply()  # an untuned Rasa needs a minute more to load it
    if os.environ.get("MODEL"):
        return Path(os.environ["MODEL"])
    from bot.training import train

    return train(ROOT)


@pytest.fixture(scope="session")
def agent(model: Path) -> tuple[Any, Any]:
    """The whole assistant in this process, and the switch of its action server; loaded once."""
    from tests.support.dialogue import ActionsInProcess, load_agent

    endpoint = ActionsInProcess()
    return load_agent(str(model), endpoint), endpoint


@pytest.fixture(scope="session")
def chromium_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The one browser of this run: starting it takes longer than most tests."""
    with served_chromium(tmp_path_factory.mktemp("chromium")) as address:
        yield address


@pytest.fixture
async def chromium(chromium_server: str) -> AsyncIterator[Any]:
    """A browser in which nothing is open."""
    async with chromium_at(chromium_server) as browser:
        yield browser
