"""Signing in, out and failing to, and API tokens, are acts of the audit log."""

from typing import Any

from django.http import HttpRequest

from cycles.actions.audit import record_act
from cycles.models import User


def note_sign_in(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    record_act(by=user, act="sign_in", subject=user.username)


def note_sign_out(sender: Any, request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        record_act(by=user, act="sign_out", subject=user.username)


def note_failed_sign_in(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    name = credentials.get("username") or credentials.get("email") or credentials.get("login") or ""
    record_act(by=None, act="sign_in.failed", subject=str(name)[:150])


def note_token(sender: Any, user: User, act: str, **_: Any) -> None:
    record_act(by=user, act=act, subject=user.username)
