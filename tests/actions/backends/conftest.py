"""What the tests of the clients share: a stand-in back end."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.actions.backends.standin import StandIn, standing_in


@pytest_asyncio.fixture
async def standin() -> AsyncIterator[StandIn]:
    """A back end that answers what the test says."""
    async with standing_in() as started:
        yield started
