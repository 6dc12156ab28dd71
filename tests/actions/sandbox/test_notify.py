"""GOV.UK Notify's contract, as its published client and a plain one meet it, and the page of what was sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest
from notifications_python_client.notifications import NotificationsAPIClient

from actions.sandbox import notify
from actions.sandbox.answers import Refusal
from bot.settings import Settings
from tests.support.sandbox import Sandbox

EMAIL = "/notify/v2/notifications/email"
KEY = Settings().notify_key
SERVICE, SECRET = KEY[-73:-37], KEY[-36:]
UNKNOWN = "00000000-0000-4000-8000-000000000000"
TEMPLATE = Settings().notify_transcript_template
WORDS = {"subject": "Your chat", "body": "You: hello <b>\n\nAssistant: hello"}
BODY = {"email_address": "resident@example.org", "template_id": TEMPLATE, "personalisation": WORDS}


def bearer(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> dict[str, str]:
    claims = {"iss": SERVICE, "iat": int(time.time()), **claims}
    token = jwt.encode({name: value for name, value in claims.items() if value is not ...}, secret, algorithm)
    return {"Authorization": f"Bearer {token}"}


def send(web: httpx.Client, **changes: Any) -> httpx.Response:
    body = {name: value for name, value in {**BODY, **changes}.items() if value is not ...}
    return web.post(EMAIL, json=body, headers=bearer())


def test_a_mail_is_taken_and_can_be_looked_up(web: httpx.Client, sandbox: Sandbox) -> None:
    answer = send(web, reference="chat-1")
    taken = answer.json()
    base = f"{sandbox.url}/notify/v2"
    assert answer.status_code == 201 and str(UUID(taken["id"])) == taken["id"]
    assert taken["reference"] == "chat-1"
    assert taken["content"] == {**WORDS, "from_email": taken["content"]["from_email"]}
    assert taken["uri"] == f"{base}/notifications/{taken['id']}"
    assert taken["template"] == {"id": TEMPLATE, "version": 1, "uri": f"{base}/template/{TEMPLATE}"}
    found = web.get(taken["uri"], headers=bearer()).json()
    assert {name: found[name] for name in WORDS} == WORDS
    assert (found["email_address"], found["type"], found["status"]) == ("resident@example.org", "email", "delivered")
    assert found["phone_number"] is None and found["template"] == taken["template"]


def test_the_list_is_by_reference_and_newest_first(web: httpx.Client, set_settings: Callable[..., None]) -> None:
    ids = []
    for minute in range(3):
        set_settings(assistant_now=f"2026-11-24T10:0{minute}")
        ids.append(send(web, reference="chat-list").json()["id"])
    send(web, reference="another")

    def listed(**params: str) -> list[str]:
        answer = web.get("/notify/v2/notifications", params=params, headers=bearer()).json()
        return [mail["id"] for mail in answer["notifications"]]

    assert listed(reference="chat-list") == ids[::-1]
    assert listed(reference="chat-list", older_than=ids[1]) == [ids[0]]
    assert set(listed()) > set(ids)
    assert listed(reference="unheard-of") == []


def test_the_published_client_walks_through_the_list(sandbox: Sandbox, web: httpx.Client) -> None:
    made = {send(web, reference="chat-walk").json()["id"] for _ in range(2)}
    # The library drops the path of its base URL; the sandbox's is below /notify.
    client = NotificationsAPIClient(KEY, f"{sandbox.url}/notify/")
    client.get = lambda url, params=None: client.request("GET", url.lstrip("/"), params=params)
    assert {mail["id"] for mail in client.get_all_notifications_iterator(reference="chat-walk")} == made


@pytest.mark.parametrize(
    ("address", "status"),
    [("temp-fail@simulator.notify", "temporary-failure"), ("Perm-Fail@simulator.notify", "permanent-failure")],
)
def test_some_addresses_are_taken_and_not_delivered(address: str, status: str, web: httpx.Client) -> None:
    taken = send(web, email_address=address).json()
    assert web.get(taken["uri"], headers=bearer()).json()["status"] == status


@pytest.mark.parametrize(
    ("made", "status"),
    [
        (dict, 401),
        (lambda: {"Authorization": "Basic abc"}, 401),
        (lambda: {"Authorization": "Bearer nonsense"}, 403),
        (lambda: bearer(secret=UNKNOWN), 403),
        (lambda: bearer(algorithm="HS512", secret=SECRET * 2), 403),
        (lambda: bearer(iss=UNKNOWN), 403),
        (lambda: bearer(iss=...), 403),
        (lambda: bearer(iat=...), 403),
        (lambda: bearer(iat="soon"), 403),
        (lambda: bearer(iat=int(time.time()) - 600), 403),
        (lambda: bearer(iat=int(time.time()) + 600), 403),
    ],
)
def test_a_token_of_ours_is_needed(made: Callable[[], dict[str, str]], status: int, web: httpx.Client) -> None:
    headers = made()  # only now: a token is one of this minute
    for answer in (
        web.post(EMAIL, json=BODY, headers=headers),
        web.get("/notify/v2/notifications", headers=headers),
        web.get(f"/notify/v2/notifications/{UNKNOWN}", headers=headers),
    ):
        assert answer.status_code == answer.json()["status_code"] == status
        (error,) = answer.json()["errors"]
        assert error["error"] == "AuthError" and error["message"]


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"email_address": ...}, "ValidationError", "email_address is a required property"),
        ({"email_address": "nobody"}, "ValidationError", "email_address Not a valid email address"),
        ({"email_address": "a@b"}, "ValidationError", "email_address Not a valid email address"),
        ({"email_address": "a..b@example.org"}, "ValidationError", "email_address Not a valid email address"),
        ({"email_address": "a b@example.org"}, "ValidationError", "email_address Not a valid email address"),
        ({"email_address": f"{'a' * 320}@example.org"}, "ValidationError", "email_address Not a valid email address"),
        ({"email_address": 7}, "ValidationError", "email_address is not of type string"),
        ({"template_id": ...}, "ValidationError", "template_id is a required property"),
        ({"template_id": "letter"}, "ValidationError", "template_id is not a valid UUID"),
        ({"personalisation": "hello"}, "ValidationError", "personalisation is not of type object"),
        ({"reference": 7}, "ValidationError", "reference is not of type string"),
        ({"template_id": UNKNOWN}, "BadRequestError", "Template not found"),
        ({"personalisation": ...}, "BadRequestError", "Missing personalisation: subject, body"),
        ({"personalisation": {"subject": "s"}}, "BadRequestError", "Missing personalisation: body"),
        (
            {"personalisation": {"subject": "s", "body": "x" * 2_000_001}},
            "BadRequestError",
            "Emails cannot be longer than 2000000 bytes. Your message is 2000001 bytes.",
        ),
        (
            {"email_address": "a@team-only.example"},
            "BadRequestError",
            "Can’t send to this recipient using a team-only API key",
        ),
    ],
)
def test_wrong_requests_are_refused_as_notify_does(
    changes: dict[str, Any], error: str, says: str, web: httpx.Client
) -> None:
    answer = send(web, **changes)
    assert answer.status_code == 400
    assert answer.json() == {"status_code": 400, "errors": [{"error": error, "message": says}]}


def test_all_mistakes_of_form_are_named_together(web: httpx.Client) -> None:
    errors = send(web, email_address="nobody", template_id=...).json()["errors"]
    assert [error["error"] for error in errors] == ["ValidationError"] * 2


@pytest.mark.parametrize("content", [b"", b"{", b"[]"])
def test_what_is_no_object_is_refused(content: bytes, web: httpx.Client) -> None:
    answer = web.post(EMAIL, content=content, headers=bearer())
    assert (answer.status_code, answer.json()["errors"][0]["error"]) == (400, "BadRequestError")


@pytest.mark.parametrize(("identity", "status"), [("mail", 400), (UNKNOWN, 404)])
def test_a_mail_that_is_not_there(identity: str, status: int, web: httpx.Client) -> None:
    answer = web.get(f"/notify/v2/notifications/{identity}", headers=bearer())
    assert answer.status_code == answer.json()["status_code"] == status


def test_the_page_shows_what_was_sent_and_runs_nothing_of_it(web: httpx.Client) -> None:
    send(web, email_address="page@example.org", personalisation={**WORDS, "subject": "<script>alert(1)</script>"})
    page = web.get("/notify/sent")
    assert "page@example.org" in page.text and "You: hello &lt;b&gt;" in page.text
    assert "<script" not in page.text and "&lt;script&gt;" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


async def test_the_page_is_for_this_machine() -> None:
    with pytest.raises(Refusal) as caught:
        await notify.sent(SimpleNamespace(ip="192.0.2.1"))  # type: ignore[arg-type]
    assert caught.value.status == 403


def test_the_log_of_writes_has_mails_and_nothing_of_what_is_in_them(sandbox: Sandbox, web: httpx.Client) -> None:
    send(web)
    assert sandbox.log()[-1] == {"method": "POST", "path": EMAIL, "key": "", "status": 201}
