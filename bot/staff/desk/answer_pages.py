"""The list of answers that the desk shows while staff type: a fragment of a page."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request

from bot.staff.desk import answers
from bot.staff.pages import page

LONGEST = 200  # letters of what is looked for


def answers_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("answers")
    blueprint.add_route(_answers, "/desk/answers", name="answers")
    return blueprint


async def _answers(request: Request) -> HTTPResponse:
    words = request.args.get("q", "").strip()[:LONGEST]
    found = await asyncio.to_thread(answers.search, words) if words else []
    return page(request, "desk/answers.html", answers=found, words=words)
