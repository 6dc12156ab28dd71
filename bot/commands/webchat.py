"""``assistant webchat``: how the web chat's switch stands, and turning it, from a terminal while everything runs.

It writes to the ledger and to nothing else: the assistant looks there twice a second. It makes no ledger and changes
no tables, so that in the wrong folder it says so instead of switching off a chat that nobody uses.
"""

from __future__ import annotations

import argparse
import os
import pwd
from pathlib import Path

from bot.clock import now
from bot.settings import settings
from bot.staff.desk.moments import moment
from bot.store import switches
from bot.store.engine import Database
from bot.store.switches import WEBCHAT, Switch

LONGEST_NAME = 100  # the ledger has room for 128


def run(arguments: argparse.Namespace) -> int:
    """Turn the switch, or not, and say how it stands."""
    url = settings().database
    if _is_missing(url):
        raise ValueError(f"There is no ledger at {_file(url)}: run this in the folder in which the assistant runs.")
    try:
        stands = _turned(url, arguments.to)
    except Exception as error:  # of the driver's own kinds; a traceback helps nobody who is in a hurry
        reason = getattr(error, "orig", None) or getattr(error, "strerror", None) or type(error).__name__
        raise ValueError(f"The ledger cannot be used, and nothing was changed: {str(reason).strip()}.") from error
    print(sentence(stands))
    return 0


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _is_missing(url: str) -> bool:
    return url.startswith("sqlite:///") and not _file(url).exists()


def _turned(url: str, to: str) -> Switch:
    """The switch after what was asked for. What stands so already keeps the name of who made it so."""
    db = Database(url)
    try:
        stands = switches.state(db, WEBCHAT)
        if to != "state" and stands.is_on != (to == "on"):
            switches.turn(db, WEBCHAT, to == "on", who(), now())
            stands = switches.state(db, WEBCHAT)
        return stands
    finally:
        db.close()


def who() -> str:
    """This process's user, as the system has it: the environment could say anybody."""
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # in a container often nobody has the number
        name = f"user {number}"
    return f"command line ({name[:LONGEST_NAME]})"


def sentence(stands: Switch) -> str:
    """How the switch stands, who changed it last and when."""
    if stands.changed_at is None:
        return "The web chat is switched on, and nobody has ever switched it off."
    how = "on" if stands.is_on else "off"
    return f"The web chat is switched {how}, last changed by {stands.changed_by} on {moment(stands.changed_at)}."
