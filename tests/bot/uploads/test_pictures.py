"""Only pixels come out of a picture, upright and in the right colours; what is no picture is refused."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from PIL import Image, PngImagePlugin

from bot.uploads.cleaning import DOCUMENT, PHOTO, Clean, clean
from bot.uploads.pictures import MAX_SIDE
from bot.uploads.refused import Refused
from tests.bot.uploads.pictures import (
    BLUE,
    RED,
    SECRET,
    decoded,
    encoded,
    jpeg_of_scans,
    near,
    png_of_size,
    srgb,
    told,
    two_halves,
)


def cleaned(data: bytes) -> tuple[Clean, Image.Image]:
    made = clean(data, [PHOTO])
    picture = decoded(made.data)
    assert (made.media_type, made.suffix, picture.format, picture.mode) == ("image/jpeg", ".jpg", "JPEG", "RGB")
    assert (made.width, made.height) == picture.size
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} and not picture.getexif()
    return made, picture


def refused(data: bytes, kinds: tuple[str, ...] = (PHOTO, DOCUMENT)) -> str:
    with pytest.raises(Refused) as caught:
        clean(data, kinds)
    return caught.value.kind


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_that_a_phone_tells_is_kept(kind: str) -> None:
    options = {"exif": told(), "icc_profile": srgb(), "xmp": b"<x:xmpmeta>" + SECRET}
    if kind == "JPEG":
        options["comment"] = SECRET
    sent = encoded(two_halves(), kind, **options)
    assert SECRET in sent
    made, picture = cleaned(sent)
    assert SECRET not in made.data and b"GPS" not in made.data and b"ICC_PROFILE" not in made.data
    assert near(picture, (8, 16), RED) and near(picture, (56, 16), BLUE)


def test_what_png_says_in_words_is_not_kept() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", SECRET.decode())
    words.add_itxt("Comment", SECRET.decode())
    made, _ = cleaned(encoded(two_halves(), "PNG", pnginfo=words))
    assert SECRET not in made.data


@pytest.mark.parametrize("tail", [b"<?php system('id'); ?>", b"<script>alert(1)</script>", SECRET])
def test_what_is_hidden_behind_the_picture_is_not_kept(tail: bytes) -> None:
    for kind in ("JPEG", "PNG"):
        made, _ = cleaned(encoded(two_halves(), kind) + tail)
        assert tail not in made.data


def test_a_picture_that_is_an_archive_as_well_is_one_no_longer() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.html", "<script>")
    sent = encoded(two_halves()) + archive.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(sent))
    made, _ = cleaned(sent)
    assert not zipfile.is_zipfile(io.BytesIO(made.data))


# Where the red half of a picture is once it stands upright, by how the phone was held.
@pytest.mark.parametrize(
    ("orientation", "red", "blue"),
    [
        *((turn, (8, 16), (56, 16)) for turn in (1, 4)),
        *((turn, (56, 16), (8, 16)) for turn in (2, 3)),
        *((turn, (16, 8), (16, 56)) for turn in (5, 6)),
        *((turn, (16, 56), (16, 8)) for turn in (7, 8)),
        (99, (8, 16), (56, 16)),
    ],
)
def test_it_stands_upright(orientation: int, red: tuple[int, int], blue: tuple[int, int]) -> None:
    _, picture = cleaned(encoded(two_halves(), exif=told(orientation)))
    assert near(picture, red, RED) and near(picture, blue, BLUE)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_exif_that_is_nonsense_does_no_harm() -> None:
    cleaned(encoded(two_halves(), exif=b"Exif\0\0MM\0*\0\0\0\xff" + b"\xff" * 40))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((4032, 3024), (2048, 1536)), ((3000, 10), (2048, 7)), ((1, 1), (1, 1)), ((9, 2048), (9, 2048))],
)
def test_it_is_made_smaller_and_never_larger(size: tuple[int, int], expected: tuple[int, int]) -> None:
    made, _ = cleaned(encoded(Image.new("RGB", size)))
    assert (made.width, made.height) == expected and max(expected) <= MAX_SIDE


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    clear.paste((*RED, 255), (0, 0, 20, 20))
    palette = clear.convert("RGB").quantize(8)
    transparent = palette.getpixel((30, 10))
    grey = Image.new("LA", (40, 20), (0, 0))
    for sent in (encoded(clear, "PNG"), encoded(clear, "WEBP"), encoded(palette, "PNG", transparency=transparent)):
        _, picture = cleaned(sent)
        assert near(picture, (5, 10), RED) and near(picture, (35, 10), (255, 255, 255))
    assert near(cleaned(encoded(grey, "PNG"))[1], (5, 5), (255, 255, 255))


def test_colours_survive_however_they_are_stored() -> None:
    sixteen = Image.new("I;16", (20, 20), 128 * 257)
    assert near(cleaned(encoded(sixteen, "PNG"))[1], (5, 5), (128, 128, 128))
    ink = Image.new("CMYK", (20, 20), (0, 255, 255, 0))
    assert near(cleaned(encoded(ink))[1], (5, 5), (255, 0, 0), within=20)
    for mode, expected in (("1", 255), ("L", 1), ("P", 1)):
        assert near(cleaned(encoded(Image.new(mode, (20, 20), 1), "PNG"))[1], (5, 5), (expected,) * 3)


def test_a_profile_is_applied_before_it_goes() -> None:
    swapped = srgb().replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    assert near(cleaned(encoded(two_halves(), icc_profile=swapped))[1], (8, 16), BLUE)
    for unfit in (b"\0" * 200, srgb()[:300]):
        assert near(cleaned(encoded(two_halves(), icc_profile=unfit))[1], (8, 16), RED)
    cleaned(encoded(Image.new("L", (20, 20)), icc_profile=srgb()))


def test_of_a_film_the_first_picture_is_kept() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (BLUE, RED)]
    for kind in ("WEBP", "PNG"):
        sent = encoded(frames[0], kind, save_all=True, append_images=frames)
        assert near(cleaned(sent)[1], (5, 5), BLUE)
    assert near(cleaned(encoded(frames[0], "MPO", save_all=True, append_images=frames[1:]))[1], (5, 5), BLUE)


@pytest.mark.parametrize(
    "data",
    [
        encoded(two_halves(), "GIF"),
        encoded(two_halves(), "BMP"),
        encoded(two_halves(), "TIFF"),
        encoded(two_halves(), "ICO"),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100),
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a/*\xff\xd8\xff*/",
        b" \xff\xd8\xff",
        b"MZ" + bytes(100),
        b"hello",
        b"\0",
    ],
)
def test_other_kinds_of_files_are_refused_whatever_they_are_called(data: bytes) -> None:
    assert refused(data) == "upload_type"


def test_a_picture_is_refused_where_only_a_document_is_asked_for() -> None:
    assert refused(encoded(two_halves()), (DOCUMENT,)) == "upload_type"
    assert refused(encoded(two_halves()), ()) == "upload_type"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_cut_off_or_damaged_is_refused_or_harmless(kind: str) -> None:
    data = encoded(two_halves(640, 320).rotate(10), kind)
    for part in (0.1, 0.5, 0.9):
        assert refused(data[: int(len(data) * part)]) == "upload_broken"
    chance = random.Random(1)
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(8):
            damaged[chance.randrange(16, len(data))] = chance.randrange(256)
        try:
            cleaned(bytes(damaged))
        except Refused as problem:
            assert problem.kind in ("upload_broken", "upload_too_large", "upload_type")


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"RIFF\0\0\0\0WEBPVP8 "]
)
def test_hardly_anything_is_broken(data: bytes) -> None:
    assert refused(data) == "upload_broken"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff" + bytes(10_000_000),
        png_of_size(60_000, 60_000),
        png_of_size(10_000, 5_001),
        encoded(Image.new("1", (8_000, 7_000)), "PNG"),
    ],
    ids=["bytes", "bomb", "just too many pixels", "a real one"],
)
def test_what_is_too_large_is_refused_before_it_is_decoded(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("decoded"))
    assert refused(data) == "upload_too_large"


def test_a_picture_that_says_more_than_it_has_is_broken() -> None:
    assert refused(png_of_size(7_000, 7_000)) == "upload_broken"


def test_ordinary_scans_are_no_bomb() -> None:
    cleaned(jpeg_of_scans(64, 3))
