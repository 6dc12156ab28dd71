"""Sending mail: the real client against the real sandbox, everything that can go wrong, and text that stays text."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from notifications_python_client.notifications import NotificationsAPIClient

from bot.settings import Settings, read_settings
from channels.mail import Mail, MailError, MailRefused, MailUnavailable, mail, plain
from tests.support.sandbox import Sandbox, running_sandbox

KEY = Settings().notify_key
UNKNOWN = "00000000-0000-4000-8000-000000000000"
TEMPLATE = Settings().notify_transcript_template
ADDRESS = "resident@example.org"
PRIVATE = "private words"
TEXT = f"You: {PRIVATE}\n\nAssistant: hello"
PATIENCE = 5.0


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(Path(tmp_path_factory.mktemp("sandbox"))) as running:
        yield running


@pytest.fixture
def broken(sandbox: Sandbox) -> Iterator[Callable[..., None]]:
    """Make Notify misbehave for one test."""
    yield lambda mode, seconds=10.0: sandbox.fault("notify", mode, seconds)
    sandbox.fault("notify", "ok")


def post(url: str, key: str = KEY, template: str = TEMPLATE, timeout: float = PATIENCE) -> Mail:
    return Mail(url, key, template, timeout)


def notify(sandbox: Sandbox, **changes: Any) -> Mail:
    return post(f"{sandbox.url}/notify", **changes)


def sent(sandbox: Sandbox, reference: str) -> list[dict[str, Any]]:
    client = NotificationsAPIClient(KEY, f"{sandbox.url}/notify/")
    return client.get("v2/notifications", params={"reference": reference})["notifications"]


@pytest.fixture
def answering() -> Iterator[Callable[..., str]]:
    """A server that gives one answer to everything: ``answering(status, body)`` is its address."""
    servers = []

    def start(status: int, body: bytes, **headers: str) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *rest: Any) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


async def test_a_mail_arrives(sandbox: Sandbox) -> None:
    await asyncio.to_thread(notify(sandbox).send, ADDRESS, "Your\nchat", TEXT, "chat-1")
    (found,) = await asyncio.to_thread(sent, sandbox, "chat-1")
    assert (found["email_address"], found["subject"], found["body"]) == (ADDRESS, "Your chat", TEXT)


async def test_several_threads_send_at_once(sandbox: Sandbox) -> None:
    sender = notify(sandbox)
    sends = (asyncio.to_thread(sender.send, f"r{n}@example.org", "s", TEXT, "chat-many") for n in range(8))
    await asyncio.gather(*sends)
    found = await asyncio.to_thread(sent, sandbox, "chat-many")
    assert {each["email_address"] for each in found} == {f"r{n}@example.org" for n in range(8)}


@pytest.mark.parametrize(
    ("address", "template", "code"),
    [
        ("nobody", TEMPLATE, "ValidationError"),
        ("somebody@team-only.example", TEMPLATE, "BadRequestError"),
        (ADDRESS, UNKNOWN, "BadRequestError"),
    ],
)
def test_refused(address: str, template: str, code: str, sandbox: Sandbox) -> None:
    with pytest.raises(MailRefused) as caught:
        notify(sandbox, template=template).send(address, "s", TEXT, "chat-refused")
    assert caught.value.code == code
    assert sent(sandbox, "chat-refused") == []


@pytest.mark.parametrize("key", [f"{KEY[:-36]}{UNKNOWN}", f"other-{UNKNOWN}-{UNKNOWN}"])
def test_a_wrong_key_is_nothing_that_a_resident_can_put_right(key: str, sandbox: Sandbox) -> None:
    with pytest.raises(MailUnavailable, match="status 403"):
        notify(sandbox, key=key).send(ADDRESS, "s", TEXT, "chat-key")


def test_failing(sandbox: Sandbox, broken: Callable[..., None]) -> None:
    broken("failing")
    with pytest.raises(MailUnavailable, match="status 503"):
        notify(sandbox).send(ADDRESS, "s", TEXT, "chat-failing")


def test_nonsense(sandbox: Sandbox, broken: Callable[..., None]) -> None:
    broken("nonsense")
    for _ in range(2):
        with pytest.raises(MailUnavailable):
            notify(sandbox).send(ADDRESS, "s", TEXT, "chat-nonsense")


def test_slow_is_given_up_and_not_tried_again(sandbox: Sandbox, broken: Callable[..., None]) -> None:
    broken("slow", seconds=0.4)
    with pytest.raises(MailUnavailable, match="no answer"):
        notify(sandbox, timeout=0.1).send(ADDRESS, "s", TEXT, "chat-slow")
    broken("ok")
    sleep(0.6)
    assert len(sent(sandbox, "chat-slow")) <= 1


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(MailUnavailable, match="no answer"):
        post(f"http://127.0.0.1:{port}").send(ADDRESS, "s", TEXT, "chat-gone")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, b'{"status_code": 429, "errors": [{"error": "RateLimitError", "message": "m"}]}'),
        (500, b'{"status_code": 500, "errors": [{"error": "Exception", "message": "m"}]}'),
        (404, b"not here"),
        (400, b"<html>some proxy</html>"),
        (400, b'{"errors": "odd"}'),
        (400, b'{"errors": [{"error": "resident@example.org"}]}'),
        (201, b"[]"),
        (201, b'{"id": 7}'),
        (201, b"[" * 100_000),
        (204, b""),
        (200, b"\xff\xfe"),
    ],
)
def test_other_answers_are_not_a_mail_that_was_taken(status: int, body: bytes, answering: Callable[..., str]) -> None:
    with pytest.raises(MailUnavailable):
        post(answering(status, body)).send(ADDRESS, "s", TEXT, "chat-odd")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_mail_is_not_sent_on_to_another_address(status: int, sandbox: Sandbox, answering: Callable[..., str]) -> None:
    elsewhere = f"{sandbox.url}/notify/v2/notifications/email"
    with pytest.raises(MailUnavailable):
        post(answering(status, b"", Location=elsewhere)).send(ADDRESS, "s", TEXT, "chat-moved")
    assert sent(sandbox, "chat-moved") == []


def test_neither_address_nor_text_is_told_to_anyone(
    sandbox: Sandbox, answering: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    echo = f'{{"errors": [{{"error": "ValidationError", "message": "{ADDRESS} {PRIVATE}"}}]}}'.encode()
    senders = [notify(sandbox), notify(sandbox, template=UNKNOWN), post(answering(400, echo))]
    caplog.set_level(logging.DEBUG)
    told = []
    for sender in senders:
        try:
            sender.send(ADDRESS, PRIVATE, TEXT, "chat-quiet")
        except MailError as error:
            logging.getLogger("test").exception("the traceback too")
            told.append(str(error))
    told.append(caplog.text)
    assert "notify -> taken" in caplog.text and "notify -> refused: ValidationError" in caplog.text
    for secret in (ADDRESS, PRIVATE, KEY[-36:]):
        assert secret not in str(told)


def test_one_for_the_process_as_the_settings_say(sandbox: Sandbox, set_settings: Callable[..., None]) -> None:
    set_settings(**sandbox.environment)
    mail.cache_clear()
    try:
        assert mail() is mail()
        mail().send(ADDRESS, "s", TEXT, "chat-settings")
        assert len(sent(sandbox, "chat-settings")) == 1
    finally:
        mail.cache_clear()


@pytest.mark.parametrize("key", ["", "sandbox", KEY[8:], KEY[:-1], f"{KEY}-more"])
def test_half_a_key_is_told_at_the_start_and_not_repeated(key: str) -> None:
    with pytest.raises(ValueError, match="NOTIFY_KEY") as caught:
        read_settings({"NOTIFY_KEY": key})
    assert not key or key not in str(caught.value)


# "¦" marks where the gap that nobody sees has to be.
@pytest.mark.parametrize(
    ("written", "handed"),
    [
        ("hello", "hello"),
        ("Mr O'Brien, 7 High St: £20 - or (so) I'm told?", "Mr O'Brien, 7 High St: £20 - or (so) I'm told?"),
        ("a\n\nb", "a\n\nb"),
        ("# big", "¦# big"),
        ("* star", "¦* star"),
        ("- dash", "¦- dash"),
        ("• bullet", "¦• bullet"),
        ("^ quoted", "¦^ quoted"),
        ("1. first", "¦1. first"),
        ("12) twelfth", "¦12) twelfth"),
        ("12 is a number", "12 is a number"),
        ("title\n---", "title\n¦---"),
        ("title\n===", "title\n¦==="),
        ("___", "¦___"),
        ("a | b\n--- | ---\nc | d", "a | b\n¦--- | ---\nc | d"),
        ("```\n# in\n```", "¦```\n¦# in\n¦```"),
        ("    # indented\t", "¦# indented"),
        ("\u00a0# indented", "¦# indented"),
        ("a\r# b\u2028# c\u2424# d", "a\n¦# b\n¦# c\n¦# d"),
        ("see [here](https://evil.example)", "see [here]¦(evil.example)"),
        ("see ![here][1]\n[1]: http://evil.example", "see ![here]¦[1]\n¦[1]: evil.example"),
        ("at https://www.stockport.gov.uk/bins?a=1.", "at www.stockport.gov.uk/bins?a=1."),
        ("HTTPS://EVIL.example", "EVIL.example"),
        ("hthttps://tps://evil.example", "hthttps:¦//tps:¦//evil.example"),
        ("https:https:////evil.example", "https:¦//evil.example"),
        ("ftp://evil.example", "ftp:¦//evil.example"),
        ("ht\u2028tps://evil.example", "ht\ntps:¦//evil.example"),
        ("&#104;ttps://evil.example", "¦&¦#104;ttps:¦//evil.example"),
        ("Q&A, M & S", "Q&¦A, M & S"),
        (r"C:\*.txt and \_x and C:\dir", r"C:\¦*.txt and \¦_x and C:\dir"),
        ("<https://evil.example>", "¦<evil.example>"),
    ],
)
def test_what_people_write_stays_text(written: str, handed: str) -> None:
    assert plain(written) == handed.replace("¦", "\u200b")


def test_the_mail_is_handed_over_as_plain_text(sandbox: Sandbox) -> None:
    notify(sandbox).send(ADDRESS, "s", "# big\n[here](https://evil.example)", "chat-plain")
    (found,) = sent(sandbox, "chat-plain")
    assert found["body"] == "\u200b# big\n\u200b[here]\u200b(evil.example)"
