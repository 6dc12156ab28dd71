"""A PDF written anew with nothing but its pages: what is seen stays, whatever acts, hides or tells goes.

A catalog, a page tree and pages are made from nothing (ISO 32000-1, 7.7); of the old pages only their boxes, their
contents and what these draw with is copied. So there is no place left for scripts, actions, forms, attachments,
links, XMP or a document's properties. Locked files are refused: what cannot be read cannot be made safe.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from bot.uploads.appearances import appearances
from bot.uploads.copying import Copy, resolved
from bot.uploads.refused import Refused

MAX_PAGES = 20
_MAX_NODES = 1000
_MAX_DEPTH = 50
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_KEPT = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group")


def rewrite(data: bytes) -> bytes:
    """The document's pages as a new one. Raises Refused, or what the reader raises."""
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise Refused("upload_type")
    copy = Copy()
    tree = DictionaryObject({NameObject("/Type"): NameObject("/Pages")})
    root = copy.add(tree)
    pages = ArrayObject()
    for page in _pages(reader.root_object.get("/Pages")):
        if len(pages) == MAX_PAGES:
            raise Refused("upload_too_large")
        pages.append(copy.add(_page(page, root, copy)))
    if not pages:
        raise Refused("upload_broken")
    tree[NameObject("/Kids")] = pages
    tree[NameObject("/Count")] = NumberObject(len(pages))
    catalog = {NameObject("/Type"): NameObject("/Catalog"), NameObject("/Pages"): root}
    return copy.written(copy.add(DictionaryObject(catalog)))


def _pages(top: PdfObject | None) -> Iterator[DictionaryObject]:
    """The pages in their order, each with what it inherits. A tree that is too big, too deep or a ring is refused."""
    waiting: list[tuple[PdfObject | None, DictionaryObject, int]] = [(top, DictionaryObject(), 0)]
    seen: set[int] = set()
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        reference, inherited, depth = waiting.pop()
        node = resolved(reference)
        is_again = isinstance(reference, IndirectObject) and reference.idnum in seen
        if not isinstance(node, DictionaryObject) or is_again or depth > _MAX_DEPTH:
            raise Refused("upload_broken")
        if isinstance(reference, IndirectObject):
            seen.add(reference.idnum)
        here = DictionaryObject({key: value for key, value in inherited.items() if key in _INHERITED})
        here.update(node)
        kids = resolved(node.get("/Kids"))
        if not isinstance(kids, ArrayObject):
            yield here
        elif len(kids) <= _MAX_NODES:
            waiting.extend((kid, here, depth + 1) for kid in reversed(kids))
        else:
            break
    raise Refused("upload_too_large")


def _page(page: DictionaryObject, parent: IndirectObject, copy: Copy) -> DictionaryObject:
    if "/MediaBox" not in page:
        raise Refused("upload_broken")
    shown, names = appearances(page, copy)
    made = DictionaryObject({NameObject("/Type"): NameObject("/Page"), NameObject("/Parent"): parent})
    for key in _KEPT:
        if key in page:
            made[NameObject(key)] = copy.value(resolved(page.raw_get(key)))
    made[NameObject("/Resources")] = copy.resources(page.get("/Resources"), names)
    # What pages leave behind in the state of drawing must not reach what is added after them.
    before, after = _drawing(b"q"), _drawing(b"\nQ\n" + shown)
    contents = [copy.reference(part) for part in _contents(page)]
    made[NameObject("/Contents")] = ArrayObject([copy.add(before), *contents, copy.add(after)])
    return made


def _contents(page: DictionaryObject) -> Iterator[IndirectObject]:
    """The streams that draw a page."""
    if "/Contents" not in page:
        return
    contents = page.raw_get("/Contents")
    parts = resolved(contents)
    for part in parts if isinstance(parts, ArrayObject) else [contents]:
        if not isinstance(resolved(part), StreamObject) or not isinstance(part, IndirectObject):
            raise Refused("upload_broken")
        yield part


def _drawing(content: bytes) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(content)
    return stream
