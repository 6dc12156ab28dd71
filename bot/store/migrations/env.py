"""Alembic's entry point. The connection is handed in by ``bot.store.engine.migrate``."""

from __future__ import annotations

from alembic import context

from bot.store.schema import metadata

MIGRATION_LOCK = 7_246_801  # any constant: PostgreSQL processes that start together migrate one after another

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True, render_as_batch=True)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
    context.run_migrations()
