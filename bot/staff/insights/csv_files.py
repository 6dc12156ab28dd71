"""A table as a file: RFC 4180, in UTF-8 with a mark that says so to spreadsheets. Pure.

A text that a spreadsheet would take for a formula gets an apostrophe before it. Numbers stay numbers: shares from 0
to 1, times in seconds.
"""

from __future__ import annotations

import csv
import io

from bot.staff.insights.tables import SECONDS, SHARE, Cell, Column, Table

MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_DIGITS = 4  # of shares, means and parts of a second


def written(table: Table) -> bytes:
    """The bytes of the file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_inert(_heading(column)) for column in table.columns])
    writer.writerows([[_cell(cell) for cell in row] for row in table.rows])
    return (MARK + text.getvalue()).encode()


def _heading(column: Column) -> str:
    units = {SECONDS: " (seconds)", SHARE: " (0 to 1)"}
    return column.title + units.get(column.kind, "")


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _inert(cell)
    rounded = round(cell, _DIGITS)
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
