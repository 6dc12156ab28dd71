"""The desk's rules: Stockport's own hold together, a council without any has some, and slips are told."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from bot.council import Council, ProfileError, load_council
from bot.hours import LONDON, Week, parse_week
from bot.profile_desk import Choice, Desk, Targets, Team, Times, Topic
from bot.profile_desk_reader import read_desk
from bot.queries import read_queries, service_of
from tests.conftest import ROOT
from tests.support.profile import copy_profile

DATA = ROOT / "data"
USUAL = parse_week("mo-fr 09:00-17:00; bank closed")
HEAD = "# The desk\n# Owner: tests\nowner: contact centre\nreview_by: 2027-05-01\n"  # what follows begins in line 5


@pytest.fixture(scope="module")
def stockport() -> Council:
    return load_council(DATA / "councils" / "stockport")


def folder_with(tmp_path: Path, text: str, head: str = HEAD) -> Path:
    folder = tmp_path / "councils" / "elsewhere"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "desk.yml").write_text(head + text, encoding="utf-8")
    return folder


def desk(tmp_path: Path, text: str) -> Desk:
    return read_desk(folder_with(tmp_path, text), USUAL)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


# --- Stockport's rules ---


def test_every_service_has_a_team(stockport: Council) -> None:
    folders = {each.name for each in (DATA / "services").iterdir() if each.is_dir()}
    assert {service for team in stockport.teams for service in team.services} == folders


def test_what_goes_to_a_person_at_once_is_a_query_of_ours_with_a_team(stockport: Council) -> None:
    known = read_queries(DATA)
    assert 3 <= len(stockport.desk.topics) <= 5
    for topic in stockport.desk.topics:
        assert topic.query in known
        assert (stockport.desk.team(topic.team) or stockport.desk.team_for(service_of(DATA, topic.query))) is not None


def test_a_team_is_found_by_its_service_and_else_it_is_the_default_one(stockport: Council) -> None:
    assert stockport.desk.team_for("waste").id == "waste_streets"
    general = [stockport.desk.team_for(service) for service in ("council", "no_such_service", None)]
    assert {team.id for team in general} == {"general"} and general[0] is stockport.desk.default_team


def test_a_team_is_open_by_its_own_hours_and_closed_on_bank_holidays(stockport: Council) -> None:
    waste, money = stockport.desk.team_for("waste"), stockport.desk.team_for("council_tax")
    saturday, holiday = at("2026-11-28T10:00"), at("2026-12-28T10:00")
    assert waste.is_open(saturday, stockport.bank_holiday) and not money.is_open(saturday, stockport.bank_holiday)
    assert not waste.is_open(holiday, stockport.bank_holiday)
    eve = [money.is_open(at(f"2026-12-24T{hour}:00"), stockport.bank_holiday) for hour in ("11", "13")]
    assert eve == [True, False]


def test_the_rules_come_up_for_review(stockport: Council) -> None:
    due = [stockport.facts_due(day) for day in (date(2027, 4, 30), date(2027, 5, 1))]
    assert [stockport.desk in each for each in due] == [False, True]


# --- what a council may leave out ---


def test_a_council_without_rules_has_one_team_at_the_usual_hours(tmp_path: Path) -> None:
    council = load_council(copy_profile(tmp_path))
    (team,) = council.teams
    assert (team.id, team.hours, team.default) == ("general", council.fact("contact_hours"), True)
    assert council.desk.team_for("waste") is team
    assert council.desk.times == Times(nobody_came=600, staff_silent_requeue=300, wrap_up=600)
    assert [reason.id for reason in council.desk.away] == ["break", "training", "meeting", "paperwork"]
    assert council.desk not in council.facts_due(date(2100, 1, 1)), "what nobody wrote is not looked at again"


def test_every_section_may_be_left_out(tmp_path: Path) -> None:
    found = desk(tmp_path, "")
    assert (found.owner, found.review_by, found.hours) == ("contact centre", date(2027, 5, 1), USUAL)
    assert found.teams == (Team("general", "General enquiries", USUAL, default=True),)
    assert (found.assignment, found.targets, found.topics, found.tags) == ("pull", Targets(), (), ())


def test_what_is_written_counts(tmp_path: Path) -> None:
    found = desk(
        tmp_path,
        'hours: "mo-su 08:00-12:00,13:00-20:00"\n'
        "teams:\n"
        "  one: {title: One, services: [waste], default: true}\n"
        '  two: {title: Two, hours: "tu 09:00-10:00"}\n'
        "topics:\n  homeless: {team: two}\n  bin_day: {}\n"
        "assignment: push\n"
        "times: {staff_gone: 30}\n"
        "targets: {answer_share: 90}\n"
        "outcomes: {done: Done, other: Something else}\n"
        "tags: {new: New}\n"
        "away: {lunch: Lunch}\n",
    )
    assert [team.hours for team in found.teams] == [found.hours, parse_week("tu 09:00-10:00")]
    assert isinstance(found.hours, Week) and len(found.hours.days[0]) == 2
    assert found.topic("homeless") == Topic("homeless", "two") and found.topic("bin_day") == Topic("bin_day")
    assert found.topic("bin_new") is None and found.team("three") is None
    assert found.assignment == "push" and found.times == Times(staff_gone=30) and found.targets.answer_share == 90
    assert found.outcomes == (Choice("done", "Done"), Choice("other", "Something else"))
    assert found.tags == (Choice("new", "New"),) and found.away == (Choice("lunch", "Lunch"),)


# --- slips ---


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("team: {}\n", 5, "'team' is not known here."),
        ("hours: mo-fr nine to five\n", 5, "'mo-fr nine to five' must give hours like 09:00-17:00, or 'closed'."),
        ("hours: 9\n", 5, "'hours' must be text like \"mo-fr 09:00-17:00; bank closed\"."),
        ("teams:\n  a: {title: A}\n", 5, "one team, and no other, must have 'default: true'."),
        (
            "teams:\n  a: {title: A, default: true}\n  b: {title: B, default: true}\n",
            5,
            "one team, and no other, must have 'default: true'.",
        ),
        ("teams: []\n", 5, "the section 'teams' is missing or is not a dict."),
        ("teams:\n  a: general\n", 6, "'a' must have named values."),
        ("teams:\n  a: {title: A, open: always}\n", 6, "'open' is not known here."),
        ("teams:\n  a: {default: true}\n", 6, "'title' is missing in 'a'."),
        ("teams:\n  a: {title: '', default: true}\n", 6, "'a' must have a title."),
        (
            "teams:\n  The Team: {title: A, default: true}\n",
            6,
            "'The Team' must be small letters, figures and _, 32 at the most, a letter first.",
        ),
        ("teams:\n  a: {title: A, default: true}\n  b: {title: a}\n", 7, "'a' is the title of 'a' too."),
        (
            "teams:\n  a: {title: A, default: true}\n  b: {title: B, hours: xx 09:00-10:00}\n",
            7,
            "'xx' is not a day; days are mo, tu, we, th, fr, sa, su, 'bank' or a date.",
        ),
        (
            "teams:\n  a: {title: A, services: [waste], default: true}\n  b:\n    title: B\n    services: [waste]\n",
            9,
            "the service 'waste' already stands under 'a'.",
        ),
        ("topics:\n  homeless: {team: b}\n", 6, "there is no team 'b'."),
        ("topics:\n  homeless: {when: open}\n", 6, "'when' is not known here."),
        ("assignment: pool\n", 5, "'pool' is not one of pull, push."),
        ("times:\n  wrap_up: 0\n", 6, "'wrap_up' must be a whole number above 0."),
        ("times:\n  wrap_up: true\n", 6, "'wrap_up' must be a whole number above 0."),
        ("times:\n  wrap_up: 1.5\n", 6, "'wrap_up' has the wrong kind of value: 1.5."),
        ("times:\n  lunch: 60\n", 6, "'lunch' is not known here."),
        ("times:\n", 5, "'times' must have named values."),
        (
            "times:\n  staff_silent_warn: 300\n  staff_silent_requeue: 300\n",
            7,
            "'staff_silent_requeue' must be longer than 'staff_silent_warn'.",
        ),
        ("times:\n  staff_gone: 500\n", 5, "'staff_gone_requeue' must be longer than 'staff_gone'."),
        (
            "times:\n  resident_silent_close: 5\n",
            6,
            "'resident_silent_close' must be longer than 'resident_silent_ask'.",
        ),
        ("targets:\n  answer_share: 101\n", 6, "'answer_share' is a share in percent, 100 at the most."),
        ("targets:\n  answer_within: -1\n", 6, "'answer_within' must be a whole number above 0."),
        ("outcomes: [done]\n", 5, "the section 'outcomes' is missing or is not a dict."),
        ("tags:\n  a: A\n  a: B\n", 7, 'found duplicate key "a".'),
        ("tags:\n  a: 1\n", 6, "'a' must have a title."),
        ("away:\n  a: Lunch\n  b: lunch\n", 7, "'lunch' is the title of 'a' too."),
    ],
)
def test_a_slip_is_told_with_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    folder = folder_with(tmp_path, text)
    with pytest.raises(ProfileError) as caught:
        read_desk(folder, USUAL)
    assert str(caught.value) == f"{folder / 'desk.yml'}, line {line}: {says}"


def test_a_service_that_there_is_not_is_refused_where_the_services_are_at_hand(tmp_path: Path) -> None:
    text = "teams:\n  a: {title: A, services: [waste, wast], default: true}\n"
    assert desk(tmp_path, text).team_for("wast").id == "a"
    (tmp_path / "services" / "waste").mkdir(parents=True)
    with pytest.raises(ProfileError, match="line 6: there is no service 'wast'"):
        desk(tmp_path, text)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("review_by: 2027-05-01\n", "'owner' must say who looks after the desk's rules."),
        ("owner: us\n", "'review_by' must be a date like 2027-03-01."),
        ("owner: us\nreview_by: soon\n", "'review_by' must be a date like 2027-03-01."),
    ],
)
def test_rules_have_an_owner_and_a_review(tmp_path: Path, head: str, says: str) -> None:
    with pytest.raises(ProfileError, match=says):
        read_desk(folder_with(tmp_path, "", head), USUAL)
