"""The sandbox as a whole: health, the log of writes, errors as JSON, and a quick start without Rasa."""

from __future__ import annotations

import subprocess
import sys

import httpx

from tests.support.sandbox import Sandbox


def test_it_says_that_it_is_up(web: httpx.Client) -> None:
    assert web.get("/health").json() == {"status": "ok"}


def test_the_log_has_writes_and_their_keys_and_no_reads(sandbox: Sandbox, web: httpx.Client) -> None:
    body = {"kind": "other", "summary": "s", "details": {"note": "private"}}
    web.post("/cases/cases", json=body, headers={"Idempotency-Key": "key-1"})
    web.get("/waste/cases", params={"uprn": "1"})
    web.post("/waste/cases", json={})
    assert sandbox.log()[-2:] == [
        {"method": "POST", "path": "/cases/cases", "key": "key-1", "status": 201},
        {"method": "POST", "path": "/waste/cases", "key": "", "status": 400},
    ]


def test_wrong_requests_are_answered_in_json_and_never_with_500(web: httpx.Client) -> None:
    for response in (
        web.get("/nowhere"),
        web.delete("/waste/cases"),
        web.post("/cases/cases", content=b"{"),
        web.post("/cases/cases", content=b"[]"),
        web.post("/cases/cases", json={"kind": 1}),
        web.get("/waste/services"),
        web.get("/waste/events", params={"start_date": "soon"}),
        web.get("/waste/events", params={"start_date": "2026-01-02", "end_date": "2026-01-01"}),
        web.get("/directory/services", params={"page": "-1"}),
    ):
        assert 400 <= response.status_code < 500, response.url
        assert set(response.json()) >= {"code", "description"}


def test_it_needs_no_rasa() -> None:
    code = (
        "import sys, actions.sandbox.app, actions.backends.factory;"
        "sys.exit(any(name in sys.modules for name in ('rasa', 'rasa_sdk', 'tensorflow')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
