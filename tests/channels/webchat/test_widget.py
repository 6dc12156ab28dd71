"""The widget's script as it is served: what is in it, how long it is kept, who may load it, how small it is."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sanic import Blueprint

from channels.webchat import widget
from channels.webchat.assets import FOLDER
from channels.webchat.words import languages
from tests.support.asgi import application, serve

# Sizes are of what travels. The chat page's own scripts have a budget of their own.
MOST_LAUNCHER, MOST_FRAME = 6_000, 1_000


@pytest.fixture
async def web() -> AsyncIterator[httpx.AsyncClient]:
    blueprint = Blueprint("widget")
    widget.add_routes(blueprint)
    async with serve(application(blueprint)) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield client


def given(script: str) -> dict[str, Any]:
    """What the server put into the script."""
    found = re.search(r"^start\((.*)\);$", script, re.MULTILINE)
    assert found
    return json.loads(found[1])


async def test_any_website_may_load_it_and_nothing_guesses_what_it_is(web: httpx.AsyncClient) -> None:
    answer = await web.get("/widget.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


async def test_it_is_kept_five_minutes_and_then_asked_for_by_its_tag(web: httpx.AsyncClient) -> None:
    answer = await web.get("/widget.js")
    assert answer.headers["cache-control"] == "public, max-age=300"
    tag = answer.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):  # a web server that packs answers makes tags weak
        again = await web.get("/widget.js", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == "public, max-age=300"
    assert (await web.get("/widget.js", headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_version_has_an_address_of_its_own_for_ever(web: httpx.AsyncClient) -> None:
    """As docs/embedding.md tells a web team to find it: by the first twelve digits of the file's SHA-256."""
    body = (await web.get("/widget.js")).content
    version = hashlib.sha256(body).hexdigest()[:12]
    answer = await web.get(f"/static/chat/widget-{version}.js")
    assert answer.content == body
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (await web.get("/static/chat/widget-000000000000.js")).status_code == 404


def test_it_has_the_words_of_every_language() -> None:
    words = given(widget.make_script().body.decode())["words"]
    assert set(words) == set(languages())
    for tag, said in languages().items():
        assert words[tag] == {**said["widget"], "direction": said.direction}
        assert "{count}" in said["widget"]["news_many"]


def test_it_has_the_councils_colour_and_the_one_way_out() -> None:
    inside = given(widget.make_script().body.decode())
    assert re.match(r"\.surface \{ --brand: #[0-9a-f]{6}; --on-brand: #[0-9a-f]{6}; \}", inside["css"])
    assert inside["leave"] == widget.LEAVE
    assert "/*" not in inside["css"] and "{" in inside["css"]


def test_every_module_is_in_it_after_those_that_it_imports() -> None:
    assert sorted(widget.PARTS) == sorted(path.name for path in widget.FOLDER.glob("*.js"))
    for place, name in enumerate(widget.PARTS):
        source = (widget.FOLDER / name).read_text(encoding="utf-8")
        assert set(re.findall(r'^import .* from "\./(.*)";$', source, re.MULTILINE)) <= set(widget.PARTS[:place])
        assert source.count("import ") == len(re.findall(r"^import .*;$", source, re.MULTILINE)), "one line each"
        assert not re.search(r"/\*(?!\*.*\*/$)", source, re.MULTILINE), "comments of one line each"


def test_it_uses_nothing_that_a_strict_policy_forbids() -> None:
    script = widget.make_script().body.decode()
    for name in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "<style", ".cssText"):
        assert name not in script


def test_it_keeps_one_word_and_no_cookie() -> None:
    script = widget.make_script().body.decode()
    assert script.count("setItem(") == 1
    assert "remember(this.isOpen ? OPEN : this.hasPeople ? WAITING : CLOSED)" in script
    assert "localStorage" not in script and "cookie" not in script and "fetch(" not in script


def test_it_is_small() -> None:
    frame = (FOLDER / "frame.js").read_bytes()
    assert len(gzip.compress(widget.make_script().body)) < MOST_LAUNCHER
    assert len(gzip.compress(frame)) < MOST_FRAME


async def test_launcher_and_client_together_are_small(client: httpx.AsyncClient) -> None:
    """What a browser fetches for the chat, style included, gzipped."""
    page = (await client.get("/")).text
    urls = {*re.findall(r'(?:href|src)="(/static/chat/[^"]+\.(?:js|css)[^"]*)"', page), "/widget.js"}
    sizes = {url: len(gzip.compress((await client.get(url)).content)) for url in urls}
    assert len(sizes) > 10 and sum(sizes.values()) < 40_000, sizes
