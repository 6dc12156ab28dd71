"""The demonstration's websites, as a browser gets them."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from actions.sandbox.site import FOLDER

CHAT = "https://chat.example.gov.uk"


@pytest.fixture(autouse=True)
def _chat_elsewhere(set_settings: Callable[..., None]) -> None:
    set_settings(public_url=CHAT)


@pytest.mark.parametrize("path", ["/site/", "/site/bins", "/site/hostile", "/site/strict"])
def test_every_page_has_the_tag_and_the_link_that_a_council_adds(web: httpx.Client, path: str) -> None:
    answer = web.get(path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<script src="{CHAT}/widget.js" async></script>' in answer.text
    assert f'<a href="{CHAT}/" data-council-chat>Chat with us</a>' in answer.text
    assert '<html lang="en-GB">' in answer.text


def test_every_link_of_theirs_leads_somewhere(web: httpx.Client) -> None:
    for path in ("/site/", "/site/bins", "/site/hostile", "/site/strict"):
        for link in set(re.findall(r'(?:href|src)="(/[^"]*)"', web.get(path).text)):
            assert web.get(link).status_code == 200, link


def test_two_pages_lead_to_each_other(web: httpx.Client) -> None:
    assert 'href="/site/bins"' in web.get("/site/").text
    assert 'href="/site/"' in web.get("/site/bins").text


def test_the_strict_page_allows_the_chat_and_nothing_else(web: httpx.Client) -> None:
    answer = web.get("/site/strict")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": CHAT,
        "frame-src": CHAT,
        "style-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
    }
    assert not re.search(r"<style|style=|<script>| on\w+=", answer.text)


@pytest.mark.parametrize(
    ("asked", "is_in"), [("cy", '<html lang="cy">'), ("ar-EG", '<html lang="ar-EG">'), ('"><b>', '<html lang="en-GB">')]
)
def test_a_page_can_be_in_any_language(web: httpx.Client, asked: str, is_in: str) -> None:
    assert is_in in web.get("/site/", params={"lang": asked}).text


def test_the_hostile_styles_say_what_they_are_for(web: httpx.Client) -> None:
    styles = web.get("/site/hostile.css").text
    assert web.get("/site/hostile.css").headers["content-type"] == "text/css; charset=utf-8"
    for hostile in ("html { font-size: 3px", "display: none !important", "iframe {", "z-index: 2147483647", "@layer"):
        assert hostile in styles
    assert "/site/hostile.css" in web.get("/site/hostile").text


@pytest.mark.parametrize("path", ["/site/nowhere", "/site/../app.py", "/site/frame.html", "/site/other.css"])
def test_nothing_else_is_served(web: httpx.Client, path: str) -> None:
    assert web.get(path).status_code == 404
    assert (FOLDER / "frame.html").is_file()
