"""Cells in words, for people. Files have the numbers themselves. Pure."""

from __future__ import annotations

from datetime import date

from bot.staff.insights.tables import COUNT, DAY, SCORE, SECONDS, SHARE, Cell

NOTHING = "none"


def shown(cell: Cell, kind: str) -> str:
    """A cell as the page says it: 1,204; 81%; 2 min 5 s; 4.2; Mon 3 Mar 2025."""
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return _day(cell) if kind == DAY else cell
    if kind == SHARE:
        return f"{cell * 100:.0f}%"
    if kind == SECONDS:
        return lasting(cell)
    if kind == SCORE:
        return f"{cell:.1f}"
    return f"{cell:,}" if kind == COUNT else str(cell)


def lasting(seconds: float) -> str:
    """How long, in its two largest units: 8 s, 2 min 5 s, 3 h 20 min, 2 days 4 h."""
    whole = round(seconds)
    sizes = ((86_400, "day" if whole < 172_800 else "days"), (3600, "h"), (60, "min"), (1, "s"))
    parts = []
    for size, unit in sizes:
        number, whole = divmod(whole, size)
        parts.append(f"{number} {unit}" if number else "")
    largest = next((place for place, part in enumerate(parts) if part), None)
    return "0 s" if largest is None else " ".join(part for part in parts[largest : largest + 2] if part)


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day:%a} {day.day} {day:%b %Y}"
