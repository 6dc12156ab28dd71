"""PDFs: honest ones by pypdf, dishonest ones object by object."""

from __future__ import annotations

import io

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

SECRET = b"Jo Bloggs was here"


def names(**entries: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def stream(data: bytes, **entries: PdfObject) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(data)
    made.update(names(**entries))
    return made


def numbers(*values: float) -> ArrayObject:
    return ArrayObject([FloatObject(value) for value in values])


def paper(pages: int = 1) -> PdfWriter:
    """A document whose pages say which they are."""
    writer = PdfWriter()
    font = names(Type=NameObject("/Font"), Subtype=NameObject("/Type1"), BaseFont=NameObject("/Helvetica"))
    fonts = names(F1=writer._add_object(font))
    for number in range(1, pages + 1):
        page = writer.add_blank_page(200, 200)
        page[NameObject("/Resources")] = names(Font=fonts)
        words = stream(b"BT /F1 24 Tf 20 100 Td (Page %d) Tj ET" % number)
        page[NameObject("/Contents")] = writer._add_object(words)
    return writer


def annotate(writer: PdfWriter, drawing: bytes, state: str = "", **entries: PdfObject) -> None:
    """Put an annotation onto the first page, drawn in a box of ten by ten."""
    page = writer.pages[0]
    fonts = page["/Resources"]
    form: PdfObject = writer._add_object(stream(drawing, BBox=numbers(0, 0, 10, 10), Resources=fonts))
    if state:
        form = names(**{state: form, "Off": writer._add_object(stream(b"", BBox=numbers(0, 0, 10, 10)))})
        entries["AS"] = NameObject(f"/{state}")
    made = names(
        Type=NameObject("/Annot"), Subtype=NameObject("/Widget"), Rect=numbers(10, 10, 60, 30), AP=names(N=form)
    )
    made.update(names(**entries))
    others = page.get("/Annots") or ArrayObject()
    page[NameObject("/Annots")] = ArrayObject([*others, writer._add_object(made)])


def laden(writer: PdfWriter) -> PdfWriter:
    """With all that a document can carry besides what is seen."""

    def add(value: PdfObject) -> IndirectObject:
        return writer._add_object(value)

    script = names(S=NameObject("/JavaScript"), JS=TextStringObject("app.alert('Jo Bloggs was here')"))
    told = add(stream(b"<x:xmpmeta>" + SECRET, Type=NameObject("/Metadata"), Subtype=NameObject("/XML")))
    file = add(names(Type=NameObject("/Filespec"), EF=names(F=add(stream(SECRET, Type=NameObject("/EmbeddedFile"))))))
    page, root = writer.pages[0], writer.root_object
    writer.add_metadata({"/Author": SECRET.decode(), "/Title": SECRET.decode()})
    writer.add_attachment("note.exe", SECRET)
    writer.add_outline_item(SECRET.decode(), 0)
    root.update(names(OpenAction=script, AA=names(WC=script), Metadata=told, AF=ArrayObject([file])))
    root.update(names(AcroForm=names(XFA=told, Fields=ArrayObject()), Lang=TextStringObject(SECRET.decode())))
    page.update(names(AA=names(O=script), Metadata=told, PieceInfo=names(App=names(Private=told)), Thumb=told))
    page["/Resources"].update(names(Properties=names(MC0=add(names(Metadata=told, AF=file))), Jo=told))  # type: ignore[attr-defined]
    page["/Contents"].update(names(Metadata=told, AF=file, F=file))  # type: ignore[attr-defined]
    picture = stream(b"\xff" * 3, Subtype=NameObject("/Image"), Metadata=told, Alternates=ArrayObject([told]), OPI=told)
    picture.update(names(Width=NumberObject(1), Height=NumberObject(1), BitsPerComponent=NumberObject(8)))
    picture.update(names(ColorSpace=NameObject("/DeviceRGB"), OC=names(Usage=told)))
    picture[NameObject("/PTEX.InfoDict")] = told
    shown = names(Im0=add(picture), Ps0=add(stream(SECRET, Subtype=NameObject("/PS"))), File=file, Meta=told)
    page["/Resources"].update(names(XObject=shown))  # type: ignore[attr-defined]
    annotate(writer, b"", A=script, Contents=TextStringObject(SECRET.decode()), Subtype=NameObject("/Link"))
    return writer


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
CONTENTS = b"<< /Length 5 >>\nstream\n0 0 m\nendstream"


def page(resources: bytes = b"<< >>", contents: bytes = b"4 0 R") -> bytes:
    return b"<< /Type /Page /MediaBox [0 0 9 9] /Resources " + resources + b" /Contents " + contents + b" >>"


def by_hand(*objects: bytes) -> bytes:
    """A document of these objects, the first of them the catalog."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, text in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, text))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, table))
    return out.getvalue()
