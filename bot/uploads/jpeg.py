"""A JPEG inside a PDF without what it tells besides the picture, byte by byte, since drawing it anew would blur it.

Segments by ITU-T T.81, annex B. A scanner's or a phone's EXIF, with the place, is one of them.
"""

from __future__ import annotations

_SCAN = 0xDA
_COMMENT = 0xFE
_APPLICATIONS = range(0xE0, 0xF0)
# How the colours are coded is in JFIF's and Adobe's segments: without these a picture changes its colours.
_KEPT = ((0xE0, b"JFIF\0"), (0xEE, b"Adobe"))


def bare(data: bytes) -> bytes:
    """The JPEG without EXIF, XMP, profiles, previews and comments; what is no JPEG comes back as it is."""
    kept = [data[:2]]
    at = 2
    while data.startswith(b"\xff\xd8") and at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != _SCAN:
        marker = data[at + 1]
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        is_told = marker == _COMMENT or marker in _APPLICATIONS
        if not is_told or any(marker == number and data.startswith(name, at + 4) for number, name in _KEPT):
            kept.append(data[at:end])
        at = end
    return b"".join(kept) + data[at:]
