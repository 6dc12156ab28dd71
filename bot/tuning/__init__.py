"""What is tuned in Rasa 3.6.21, with the reason and the gain. Nothing else of Rasa is changed anywhere.

``calls`` of the action server, ``turns``, ``domains`` and ``training`` say each what they replace.
``tests/bot/tuning`` fails when Rasa's version, or what is replaced, changes.
"""

from __future__ import annotations

from functools import cache

from bot.tuning import calls, domains, training, turns

TUNED_FOR = "3.6.21"


@cache
def apply() -> None:
    """Put the tuning of what serves in place; a second call changes nothing."""
    calls.apply()
    turns.apply()
    domains.apply()


@cache
def apply_to_training() -> None:
    """Put the tuning of training, and of what it leaves for serving, in place; a second call changes nothing."""
    training.apply()
    domains.apply()
