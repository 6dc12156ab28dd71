"""Switches: on until somebody switches off, and the audit trail says who."""

from __future__ import annotations

from bot.store import audit, switches
from bot.store.engine import Database
from bot.store.switches import WEBCHAT, Switch
from tests.bot.store.conftest import AT


def test_a_switch_is_on_until_it_is_switched_off_and_the_trail_says_by_whom(db: Database) -> None:
    assert switches.state(db, WEBCHAT) == Switch(WEBCHAT, True)
    switches.turn(db, WEBCHAT, False, "sam", AT)
    switches.turn(db, WEBCHAT, False, "sam", AT)
    assert switches.state(db, WEBCHAT) == Switch(WEBCHAT, False, "sam", AT)
    switches.turn(db, WEBCHAT, True, "alex", AT)
    assert switches.state(db, WEBCHAT).is_on
    trail = [(entry.actor, entry.action, entry.subject) for entry in audit.latest(db)]
    assert trail == [
        ("alex", audit.SWITCHED_ON, WEBCHAT),
        ("sam", audit.SWITCHED_OFF, WEBCHAT),
        ("sam", audit.SWITCHED_OFF, WEBCHAT),
    ]
