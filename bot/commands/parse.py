"""``assistant parse``: what messages mean, for scripts: one JSON object a line.

``{"text", "query", "confidence", "also": [{"query", "confidence"}], "refused", "safety", "entities": [{"entity",
"value", "text"}]}``. ``query`` is an id of the council's queries, or a kind of small talk or command below
``chitchat/``; null when there is none.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import structlog

from bot.queries import read_queries
from bot.settings import settings


def run(arguments: argparse.Namespace) -> int:
    """Read messages from a file or standard input until its end."""
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # Rasa's own go to stdout
    model = Path(arguments.model) if arguments.model else _newest()
    if model is None or not model.exists():
        print("There is no trained model here. Run: assistant train", file=sys.stderr)
        return 1
    with Path(arguments.file).open(encoding="utf-8") if arguments.file else nullcontext(sys.stdin) as lines:
        asyncio.run(_parse_all(model, lines))
    return 0


def _newest() -> Path | None:
    from bot.training import newest_model

    return newest_model(Path(settings().model_dir))


async def _parse_all(model: Path, lines: Iterable[str]) -> None:
    from rasa.core.agent import Agent

    from bot import tuning

    tuning.apply()
    agent = Agent.load(str(model))
    queries = read_queries(Path(settings().data_dir))
    known = {intent: query.id for query in queries.values() for intent in query.intents}
    for line in lines:
        text = line.rstrip("\r\n")
        data = await agent.parse_message(text.lstrip("/"))
        print(json.dumps(described(text, data, known), ensure_ascii=False), flush=True)


def described(text: str, data: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """Rasa's parse data as this command's object."""
    intent = data.get("intent") or {}
    seen = data.get("understanding") or {
        "query": intent.get("name"),
        "confidence": intent.get("confidence") or 0.0,
        "also": [],
        "refused": True,
    }
    return {
        "text": text,
        "query": query_name(seen["query"], known),
        "confidence": round(float(seen["confidence"]), 4),
        "also": [
            {"query": query_name(item["query"], known), "confidence": round(float(item["confidence"]), 4)}
            for item in seen["also"]
        ],
        "refused": bool(seen["refused"]),
        "safety": data.get("safety"),
        "entities": [
            {
                "entity": item["entity"],
                "value": item["value"],
                "text": text[item["start"] : item["end"]] if "start" in item else str(item["value"]),
            }
            for item in data.get("entities", [])
        ],
    }


def query_name(intent: str | None, known: Mapping[str, str]) -> str | None:
    """An intent's query id; what is no query of the council's stands below ``chitchat/``.

    Where no query is known at all (a model trained on other data) an intent is its own name.
    """
    if not intent or not known:
        return intent or None
    return known.get(intent) or (intent if intent.startswith("chitchat/") else f"chitchat/{intent}")
