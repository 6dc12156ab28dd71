"""What the tests of the demonstration council share: one running sandbox per module, and its clients."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from actions.backends.factory import Backends, backends, close_backends
from tests.support.sandbox import Sandbox, running_sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that the tests of a module share."""
    with running_sandbox(Path(tmp_path_factory.mktemp("sandbox"))) as running:
        yield running


@pytest.fixture
def web(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """Plain HTTP to the sandbox."""
    with httpx.Client(base_url=sandbox.url, verify=False) as client:
        yield client


@pytest_asyncio.fixture
async def council(sandbox: Sandbox, set_settings: Callable[..., None]) -> AsyncIterator[Backends]:
    """The real clients, pointed at the sandbox, on a Tuesday morning without bank holidays about."""
    set_settings(assistant_now="2026-11-24T10:00", **sandbox.environment)
    await close_backends()
    yield backends()
    await close_backends()
