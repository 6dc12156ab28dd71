"""A form with a file in it, as browsers send one: multipart/form-data (RFC 7578). Pure.

An own reader, because those at hand fit badly: Sanic's splits wherever the file holds the boundary's letters and
fails on odd headers, the standard library's is made for mail and takes lines apart, aiohttp's wants a stream. This
one takes what browsers write and nothing else: few parts, short headers, one file in the field ``file``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.uploads.refused import Refused

FILE = "file"
MAX_PARTS = 8
MAX_FIELD = 16 * 1024  # bytes of a field that is no file
_MAX_HEADERS = 4096  # a file's name may have 255 characters, four bytes each, in browsers that escape them three
_MAX_NAME = 100
# RFC 2046, 5.1.1: up to 70 of these characters, quoted where HTTP would take them for its own.
_CONTENT_TYPE = re.compile(
    r"""multipart/form-data\s*;\s*boundary=(?:"([0-9A-Za-z'()+_,./:=? -]{1,70})"|([0-9A-Za-z'+_.-]{1,70}))\s*""",
    re.IGNORECASE,
)
# The HTML standard writes a quote as %22; other programs put a backslash before it.
_DISPOSITION = re.compile(
    rb"""form-data\s*;\s*name="([A-Za-z0-9_]{1,40})"(?:\s*;\s*filename="((?:[^"\\\r\n\0]|\\.)*)")?\s*""", re.IGNORECASE
)


@dataclass(frozen=True)
class File:
    """A file as it was sent. ``name`` is what the sender calls it, without folders: to be shown, never to be used."""

    name: str
    data: bytes


def parse_multipart(content_type: str, body: bytes) -> tuple[dict[str, str], File | None]:
    """The fields of a form, and its file; None where none was chosen.

    Raises Refused: unsupported (another type of body), not_text (a field is not UTF-8), too_large (a field is) or
    bad_request.
    """
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        raise Refused("unsupported")
    fields: dict[str, str] = {}
    files: list[File] = []
    for name, filename, data in _parts(content_type, body):
        if filename is None and name not in fields:
            fields[name] = _text(data)
        elif filename is not None and name == FILE and not files:
            files.append(File(_shown(filename), data))
        else:
            raise Refused("bad_request")
    # A browser sends a nameless file of no bytes for a field in which nothing was chosen.
    return fields, files[0] if files and (files[0].name or files[0].data) else None


def _parts(content_type: str, body: bytes) -> list[tuple[str, bytes | None, bytes]]:
    """Each part's name, file name and bytes."""
    found = _CONTENT_TYPE.fullmatch(content_type.strip())
    if found is None:
        raise Refused("bad_request")
    delimiter = b"\r\n--" + (found[1] or found[2]).encode("ascii")
    before, *parts = (b"\r\n" + body).split(delimiter, MAX_PARTS + 1)
    if before or not parts or parts.pop() not in (b"--", b"--\r\n"):
        raise Refused("bad_request")
    return [_part(part) for part in parts]


def _part(part: bytes) -> tuple[str, bytes | None, bytes]:
    end = part.find(b"\r\n\r\n", 0, _MAX_HEADERS)
    if end < 0 or not part.startswith(b"\r\n"):
        raise Refused("bad_request")
    headers = (line.partition(b":") for line in part[2:end].split(b"\r\n"))
    said = [value.strip() for name, _, value in headers if name.strip().lower() == b"content-disposition"]
    found = _DISPOSITION.fullmatch(said[0]) if len(said) == 1 else None
    if found is None:
        raise Refused("bad_request")
    return found[1].decode("ascii"), found[2], part[end + 4 :]


def _text(data: bytes) -> str:
    if len(data) > MAX_FIELD:
        raise Refused("too_large")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("not_text") from None


def _shown(filename: bytes) -> str:
    name = re.sub(r'\\(["\\])', r"\1", filename.decode("utf-8", "replace")).replace("%22", '"')
    name = re.split(r"[/\\]", name)[-1]
    return "".join(character for character in name if character.isprintable())[-_MAX_NAME:]
