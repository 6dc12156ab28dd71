"""Asks one model all texts and writes answers and cost. A process of its own, started by ``rivals``.

"Belief" is what refusal is judged by: how far the text is in scope. Ours is the score of ``understanding``; stock
Rasa's is the confidence of the likeliest label that is not "out of scope".
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent

from bench.nlu.exams import plain
from bench.nlu.rivals import OURS
from bot import tuning
from tests.support.product import memory_mb

FALLBACK = "nlu_fallback"


def answer(parsed: dict[str, Any], out_of_scope: str) -> dict[str, Any]:
    """An ``Answer`` as JSON, of what a pipeline parsed."""
    spans = [(e["start"], e["end"], e["entity"]) for e in parsed["entities"]]
    understood = parsed.get("understanding")
    if understood:
        said = {"label": plain(understood["query"]), "confidence": understood["confidence"]}
        return {**said, "belief": understood["score"], "refused": understood["refused"], "spans": spans}
    ranked = [(item["name"], item["confidence"]) for item in parsed["intent_ranking"]]
    known = [(name, confidence) for name, confidence in ranked if name != FALLBACK]
    label, confidence = _selected(parsed, *known[0]) if known else ("", 0.0)
    inside = [confidence for name, confidence in known if name != out_of_scope]
    refused = not ranked or ranked[0][0] in (FALLBACK, out_of_scope)
    said = {"label": plain(label), "confidence": confidence, "belief": max(inside, default=0.0)}
    return {**said, "refused": refused, "spans": spans}


def _selected(parsed: dict[str, Any], intent: str, confidence: float) -> tuple[str, float]:
    """The intent, or the answer that stock Rasa's selector chose where it stands for many; and how sure it is."""
    selectors = parsed.get("response_selector", {})
    if intent not in selectors.get("all_retrieval_intents", ()):
        return intent, confidence
    chosen = selectors["default"]["response"]
    return chosen["intent_response_key"] or intent, confidence * chosen["confidence"]


async def ask(agent: Agent, texts: list[str]) -> tuple[list[dict[str, Any]], list[float]]:
    """What the model says of every text, and the milliseconds of each."""
    parsed, taken = [], []
    for text in texts:
        began = time.perf_counter()
        parsed.append(await agent.parse_message(text))
        taken.append(1000 * (time.perf_counter() - began))
    return parsed, sorted(taken)


def main(rival: str, model: str, folder: str, out_of_scope: str) -> None:
    """Answer folder/texts.json in folder/answers.json."""
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if rival == OURS:
        tuning.apply()
    began = time.monotonic()
    agent = Agent.load(model)
    loaded = time.monotonic() - began
    texts = json.loads((Path(folder) / "texts.json").read_text(encoding="utf-8"))
    asyncio.run(agent.parse_message("hello"))  # waits for what is loaded when it is needed
    parsed, taken = asyncio.run(ask(agent, texts))
    cost = {
        "milliseconds": taken[len(taken) // 2],
        "milliseconds_late": taken[int(0.95 * len(taken))],
        "loading_seconds": loaded,
        "answering_mb": memory_mb(os.getpid()),
    }
    said = {"answers": [answer(item, out_of_scope) for item in parsed], "cost": cost}
    (Path(folder) / "answers.json").write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
