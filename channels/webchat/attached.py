"""A file that staff sent, as the chat shows it: where it is, what it is called, and what is said in its place."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.messages import Message
from bot.text import say
from channels.webchat.problems import ROOT


@dataclass(frozen=True)
class Attached:
    """``title`` is what a screen reader says of a picture, and what a link to a document says; ``size`` in bytes,
    ``width`` and ``height`` of a picture in pixels."""

    url: str
    media_type: str
    size: int
    name: str
    title: str
    width: int
    height: int

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


def attached(message: Message) -> Attached | None:
    """The file of a message, if it has one."""
    file = message.attachment
    if file is None:
        return None
    return Attached(
        url=f"{ROOT}uploads/{file.upload}",
        media_type=file.media_type,
        size=file.size,
        name=file.name,
        title=say.attachment(file.name, file.description, file.size),
        width=file.width,
        height=file.height,
    )
