"""Files that were sent: known by id."""

from __future__ import annotations

from bot.store import uploads
from bot.store.engine import Database
from bot.store.uploads import Upload
from tests.bot.store.conftest import AT


def test_a_file_is_known_by_its_id(db: Database, talk: str) -> None:
    sent = Upload("ab" * 16, talk, "image/jpeg", 1234, AT)
    uploads.add(db, sent)
    assert uploads.by_id(db, sent.id) == sent
    assert uploads.by_id(db, "cd" * 16) is None
    assert uploads.ids(db) == {sent.id}
    assert uploads.has_any(db, talk) and not uploads.has_any(db, "another")
    uploads.remove(db, sent.id)
    assert uploads.by_id(db, sent.id) is None and not uploads.ids(db)
