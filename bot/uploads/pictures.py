"""A picture decoded whole and drawn anew: JPEG, upright, at most 2,048 pixels long, and not a word about its making.

A phone writes where a photo was taken, when, and by which device; an attacker hides programs behind the last pixel.
Only the pixels survive. Only the decoders named here are tried (Pillow knows dozens, some old), and the first frame.
"""

from __future__ import annotations

import io

from PIL import Image, ImageCms

from bot.uploads.refused import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 50_000_000
MAX_SIDE = 2048
QUALITY = 85
_MAX_PROFILE = 4_000_000  # a printer's profile has 2 MB
_ORIENTATION = 0x0112  # EXIF 2.32, 4.6.4
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def rewrite(data: bytes) -> tuple[bytes, str, int, int]:
    """The picture as (bytes, media type, width, height). Raises Refused, or what the decoder raises."""
    try:
        sent = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise Refused("upload_too_large") from None
    with sent:
        if sent.width * sent.height > MAX_PIXELS:
            raise Refused("upload_too_large")
        sent.draft(None, (MAX_SIDE, MAX_SIDE))  # a JPEG can be decoded at a half or a quarter, which saves memory
        sent.load()
        turn = _turn(sent)
        profile = sent.info.get("icc_profile")
        picture = _opaque(sent)
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture = _in_srgb(picture, profile)
    if turn is not None:
        picture = picture.transpose(turn)
    # Made of bytes, not copied: Pillow writes a comment or XMP that it finds on the picture it saves.
    bare = Image.frombytes("RGB", picture.size, picture.tobytes())
    written = io.BytesIO()
    bare.save(written, "JPEG", quality=QUALITY)
    return written.getvalue(), "image/jpeg", bare.width, bare.height


def _turn(sent: Image.Image) -> Image.Transpose | None:
    """What sets a picture upright that was taken with the phone on its side."""
    try:
        return _UPRIGHT.get(sent.getexif().get(_ORIENTATION, 1))
    except Exception:  # EXIF that cannot be read does not spoil the picture
        return None


def _opaque(sent: Image.Image) -> Image.Image:
    """The picture as grey, RGB or CMYK of eight bits, what is transparent white."""
    if sent.mode.startswith(("I", "F")):  # 16 bits of grey: a plain conversion would cut them off at 255
        return sent.point(lambda value: value / 257).convert("L")
    if sent.has_transparency_data:
        drawn = sent if sent.mode == "RGBA" else sent.convert("RGBA")  # a copy of 50 megapixels is 200 MB
        paper = Image.new("RGB", drawn.size, "white")
        paper.paste(drawn, mask=drawn.getchannel("A"))
        return paper
    return sent.copy() if sent.mode in ("L", "RGB", "CMYK") else sent.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Its colours as a browser shows them without a profile. A profile that does not fit is left out."""
    if profile and len(profile) <= _MAX_PROFILE:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            made = None
        if made is not None:
            return made
    return picture.convert("RGB")
