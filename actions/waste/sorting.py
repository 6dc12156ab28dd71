"""Which bin: household things by name, misspelt too, with a safe answer for what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from actions.base import Ending, Facts, JourneyAction
from bot.dialogue.journeys import Ask
from bot.text.picking import Offered
from bot.text.say import inert


class BinWhatGoesWhere(JourneyAction):
    """See the module's docstring."""

    journey: ClassVar[str] = "bin_what_goes_where"

    async def volunteered(self, ask: Ask, text: str, offered: Sequence[Offered], facts: Facts) -> dict[str, Any] | None:
        """Most people name the thing at once: "can I recycle crisp packets"."""
        found = facts.council.find_item(text)
        return {"value": found[0].name, "said": found[0].name} if found else None

    async def finish(self, facts: Facts) -> Ending:
        found = facts.council.find_item(facts.value("item"))
        if found is None:
            return Ending("unknown", {"item": inert(facts.said("item"))})
        item = found[0]
        values = {"item": item.name, "note": item.note}
        box = facts.council.containers.get(item.goes)
        if box:
            return Ending("bin", {**values, "container": box.name, "holds": box.holds})
        return Ending(item.goes, {**values, "rule": facts.council.routes[item.goes].said})
