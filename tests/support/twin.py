"""Learns the content of the working folder with Rasa and prints how it reads some sentences, as one line of JSON.

A process of its own, since how Python hashes words is settled when it starts: ``python -m tests.support.twin SENTENCE
...`` in a folder with config.yml, nlu.yml and data/safety.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from rasa.core.agent import Agent
from rasa.model_training import train_nlu

from bot import tuning


def read(sentences: list[str]) -> list[dict[str, Any]]:
    """Rasa's parse data of each sentence, by a model that is trained for it."""
    tuning.apply_to_training()
    agent = Agent.load(str(train_nlu("config.yml", "nlu.yml", "models")))

    async def parse() -> list[dict[str, Any]]:
        return [await agent.parse_message(sentence) for sentence in sentences]

    return asyncio.run(parse())


if __name__ == "__main__":
    read_now = read(sys.argv[1:])
    sys.stdout.write(f"\n{json.dumps(read_now)}\n")
