"""A Sanic application on a real loopback port, in the test's own event loop."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sanic import Blueprint, Sanic


def application(*blueprints: Blueprint, prefix: str | None = None) -> Sanic:
    """An application of its own name: Sanic refuses two of the same."""
    Sanic.test_mode = True  # Sanic rewrites its own methods at each start, and can do so twice only in this mode
    app = Sanic(f"test-{uuid.uuid4().hex}", configure_logging=False)
    for blueprint in blueprints:
        app.blueprint(blueprint, url_prefix=prefix)
    return app


@asynccontextmanager
async def serve(app: Sanic) -> AsyncIterator[str]:
    """Run the application with all its listeners; the base URL that reaches it."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False, debug=False)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.after_start()
    await server.start_serving()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.before_stop()
        await close(server)
        await server.after_stop()


async def close(server: Any) -> None:
    """End a server and whatever is connected to it: what is left over ends while a later test is set up.

    That is who is still there, and who has hung up and whose request is just being given up.
    """
    server.close()
    await server.wait_closed()
    tasks = {connection._task for connection in server.connections if connection._task}
    tasks |= {task for task in asyncio.all_tasks() if task.cancelling()} - {asyncio.current_task()}
    for connection in list(server.connections):
        connection.abort()
    await asyncio.gather(*tasks, return_exceptions=True)
