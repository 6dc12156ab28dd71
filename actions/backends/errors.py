"""What can go wrong with a back end; an action needs to know only these.

BackendError
├── BackendUnavailable      no answer in time, refused, 5xx or 429: worth trying later
├── BackendNonsense         an answer that cannot be read, or cannot be true: never shown to anyone
└── BackendRejected         4xx: the back end understood and said no; .code and .description are its own
    ├── NotFound            404
    ├── NotAllowed          401 or 403: our own key is at fault, and nothing of it is for residents
    └── SlotTaken           409 when a slot is reserved: somebody was quicker
"""

from __future__ import annotations


class BackendError(Exception):
    """A call to a back end did not give what was asked for."""

    def __init__(self, backend: str, reason: str) -> None:
        super().__init__(f"{backend}: {reason}")
        self.backend = backend
        self.reason = reason


class BackendUnavailable(BackendError):
    """No answer in time, connection refused, 5xx or 429."""


class BackendNonsense(BackendError):
    """The answer cannot be read, or it says something impossible."""


class BackendRejected(BackendError):
    """The back end understood the request and refused it."""

    def __init__(self, backend: str, code: str, description: str) -> None:
        super().__init__(backend, code)
        self.code = code
        self.description = description


class NotFound(BackendRejected):
    """The back end knows no such thing."""


class NotAllowed(BackendRejected):
    """The back end does not take our key."""


class SlotTaken(BackendRejected):
    """The slot was free when it was offered and is not free now."""
