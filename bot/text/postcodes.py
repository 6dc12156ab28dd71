"""UK postcodes as people type and say them: any case and spacing, O for 0, I or L for 1, S for 5, B for 8, Z for 2.

The form is that of British Standard 7666 with the letters that Royal Mail uses in each place, and the area (SK, M)
must be a real one, so that few other words look like a postcode. GIR 0AA and BFPO, nobody's home, are not found.
"""

from __future__ import annotations

import re

from bot.text.match import Match

AREAS = frozenset(
    """AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC
    EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS
    LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP
    SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE""".split()  # noqa: SIM905
)
_INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_DIGITS = "0-9OILSBZ"  # and the letters that are taken for digits
_TO_DIGIT = str.maketrans("OILSBZ", "011582")
_TO_LETTER = str.maketrans("0582", "OSBZ")
_EDGE, _END = r"(?<![A-Z0-9])", r"(?![A-Z0-9])"
# What people type; which letters and digits are meant is decided afterwards, by position.
_TYPED = re.compile(rf"{_EDGE}([A-Z01258]{{1,2}}[{_DIGITS}][A-Z0-9]?)[ .,_-]{{0,3}}([{_DIGITS}][A-Z1258]{{2}}){_END}")
_SPACED = re.compile(rf"{_EDGE}([A-Z][ .]?[A-Z]?[ .]?[0-9][ .]?[A-Z0-9]?)[ .]{{0,2}}([0-9][ .]?[A-Z][ .]?[A-Z]){_END}")
_SAID = {
    word: str(number)
    for number, word in enumerate(
        "ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN SIXTEEN".split()
    )
} | {"OH": "0", "NOUGHT": "0"}
_FIGURE = rf"(?:{'|'.join(sorted(_SAID, key=len, reverse=True))}|\d{{1,2}})"
_FIGURES = rf"{_FIGURE}(?:[ ,]{{1,2}}{_FIGURE})?"
_SPOKEN = re.compile(rf"{_EDGE}([A-Z] ?[A-Z]?[ ,]{{1,2}}{_FIGURES})[ ,]{{1,3}}({_FIGURE}[ ,]{{0,2}}[A-Z] ?[A-Z]){_END}")
_DISTRICT = re.compile(r"0|[1-9][0-9]?|[0-9][A-HJKPSTUWXYZ]|[0-9][ABEHMNPRVWXY]")
# Only the middle of London has districts that end in a letter.
_LETTERED = frozenset("E EC N NW SE SW W WC".split())
# Areas that are words too: "so 4" is not half a postcode, "SO4" is.
_WORDS = frozenset("SO ME HA LA OX PA YO TA CO EX AL DE".split())
# Halves that are words, when read for their digits: "the M1 bus", "was 3rd", "sk1 one".
_OUTWARD_WORDS = frozenset(
    """ABS ALI ALL ALS ALSO BALL BASS BOB BRO BROS CAB CALL COIL COL COOL COS DEL DES DESS DOS ECO GO GOS GUS HAI
    HAIL HAL HALL HALO HAS HIS HUB HULL LAB LABS LAS LEO LES LESS LIZ LOL LOS MEL MESS MIL MIS MO MOB MS NEIL NESS NO
    NOS PAL PALS PASS PHIL POL POLO POOL PRO SAIL SAL SELL SIS SO SOB SOIL SOL SOLO SOS TAB TAIL TALL TOO TRIO TWO
    WALL WAS WEB WO""".split()
)
_INWARD_WORDS = frozenset(
    """BAD BAG BAN BAR BAT BAY BED BEE BEG BEN BET BUD BUG BUN BUS BUT BUY BYE ILL INN INS ISA IRS ITS LAB LAD LAP LAW
    LAX LAY LED LEE LEG LES LET LTD ODD OFF OLD ONE OPS OPT OUR OUT OWE OWL OWN SAD SAL SAT SAW SAX SAY SEA SEE SET
    SEX SHE SHY SLY SPA SUB SUE SUN ZEN""".split()
)
# After a figure apart these are words or units: "me 1 2 be", "3 at", "1st", "3ft".
_ENDINGS = frozenset("AN AS AT BE BY HE UP US WE".split())
_UNITS = frozenset("ST ND RD TH FT LB PT".split())
_ORDINAL = re.compile(r"1ST|2ND|3RD|[04-9]TH")
_NEXT_WORD = re.compile(r" [A-Z]")
_OUTWARD = re.compile(rf"{_EDGE}([A-Z]{{1,2}} ?[0-9][A-Z0-9]?){_END}")


def find_postcodes(text: str) -> list[Match]:
    """Every whole postcode in the text, normal form ``SK1 3XE``, in the order in which they stand."""
    found: list[Match] = []
    taken: set[int] = set()
    upper = text.upper()
    if len(upper) != len(text):  # a letter such as ß becomes two: offsets would be wrong
        upper = "".join(c.upper() if len(c.upper()) == 1 else c for c in text)
    for pattern in (_TYPED, _SPACED, _SPOKEN):
        for typed in pattern.finditer(upper):
            places = range(*typed.span())
            is_words = _is_sentence(typed[1], typed[2]) or _counts(typed[2], upper[typed.end() :])
            value = None if is_words else _normal(_compact(typed[1]), _compact(typed[2]))
            if value and taken.isdisjoint(places):
                taken.update(places)
                found.append(Match(value, typed.start(), typed.end()))
    return sorted(found, key=lambda match: match.start)


def parse_postcode(text: str) -> str | None:
    """The one postcode of the text, or None if there is none or more than one."""
    values = {match.value for match in find_postcodes(text)}
    return values.pop() if len(values) == 1 else None


def parse_outward(text: str) -> str | None:
    """The one outward half (``SK4``) of a text that has no whole postcode, or None."""
    if find_postcodes(text):
        return None
    typed = {m[1].replace(" ", "") for m in _OUTWARD.finditer(text.upper()) if m[1].split(" ")[0] not in _WORDS}
    values = {value for value in map(_outward, typed) if value}
    return values.pop() if len(values) == 1 else None


def is_outward(text: str) -> bool:
    """Whether the text is the outward half of a postcode and nothing else."""
    return _outward(text.strip().upper()) is not None and bool(_OUTWARD.fullmatch(text.strip().upper()))


def _is_sentence(outward: str, inward: str) -> bool:
    """Whether two halves are words, or a number and its unit, that only look like a postcode."""
    if outward in _OUTWARD_WORDS or inward in _INWARD_WORDS or outward.split(" ")[0] in _WORDS:
        return True
    has_digit = any(letter.isdigit() for letter in outward)
    return inward.split(" ")[-1] in _ENDINGS or (not has_digit and inward[-2:] in _UNITS)


def _counts(inward: str, after: str) -> bool:
    """Whether a half is a number in a row: "flat B5 2nd floor"."""
    return bool(_ORDINAL.fullmatch(inward) and _NEXT_WORD.match(after))


def _compact(half: str) -> str:
    """A half without spaces and marks, numbers said in words as figures."""
    return "".join(_SAID.get(part, part) for part in re.split(r"[ .,]+", half))


def _normal(outward: str, inward: str) -> str | None:
    if not any(character.isdigit() for character in outward + inward):
        return None  # letters alone are a word, whatever they could be slips for
    if outward == "GIR" or len(inward) != 3:
        return None
    first = _outward(outward)
    digit, letters = inward[0].translate(_TO_DIGIT), inward[1:].replace("1", "L").translate(_TO_LETTER)
    if first and all(letter in _INWARD_LETTERS for letter in letters):
        return f"{first} {digit}{letters}"
    return None


def _outward(typed: str) -> str | None:
    """The outward half that was meant: what stands in a letter's place is a letter, in a digit's place a digit."""
    for size in (2, 1):
        area, district = typed[:size], typed[size:]
        if not district or area.isdigit():
            continue
        for letter in "IL":
            meant = area.replace("1", letter).translate(_TO_LETTER)
            number = district[0].translate(_TO_DIGIT) + _second(meant, district[1:])
            if meant in AREAS and _DISTRICT.fullmatch(number):
                return meant + number
    return None


def _second(area: str, rest: str) -> str:
    """The district's second character, a letter only in London (EC1A), and never O, I or L."""
    is_letter = area in _LETTERED and rest not in ("O", "I", "L")
    return rest if is_letter else rest.translate(_TO_DIGIT)
