"""Tokens of API clients: one per person, shown once, and stored only as a digest."""

import hashlib
import secrets

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.dispatch import Signal
from rest_framework.authtoken.models import Token

# Sent with ``user`` and ``act`` ("api_token.make" or "api_token.withdraw"), for whoever keeps the audit log.
token_changed = Signal()


def digest_of(secret: str) -> str:
    """What is stored. The secret is long and random, so one quick hash protects it as well as a slow one."""
    return hashlib.sha256(secret.encode()).hexdigest()[:40]


def make_token(user: AbstractBaseUser) -> str:
    """Give the person a new token instead of any they had; returns the secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Token.objects.filter(user_id=user.pk).delete()
        Token.objects.create(user_id=user.pk, key=digest_of(secret))
        token_changed.send(sender=Token, user=user, act="api_token.make")
    return secret


def withdraw_token(user: AbstractBaseUser) -> None:
    """Take the person's token back; a client that still uses it is answered 401."""
    with transaction.atomic():
        withdrawn, _ = Token.objects.filter(user_id=user.pk).delete()
        if withdrawn:
            token_changed.send(sender=Token, user=user, act="api_token.withdraw")
