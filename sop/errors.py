"""What a use case may refuse, as exceptions that carry words for people.

Each has one HTTP status, so that a page, a fragment and the API answer alike (sop.middleware, sop.api).
"""

from collections.abc import Mapping, Sequence
from typing import Any


class SopError(Exception):
    """A refusal that a person can read: what is wrong, where, and how to mend it.

    ``errors`` lists single findings as mappings, for instance file, row, column and message.
    """

    status = 400

    def __init__(self, message: str, *, errors: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.errors = list(errors)


class InvalidInput(SopError):
    """The input itself is wrong."""

    status = 400


class NotAllowed(SopError):
    """The person may see the object but not do this to it."""

    status = 403


class NotFound(SopError):
    """The object does not exist, or lies outside the person's scope: both look the same from outside."""

    status = 404


class WrongState(SopError):
    """The act does not fit the state that the object is in."""

    status = 409


class Conflict(SopError):
    """Somebody else changed the same figures; ``errors`` holds both values of each cell."""

    status = 409


class ReasonNeeded(SopError):
    """The change is large enough that the process owner asks for a reason."""

    status = 422


class Locked(SopError):
    """The figures are locked: submitted, signed, or inside a fence."""

    status = 423


class Unavailable(SopError):
    """Something the application stands on is down for the moment."""

    status = 503
