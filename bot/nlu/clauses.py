"""Where a message may be cut into separate requests. Pure text; bot.nlu.reading asks what each part means.

A cut is proposed at the end of a sentence, and at "and", "also", "plus", "then" or a comma where what follows
begins as English requests and reports do. Nouns alone ("and a mattress", "and blue bin") continue the one before.
"""

from __future__ import annotations

import re

MOST = 16

_ASKING = (
    r"please|can|could|would|will|do|does|did|is|are|was|were|has|have|may|shall|should|must|what|whats|when|whens"
    r"|where|wheres|which|who|why|how|need|want|wanna|like|get|order|report|book|request|apply|renew|join|sign|tell"
    r"|show|send|add|collect|cancel|find|put me|put my|help|ask|buy|pay|replace|remind|wen|wot|wots|wat|hw"
    r"|(?:i|we) (?:need|want|wanna|would)|(?:i|we)'d|id like"
)
_TELLING = (
    r"i|i'm|im|i've|ive|we|we're|we've|weve|you|you've|they|they've|nobody|no one|someone|somebody"
    r"|my|our|the|there|there's|theres"
)
_OPENING = rf"(?=(?:{_ASKING}|{_TELLING})\b)"
_JOINING = r"(?:and also|and then|as well as|and|plus|n|&)"
# "I also need", "we'd then like": there the word joins nothing.
_ADVERB = r"(?<!\bi)(?<!\bwe)(?<!\byou)(?<!\bthey)(?<!'d)(?<!'ve)(?<!'m)\s+(?:also|then)"
_CUT = re.compile(
    rf"(?<=[.?!;:])\s+|\s*,?\s+{_JOINING}[\s,]+{_OPENING}|,?{_ADVERB}[\s,]+{_OPENING}|,\s*{_OPENING}|\s-+\s{_OPENING}",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:(?:and|also|plus|then|but|so|basically|secondly|oh)\b[\s,]*)+", re.IGNORECASE)
_ASKS = re.compile(rf"(?:{_ASKING})\b", re.IGNORECASE)
_BACKWARD_START = re.compile(r"(?:its?|it's|that|that's|thats|this|these|those|them|he|she)\b", re.IGNORECASE)
_BACKWARD = re.compile(r"\b(?:it|them|that)\b", re.IGNORECASE)


def clauses(text: str) -> list[str]:
    """The message's parts in order, at most MOST; the message alone where nothing reads as a separate request."""
    parts = (_LEADING.sub("", part).strip(" ,.;:-") for part in _CUT.split(text))
    return [part for part in parts if part][:MOST]


def points_back(clause: str) -> bool:
    """Whether a clause tells more of what was said before it ("it's still full", "they left a tag on it")."""
    if _BACKWARD_START.match(clause):
        return True
    return not _ASKS.match(clause) and _BACKWARD.search(clause) is not None
