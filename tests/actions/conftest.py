"""The real demonstration council for each module of journey tests, and the facts that a journey works with."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pytest_asyncio import is_async_test

from actions.addresses import as_answer
from actions.backends.factory import Backends, backends, close_backends
from actions.base import Facts, facts_for
from bot.dialogue.journey_reader import journeys
from tests.conftest import A_TUESDAY
from tests.support.sandbox import Sandbox, running_sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that the tests of a module share: each test takes a house of its own."""
    with running_sandbox(Path(tmp_path_factory.mktemp("sandbox"))) as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh_look_ups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look-ups are kept for a turn by its message's id, and tests number their messages alike."""
    monkeypatch.setattr("actions.filling._LOOKED_UP", {})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def _connections(sandbox: Sandbox) -> AsyncIterator[None]:
    """The clients of a module, in the module's one event loop: making them takes longer than most tests."""
    yield
    await close_backends()


@pytest.fixture
def council_at_work(sandbox: Sandbox, _connections: None, set_settings: Callable[..., None]) -> Iterator[Backends]:
    """The real clients, pointed at the sandbox, on a Tuesday morning."""
    set_settings(assistant_now=A_TUESDAY, **sandbox.environment)
    yield backends()
    with urllib.request.urlopen(f"{sandbox.url}/faults") as answer:
        switches = json.load(answer)
    for backend, fault in switches.items():
        if fault["mode"] != "ok":
            sandbox.fault(backend, "ok")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of a module beside this file, or of a service, share the module's event loop."""
    here = Path(__file__).parent
    apart = {here / "backends", here / "sandbox"}
    for item in items:
        if here in item.path.parents and item.path.parent not in apart and is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


class Desk:
    """Makes the facts of a journey: which home, which answers."""

    def __init__(self, council: Backends) -> None:
        self.council = council

    async def home(self, postcode: str, number: int = 1) -> dict[str, Any]:
        """The answer to the question for an address: the postcode's nth home."""
        found = await self.council.addresses.by_postcode(postcode)
        return as_answer(found[number - 1])

    async def facts(self, journey: str, postcode: str = "", number: int = 1, **answers: Any) -> Facts:
        """``answers`` by the questions' names; a pair is a value and how it is said."""
        known = journeys()[journey]
        slots: dict[str, Any] = {"run": f"{journey}-{postcode}-{number}"}
        if postcode:
            slots["postcode"] = {"value": postcode, "said": postcode}
            slots["address"] = await self.home(postcode, number)
        for ask in known.asks:
            if ask.name in answers:
                given = answers[ask.name]
                value, said = given if isinstance(given, tuple) else (given, str(given))
                slots[ask.slot] = {"value": value, "said": said}
        return facts_for(known, slots)


@pytest.fixture
def desk(council_at_work: Backends) -> Desk:
    return Desk(council_at_work)
