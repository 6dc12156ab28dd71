"""Why a file, or the form that brings it, is not taken. Pure; whoever took it in says so in words of their own.

Refused
├── bad_request         a form that no browser writes, one without its length, or one that takes too long
├── unsupported         not a form with a file
├── not_text            a field that is not UTF-8
├── too_large           a field of more than 16 kB, or a form of more than 16 MB
├── upload_too_large    a file over 10 MB, 50 megapixels or 20 pages, or with far more inside than outside
├── upload_type         not a format that is taken, or not one that is asked for; also a locked PDF
├── upload_broken       looks like one of ours and cannot be read
└── unavailable         this machine has too much to do, or no room left
"""

from __future__ import annotations


class Refused(Exception):
    """``kind`` is one of the above; ``retry_after`` the seconds after which the same may be taken."""

    def __init__(self, kind: str, retry_after: int | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.retry_after = retry_after
