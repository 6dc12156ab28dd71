"""The words that roads are named with, however they are shortened or misspelt.

What sort of road it is and the point of the compass tell one road from another: Bramhall Lane is not Bramhall Road,
nor Park Road South Park Road. So these words are never guessed: each spelling that counts stands here.
"""

from __future__ import annotations

# Street stands as "st", for that is Saint too.
_SPELT = {
    "road": "rd raod rode roda roaad roadd",
    "st": "street saint str stret streat steet steeet sreet stteet streeet streer srteet",
    "lane": "ln lne laen laine lain lanee",
    "avenue": "ave av aven avn avenu avanue avenew aveneue avenie avneue",
    "close": "cl clo cls clsoe",
    "drive": "dr drv drve dirve",
    "crescent": "cres cresc crsnt cresent crescant cresant crecent cressent",
    "grove": "gr gro grv grov",
    "place": "pl plc palce",
    "court": "ct crt",
    "square": "sq sqr squre sqaure squar",
    "gardens": "gdns gdn gardns gardans",
    "terrace": "terr ter tce terace terrance terrase",
    "way": "wy",
    "walk": "wlk",
    "row": "",
    "mews": "mws",
    "hill": "hil hl",
    "rise": "",
    "view": "vw veiw",
    "park": "pk",
    "green": "grn",
    "fold": "",
    "brow": "",
    "bank": "bnk",
    "croft": "",
    "mount": "mt",
    "parade": "pde parede",
    "heath": "hth heth",
    "dale": "",
}
_DIRECTIONS = {
    "north": "nth nrth nroth",
    "south": "sth soth suth souht sooth",
    "east": "",
    "west": "",
}
_LETTERS = {"n": "north", "s": "south", "e": "east", "w": "west"}
# Before a name they make it another road's: Upper Hibbert Lane, South Park Road.
_PREFIXES = {
    "great": "gt grt",
    "upper": "upr",
    "lower": "lwr",
    "higher": "",
    "middle": "",
    "little": "lt",
    "old": "",
    "new": "",
}
# No road's name reaches over one of these.
BETWEEN = frozenset(
    """a an the on in at of off to from near by my our your his her their and or is it its up down along for outside
    opposite behind beside corner between round around past next with via onto into""".split()
)
KINDS = frozenset(_SPELT)
DIRECTIONS = frozenset(_DIRECTIONS)
QUALIFIERS = DIRECTIONS | frozenset(_PREFIXES)
SPELT_OUT = {
    said: word for table in (_SPELT, _DIRECTIONS, _PREFIXES) for word, forms in table.items() for said in forms.split()
}
_OTHER_WORDS = frozenset(("saint", "rode", "lain"))
# Every spelling of a sort of road but those that are words of their own.
KIND_FORMS = frozenset((*KINDS, *(said for forms in _SPELT.values() for said in forms.split()))) - _OTHER_WORDS


def in_full(words: list[str]) -> list[str]:
    """The words with what is shortened or misspelt written out; N, S, E and W only behind a sort of road."""
    found: list[str] = []
    for word in words:
        spelt = SPELT_OUT.get(word, word)
        found.append(_LETTERS.get(spelt, spelt) if found and found[-1] in KINDS else spelt)
    return found


def is_inside_another(before: str, after: str) -> bool:
    """Whether the words beside a road's name make it another road's: "South Park Road", "Park Road North"."""
    return before in QUALIFIERS or after in DIRECTIONS


def split_name(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A road's own words and those that say what sort of road it is; none of these for what is no road."""
    size = len(words) - (words[-1] in DIRECTIONS)
    if size < 2 or words[size - 1] not in KINDS:
        return words, ()
    return words[: size - 1], words[size - 1 :]
