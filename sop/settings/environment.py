"""Strict, typed reading of environment variables: a value that cannot be meant stops the start, by name.

django-environ reads and splits; what it quietly accepts (``SOP_DEBUG=maybe`` is False to it) is refused here.
"""

from collections.abc import Iterable
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """A string; empty counts as not set."""
    return env.str(name, default="").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """A switch: 1/true/yes/on or 0/false/no/off, nothing else."""
    value = text(name).lower()
    if value in YES | NO:
        return value in YES
    if value:
        raise ImproperlyConfigured(f"{name}={value!r} is not a switch: use 1 or 0.")
    return default


def whole_number(name: str, *, default: int, least: int = 0, most: int | None = None) -> int:
    """A whole number of at least ``least``, and at most ``most`` where that is given."""
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name}={value!r} must be a whole number of at least {least}.")
    if most is not None and int(value) > most:
        raise ImproperlyConfigured(f"{name}={value!r} must be at most {most}.")
    return int(value)


def one_of(name: str, choices: Iterable[str], *, default: str) -> str:
    """One word out of a fixed list."""
    value = text(name, default)
    allowed = sorted(choices)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} must be one of: {', '.join(allowed)}.")
    return value


def words(name: str, default: Iterable[str] = ()) -> list[str]:
    """A comma-separated list; blanks around and between are dropped."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def secret(name: str) -> str:
    """The value of ``NAME``, or the contents of the file that ``NAME_FILE`` points to (container secrets)."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE={path!r} cannot be read: {error.strerror}.") from error


# "embedded" is one machine started by `make run`; "production" takes everything from its environment.
SOP_ENV = one_of("SOP_ENV", {"embedded", "production"}, default="embedded")
PRODUCTION = SOP_ENV == "production"


def required(name: str, value: str, purpose: str) -> str:
    """``value``, which production must be given and the embedded default may lack."""
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"{name} is missing: SOP_ENV=production needs it {purpose}.")
    return value


VAR_DIR = Path(text("SOP_VAR_DIR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
