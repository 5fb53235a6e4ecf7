"""Reads that many parts of a page ask for: once per request, or kept until what they rest on changes."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.core.cache import cache

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

KEEP_SECONDS = 3600

_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Inside, each read marked :func:`once` is done once for the same arguments: the answers of one moment."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(read: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Marks a read without side effects, whose arguments can be keys, as asked for once in one reading.

    Outside of a reading (whatever writes, and runs in the background) it is asked anew each time.
    """

    @wraps(read)
    def asked(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        answers = _answers.get()
        if answers is None:
            return read(*args, **kwargs)
        key = (read, args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answers[key] = read(*args, **kwargs)
        return cast("Answer", answers[key])

    return asked


def kept(name: str, rests_on: Any, compute: Callable[[], Answer]) -> Answer:
    """``compute()`` once for all that it rests on; whoever asks later finds the answer in the cache.

    ``rests_on`` is a tuple of plain values and bytes that differs whenever the answer could: revisions, last keys.
    """
    key = f"kept:{hashlib.sha256(repr((name, rests_on)).encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = (compute(),)
        cache.set(key, found, KEEP_SECONDS)
    return cast("Answer", found[0])
