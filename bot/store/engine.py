"""A database by URL: connections, transactions and migrations, the same for SQLite and PostgreSQL.

SQLite is used with write-ahead logging, so that readers never wait for a writer, and every write transaction
begins IMMEDIATE, so that two processes queue for the one write lock instead of failing half-way. Within a process
writers queue for a lock of our own first: SQLite's own waiting is sleeping and looking again.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

logger = logging.getLogger(__name__)

OutOfReach = OperationalError  # the database does not answer, or went away in the middle

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10
LOCAL = {"check_same_thread": False, "timeout": BUSY_SECONDS}
# A server that is gone without a word (a cable, a firewall) is given up, or it would hold every thread for hours.
SERVER = {"connect_timeout": 5, "tcp_user_timeout": 10_000}
STARTING_SECONDS = 60.0  # in which a server answers that was started with us, or is just starting again
LOOK_EVERY = 0.5
POOL = {"pool_size": 10, "max_overflow": 20, "hide_parameters": True}


class Database:
    """One database. ``write()`` is a transaction, ``read()`` sees what is committed, ``snapshot()`` one moment."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _create_engine(url)
        self._is_sqlite = self.engine.dialect.name == "sqlite"
        self._writers = threading.Lock() if self._is_sqlite else nullcontext()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: committed at the end of the block, rolled back when the block raises."""
        with self._writers, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading; each statement sees the newest committed state."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection for reading whose statements all see the same committed state."""
        with self.engine.connect() as connection:
            if not self._is_sqlite:
                yield connection.execution_options(isolation_level="REPEATABLE READ")
                return
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")

    def close(self) -> None:
        self.engine.dispose()


def _create_engine(url: str) -> Engine:
    """Parameters stay out of error messages, and so out of logs: they are what residents wrote."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args=SERVER, **POOL)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        Path(parsed.database).touch(mode=0o600)  # it holds what residents wrote
    engine = create_engine(url, connect_args=LOCAL, poolclass=QueuePool, **POOL)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself: see _begin
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest schema, creating it where there is none."""
    database = Database(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with database.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                # SQLite changes a table by making it anew and dropping the old one, which would take along whatever
                # refers to it. It can be told so outside of transactions only, and of this connection alone.
                connection.connection.execute("PRAGMA foreign_keys=OFF")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        database.close()


@lru_cache(maxsize=4)
def open_database(url: str) -> Database:
    """The process's ``Database`` for ``url``, migrated. Connections are made on first use.

    A server that does not answer is waited for: a process that gave up would be started again and again, each time
    after a longer pause, and come back long after the database.
    """
    give_up = time.monotonic() + (0 if make_url(url).get_backend_name() == "sqlite" else STARTING_SECONDS)
    while True:
        try:
            migrate(url)
            return Database(url)
        except OperationalError as error:
            if time.monotonic() > give_up:
                raise
            logger.warning("The database does not answer yet: %s", error.orig)
            time.sleep(LOOK_EVERY)
