"""A table of a report, for the page and for a file alike, and what of it is too small to be shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FEWEST = 5  # below that people could be told from each other
FEWER = f"fewer than {FEWEST}"
TEXT, DAY, COUNT, SHARE, SECONDS, SCORE = "text", "day", "count", "share", "seconds", "score"

Cell = str | float | None
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """A heading, and of what kind the cells below it are."""

    title: str
    kind: str = COUNT


@dataclass(frozen=True)
class Table:
    """``name`` is its file's; ``about`` says what is counted. ``drawn`` is the column that is drawn as bars.

    The first cell of a row names it. A cell is None where there is nothing to work it out of.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    drawn: int | None = None

    def bar(self, row: Row) -> int:
        """How long a row's bar is, of 100."""
        lengths = [length(each, self.drawn) for each in self.rows]
        largest = 1.0 if self.drawn is not None and self.columns[self.drawn].kind == SHARE else max(lengths)
        return round(100 * length(row, self.drawn) / largest) if largest else 0


def length(row: Row, drawn: int | None) -> float:
    """The number to draw; 0 for what is too small to be shown."""
    cell = row[drawn] if drawn is not None else None
    return 0.0 if cell is None or isinstance(cell, str) else float(cell)


def hide_small_cells(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Every number below FEWEST becomes "fewer than 5": each cell counts a group of its own."""
    return tuple((name, *(_hidden(cell) for cell in cells)) for name, *cells in rows)


def hide_small_rows(rows: Iterable[Row], by: int = 1) -> tuple[Row, ...]:
    """A row whose cell ``by`` counts fewer than FEWEST says no more than that."""
    return tuple(
        (row[0], *(FEWER for _ in row[1:])) if isinstance(_hidden(row[by]), str) else row  # its times would tell
        for row in rows
    )


def _hidden(cell: Cell) -> Cell:
    return FEWER if isinstance(cell, int | float) and cell < FEWEST else cell
