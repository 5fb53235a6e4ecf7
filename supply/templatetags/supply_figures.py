"""Quantities and changes of the supply pages."""

from typing import Any

from django import template

from sop.quantities import QUANTA_PER_UNIT

register = template.Library()


@register.filter
def units(quanta: float) -> float:
    """Quanta as units."""
    return quanta / QUANTA_PER_UNIT


@register.filter
def change_words(value: Any) -> str:
    """An entry of the audit log's detail in words: ``[100, 80]`` as "100 became 80"."""
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {change_words(inner)}" for key, inner in value.items())
    if isinstance(value, list) and len(value) == 2:
        return f"{_plain(value[0])} became {_plain(value[1])}"
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None:
        return "empty"
    return f"{value:g}" if isinstance(value, float) else str(value)
