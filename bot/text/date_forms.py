"""The forms that dates are said in, and what each says. An earlier form's words are not read again by a later one."""

from __future__ import annotations

from bot.text import date_readers as read
from bot.text.date_readers import Reader
from bot.text.date_words import (
    BEFORE,
    COUNT,
    DAYS,
    FORTNIGHT,
    MONTHS,
    ORDINALS,
    SURE_DAYS,
    SURE_MONTHS,
    TODAY,
    TOMORROW,
    YESTERDAY,
    words_in,
)
from bot.text.named_days import BANK_MONDAY, FIXED, MOVING

# Words that a form needs one of: it is tried only on a text that has one, which saves nearly all of the time.
_WEEKDAY_WORDS = words_in(DAYS)
_MONTH_WORDS = words_in(MONTHS)
_ORDINAL_WORDS = words_in(ORDINALS)
_FIGURE_WORDS = frozenset(f"{number:{width}}" for number in range(1, 32) for width in ("", "02"))
_NUMBERED_WORDS = frozenset(f"{number}{ending}" for number in _FIGURE_WORDS for ending in ("st", "nd", "rd", "th"))
_WEEK_WORDS = words_in(f"week weeks {FORTNIGHT}")
_COUNTED_WORDS = words_in(f"day days week weeks {FORTNIGHT} fortnights")
_TODAY_WORDS = words_in(TODAY) - {"this"}
_TOMORROW_WORDS = words_in(TOMORROW)
_LAST_WORDS, _MONTH_WORD, _BANK_WORDS = words_in("last"), words_in("month"), words_in("bank")
_YESTERDAY_WORDS = words_in(YESTERDAY) - {"last"}

_FIGURES = r"\d{1,2}(?:st|nd|rd|th)?"
_NUMBERED = r"(?P<day>\d{1,2}(?:st|nd|rd|th))"
_ANY_DAY = rf"(?P<day>{_FIGURES}|{ORDINALS})"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
# After "the 3rd" only the end, a mark or one of these lets it be a day: "the 3rd time" is none.
_AFTER = r"(?=\s*(?:$|[.,;:!?)]|\s(?:at|and|or|please|pls|of|by|if|but|to|because|for|thanks|not|was|is|it|in)\b))"
# After "the third" fewer: "the third of my bins", "the second is broken".
_AFTER_WORD = r"(?=\s*(?:$|[.,;!?)]|\s(?:at|please|pls|if|because|thanks)\b))"
_WEEKDAY = rf"(?P<weekday>{DAYS})"
_OPTIONAL_DAY = rf"(?:{_WEEKDAY},? )?(?:the )?"
_BASE = rf"(?P<base>{DAYS}|{TODAY}|{TOMORROW})"
_WEEKS = rf"(?P<weeks>(?:{COUNT}) weeks?|week|(?:a )?(?:{FORTNIGHT}))"
_WEEK = r"(?P<week>last|this|next)"
_MONTH = rf"(?P<month>{MONTHS}|(?:the|this|next|last) month)"
_UNIT = rf"(?P<unit>day|week|{FORTNIGHT})s?"

Form = tuple[tuple[frozenset[str], ...], str, Reader]
ALWAYS: list[Form] = [
    ((_FIGURE_WORDS,), r"(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})", read.figures),
    (
        (_FIGURE_WORDS,),
        r"(?P<day>\d{1,2})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<year>20\d\d|\d\d)",
        read.figures,
    ),
    ((_WEEKDAY_WORDS,), rf"(?:the )?(?P<nth>{read.NTH}) {_WEEKDAY} (?:of|in) {_MONTH}", read.nth_weekday),
    ((_LAST_WORDS,), rf"(?:the )?last day (?:of|in) {_MONTH}", read.last_day),
    (
        (_MONTH_WORDS,),
        rf"{_OPTIONAL_DAY}(?P<day>{_FIGURES}) ?(?:of )?(?P<month>{MONTHS})\b\.?{_YEAR}",
        read.of_month,
    ),
    ((_MONTH_WORDS,), rf"{_OPTIONAL_DAY}(?P<month>{MONTHS}) (?:the )?(?P<day>{_FIGURES}){_YEAR}", read.of_month),
    # In words "may" and "march" say what people do: only "of" and "the" make them months.
    (
        (_MONTH_WORDS, _ORDINAL_WORDS),
        rf"{_OPTIONAL_DAY}(?P<day>{ORDINALS}) (?:day )?of (?P<month>{MONTHS})\b{_YEAR}",
        read.of_month,
    ),
    (
        (_MONTH_WORDS, _ORDINAL_WORDS),
        rf"{_OPTIONAL_DAY}(?P<day>{ORDINALS}) (?P<month>{SURE_MONTHS})\b{_YEAR}",
        read.of_month,
    ),
    (
        (_MONTH_WORDS, _ORDINAL_WORDS),
        rf"{_OPTIONAL_DAY}(?P<month>{MONTHS}),? the (?P<day>{ORDINALS}){_YEAR}{_AFTER_WORD}",
        read.of_month,
    ),
    (
        (_MONTH_WORDS, _ORDINAL_WORDS),
        rf"{_OPTIONAL_DAY}(?P<month>{SURE_MONTHS}) (?P<day>{ORDINALS}){_YEAR}{_AFTER_WORD}",
        read.of_month,
    ),
    (
        (_NUMBERED_WORDS | _ORDINAL_WORDS,),
        rf"{_OPTIONAL_DAY}{_ANY_DAY} of the (?P<month>{_FIGURES}|{ORDINALS})",
        read.of_numbered_month,
    ),
    ((_MONTH_WORD,), rf"{_OPTIONAL_DAY}{_ANY_DAY} of (?P<which>next|this|last) month", read.of_named_month),
    ((_MONTH_WORD,), rf"(?:{BEFORE} )?(?:the )?{_NUMBERED} of the month", read.of_this_month),
    ((_MONTH_WORD,), rf"(?:the )?{_ANY_DAY} of (?:each|every) month", read.no_day),
    *(((words_in(named),), named, read.fixed(month, day)) for named, (month, day) in FIXED.items()),
    *(((words_in(named) - {"good"},), named, read.moving(days)) for named, days in MOVING.items()),
    ((_BANK_WORDS,), BANK_MONDAY, read.bank_monday),
    ((_WEEKDAY_WORDS,), rf"(?:black|cyber|super|whit|bank holiday) (?:{DAYS})", read.no_day),
    ((_WEEK_WORDS,), rf"{_WEEKS} next (?:{DAYS})", read.no_day),
    (
        (_WEEK_WORDS,),
        rf"{_WEEKS} (?:ago|last|past|back) (?:on )?(?P<base>{DAYS}|{TODAY}|{YESTERDAY})",
        read.weeks_before,
    ),
    ((_WEEKDAY_WORDS,), rf"(?:the )?{_WEEKDAY} (?P<week>after next)", read.in_week),
    ((_WEEK_WORDS,), rf"(?:on )?{_WEEKDAY},? (?:of )?{_WEEK} week", read.in_week),
    ((_WEEK_WORDS,), rf"(?:the )?{_WEEKDAY} (?:of )?(?:the )?week (?P<week>after next)", read.in_week),
    ((_WEEK_WORDS,), rf"{_WEEK} week (?:on )?{_WEEKDAY}", read.in_week),
    ((_WEEK_WORDS,), rf"{_WEEKS} (?:on |from |after )?{_BASE}", read.weeks_after),
    ((_WEEK_WORDS,), rf"{_WEEKS} from (?P<base>now)", read.weeks_after),
    ((_WEEK_WORDS,), rf"{_BASE} (?P<weeks>week|{FORTNIGHT})", read.weeks_after),
    ((_COUNTED_WORDS,), rf"in (?P<count>{COUNT}) {_UNIT}(?:'s?)?(?P<ago>)(?: time)?", read.counted),
    ((_COUNTED_WORDS,), rf"(?P<count>{COUNT}) {_UNIT} (?P<ago>ago|back)", read.counted),
    ((_TOMORROW_WORDS,), rf"(?:the )?day after (?:{TOMORROW})", read.days_after(2)),
    ((_YESTERDAY_WORDS,), rf"(?:the )?day (?:before|b4) (?:{YESTERDAY})", read.days_after(-2)),
    ((_TOMORROW_WORDS,), TOMORROW, read.days_after(1)),
    ((_TODAY_WORDS,), TODAY, read.days_after(0)),
    ((_YESTERDAY_WORDS,), YESTERDAY, read.days_after(-1)),
    ((_NUMBERED_WORDS,), rf"{_WEEKDAY},? (?:the )?{_NUMBERED}(?!\s*(?:of )?(?:{MONTHS}))", read.of_this_month),
    ((_WEEKDAY_WORDS,), rf"(?:the )?(?:first|second|third|fourth|2nd|3rd|4th) (?:{DAYS})", read.no_day),
    ((_WEEKDAY_WORDS,), rf"(?:the |this )?{_WEEKDAY} (?:just )?(?P<which>gone|past|coming)", read.of_week),
    ((_WEEKDAY_WORDS,), rf"(?:this |the )?(?P<which>coming) {_WEEKDAY}", read.of_week),
    ((_WEEKDAY_WORDS,), rf"(?:(?P<which>next|this|last|past)|{BEFORE}|for) {_WEEKDAY}", read.of_week),
    ((_WEEKDAY_WORDS,), rf"(?P<which>)(?P<weekday>{SURE_DAYS})", read.of_week),
    ((_NUMBERED_WORDS,), rf"(?:the|{BEFORE}) (?:the )?{_NUMBERED}{_AFTER}", read.of_this_month),
    (
        (_ORDINAL_WORDS,),
        rf"(?:on|by|since|until|till|before|after) the (?P<day>{ORDINALS}){_AFTER_WORD}",
        read.of_this_month,
    ),
    (
        (_FIGURE_WORDS,),
        rf"(?:{BEFORE}|for) (?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?P<year>)(?![/\d])",
        read.figures,
    ),
]
# As the answer to a question for a date, less is enough.
ALONE: list[Form] = [
    ((_WEEKDAY_WORDS,), rf"(?P<which>)(?P<weekday>{DAYS})", read.of_week),
    ((_NUMBERED_WORDS,), _NUMBERED + _AFTER, read.of_this_month),
    ((_ORDINAL_WORDS,), rf"the (?P<day>{ORDINALS}){_AFTER_WORD}", read.of_this_month),
    ((_FIGURE_WORDS,), r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?P<year>)", read.figures),
]
