"""What annotations show, drawn into the page: an answer in a form, a signature or a stamp must not vanish with them.

Apart, since it is geometry (ISO 32000-1, 12.5.5): an appearance is a drawing of its own with a box, and the
annotation says into which rectangle of the page that box is put.
"""

from __future__ import annotations

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from bot.uploads.copying import Copy, resolved
from bot.uploads.refused import Refused

MAX_ANNOTATIONS = 1000
_HIDDEN = 2 | 32  # hidden everywhere, hidden on the screen
_IDENTITY = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]


def appearances(page: DictionaryObject, copy: Copy) -> tuple[bytes, dict[str, IndirectObject]]:
    """The drawing of all that a page's annotations show, and the forms that it names."""
    annotations = resolved(page.get("/Annots"))
    if not isinstance(annotations, ArrayObject):
        return b"", {}
    if len(annotations) > MAX_ANNOTATIONS:
        raise Refused("upload_too_large")
    drawing: list[str] = []
    names: dict[str, IndirectObject] = {}
    for item in annotations:
        annotation = resolved(item)
        form = _appearance(annotation) if isinstance(annotation, DictionaryObject) else None
        placed = _placed(annotation, form) if form is not None else None
        if form is not None and placed is not None:
            name = f"/Shown{len(names)}"  # a page that has this name itself shows ours instead
            names[name] = copy.reference(form)
            drawing.append(f"q {placed} cm {name} Do Q\n")
    return "".join(drawing).encode("ascii"), names


def _appearance(annotation: DictionaryObject) -> IndirectObject | None:
    """The drawing that is visible now: of a box to tick there are two."""
    flags = resolved(annotation.get("/F"))
    if isinstance(flags, int) and flags & _HIDDEN or resolved(annotation.get("/Subtype")) == "/Popup":
        return None
    all_of_them = resolved(annotation.get("/AP"))
    normal = all_of_them.get("/N") if isinstance(all_of_them, DictionaryObject) else None
    states = resolved(normal)
    if isinstance(states, DictionaryObject) and not isinstance(states, StreamObject):
        normal = states.get(resolved(annotation.get("/AS")))
    if not isinstance(normal, IndirectObject) or not isinstance(resolved(normal), StreamObject):
        return None
    return normal


def _placed(annotation: PdfObject | None, form: IndirectObject) -> str | None:
    """The matrix that puts the form's box, as its own matrix turns it, into the annotation's rectangle."""
    drawn = resolved(form)
    if not isinstance(annotation, DictionaryObject) or not isinstance(drawn, StreamObject):
        return None
    rectangle, box = _numbers(annotation.get("/Rect"), 4), _numbers(drawn.get("/BBox"), 4)
    if rectangle is None or box is None:
        return None
    a, b, c, d, e, f = _numbers(drawn.get("/Matrix"), 6) or _IDENTITY
    drawn[NameObject("/Subtype")] = NameObject("/Form")  # writers forget it, and without it nothing is drawn
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    (left, right), (low, high) = ((min(side), max(side)) for side in zip(*corners, strict=True))
    if right == left or high == low:
        return None
    across = abs(rectangle[2] - rectangle[0]) / (right - left)
    up = abs(rectangle[3] - rectangle[1]) / (high - low)
    x = min(rectangle[0], rectangle[2]) - left * across
    y = min(rectangle[1], rectangle[3]) - low * up
    return f"{across:.5f} 0 0 {up:.5f} {x:.5f} {y:.5f}"


def _numbers(value: PdfObject | None, count: int) -> list[float] | None:
    found = resolved(value)
    if not isinstance(found, ArrayObject) or len(found) != count:
        return None
    numbers = [float(item) for item in map(resolved, found) if isinstance(item, NumberObject | FloatObject)]
    return numbers if len(numbers) == count else None
