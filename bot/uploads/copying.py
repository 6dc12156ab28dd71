"""What of a PDF is taken over: the objects that pages draw with, copied one by one, within a budget.

An own copy and not pypdf's: that one follows every reference there is, by recursion, and brings along whatever a
page mentions. Streams are copied as they are packed, so that a small one that unpacks to gigabytes costs nothing.
"""

from __future__ import annotations

import io
from collections import deque

from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from bot.uploads.jpeg import bare
from bot.uploads.refused import Refused

MAX_VALUES = 300_000
MAX_WRITTEN = 20_000_000
_RESOURCES = ("/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/ProcSet")
# Kept by pages and pictures for programs: attachments, metadata, layers, files elsewhere (ISO 32000-1, 7.3.8, 8.9.5,
# 8.10), and what TeX notes of a picture's origin. Dropped where a dictionary has fixed keys; elsewhere they may be
# names that somebody chose.
_DROPPED = frozenset(
    ("/AF", "/AA", "/A", "/Alternates", "/F", "/FFilter", "/FDecodeParms", "/JS", "/LastModified", "/Measure")
    + ("/Metadata", "/OC", "/OPI", "/PieceInfo", "/PtData", "/PS", "/Ref", "/StructParent", "/StructParents", "/Length")
    + ("/PTEX.FileName", "/PTEX.InfoDict")
)
_REFUSED_TYPES = frozenset(
    ("/Action", "/Annot", "/Catalog", "/EmbeddedFile", "/F", "/Filespec", "/Metadata", "/ObjStm", "/Outlines")
    + ("/Page", "/Pages", "/Sig", "/XRef")
)


def resolved(value: PdfObject | None) -> PdfObject | None:
    """What a reference stands for; None for nothing at all."""
    found = value.get_object() if value is not None else None
    return None if isinstance(found, NullObject | IndirectObject) else found


class Copy:
    """A new PDF in the making."""

    def __init__(self) -> None:
        self._objects: list[PdfObject] = []
        self._numbers: dict[tuple[int, int], IndirectObject] = {}
        self._waiting: deque[tuple[int, PdfObject | None]] = deque()
        self._left = MAX_VALUES

    def add(self, made: PdfObject) -> IndirectObject:
        """Put an object of ours in; the reference to it."""
        self._objects.append(made)
        return IndirectObject(len(self._objects), 0, None)

    def reference(self, old: IndirectObject) -> IndirectObject:
        """The reference to the copy of what ``old`` refers to, which is made once, and later: rings are no harm."""
        key = (old.idnum, old.generation)
        if key not in self._numbers:
            self._numbers[key] = self.add(NullObject())
            self._waiting.append((len(self._objects) - 1, resolved(old)))
        return self._numbers[key]

    def value(self, old: PdfObject | None) -> PdfObject:
        """The copy of a value, with references to the copies of what it refers to."""
        self._left -= 1
        if self._left < 0:
            raise Refused("upload_too_large")
        if isinstance(old, IndirectObject):
            return self.reference(old)
        if isinstance(old, StreamObject):
            return self._stream(old)
        if isinstance(old, DictionaryObject):
            return self._dictionary(old)
        if isinstance(old, ArrayObject):
            return ArrayObject([self.value(item) for item in old])
        if isinstance(old, TextStringObject):  # in a page it is bytes that only look like text
            return ByteStringObject(old.original_bytes)
        return old if old is not None else NullObject()

    def resources(self, old: PdfObject | None, more: dict[str, IndirectObject] | None = None) -> DictionaryObject:
        """The copy of what a page or a form draws with; ``more`` are forms to add to it."""
        made = DictionaryObject()
        known = resolved(old)
        found = known if isinstance(known, DictionaryObject) else DictionaryObject()
        for kind in _RESOURCES:
            if kind in found:
                made[NameObject(kind)] = self.value(resolved(found.raw_get(kind)))
        # Marks in the contents name these, so that they must be there; what they say is for programs.
        marks = resolved(found.get("/Properties"))
        if isinstance(marks, DictionaryObject):
            made[NameObject("/Properties")] = DictionaryObject({name: DictionaryObject() for name in marks})
        if more:
            forms = made.setdefault(NameObject("/XObject"), DictionaryObject())
            forms.update({NameObject(name): form for name, form in more.items()})
        return made

    def written(self, catalog: IndirectObject) -> bytes:
        """The whole file (ISO 32000-1, 7.5), once everything that is referred to has been copied."""
        while self._waiting:
            number, old = self._waiting.popleft()
            self._objects[number] = self.value(old)
        out = io.BytesIO()
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, made in enumerate(self._objects, 1):
            places.append(out.tell())
            out.write(b"%d 0 obj\n" % number)
            made.write_to_stream(out)
            out.write(b"\nendobj\n")
            if out.tell() > MAX_WRITTEN:
                raise Refused("upload_too_large")
        table = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
        out.writelines(b"%010d 00000 n \n" % place for place in places)
        out.write(b"trailer\n<< /Size %d /Root %d 0 R >>\n" % (len(places) + 1, catalog.idnum))
        out.write(b"startxref\n%d\n%%%%EOF\n" % table)
        return out.getvalue()

    def _dictionary(self, old: DictionaryObject) -> PdfObject:
        kind = resolved(old.get("/Type"))
        if kind in _REFUSED_TYPES or "/EF" in old:
            return NullObject()
        return self._entries(old, DictionaryObject(), _DROPPED if kind is not None else frozenset())

    def _stream(self, old: StreamObject) -> PdfObject:
        if resolved(old.get("/Type")) in _REFUSED_TYPES or resolved(old.get("/Subtype")) == "/PS":
            return NullObject()
        made = StreamObject()
        self._entries(old, made, _DROPPED)
        made.set_data(bare(old._data) if _is_jpeg(old) else old._data)  # packed: pypdf has no public word for it
        return made

    def _entries(self, old: DictionaryObject, made: DictionaryObject, dropped: frozenset[str]) -> DictionaryObject:
        for key, value in old.items():
            if key == "/Resources":
                made[NameObject(key)] = self.resources(value)
            elif key not in dropped:
                made[NameObject(key)] = self.value(value)
        return made


def _is_jpeg(stream: StreamObject) -> bool:
    packing = resolved(stream.get("/Filter"))
    return packing == "/DCTDecode" or (isinstance(packing, ArrayObject) and list(packing) == ["/DCTDecode"])
