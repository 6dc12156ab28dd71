"""Email addresses by the email-validator library (RFC 5321 and 5322), without asking the network."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from bot.text.match import Match

# Wide and bounded: the library decides. No address is longer than 64 + 1 + 255 characters.
_TYPED = re.compile(r"(?<![^\s,;:<>()\"'])[^\s,;:<>()\"'@]{1,64}@[^\s,;:<>()\"'@]{3,255}")
# What telephones put about the signs; a dot only within the domain, as elsewhere it ends a sentence.
_SPACED = re.compile(r" {0,3}(@|(?<=[a-z]) \.(?= ?[a-z]{2,})) {0,3}", re.IGNORECASE)
# At the end of a sentence a mark belongs to the sentence.
_ENDING = ".!?"


def find_emails(text: str) -> list[Match]:
    """Every email address in the text, domain in lower case."""
    found = []
    for typed in _TYPED.finditer(text) if "@" in text else ():
        address = typed[0].rstrip(_ENDING)
        value = _normal(address)
        if value:
            found.append(Match(value, typed.start(), typed.start() + len(address)))
    return found


def parse_email(text: str) -> str | None:
    """The one address of the text, or None; forgives spaces about the @ and before dots."""
    values = {match.value for match in find_emails(text)}
    if not values:
        values = {match.value for match in find_emails(_SPACED.sub(lambda sign: sign[0].strip(), text))}
    return values.pop() if len(values) == 1 else None


def _normal(address: str) -> str | None:
    try:
        return validate_email(address, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None
