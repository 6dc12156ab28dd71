"""Of a PDF only the pages come out, and what they show; what cannot be read, or costs too much, is refused."""

from __future__ import annotations

import io
import time
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import IndirectObject, NameObject, NumberObject

from bot.uploads.cleaning import DOCUMENT, PHOTO, clean
from bot.uploads.jpeg import bare
from bot.uploads.refused import Refused
from tests.bot.uploads.papers import (
    CATALOG,
    CONTENTS,
    PAGES,
    SECRET,
    annotate,
    by_hand,
    laden,
    names,
    numbers,
    page,
    paper,
    stream,
    written,
)
from tests.bot.uploads.pictures import decoded, encoded, near, srgb, told, two_halves

# Nothing of these may be in a document that was written anew.
ACTING = ("/JS", "/JavaScript", "/OpenAction", "/AA", "/A ", "/Annots", "/AcroForm", "/XFA", "/EF", "/AF", "/Names")
TELLING = ("/Metadata", "/PieceInfo", "/Info", "/Producer", "/Author", "/Outlines", "/Lang", "/Thumb", "/Alternates")


def cleaned(data: bytes) -> PdfReader:
    made = clean(data, [DOCUMENT])
    assert (made.media_type, made.suffix, made.width, made.height) == ("application/pdf", ".pdf", 0, 0)
    assert made.data.startswith(b"%PDF-1.7\n") and made.data.endswith(b"%%EOF\n")
    text = made.data.decode("latin-1")
    assert not [word for word in (*ACTING, *TELLING) if word in text]
    return PdfReader(io.BytesIO(made.data), strict=True)


def refused(data: bytes, *kinds: str) -> str:
    start = time.process_time()
    with pytest.raises(Refused) as caught:
        clean(data, kinds or [DOCUMENT])
    assert time.process_time() - start < 10
    return caught.value.kind


def test_pages_stay_as_they_are() -> None:
    reader = cleaned(written(paper(3)))
    assert [found.extract_text() for found in reader.pages] == ["Page 1", "Page 2", "Page 3"]
    assert list(reader.pages[0].mediabox) == [0, 0, 200, 200]
    assert reader.metadata is None and reader.xmp_metadata is None
    assert set(reader.root_object) == {"/Type", "/Pages"} and set(reader.trailer) == {"/Size", "/Root"}


def test_what_acts_tells_or_is_attached_goes() -> None:
    sent = written(laden(paper(2)))
    assert SECRET in sent and b"/JavaScript" in sent and b"/EmbeddedFile" in sent
    made = clean(sent, [DOCUMENT])
    assert SECRET not in made.data
    reader = cleaned(sent)
    assert [found.extract_text().strip() for found in reader.pages] == ["Page 1", "Page 2"]
    drawn = reader.pages[0]["/Resources"]["/XObject"]  # type: ignore[index]
    assert drawn["/Im0"]["/Subtype"] == "/Image" and not reader.attachments
    assert set(reader.pages[0]) == {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}


def test_what_is_hidden_behind_references_goes_too() -> None:
    file = b"<< /Type 6 0 R /EF << /F 7 0 R >> >>"
    font = b"<< /Font << /F1 5 0 R /F2 7 0 R >> /ExtGState << /F 8 0 R >> >>"
    objects = (page(font), CONTENTS, file, b"/Filespec", b"<< /Length 1 /Type 9 0 R >>\nstream\n!\nendstream")
    reader = cleaned(by_hand(CATALOG, PAGES, *objects, b"<< /Type /ExtGState /CA 1 >>", b"/EmbeddedFile"))
    drawn = reader.pages[0]["/Resources"]
    assert str(drawn["/Font"].get("/F1").get_object()) == "NullObject"  # type: ignore[index]
    assert str(drawn["/Font"].get("/F2").get_object()) == "NullObject"  # type: ignore[index]
    assert drawn["/ExtGState"]["/F"]["/CA"] == 1, "names that somebody chose stay"  # type: ignore[index]


def test_what_pages_inherit_comes_along() -> None:
    tree = b"<< /Type /Pages /Kids [4 0 R] /MediaBox [0 0 50 60] /Rotate 90 >>"
    leaf = b"<< /Type /Page /Resources << >> >>"
    top = b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 9 9] >>"
    reader = cleaned(by_hand(CATALOG, top, tree, leaf))
    assert list(reader.pages[0].mediabox) == [0, 0, 50, 60] and reader.pages[0].rotation == 90


def test_what_annotations_show_stays_and_they_go() -> None:
    writer = paper()
    annotate(writer, b"BT /F1 8 Tf (Answer) Tj ET")
    annotate(writer, b"BT /F1 8 Tf (Ticked) Tj ET", state="Yes")
    annotate(writer, b"BT /F1 8 Tf (Hidden) Tj ET", F=NumberObject(2))
    annotate(writer, b"BT /F1 8 Tf (Popup) Tj ET", Subtype=NameObject("/Popup"))
    annotate(writer, b"BT /F1 8 Tf (Nowhere) Tj ET", Rect=NameObject("/None"))
    text = cleaned(written(writer)).pages[0].extract_text()
    assert "Page 1" in text and "Answer" in text and "Ticked" in text
    assert not [word for word in ("Hidden", "Popup", "Nowhere") if word in text]


def test_an_appearance_is_put_into_its_rectangle() -> None:
    writer = paper()
    annotate(writer, b"", Rect=numbers(110, 30, 10, 10))  # corners in any order
    drawing = cleaned(written(writer)).pages[0]["/Contents"]
    last = drawing[-1].get_object().get_data()  # type: ignore[index]
    assert b"10.00000 0 0 2.00000 10.00000 10.00000 cm /Shown0 Do" in last


def test_a_photo_inside_loses_its_words_and_keeps_its_pixels() -> None:
    photo = encoded(two_halves(), exif=told(), icc_profile=srgb(), comment=SECRET)
    writer = paper()
    picture = stream(photo, Subtype=NameObject("/Image"), Filter=NameObject("/DCTDecode"))
    picture.update(names(Width=NumberObject(64), Height=NumberObject(32), ColorSpace=NameObject("/DeviceRGB")))
    picture.update(names(BitsPerComponent=NumberObject(8)))
    shown = names(Im0=writer._add_object(picture))
    writer.pages[0]["/Resources"].update(names(XObject=shown))  # type: ignore[attr-defined]
    sent = written(writer)
    assert SECRET in sent
    reader = cleaned(sent)
    kept = reader.pages[0]["/Resources"]["/XObject"].raw_get("/Im0")  # type: ignore[index]
    assert isinstance(kept, IndirectObject)
    data = kept.get_object()._data  # type: ignore[union-attr]
    assert SECRET not in data and b"Exif" not in data and b"ICC_PROFILE" not in data
    assert decoded(data).tobytes() == decoded(photo).tobytes()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_bare_jpeg_has_the_same_colours(mode: str) -> None:
    photo = encoded(two_halves().convert(mode), exif=told())
    assert decoded(bare(photo)).tobytes() == decoded(photo).tobytes()
    assert near(decoded(bare(encoded(two_halves()))), (8, 16), (200, 20, 20))


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xe1\0\0" * 9, b"no", bytes(99)])
def test_what_is_no_jpeg_takes_no_harm(data: bytes) -> None:
    assert len(bare(data)) <= len(data)


def test_scans_written_as_pdf_are_read() -> None:
    assert len(cleaned(encoded(Image.new("RGB", (300, 200), "red"), "PDF")).pages[0].images) == 1


@pytest.mark.parametrize("password", ["x", ""])
def test_locked_documents_are_refused(password: str) -> None:
    writer = paper()
    writer.encrypt(password, "owner")
    assert refused(written(writer)) == "upload_type"


def test_a_document_is_refused_where_only_a_photo_is_asked_for() -> None:
    assert refused(written(paper()), PHOTO) == "upload_type"
    assert refused(b"\n" + written(paper())) == "upload_type"


def test_twenty_pages_are_enough() -> None:
    assert len(cleaned(written(paper(20))).pages) == 20
    assert refused(written(paper(21))) == "upload_too_large"
    assert refused(written(paper(100))) == "upload_too_large"


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_what_is_cut_off_is_refused(part: float) -> None:
    data = written(paper(3))
    assert refused(data[: int(len(data) * part)]) == "upload_broken"


BROKEN = {
    "nothing": b"%PDF-",
    "no end": b"%PDF-1.7\n" + b"a" * 1_000_000,
    "no objects": b"%PDF-1.7\nstartxref\n0\n%%EOF\n",
    "no pages": by_hand(CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>"),
    "no tree": by_hand(CATALOG, b"null"),
    "no box": by_hand(CATALOG, PAGES, b"<< /Type /Page /Contents 4 0 R >>", CONTENTS),
    "no contents": by_hand(CATALOG, PAGES, page(), b"null"),
    "contents are a number": by_hand(CATALOG, PAGES, page(contents=b"[7]")),
    "a tree of itself": by_hand(CATALOG, b"<< /Kids [2 0 R] >>"),
    "a ring": by_hand(CATALOG, PAGES, b"<< /Kids [2 0 R] >>"),
    "a page twice": by_hand(CATALOG, b"<< /Kids [3 0 R 3 0 R] >>", page(), CONTENTS),
    "a deep tree": by_hand(CATALOG, *(b"<< /Kids [%d 0 R] >>" % (n + 3) for n in range(100)), page(contents=b"[]")),
    "a deep value": by_hand(CATALOG, PAGES, page(b"[" * 5000 + b"]" * 5000), CONTENTS),
    "resources of themselves": by_hand(CATALOG, PAGES, page(b"5 0 R"), CONTENTS, b"<< /Font << /Resources 5 0 R >> >>"),
    "brackets": b"%PDF-1.7\n1 0 obj\n" + b"<<" * 2_000 + b"\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_makes_no_sense_is_refused(data: bytes) -> None:
    assert refused(data) == "upload_broken"


def test_rings_of_what_is_drawn_are_no_harm() -> None:
    form = b"<< /Type /XObject /Subtype /Form /Length 0 /BBox [0 0 1 1] /Resources << /XObject << /X 5 0 R >> >> >>"
    cleaned(by_hand(CATALOG, PAGES, page(b"<< /XObject << /X 5 0 R >> >>"), CONTENTS, form + b"\nstream\n\nendstream"))


@pytest.mark.parametrize(
    "objects",
    [
        (b"<< /Kids [" + b"3 0 R " * 2000 + b"] >>", page(), CONTENTS),
        (
            PAGES,
            page(b"<< /Font << /F [" + b"0 " * 90_000 + b"] /G 5 0 R >> >>"),
            CONTENTS,
            b"[" + b"[0]" * 99_000 + b"]",
        )
        + (b"[" + b"0 " * 99_000 + b"]",),
        (
            PAGES,
            page(b"<< /XObject 5 0 R >>"),
            CONTENTS,
            b"<<" + b"".join(b"/%d 6 0 R" % n for n in range(99_000)) + b">>",
        )
        + (b"[" + b"0 " * 99_000 + b"]", b"[" + b"0 " * 99_000 + b"]"),
    ],
    ids=["kids", "values", "names"],
)
def test_too_much_work_is_refused(objects: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.uploads.copying.MAX_VALUES", 150_000)
    assert refused(by_hand(CATALOG, *objects)) == "upload_too_large"


def test_what_unpacks_to_a_lot_is_never_unpacked() -> None:
    packed = zlib.compress(bytes(200_000_000), 9)
    contents = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    start = time.process_time()
    made = clean(by_hand(CATALOG, PAGES, page(), contents), [DOCUMENT])
    assert packed in made.data and time.process_time() - start < 1


def test_ten_megabytes_are_enough() -> None:
    assert refused(written(paper()) + bytes(10_000_000)) == "upload_too_large"
