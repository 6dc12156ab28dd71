"""What is worked out, what is too small to be shown, and how cells are said on the page and in files."""

from __future__ import annotations

import csv
import io

import pytest

from bot.staff.insights.csv_files import written
from bot.staff.insights.measures import median, ninetieth, share
from bot.staff.insights.tables import (
    COUNT,
    DAY,
    FEWER,
    SCORE,
    SECONDS,
    SHARE,
    TEXT,
    Column,
    Row,
    Table,
    hide_small_cells,
    hide_small_rows,
)
from bot.staff.insights.wording import lasting, shown


def table(*rows: Row, drawn: int | None = 1, kind: str = COUNT) -> Table:
    return Table("t", "T", "", (Column("Name", TEXT), Column("Number", kind)), rows, drawn)


def test_median_and_ninetieth() -> None:
    assert (median([]), ninetieth([])) == (None, None)
    assert (median([3]), ninetieth([3])) == (3, 3)
    assert (median([1, 9, 2]), median([1, 9, 2, 4])) == (2, 3)
    assert ninetieth(list(range(1, 11))) == 9
    assert ninetieth(list(range(1, 12))) == 10
    assert ninetieth([1, 2, 3]) == 3


def test_share() -> None:
    assert (share(1, 4), share(0, 4), share(0, 0)) == (0.25, 0, None)


def test_small_numbers_are_hidden_each_or_by_row() -> None:
    rows: list[Row] = [("9am", 5, 4), ("10am", 0, None)]
    assert hide_small_cells(rows) == (("9am", 5, FEWER), ("10am", FEWER, None))
    assert hide_small_rows([("kim", 5, 7.5), ("sam", 4, 900.0)]) == (("kim", 5, 7.5), ("sam", FEWER, FEWER))
    assert FEWER == "fewer than 5"


def test_bars_are_drawn_against_the_largest_or_against_all() -> None:
    counted = table(("a", 10), ("b", 5), ("c", FEWER), ("d", None))
    assert [counted.bar(row) for row in counted.rows] == [100, 50, 0, 0]
    shares = table(("a", 0.5), ("b", 0.25), kind=SHARE)
    assert [shares.bar(row) for row in shares.rows] == [50, 25]
    assert table(("a", 0)).bar(("a", 0)) == 0


def test_cells_in_words() -> None:
    said = [shown(cell, kind) for cell, kind in ((None, SHARE), (FEWER, COUNT), (1204, COUNT), ("bin", TEXT))]
    assert said == ["none", "fewer than 5", "1,204", "bin"]
    assert shown("2025-03-03", DAY) == "Mon 3 Mar 2025"
    assert [shown(0.805, SHARE), shown(4.25, SCORE), shown(125, SECONDS)] == ["80%", "4.2", "2 min 5 s"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (8.4, "8 s"),
        (59.6, "1 min"),
        (125, "2 min 5 s"),
        (3600, "1 h"),
        (12_010, "3 h 20 min"),
        (90_000, "1 day 1 h"),
        (187_201, "2 days 4 h"),
    ],
)
def test_how_long_it_lasted_in_words(seconds: float, words: str) -> None:
    assert lasting(seconds) == words


def test_a_file_follows_rfc_4180_and_says_that_it_is_utf_8() -> None:
    data = written(table(('A "quoted", one', 1204), ("Café", None), ("x", 0.123456), ("y", 2.0)))
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == 5
    assert data.decode("utf-8-sig").splitlines() == [
        "Name,Number",
        '"A ""quoted"", one",1204',
        "Café,",
        "x,0.1235",
        "y,2",
    ]


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_is_a_formula(text: str) -> None:
    data = written(table((text, 1))).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(data, newline="")))[1] == [f"'{text}", "1"]


def test_headings_of_files_say_the_units() -> None:
    assert written(table(kind=SHARE)).decode("utf-8-sig") == "Name,Number (0 to 1)\r\n"
    assert written(table(kind=SECONDS)).decode("utf-8-sig") == "Name,Number (seconds)\r\n"
