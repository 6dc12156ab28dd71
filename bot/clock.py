"""The one clock: everything that asks for the time asks here, so that a test can pretend one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.settings import settings

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The time now in London, aware; the setting ASSISTANT_NOW (London time if it has no zone) overrides it."""
    pretended = settings().assistant_now
    if pretended:
        moment = datetime.fromisoformat(pretended)
        return moment.astimezone(LONDON) if moment.tzinfo else moment.replace(tzinfo=LONDON)
    return datetime.now(UTC).astimezone(LONDON)


def today() -> date:
    """The date now in London."""
    return now().date()
