"""Addresses, by the OS Places API (dataset LPI: the councils' own gazetteers, which carry the street's USRN).

UPRNs are text: they may begin with zeros. A postcode of more than 100 addresses comes in pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from actions.backends.errors import BackendNonsense
from actions.backends.http import Http
from actions.backends.reading import Record

_PAGE = 100
_MOST = 5000  # no postcode has so many; a back end that says so is broken, not large
_APPROVED = "1"  # LOGICAL_STATUS_CODE: alternative, provisional and historical records are left out
_LONGEST_QUERY = 200  # characters
_MATCH = "0.6"  # below this OS Places guesses
_RADIUS_METRES = "1000"  # the furthest that OS Places looks
_SMALL_WORDS = {"and", "at", "by", "in", "of", "on", "the", "under", "with"}


@dataclass(frozen=True)
class Address:
    """One home, or any building when it is found by where it is.

    ``line`` is for people and has no postcode; ``number`` is what tells it from its neighbours, ``house`` the number
    in the street alone.
    """

    uprn: str
    line: str
    postcode: str
    number: str
    usrn: str
    custodian: str
    latitude: float
    longitude: float
    street: str = ""
    town: str = ""
    house: str = ""


class Addresses(Protocol):
    """Who lives where is not known here: only which homes there are."""

    async def by_postcode(self, postcode: str) -> list[Address]:
        """Every home at the postcode, all pages; [] if there is none."""

    async def by_uprn(self, uprn: str) -> Address | None:
        """The address of a UPRN."""

    async def find(self, words: str) -> list[Address]:
        """What the words of a place may mean, best first: "12 edward street stockport"; [] when it is nothing."""

    async def nearest(self, latitude: float, longitude: float) -> Address | None:
        """The address nearest to a position in degrees, within a kilometre."""


class OsPlaces:
    """Addresses from OS Places."""

    def __init__(self, http: Http, key: str) -> None:
        self._http = http
        self._key = key

    async def by_postcode(self, postcode: str) -> list[Address]:
        """Every home at the postcode, in the order given; a UPRN once."""
        found: dict[str, Address] = {}
        offset = total = 0
        async with self._http.call():
            while offset == 0 or offset < total:
                total, page = await self._page("postcode", {"postcode": postcode, "offset": str(offset)})
                for entry in page:
                    if _is_home(entry):
                        found.setdefault(entry.text("UPRN"), self._address(entry))
                if not page:
                    break
                offset += len(page)
        return list(found.values())

    async def by_uprn(self, uprn: str) -> Address | None:
        """The address of a UPRN, home or not."""
        async with self._http.call():
            _, page = await self._page("uprn", {"uprn": uprn})
        return next((self._address(entry) for entry in page if _is_current(entry)), None)

    async def find(self, words: str) -> list[Address]:
        """What the words may mean, homes or not, best first; only what matches well (MATCH, from 0 to 1)."""
        async with self._http.call():
            _, page = await self._page("find", {"query": words[:_LONGEST_QUERY], "minmatch": _MATCH})
        return [self._address(entry) for entry in page if _is_current(entry)]

    async def nearest(self, latitude: float, longitude: float) -> Address | None:
        """The address nearest to a position, home or not."""
        point = {"point": f"{latitude:.6f},{longitude:.6f}", "srs": "EPSG:4326", "radius": _RADIUS_METRES}
        async with self._http.call():
            _, page = await self._page("nearest", point)
        return next((self._address(entry) for entry in page if _is_current(entry)), None)

    async def _page(self, search: str, params: dict[str, str]) -> tuple[int, list[Record]]:
        fixed = {"dataset": "LPI", "maxresults": str(_PAGE), "output_srs": "EPSG:4326", "key": self._key}
        raw: Any = await self._http.get(f"/search/places/v1/{search}", {**params, **fixed})
        answer = Record(self._http.name, raw)
        total = answer.part("header").whole("totalresults")
        if total > _MOST:
            raise BackendNonsense(self._http.name, "totalresults")
        return total, [item.part("LPI") for item in answer.parts("results")]

    def _address(self, entry: Record) -> Address:
        uprn = entry.text("UPRN")
        if not uprn.isdecimal() or len(uprn) > 12:
            raise entry.nonsense("UPRN")
        return Address(
            uprn=uprn,
            line=_line(entry),
            postcode=entry.text("POSTCODE_LOCATOR"),
            number=titled(_sub_building(entry) or _building(entry)),
            usrn=entry.label("USRN"),
            custodian=entry.label("LOCAL_CUSTODIAN_CODE"),
            latitude=entry.number("LAT"),
            longitude=entry.number("LNG"),
            street=titled(entry.text("STREET_DESCRIPTION", "")),
            town=titled(entry.text("LOCALITY_NAME", "") or entry.text("TOWN_NAME", "")),
            house=_numbers(entry, "PAO"),
        )


def _is_current(entry: Record) -> bool:
    return entry.label("LOGICAL_STATUS_CODE", _APPROVED) == _APPROVED


def _is_home(entry: Record) -> bool:
    return _is_current(entry) and entry.text("CLASSIFICATION_CODE").startswith("R")


def _numbers(entry: Record, prefix: str) -> str:
    """ "12", "12A" or "12-14" from the parts of an addressable object's number."""
    ends = [
        entry.label(f"{prefix}_{end}_NUMBER", "") + entry.text(f"{prefix}_{end}_SUFFIX", "") for end in ("START", "END")
    ]
    return "-".join(end for end in ends if end)


def _sub_building(entry: Record) -> str:
    return " ".join(filter(None, (entry.text("SAO_TEXT", ""), _numbers(entry, "SAO"))))


def _building(entry: Record) -> str:
    return _numbers(entry, "PAO") or entry.text("PAO_TEXT", "")


def _line(entry: Record) -> str:
    """ "Flat 3, Mersey Court, 12 Bramhall Lane, Stockport": what a person would write, without the postcode."""
    street = f"{_numbers(entry, 'PAO')} {entry.text('STREET_DESCRIPTION', '')}".strip()
    parts = (
        _sub_building(entry),
        entry.text("PAO_TEXT", ""),
        street,
        entry.text("LOCALITY_NAME", ""),
        entry.text("TOWN_NAME", ""),
    )
    line = ", ".join(titled(part) for part in dict.fromkeys(parts) if part)
    if not line:
        raise entry.nonsense("ADDRESS")
    return line


def titled(text: str) -> str:
    """ "HEATON MOOR ROAD" as "Heaton Moor Road": str.title() would make "St Mary'S" and "12a"."""
    words = text.split()
    return " ".join(_titled_word(word, first=index == 0) for index, word in enumerate(words))


def _titled_word(word: str, first: bool) -> str:
    if any(letter.isdigit() for letter in word):
        return word.upper()
    if word.lower() in _SMALL_WORDS and not first:
        return word.lower()
    return "-".join(part.capitalize() for part in word.split("-"))
