"""What a page sends besides words, and how residents say that they have nothing to send."""

from __future__ import annotations

import pytest

from bot.text.sent import has_none, is_upload_id, read_position

ID = "0123456789abcdef" * 2


def test_an_upload_is_known_by_its_id() -> None:
    assert is_upload_id(ID)
    for other in ("", "photo", ID[:-1], ID + "0", ID.upper(), f" {ID}", f"{ID}\n", "g" * 32, "٠" * 32):
        assert not is_upload_id(other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("53.40995,-2.15761", (53.40995, -2.15761)),
        ("53.4099549,-2.1576149", (53.40995, -2.15761)),
        ("-90,180", (-90.0, 180.0)),
        ("0,0", (0.0, 0.0)),
        ("90.00001,0", None),
        ("53.4,-180.5", None),
        ("53.4", None),
        ("53.4, -2.1", None),
        ("53.4;-2.1", None),
        ("+53.4,-2.1", None),
        ("5e1,-2.1", None),
        (".5,.5", None),
        ("nan,nan", None),
        ("inf,0", None),
        ("٥٣.٤,٢", None),
        ("53.4,-2.1\n", None),
        ("53." + "4" * 400 + ",2", None),
        ("", None),
    ],
)
def test_a_position_is_two_plain_decimals_on_this_earth(text: str, found: tuple[float, float] | None) -> None:
    assert read_position(text) == found


@pytest.mark.parametrize(
    "text",
    ["no", "I don't have one", "no photo sorry", "can't take a picture right now", "haven't got the papers with me"]
    + ["none to hand", "I have no camera on this phone", "it cannot upload", "without a photo"],
)
def test_nothing_to_send(text: str) -> None:
    assert has_none(text)


@pytest.mark.parametrize(
    "text",
    ["", "yes", "here is a photo", "no, SK4 3AA", "no it is the green bin", "I do not live there", "do not stop"]
    + ["I can't find the bin, who do I call"],
)
def test_something_else(text: str) -> None:
    assert not has_none(text)
