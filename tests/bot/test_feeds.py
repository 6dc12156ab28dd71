"""Calendar links: they open one home's calendar and cannot be made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from itsdangerous import URLSafeSerializer

from bot.feeds import calendar_link, sign, unsign
from bot.secrets import secret
from bot.settings import settings

UPRN = "100011400001"


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("PUBLIC_URL", "https://chat.example.gov.uk/")
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_a_link_leads_back_to_its_home() -> None:
    link = calendar_link(UPRN)
    assert link.startswith("https://chat.example.gov.uk/calendar/") and link.endswith(".ics")
    assert unsign(link.rpartition("/")[2].removesuffix(".ics")) == UPRN
    assert calendar_link(UPRN) == link, "a home has one link"


@pytest.mark.parametrize("token", ["", UPRN, "x.y", "\N{SNOWMAN}", "a" * 5000])
def test_what_we_did_not_sign_is_refused(token: str) -> None:
    assert unsign(token) is None


def test_a_changed_or_borrowed_signature_is_refused() -> None:
    payload, _, signature = sign(UPRN).rpartition(".")
    assert unsign(f"{sign('100011400002').rpartition('.')[0]}.{signature}") is None
    other = URLSafeSerializer(secret(), salt="chat-form").dumps(UPRN)
    assert unsign(str(other)) is None
    assert unsign(str(URLSafeSerializer(secret(), salt="calendar").dumps({"uprn": UPRN}))) is None
    assert payload
