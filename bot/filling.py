"""The council's facts in the words of responses: ``{fact.garden_fee}``, ``{council.phone}``, ``{number.gas}``.

For all who read the same answers: what a model holds, and what staff give as an answer themselves. What only a
conversation can fill, like ``{address}``, is left as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.profile import Council
from bot.safety_numbers import load_numbers, placeholders
from bot.text.say import to_call

PLACEHOLDER = re.compile(r"\{((?:council|fact|container|contact|number)\.[a-z0-9_.]+)\}")


def facts_of(council: Council, data: Path) -> dict[str, str]:
    """Everything that a placeholder may name; telephone numbers are links that a phone can call."""
    facts = council.placeholders()
    phones = {name: to_call(number) for name, number in facts.items() if name.endswith("phone")}
    return facts | phones | placeholders(load_numbers(data / "safety" / "numbers.yml"))


def fill(value: Any, facts: Mapping[str, str]) -> Any:
    """The value, a text or anything that texts stand in, with the facts that there are in place."""
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda found: facts.get(found[1], found[0]), value)
    if isinstance(value, dict):
        return {key: fill(item, facts) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, facts) for item in value]
    return value


def unknown(value: Any, facts: Mapping[str, str]) -> Iterator[str]:
    """The placeholders in a value that no fact fills."""
    if isinstance(value, str):
        yield from (wanted for wanted in PLACEHOLDER.findall(value) if wanted not in facts)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from unknown(item, facts)
