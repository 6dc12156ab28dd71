"""Languages: chosen, preferred or the council's first; every string in one file; direction set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.council import council
from bot.settings import settings
from channels.webchat import language
from channels.webchat.words import languages, words
from tests.channels.webchat.test_api import read_all


def leaves(node: Any, trail: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*trail, str(key)))
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield from leaves(value, (*trail, str(at)))
    else:
        yield trail, node


@pytest.fixture
def offers_welsh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "offered", lambda: [words("en"), words("cy")])


async def test_english_unless_the_council_offers_more(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"accept-language": "cy"})
    assert '<html lang="en" dir="ltr"' in answer.text
    assert "?lang=" not in answer.text


async def test_a_language_is_chosen_and_remembered(client: httpx.AsyncClient, offers_welsh: None) -> None:
    assert 'href="?lang=cy" hreflang="cy" lang="cy"' in (await client.get("/")).text
    answer = await client.get("/?lang=cy")
    assert '<html lang="cy" dir="ltr"' in answer.text and words("cy")["page"]["label"] in answer.text
    again = await client.get("/chat/privacy")
    assert '<html lang="cy"' in again.text
    refused = await client.get("/webchat/messages")
    assert refused.json()["detail"] == words("cy").problem("no_session")
    assert '<html lang="en"' in (await client.get("/?lang=en")).text
    assert '<html lang="en"' in (await client.get("/?lang=klingon")).text


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("cy", "cy"),
        ("cy-GB,cy;q=0.9,en;q=0.8", "cy"),
        ("en-GB,cy;q=0.9", "en"),
        ("cy;q=0,fr", "en"),
        ("", "en"),
        ("*", "en"),
    ],
)
async def test_the_browsers_preference_counts(
    client: httpx.AsyncClient, offers_welsh: None, header: str, tag: str
) -> None:
    assert f'<html lang="{tag}"' in (await client.get("/", headers={"accept-language": header})).text


async def test_what_the_assistant_says_is_marked_as_english(
    client: httpx.AsyncClient, token: str, offers_welsh: None
) -> None:
    await client.post("/webchat/messages", json={"id": "language-1", "text": "hello"})
    await read_all(client)
    answer = await client.get("/?lang=cy")
    assert '<div class="said" id="said-1" dir="auto">' in answer.text, "a resident writes in whatever they like"
    assert '<div class="said" id="said-2" dir="auto" lang="en">' in answer.text


def test_welsh_has_every_string_of_page_and_widget_and_the_same_gaps() -> None:
    from ruamel.yaml import YAML

    path = Path(settings().data_dir) / "shared" / "page.yml"
    content = YAML(typ="safe", pure=True).load(path)
    english, welsh = dict(leaves(content["en"])), dict(leaves(content["cy"]))
    assert set(welsh) == set(english)
    for trail, said in english.items():
        gaps = {part.partition("}")[0] for part in said.split("{")[1:]} if isinstance(said, str) else set()
        theirs = {part.partition("}")[0] for part in welsh[trail].split("{")[1:]} if gaps else set()
        assert theirs == gaps, trail
    same = {trail for trail, said in english.items() if welsh[trail] == said and len(str(said).split()) > 3}
    assert not same, "not translated"


async def test_another_language_is_a_section_of_the_file(
    client: httpx.AsyncClient, tmp_path: Path, set_settings: Callable[..., None]
) -> None:
    """Sentences that it lacks are said in English; from right to left needs nothing more."""
    data = tmp_path / "data"
    (data / "shared").mkdir(parents=True)
    (data / "councils").symlink_to(Path(settings().data_dir).resolve() / "councils")
    source = (Path(settings().data_dir) / "shared" / "page.yml").read_text(encoding="utf-8")
    arabic = "ar:\n  language: {name: العربية, direction: rtl}\n  page: {send: إرسال}\n"
    (data / "shared" / "page.yml").write_text(source + arabic, encoding="utf-8")
    set_settings(data_dir=data)
    answer = await client.get("/?lang=ar")
    assert '<html lang="ar" dir="rtl"' in answer.text and "إرسال" in answer.text
    assert words("en")["page"]["label"] in answer.text
    assert languages()["ar"].direction == "rtl"
    assert council().identity.languages == ("en",)
