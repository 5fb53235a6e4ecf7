"""Every address of the rooms, as the resolver knows them, with arguments that exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Pages of installed packages, and those that answer without a person: each has tests of its own.
NOT_OURS = {"account/", "admin/"}
OPEN_TO_ALL = {"live", "ready", "metrics", "api-schema", "api-docs"}


@dataclass(frozen=True)
class Address:
    """A named pattern with the names of its arguments."""

    name: str
    arguments: tuple[str, ...]
    methods: frozenset[str]


def addresses() -> list[Address]:
    """All addresses of our own rooms, in the order of their names."""
    found = {
        Address(name, tuple(sorted(pattern.pattern.regex.groupindex)), _methods(pattern))
        for name, pattern in _walk(_our_patterns(), "")
        if name not in OPEN_TO_ALL
    }
    return sorted(found, key=lambda address: address.name)


def _our_patterns() -> list[Any]:
    return [entry for entry in get_resolver().url_patterns if str(entry.pattern) not in NOT_OURS]


def _methods(pattern: URLPattern) -> frozenset[str]:
    """What a DRF endpoint answers; pages say it themselves, with 405."""
    actions = getattr(pattern.callback, "actions", None)
    return frozenset(method.upper() for method in actions or ("get", "post"))


def _walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry.url_patterns, namespace)
        elif entry.name:
            yield f"{prefix}{entry.name}", entry
        else:
            raise AssertionError(f"The address {entry.pattern} has no name.")
