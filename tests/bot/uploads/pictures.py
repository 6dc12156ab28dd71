"""Pictures as phones, programs and attackers make them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

RED, BLUE = (200, 20, 20), (20, 20, 200)
SECRET = b"Jo Bloggs was here"


def two_halves(width: int = 64, height: int = 32) -> Image.Image:
    """Red on the left, blue on the right: which side is up can be seen."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def photo() -> bytes:
    """A small photo that says by what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "A camera that could be known again"
    return encoded(Image.new("RGB", (40, 30), RED), exif=exif)


def decoded(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def near(picture: Image.Image, place: tuple[int, int], colour: tuple[int, int, int], within: int = 12) -> bool:
    """Whether the picture has about this colour there."""
    found = picture.getpixel(place)
    assert isinstance(found, tuple)
    return all(abs(a - b) <= within for a, b in zip(found, colour, strict=True))


def told(orientation: int = 1) -> Image.Exif:
    """What a phone writes: which way it was held, where, by whom."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = SECRET.decode()  # artist
    exif[0x8825] = {1: "N", 2: (53.0, 24.0, 30.0), 3: "W", 4: (2.0, 9.0, 30.0)}  # GPS
    return exif


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def png_of_size(width: int, height: int) -> bytes:
    """A small file that says that it is a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg_of_scans(side: int, scans: int) -> bytes:
    """A small file that has a decoder go over the whole picture again and again."""
    data = encoded(Image.new("RGB", (side, side), "white"), progressive=True)
    start = data.rindex(b"\xff\xda")
    return data[:start] + data[start:-2] * scans + data[-2:]
