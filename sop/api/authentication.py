"""Sign-in of API clients."""

from typing import Any

from rest_framework import authentication

from sop.api.tokens import digest_of


class TokenAuthentication(authentication.TokenAuthentication):
    """``Authorization: Bearer TOKEN``; first in the list, so that nobody signed in answers 401, not 403."""

    keyword = "Bearer"

    def authenticate_credentials(self, key: str) -> Any:
        return super().authenticate_credentials(digest_of(key))
