"""The demonstration council's own SQLite: what was seeded, and what has been written since.

SQL is written nowhere else in the sandbox. Addresses are put in anew at each start; cases, bookings, payments
and mails stay, so that a reference given yesterday can be looked up today. One connection, one thread: nothing races.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from actions.sandbox.seed import Home

_VERSION = 1  # raise it when a table changes: an older file is then begun again
_tables = sa.MetaData()

addresses = sa.Table(
    "address",
    _tables,
    sa.Column("uprn", sa.String(12), primary_key=True),
    sa.Column("usrn", sa.String(8), nullable=False, index=True),
    sa.Column("postcode", sa.String(8), nullable=False, index=True),
    sa.Column("number", sa.String, nullable=False),
    sa.Column("building", sa.String, nullable=False),
    sa.Column("flat", sa.String, nullable=False),
    sa.Column("street", sa.String, nullable=False),
    sa.Column("town", sa.String, nullable=False),
    sa.Column("custodian", sa.Integer, nullable=False),
    sa.Column("classification", sa.String, nullable=False),
    sa.Column("latitude", sa.Float, nullable=False),
    sa.Column("longitude", sa.Float, nullable=False),
    sa.Column("plan", sa.String, nullable=False),
    sa.Column("services", sa.String, nullable=False),
    sa.Column("member", sa.Boolean, nullable=False),
)
# One table for everything that residents cause: a case, a waste case, a booking, a payment, a mail.
records = sa.Table(
    "record",
    _tables,
    sa.Column("backend", sa.String, primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("about", sa.String, nullable=False, index=True),  # the UPRN or the slot that it is about
    sa.Column("body", sa.JSON, nullable=False),
)
answers = sa.Table(
    "answer",
    _tables,
    sa.Column("backend", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("asked", sa.String, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
)


class Store:
    """The database, opened; made if it is not there."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Tests build the application in one thread and serve it in another, never in both at once.
        arguments = {"check_same_thread": False}
        self._engine = sa.create_engine(f"sqlite:///{path}", future=True, poolclass=StaticPool, connect_args=arguments)
        with self._engine.begin() as connection:
            if connection.exec_driver_sql("PRAGMA user_version").scalar() != _VERSION:
                _tables.drop_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {_VERSION}")
            _tables.create_all(connection)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def put_addresses(self, homes: Iterable[Home]) -> None:
        """These addresses and no others."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(addresses))
            connection.execute(sa.insert(addresses), [asdict(home) for home in homes])

    def homes(self, **where: str) -> list[Home]:
        """The addresses with this ``postcode``, ``uprn`` or ``usrn``, in the order of their UPRNs."""
        query = sa.select(addresses).filter_by(**where).order_by(addresses.c.uprn)
        with self._engine.connect() as connection:
            return [Home(**row) for row in connection.execute(query).mappings()]

    def home(self, uprn: str) -> Home | None:
        """The address of a UPRN."""
        return next(iter(self.homes(uprn=uprn)), None)

    def add(self, backend: str, identity: str, about: str, body: Mapping[str, Any]) -> None:
        """Keep a new record."""
        row = {"backend": backend, "id": identity, "about": about, "body": dict(body)}
        with self._engine.begin() as connection:
            connection.execute(sa.insert(records), row)

    def change(self, backend: str, identity: str, **fields: Any) -> dict[str, Any]:
        """A record with some fields changed; KeyError if it is not there."""
        body = self.get(backend, identity)
        if body is None:
            raise KeyError(identity)
        body = {**body, **fields}
        with self._engine.begin() as connection:
            query = sa.update(records).where(records.c.backend == backend, records.c.id == identity)
            connection.execute(query.values(body=body))
        return body

    def get(self, backend: str, identity: str) -> dict[str, Any] | None:
        """The record, or None."""
        query = sa.select(records.c.body).filter_by(backend=backend, id=identity)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def about(self, backend: str, about: str) -> list[dict[str, Any]]:
        """Everything about a property or a slot."""
        query = sa.select(records.c.body).filter_by(backend=backend, about=about)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def answer(self, backend: str, key: str) -> sa.engine.Row | None:
        """What was answered when this idempotency key came before: ``asked``, ``status``, ``answer``."""
        query = sa.select(answers).filter_by(backend=backend, key=key)
        with self._engine.connect() as connection:
            return connection.execute(query).one_or_none()

    def keep_answer(self, backend: str, key: str, asked: str, status: int, answer: Mapping[str, Any]) -> None:
        """Remember what was answered to a write."""
        row = {"backend": backend, "key": key, "asked": asked, "status": status, "answer": dict(answer)}
        with self._engine.begin() as connection:
            connection.execute(sa.insert(answers), row)
