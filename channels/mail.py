"""Sending a mail through GOV.UK Notify.

Notify fills a template, and ours has nothing but ``((subject))`` and ``((body))``, so that the words stay in our own
content. A mail is handed over once and never again: after a time-out it may have been taken, and a second try would
send it twice. Neither the address nor the text goes into the log, or into an error.

MailError
├── MailRefused         400: Notify understood and said no; .code is its own name for why
└── MailUnavailable     our key is wrong, 429, 5xx, no answer in time, nonsense: nothing the resident can put right
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from time import perf_counter
from typing import Any

from notifications_python_client.errors import HTTPError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient
from requests import Response, codes

from bot.settings import settings

logger = logging.getLogger(__name__)

_GAP = "\u200b"  # has no width; Notify itself puts one into GOV.UK, so that it is no link
_SCHEME = re.compile(r"\bhttps?://(?=\S)", re.IGNORECASE)
# Where a gap keeps characters from being more than characters. Notify's formatting is Markdown of its own, with "^"
# for a quotation and "•" for a bullet, so no list of marks is sure to be whole: all but letters and numbers count.
_SEAMS = re.compile(
    r"^(?=[^\w\s]|_|\d+[.)])"  # headings, lists, quotations, lines, tables, fences, notes: all begin their line
    r"|(?<=\])(?=[(\[])"  # [words](address)
    r"|(?<=\\)(?=[^\w\s]|_)"  # a backslash that would be taken away
    r"|(?<=&)(?=[#\w])"  # &#42; is a star before Notify looks for stars
    r"|(?<=:)(?=//)",  # any address that still has a scheme
    re.MULTILINE,
)


class MailError(Exception):
    """A mail was not handed over, or nobody knows whether it was."""


class MailRefused(MailError):
    """Notify will not send this: a wrong address, or one that our key or our template does not allow.

    ``code`` is ``ValidationError`` for what can be seen to be wrong, such as the form of the address, and
    ``BadRequestError`` for what Notify looked up: a key for the team only, a service on trial, an unknown template.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"refused: {code}")
        self.code = code


class MailUnavailable(MailError):
    """No answer, or none that says that the mail was taken."""


def plain(text: str) -> str:
    """The text as Notify must get it, so that the reader sees what was written and nothing that it could turn into.

    Whoever writes in the chat could else send formatted mail, with links that hide where they lead, to any address
    and in the council's name. An address loses its scheme, and can still be read, copied and typed.
    """
    # To Notify the picture of a new line is one. What Python takes for one besides, Notify may leave out.
    lines = (_SCHEME.sub("", line.strip()) for line in text.replace("\u2424", "\n").splitlines())
    return _SEAMS.sub(_GAP, "\n".join(lines))


class _Client(NotificationsAPIClient):
    """The library's client, made to keep the path of its base URL, and never to send a mail on to another address."""

    def __init__(self, key: str, url: str, timeout: float) -> None:
        super().__init__(key, f"{url}/", timeout)
        self.request_session.max_redirects = 0

    def post(self, url: str, data: Any) -> Any:
        return super().post(url.lstrip("/"), data)


class Mail:
    """Mails by one template of one Notify service. Its calls block: await them with ``asyncio.to_thread``."""

    def __init__(self, url: str, key: str, template: str, timeout: float) -> None:
        self._url = url
        self._key = key
        self._template = template
        self._timeout = timeout
        # The library's warnings repeat what Notify says about a request, and so what was in it.
        logging.getLogger("notifications_python_client").setLevel(logging.ERROR)

    def send(self, address: str, subject: str, body: str, reference: str) -> None:
        """Hand one mail to Notify; ``reference`` is how to find it there, and says nothing about anybody."""
        started = perf_counter()
        outcome = "error"
        try:
            self._hand_over(address, {"subject": " ".join(subject.split()), "body": plain(body)}, reference)
            outcome = "taken"
        except MailError as error:
            outcome = str(error)
            raise
        finally:
            logger.info("notify -> %s in %d ms", outcome, round((perf_counter() - started) * 1000))

    def _hand_over(self, address: str, values: dict[str, str], reference: str) -> None:
        # A client for each mail: the library's is not safe in threads, and a connection that has been idle since
        # the last mail may be dead, which would lose this one.
        client = _Client(self._key, self._url, self._timeout)
        try:
            answer = client.send_email_notification(address, self._template, values, reference)
        except HTTPError as error:
            raise _failure(error.response) from None
        except (InvalidResponse, RecursionError):
            raise MailUnavailable("not JSON") from None
        finally:
            client.request_session.close()
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            raise MailUnavailable("nonsense")


def _failure(response: Response | None) -> MailError:
    """What an answer that is no success means; None when there was none."""
    if response is None:
        return MailUnavailable("no answer")
    code = _code(response)
    if response.status_code == codes.bad_request and code:
        return MailRefused(code)
    return MailUnavailable(f"status {response.status_code}")


def _code(response: Response) -> str:
    """Notify's name for its first error, which never changes, as its sentences do; "" if it is not Notify's form."""
    try:
        name = response.json()["errors"][0]["error"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return name if isinstance(name, str) and name.isidentifier() else ""


@lru_cache(maxsize=1)
def mail() -> Mail:
    """The process's way to send mail, as the settings say."""
    now = settings()
    return Mail(now.backend("notify"), now.notify_key, now.notify_transcript_template, now.backend_deadline)
