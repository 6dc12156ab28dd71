"""How money, days and times are written for a resident, by the style guide: "£35.50", "Tuesday 4 March", "4.30pm".

Pure: today's date is handed in. Only values are put into words here; sentences are content and live in the data.
The style is that of GOV.UK ("midday" and "midnight" rather than 12pm and 12am).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
# A date this near needs no year: nobody takes "Tuesday 4 March" for another year's.
NEAR_DAYS = 180


def money(amount: int | Decimal) -> str:
    """``3550`` pence or ``Decimal("35.50")`` pounds -> "£35.50"; whole pounds have no pence."""
    pence = round(amount * 100) if isinstance(amount, Decimal) else amount
    pounds, rest = divmod(abs(pence), 100)
    sign = "-" if pence < 0 else ""
    return f"{sign}£{pounds:,}.{rest:02d}" if rest else f"{sign}£{pounds:,}"


def fee(amount: int | Decimal) -> str:
    """As ``money``, but nothing to pay is "free"."""
    return money(amount) if amount else "free"


def day(value: date, today: date | None = None) -> str:
    """ "Tuesday 4 March"; with the year when ``today`` is given and the date is more than some months from it."""
    words = f"{DAYS[value.weekday()]} {value.day} {MONTHS[value.month - 1]}"
    if today is None or abs((value - today).days) <= NEAR_DAYS:
        return words
    return f"{words} {value.year}"


def days(first: date, last: date | None, today: date) -> str:
    """ "Tuesday 4 March", "Tuesday 4 March to Friday 7 March"; with no last day "from Tuesday 4 March"."""
    if last is None:
        return f"from {day(first, today)}"
    return day(first, today) if first == last else f"{day(first, today)} to {day(last, today)}"


def clock(value: time) -> str:
    """ "9am", "4.30pm", "midday", "midnight"."""
    if value.minute == 0 and value.hour in (0, 12):
        return "midday" if value.hour else "midnight"
    minutes = f".{value.minute:02d}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'am' if value.hour < 12 else 'pm'}"


def moment(value: datetime, today: date) -> str:
    """ "9.40am on Tuesday 4 March"."""
    return f"{clock(value.time())} on {day(value.date(), today)}"


def hours_range(start: time, end: time) -> str:
    """ "9am to 5pm"; a whole day is "all day"."""
    return "all day" if start == end else f"{clock(start)} to {clock(end)}"


def hours_list(ranges: Sequence[tuple[time, time]]) -> str:
    """ "8am to midday and 1pm to 6pm"; no range at all is "closed"."""
    return listed([hours_range(start, end) for start, end in ranges]) or "closed"


def weekdays(numbers: Sequence[int]) -> str:
    """Days of the week, Monday being 0: "Monday to Friday", "Monday, Tuesday and Friday"."""
    if len(numbers) > 2 and list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"{DAYS[numbers[0]]} to {DAYS[numbers[-1]]}"
    return listed([DAYS[number] for number in numbers])


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def size(count: int) -> str:
    """So many bytes: "640 KB", "1.2 MB"."""
    return f"{max(1, round(count / 1000))} KB" if count < 999_500 else f"{count / 1_000_000:.1f} MB"


def attachment(name: str, description: str, count: int) -> str:
    """What a file of so many bytes is called: its description, and the name of a document: "Form.pdf (640 KB)"."""
    file = f"{name} ({size(count)})" if name else ""
    return ", ".join(filter(None, (description, file)))


def to_call(number: str) -> str:
    """A phone number as our Markdown for a link (RFC 3966), so that a phone calls it with one press."""
    return f"[{number}](tel:{number.replace(' ', '')})"


def inert(text: str) -> str:
    """What a resident typed, fit to stand inside our Markdown: it can make no link and no line of its own."""
    return " ".join(text.replace("](", "] (").replace("][", "] [").replace("<", "\u2039").split())
