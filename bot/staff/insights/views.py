"""The page with all reports, and each of its tables as a file. Who looked at what is noted before it is shown."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import raw

from bot.clock import LONDON
from bot.council import council
from bot.queries import Query, read_queries
from bot.settings import settings
from bot.staff import pages
from bot.staff.desk.rows import CHANNELS
from bot.staff.insights import csv_files
from bot.staff.insights.periods import CUSTOM, NAMED, USUAL, Period, PeriodError, read_period
from bot.staff.insights.question import WISHES, Question
from bot.staff.insights.sections import glance, section_of, sections_for
from bot.staff.insights.tables import Table
from bot.staff.insights.wording import shown
from bot.staff.state import account_of, state_of
from bot.store import audit, insights
from bot.store.insights_scope import Scope

REPORTS = "/reports"
FILE = ".csv"
PAGE = "insights/reports.html"
_FIELDS = ("period", "from", "to", "channel", "team")
_LONGEST = 64  # letters of what may be asked for


def insights_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("insights")
    blueprint.add_route(_show, REPORTS, name="show")
    blueprint.add_route(_file, f"{REPORTS}/<name:str>", name="file")
    return blueprint


async def _show(request: Request) -> HTTPResponse:
    asked = _asked(request)
    values = await asyncio.to_thread(_form, request, asked)
    try:
        question = await asyncio.to_thread(_question, request, asked)
    except PeriodError as error:
        return pages.page(request, PAGE, 400, **values, problem=str(error), period=None)
    await _note(request, "page", question.period)
    figures = await asyncio.to_thread(insights.read, state_of(request).db, question.scope, WISHES)
    parts = [(section, section.tables(question, figures)) for section in sections_for(account_of(request).roles)]
    values |= {"parts": parts, "glance": glance(parts), "period": question.period, "shown": shown}
    return pages.page(request, PAGE, **values, query=_query(asked), problem="")


def _form(request: Request, asked: dict[str, str]) -> dict[str, Any]:
    """What the form that asks for a report is made of."""
    channels = [(each, CHANNELS.get(each, each)) for each in insights.channels(state_of(request).db)]
    return {"asked": asked, "named": NAMED, "custom": CUSTOM, "channels": channels, "teams": council().desk.teams}


async def _file(request: Request, name: str) -> HTTPResponse:
    section = section_of(name.removesuffix(FILE)) if name.endswith(FILE) else None
    if section is None:
        raise NotFound("no such report")
    if section not in sections_for(account_of(request).roles):
        return pages.problem(request, "forbidden", 403)
    try:
        question = await asyncio.to_thread(_question, request, _asked(request))
    except PeriodError:
        return pages.problem(request, "bad_request", 400)
    await _note(request, name, question.period)
    figures = await asyncio.to_thread(insights.read, state_of(request).db, question.scope, WISHES)
    tables = {f"{table.name}{FILE}": table for table in section.tables(question, figures)}
    if name not in tables:  # not for a team
        raise NotFound("no such report")
    return _attached(tables[name], question.period)


def _attached(table: Table, period: Period) -> HTTPResponse:
    called = f"{table.name}_{period.first}_{period.last}{FILE}"
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return raw(csv_files.written(table), content_type="text/csv; charset=utf-8", headers=headers)


def _asked(request: Request) -> dict[str, str]:
    """What the address asks for; as if it were not there when it is too long to be meant."""
    found = {name: (request.args.get(name) or "").strip() for name in _FIELDS}
    asked = {name: text if len(text) <= _LONGEST and text.isprintable() else "" for name, text in found.items()}
    return asked | {"period": asked["period"] or USUAL}


def _question(request: Request, asked: dict[str, str]) -> Question:
    """What is asked for, with the council's data, which take long to read the first time. Raises PeriodError."""
    today = state_of(request).now().astimezone(LONDON).date()
    period = read_period(asked["period"], asked["from"], asked["to"], today)
    scope = Scope(period.start, period.end, asked["channel"], asked["team"])
    return Question(period, scope, council().desk, council().bank_holiday, _queries(settings().data_dir))


def _query(asked: dict[str, str]) -> str:
    return urlencode({name: text for name, text in asked.items() if text})


@lru_cache(maxsize=1)
def _queries(data: str) -> dict[str, Query]:
    return {name: query for query in read_queries(Path(data)).values() for name in query.intents}


async def _note(request: Request, what: str, period: Period) -> None:
    state, who = state_of(request), account_of(request).username
    subject = f"{what}: {period.first} to {period.last}"
    await asyncio.to_thread(audit.add, state.db, who, audit.REPORT_VIEWED, subject, state.now())
