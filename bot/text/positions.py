"""Positions that people paste: coordinates in degrees, and links of map services. Pure; nothing is looked up.

A short link (``maps.app.goo.gl/...``) holds no position and is not followed: a chat must not fetch what strangers send.
"""

from __future__ import annotations

import re

from bot.text.sent import DECIMALS

_DEGREES = r"-?\d{1,3}(?:\.\d{1,20})?"
_PRECISE = r"-?\d{1,3}\.\d{3,20}"  # in running text only what cannot be a price or a date
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"!3d({_DEGREES})!4d({_DEGREES})",  # the pin of a Google Maps place, before the map's middle
        rf"/@({_DEGREES}),({_DEGREES})",
        rf"[?&](?:q|ll|sll|query|center|daddr|destination|coordinate)=(?:loc:)?({_DEGREES})(?:,|%2C)({_DEGREES})",
        rf"[?&]mlat=({_DEGREES})&mlon=({_DEGREES})",
        rf"#map=\d+/({_DEGREES})/({_DEGREES})",
        rf"\bgeo:({_DEGREES}),({_DEGREES})",
        rf"(?<![\d.])({_PRECISE})\s*[,; ]\s*({_PRECISE})(?![\d.])",
    )
)
_MINUTES = re.compile(
    r"(\d{1,2})[°º]\s*(\d{1,2})['′’]\s*(\d{1,2}(?:\.\d+)?)[\"″”]?\s*([NS])[,\s]*"
    r"(\d{1,3})[°º]\s*(\d{1,2})['′’]\s*(\d{1,2}(?:\.\d+)?)[\"″”]?\s*([EW])",
    re.IGNORECASE,
)


def find_position(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, of the first position in the text; None where there is none on earth."""
    for form in _FORMS:
        found = form.search(text)
        if found:
            return _on_earth(float(found[1]), float(found[2]))
    minutes = _MINUTES.search(text)
    if minutes is None:
        return None
    north, east = _in_degrees(minutes.groups()[:4]), _in_degrees(minutes.groups()[4:])
    return _on_earth(north, east)


def _in_degrees(parts: tuple[str, ...]) -> float:
    degrees = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    return -degrees if parts[3].upper() in "SW" else degrees


def _on_earth(latitude: float, longitude: float) -> tuple[float, float] | None:
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return round(latitude, DECIMALS), round(longitude, DECIMALS)
