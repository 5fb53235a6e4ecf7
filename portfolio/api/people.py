"""The signed-in person of an API request."""

from typing import cast

from rest_framework.request import Request

from cycles.models import User


def person_of(request: Request) -> User:
    """Permissions have seen to it that somebody is signed in."""
    return cast("User", request.user)
