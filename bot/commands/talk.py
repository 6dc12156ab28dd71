"""``assistant talk``: a chat in the terminal with the running assistant, over the web chat's interface."""

from __future__ import annotations

import argparse
import sys
import uuid
from typing import Any

import httpx

from bot.settings import settings

WAIT = 25  # seconds of one long poll, the interface's limit


class Talk:
    """One conversation, with the choices that were offered last."""

    def __init__(self, client: httpx.Client) -> None:
        self.client, self.cursor = client, 0
        self.choices: list[dict[str, str]] = []

    def send(self, text: str) -> bool:
        """Whether it was taken. A number picks one of the choices offered last; anything else is sent as it is."""
        message: dict[str, str] = {"id": str(uuid.uuid4()), "text": text}
        if text.isdecimal() and 0 < int(text) <= len(self.choices):
            message = {"id": message["id"], "choice": self.choices[int(text) - 1]["id"]}
        answer = self.client.post("/webchat/messages", json=message)
        if answer.status_code != 202:
            print(answer.json().get("detail", answer.status_code))
            return False
        self.choices = []  # a number that answers the next question must not press an old button
        return True

    def listen(self) -> bool:
        """Print what is new until everything is answered; False when the chat has ended."""
        while True:
            params: dict[str, Any] = {"after": self.cursor, "wait": WAIT}
            page = self.client.get("/webchat/messages", params=params, timeout=WAIT + 5).raise_for_status().json()
            self.cursor = page["cursor"]
            for message in page["messages"]:
                if message["from"] != "resident":
                    self._print(message)
            if not page["state"]["busy"]:
                return not page["state"]["ended"]

    def _print(self, message: dict[str, Any]) -> None:
        print(f"\n{message['text']}")
        for choice in message["choices"]:
            self.choices.append(choice)
            print(f"  {len(self.choices)}. {choice['title']}")


def run(arguments: argparse.Namespace) -> int:
    """Talk until the end of input, Ctrl-C or the chat's end."""
    with httpx.Client(base_url=settings().public, timeout=10) as client:
        try:
            opened = client.post("/webchat/sessions").raise_for_status().json()
            client.headers["Authorization"] = f"Bearer {opened['token']}"
            _converse(Talk(client))
        except httpx.HTTPError:
            print(f"The assistant does not answer at {settings().public}. Start it with: make run", file=sys.stderr)
            return 1
    return 0


def _converse(talk: Talk) -> None:
    print("Type a message, or the number of a choice. Ctrl-D ends the chat.")
    while True:
        try:
            text = input("\n> ").strip()
        except EOFError:
            return
        if text and talk.send(text) and not talk.listen():
            return
