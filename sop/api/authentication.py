"""Sign-in of API clients."""

from rest_framework import authentication


class TokenAuthentication(authentication.TokenAuthentication):
    """``Authorization: Bearer TOKEN``; first in the list, so that nobody signed in answers 401, not 403."""

    keyword = "Bearer"
