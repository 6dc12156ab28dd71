"""Reading desk.yml of a council's folder: every section may be left out, and nothing unknown may stand in it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from bot.hours import HoursError, Week, parse_week
from bot.profile_desk import (
    ASSIGNMENTS,
    AWAY,
    IN_ORDER,
    OUTCOMES,
    PULL,
    Choice,
    Desk,
    Targets,
    Team,
    Times,
    Topic,
    plain_desk,
)
from bot.profile_file import File

SECTIONS = (
    *("owner", "review_by", "hours", "teams", "topics", "assignment", "times", "targets"),
    *("outcomes", "tags", "away"),
)
# They are kept with every conversation, in columns of 32 letters.
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,31}")


def read_desk(folder: Path, usual: Week) -> Desk:
    """The desk's rules; ``usual`` are the hours where none are given. Raises ProfileError at the first thing wrong."""
    path = folder / "desk.yml"
    if not path.exists():
        return plain_desk(usual)
    file = File(path)
    for key in file.content:
        if key not in SECTIONS:
            raise file.wrong([key], f"'{key}' is not known here.")
    owner, review_by = _kept(file)
    hours = _hours(file, ["hours"], file.content.get("hours"), usual)
    teams = _teams(file, hours, folder.parent.parent / "services")
    return Desk(
        teams=teams,
        hours=hours,
        owner=owner,
        review_by=review_by,
        topics=_topics(file, teams),
        assignment=_assignment(file),
        times=_times(file),
        targets=_targets(file),
        outcomes=_choices(file, "outcomes", OUTCOMES),
        tags=_choices(file, "tags", ()),
        away=_choices(file, "away", AWAY),
    )


def _kept(file: File) -> tuple[str, date]:
    """Who looks after the rules, and when they are looked at again."""
    owner, review_by = file.content.get("owner"), file.content.get("review_by")
    if not isinstance(owner, str) or not owner:
        raise file.wrong(["owner"], "'owner' must say who looks after the desk's rules.")
    if not isinstance(review_by, date):
        raise file.wrong(["review_by"], "'review_by' must be a date like 2027-03-01.")
    return owner, review_by


def _hours(file: File, trail: list[str | int], text: Any, usual: Week) -> Week:
    if text is None:
        return usual
    if not isinstance(text, str):
        raise file.wrong(trail, "'hours' must be text like \"mo-fr 09:00-17:00; bank closed\".")
    try:
        return parse_week(text)
    except HoursError as error:
        raise file.wrong(trail, str(error)) from None


def _teams(file: File, hours: Week, services: Path) -> tuple[Team, ...]:
    if "teams" not in file.content:
        return plain_desk(hours).teams
    section = file.section("teams", dict)
    teams = tuple(_team(file, str(name), section[name], hours) for name in section)
    if sum(team.default for team in teams) != 1:
        raise file.wrong(["teams"], "one team, and no other, must have 'default: true'.")
    _check_titles(file, "teams", teams)
    _check_services(file, teams, services)
    return teams


def _team(file: File, name: str, raw: Any, usual: Week) -> Team:
    trail: list[str | int] = ["teams", name]
    _check_identifier(file, trail, name)
    entry = dict(raw) if isinstance(raw, dict) else raw
    text = entry.pop("hours", None) if isinstance(entry, dict) else None
    return file.one(Team, trail, entry, id=name, hours=_hours(file, [*trail, "hours"], text, usual))


def _check_services(file: File, teams: tuple[Team, ...], services: Path) -> None:
    """No service has two teams; each has a folder, where the folders are at hand."""
    known = {each.name for each in services.iterdir() if each.is_dir()} if services.is_dir() else None
    owners: dict[str, str] = {}
    for team in teams:
        for at, service in enumerate(team.services):
            trail: list[str | int] = ["teams", team.id, "services", at]
            if service in owners:
                raise file.wrong(trail, f"the service '{service}' already stands under '{owners[service]}'.")
            if known is not None and service not in known:
                raise file.wrong(trail, f"there is no service '{service}'.")
            owners[service] = team.id


def _topics(file: File, teams: tuple[Team, ...]) -> tuple[Topic, ...]:
    if "topics" not in file.content:
        return ()
    topics = tuple(file.keyed("topics", Topic, key="query").values())
    known = {"", *(team.id for team in teams)}
    for topic in topics:
        if topic.team not in known:
            raise file.wrong(["topics", topic.query, "team"], f"there is no team '{topic.team}'.")
    return topics


def _assignment(file: File) -> str:
    word = file.content.get("assignment", PULL)
    if word not in ASSIGNMENTS:
        raise file.wrong(["assignment"], f"'{word}' is not one of {', '.join(ASSIGNMENTS)}.")
    return str(word)


def _times(file: File) -> Times:
    times = file.one(Times, ["times"], file.content.get("times", {}))
    _check_positive(file, "times", times)
    for first, second in IN_ORDER:
        if getattr(times, first) >= getattr(times, second):
            raise file.wrong(["times", second], f"'{second}' must be longer than '{first}'.")
    return times


def _targets(file: File) -> Targets:
    targets = file.one(Targets, ["targets"], file.content.get("targets", {}))
    _check_positive(file, "targets", targets)
    if targets.answer_share > 100:
        raise file.wrong(["targets", "answer_share"], "'answer_share' is a share in percent, 100 at the most.")
    return targets


def _check_positive(file: File, section: str, values: Times | Targets) -> None:
    for name, value in vars(values).items():
        if isinstance(value, bool) or value < 1:
            raise file.wrong([section, name], f"'{name}' must be a whole number above 0.")


def _choices(file: File, section: str, usual: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """A section of ids with their titles, in the order in which staff see them."""
    if section not in file.content:
        return usual
    entries = file.section(section, dict)
    for name, title in entries.items():
        _check_identifier(file, [section, name], str(name))
        if not isinstance(title, str):
            raise file.wrong([section, name], f"'{name}' must have a title.")
    choices = tuple(Choice(str(name), title) for name, title in entries.items())
    _check_titles(file, section, choices)
    return choices


def _check_identifier(file: File, trail: list[str | int], name: str) -> None:
    if not IDENTIFIER.fullmatch(name):
        raise file.wrong(trail, f"'{name}' must be small letters, figures and _, 32 at the most, a letter first.")


def _check_titles(file: File, section: str, entries: tuple[Team, ...] | tuple[Choice, ...]) -> None:
    """Nobody has to choose between two that are called the same, or not at all."""
    seen: dict[str, str] = {}
    for entry in entries:
        if not entry.title.strip():
            raise file.wrong([section, entry.id], f"'{entry.id}' must have a title.")
        first = seen.setdefault(entry.title.casefold(), entry.id)
        if first != entry.id:
            raise file.wrong([section, entry.id], f"'{entry.title}' is the title of '{first}' too.")
