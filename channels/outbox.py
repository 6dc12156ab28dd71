"""The way out: the ledger holds what was said, and bot/live tells those who wait that there is more of it."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel


class LedgerOutput(OutputChannel):
    """Rasa's output channel. It sends nothing, since the replies are committed to the ledger with their turn."""

    @classmethod
    def name(cls) -> str:
        return "webchat"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        return
