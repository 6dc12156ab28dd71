"""Links to uploads: they open one file, stay the same, and cannot be made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from itsdangerous import URLSafeSerializer

from bot import feeds
from bot.links import unsign_upload, upload_link
from bot.secrets import secret
from bot.settings import settings

ID = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("PUBLIC_URL", "https://chat.example.gov.uk/")
    settings.cache_clear()
    yield
    settings.cache_clear()


def token(upload_id: str = ID) -> str:
    return upload_link(upload_id).rpartition("/")[2]


def test_a_link_leads_back_to_its_file() -> None:
    assert upload_link(ID) == f"https://chat.example.gov.uk/files/{token()}"
    assert unsign_upload(token()) == ID
    assert upload_link(ID) == upload_link(ID), "the same request sent again must be the same"


@pytest.mark.parametrize("wrong", ["", ID, "x.y", "\N{SNOWMAN}", "a" * 5000])
def test_what_we_did_not_sign_is_refused(wrong: str) -> None:
    assert unsign_upload(wrong) is None


def test_a_borrowed_signature_is_refused() -> None:
    signature = token().rpartition(".")[2]
    assert unsign_upload(f"{token('f' * 32).rpartition('.')[0]}.{signature}") is None
    assert unsign_upload(feeds.sign(ID)) is None, "a calendar's signature opens no file"
    assert feeds.unsign(token()) is None
    for signed in ("../secret", {"id": ID}, None):
        assert unsign_upload(str(URLSafeSerializer(secret(), salt="upload").dumps(signed))) is None
