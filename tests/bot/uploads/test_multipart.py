"""Forms with files as clients really write them; and what none would write is refused."""

from __future__ import annotations

import random
import time

import httpx
import pytest
from aiohttp import FormData, payload

from bot.uploads.multipart import File, parse_multipart
from bot.uploads.refused import Refused

TYPE = "multipart/form-data; boundary=X"
NAME = b'Content-Disposition: form-data; name="'


def form(*parts: bytes, end: bytes = b"--X--\r\n") -> bytes:
    return b"".join(b"--X\r\n" + part + b"\r\n" for part in parts) + end


def field(name: bytes, value: bytes) -> bytes:
    return NAME + name + b'"\r\n\r\n' + value


def file(filename: bytes, data: bytes) -> bytes:
    return NAME + b'file"; filename="' + filename + b'"\r\nContent-Type: image/jpeg\r\n\r\n' + data


def refused(body: bytes, content_type: str = TYPE) -> str:
    with pytest.raises(Refused) as caught:
        parse_multipart(content_type, body)
    return caught.value.kind


def test_a_browsers_form() -> None:
    boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
    body = form(field(b"form_token", b"t"), field(b"message_id", b"7d1f"), file("Straße 1.jpg".encode(), b"\xff\xd8"))
    body = body.replace(b"--X", b"--" + boundary.encode())
    fields, sent = parse_multipart(f"multipart/form-data; boundary={boundary}", body)
    assert (fields, sent) == ({"form_token": "t", "message_id": "7d1f"}, File("Straße 1.jpg", b"\xff\xd8"))


def test_what_httpx_writes() -> None:
    data = bytes(range(256)) * 50
    request = httpx.Request("POST", "http://x", data={"id": "é"}, files={"file": ('a"b.png', data, "image/png")})
    assert parse_multipart(request.headers["content-type"], request.read()) == ({"id": "é"}, File('a"b.png', data))


async def test_what_aiohttp_writes() -> None:
    data = FormData()
    data.add_field("file", b"\r\n--\r\n", filename="a.pdf", content_type="application/pdf")

    class Writer:
        body = b""

        async def write(self, part: bytes) -> None:
            self.body += part

    writer, made = Writer(), data()
    assert isinstance(made, payload.Payload)
    await made.write(writer)  # type: ignore[arg-type]
    assert parse_multipart(made.content_type, writer.body) == ({}, File("a.pdf", b"\r\n--\r\n"))


def test_no_file_was_chosen() -> None:
    assert parse_multipart(TYPE, form(field(b"id", b"1"), file(b"", b""))) == ({"id": "1"}, None)
    assert parse_multipart(TYPE, form(field(b"id", b"1"))) == ({"id": "1"}, None)
    assert parse_multipart(TYPE, form(file(b"empty.txt", b""))) == ({}, File("empty.txt", b""))
    assert parse_multipart(TYPE, form(end=b"--X--")) == ({}, None)


@pytest.mark.parametrize(
    "data",
    [b"-X", b"X--", b"a--X", b"\r\n--", b"\n--X--\r\n", b"\r\n--Y\r\n", b"\r\n\r\n", b"\r\n", b"\n--X\n", b"\0" * 9],
)
def test_a_file_may_hold_anything(data: bytes) -> None:
    for around in (data, b"a" + data, data + b"a", data * 3):
        assert parse_multipart(TYPE, form(file(b"a", around), field(b"id", b"1"))) == ({"id": "1"}, File("a", around))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b"../../etc/passwd", "passwd"),
        (b"C:\\\\Users\\\\Jo\\\\bin.jpg", "bin.jpg"),
        (b"a%22b.jpg", 'a"b.jpg'),
        (b'a\\"b.jpg', 'a"b.jpg'),
        (b"\xff\xfe.jpg", "\ufffd\ufffd.jpg"),
        ("a\u202egpj.exe\u0007".encode(), "agpj.exe"),
        (b"a" * 400 + b".jpg", "a" * 96 + ".jpg"),
        (b"a; filename=b", "a; filename=b"),
    ],
)
def test_a_name_is_only_shown(sent: bytes, shown: str) -> None:
    assert parse_multipart(TYPE, form(file(sent, b"x")))[1] == File(shown, b"x")


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("", "unsupported"),
        ("application/json", "unsupported"),
        ("multipart/mixed; boundary=X", "unsupported"),
        ("application/x-www-form-urlencoded; boundary=X", "unsupported"),
        ("multipart/form-data", "bad_request"),
        ("multipart/form-data; boundary=", "bad_request"),
        ('multipart/form-data; boundary=""', "bad_request"),
        ("multipart/form-data; boundary=" + "X" * 71, "bad_request"),
        ("multipart/form-data; boundary=X; boundary=Y", "bad_request"),
        ("multipart/form-data; boundary=X\r\nY", "bad_request"),
        ("multipart/form-data; boundary=é", "bad_request"),
        ("multipart/form-data; boundary=Y", "bad_request"),
    ],
)
def test_another_type_is_refused(content_type: str, kind: str) -> None:
    assert refused(form(field(b"id", b"1")), content_type) == kind


@pytest.mark.parametrize("content_type", ['Multipart/Form-Data;boundary="X"', "multipart/form-data ; BOUNDARY=X "])
def test_a_type_may_be_written_in_several_ways(content_type: str) -> None:
    assert parse_multipart(content_type, form(field(b"id", b"1"))) == ({"id": "1"}, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--X",
        b"--X--X--",
        b"words before\r\n" + form(field(b"id", b"1")),
        form(field(b"id", b"1"), end=b""),
        form(field(b"id", b"1"), end=b"--X--\r\nand after"),
        form(b""),
        form(b"no colon\r\n\r\n1"),
        form(b"Content-Type: text/plain\r\n\r\n1"),
        form(NAME + b'id"\r\n'),
        form(NAME + b'"\r\n\r\n1'),
        form(NAME + b'a b"\r\n\r\n1'),
        form(NAME + b'\xff"\r\n\r\n1'),
        form(b"Content-Disposition: form-data\r\n\r\n1"),
        form(b"Content-Disposition: form-data; name=id\r\n\r\n1"),
        form(b'Content-Disposition: attachment; name="id"\r\n\r\n1'),
        form(NAME + b'id"\r\n' + NAME + b'other"\r\n\r\n1'),
        form(NAME + b"id\"; filename*=UTF-8''a.jpg\r\n\r\n1"),
        form(NAME + b'file"; filename="a.jpg\r\n\r\n1'),
        form(NAME + b'id"\r\nX: ' + b"a" * 5000 + b"\r\n\r\n1"),
        form(field(b"id", b"1"), field(b"id", b"2")),
        form(file(b"a", b"1"), file(b"b", b"2")),
        form(NAME + b'other"; filename="a"\r\n\r\n1'),
        form(*(field(b"f%d" % n, b"1") for n in range(9))),
    ],
)
def test_what_no_browser_writes_is_refused(body: bytes) -> None:
    assert refused(body) == "bad_request"


def test_fields_are_short_and_text() -> None:
    assert refused(form(field(b"id", b"a" * 17_000))) == "too_large"
    assert refused(form(field(b"id", b"\xff"))) == "not_text"


def test_no_body_takes_long_or_fails_otherwise() -> None:
    start = time.perf_counter()
    assert refused(b"--X\r\n" * 2_000_000) == "bad_request"
    assert refused(form(NAME + b'file"; filename="' + b'\\"' * 2_000 + b"\r\n\r\n1")) == "bad_request"
    parse_multipart(TYPE, form(file(b"a", b"\r\n--Y" * 2_000_000)))
    chance = random.Random(1)
    good = form(field(b"id", b"1"), file(b"a.jpg", b"\xff\xd8"))
    for _ in range(3000):
        damaged = bytearray(good)
        for _ in range(chance.randrange(1, 5)):
            damaged[chance.randrange(len(damaged))] = chance.choice(b'\r\n:;"-X=\\\0\xff a')
        try:
            parse_multipart(TYPE, bytes(damaged))
        except Refused as problem:
            assert problem.kind in ("bad_request", "not_text")
    assert time.perf_counter() - start < 3
