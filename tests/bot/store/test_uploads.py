"""Files that were sent: known by id, counted by conversation."""

from __future__ import annotations

from bot.store import uploads
from bot.store.engine import Database
from bot.store.uploads import Upload
from tests.bot.store.conftest import AT


def test_a_file_is_known_by_its_id_and_counted_in_its_conversation(db: Database, talk: str) -> None:
    sent = Upload("ab" * 16, talk, "image/jpeg", 1234, AT)
    uploads.add(db, sent)
    assert uploads.by_id(db, sent.id) == sent
    assert uploads.by_id(db, "cd" * 16) is None
    assert (uploads.count(db, talk), uploads.count(db, "another")) == (1, 0)
    with db.read() as connection:
        assert uploads.ids_of(connection, talk) == [sent.id]
