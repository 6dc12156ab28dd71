"""What a page sends for a resident besides words: a file by the id under which it is kept, the device's position.

Pure. Typed words are read here only to see that there is nothing to send.
"""

from __future__ import annotations

import re

from bot.text.picking import plain

UPLOADS = frozenset(("photo", "document"))
MORE_THAN_WORDS = UPLOADS | {"place", "spot"}
DECIMALS = 5  # of a degree: about a metre, all that is needed to find what is near
_ID = re.compile(r"[0-9a-f]{32}")
_POSITION = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]{1,20})?),(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)")

# "I don't have a photo", "can't take one right now": a no, and besides it only words that say nothing else.
_NONE = frozenset("no none not without never nothing neither dont havent havnt hasnt cant cannot couldnt didnt".split())
_BESIDE = frozenset(
    "i ive im we weve have has had got get do can could be is it them any a an one of the this that my me on with to at"
    " in moment right now yet here hand sorry able possible phone camera computer thanks thank you please but afraid"
    " photo photos picture pictures pic pics image images document documents paper papers paperwork file files scan pdf"
    " hire take took taken send add attach upload find give provide show".split()
)


def is_upload_id(text: str) -> bool:
    """Whether the text is the id of a file that was sent to us: 32 lower-case hexadecimal digits."""
    return bool(_ID.fullmatch(text))


def read_position(text: str) -> tuple[float, float] | None:
    """Latitude and longitude from "53.40995,-2.15761", in degrees; None where there is no such place on earth."""
    found = _POSITION.fullmatch(text)
    if found is None:
        return None
    latitude, longitude = (round(float(degrees), DECIMALS) for degrees in found.groups())
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def has_none(text: str) -> bool:
    """Whether a resident says no more than that they have nothing to send."""
    words = set(plain(text).split())
    return bool(words & _NONE) and words <= _NONE | _BESIDE
