"""From the text of a cell to its value; ValueError says in words what was expected."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_ENDLESS = 100_000  # months; longer waits are all the same, and fit an integer array


def number(text: str) -> float:
    """A real number >= 0."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"'{text}' is not a number; expected one such as 12, 0.5 or 1e6")
    value = float(text)
    if value < 0:
        raise ValueError(f"{text} is negative; expected a number >= 0")
    if value == float("inf"):
        raise ValueError(f"{text} is too large; expected a finite number >= 0")
    return value + 0.0  # no negative zero


def whole_number(text: str) -> int:
    """A whole number >= 0 of months."""
    value = number(text)
    if value != int(value):
        raise ValueError(f"{text} is a fraction; expected a whole number of months")
    return int(min(value, _ENDLESS))


def shelf_life(text: str) -> int:
    """A whole number >= 1 of months."""
    if (value := whole_number(text)) < 1:
        raise ValueError(f"{text} is below 1; expected a whole number of months, 1 or more")
    return value


def yes_no(text: str) -> bool:
    """Yes or no."""
    if text not in ("yes", "no"):
        raise ValueError(f"'{text}' is neither; expected yes or no")
    return text == "yes"


def site_or_market(text: str) -> bool:
    """True for a site, False for a market."""
    if text not in ("site", "market"):
        raise ValueError(f"'{text}' is neither; expected site or market")
    return text == "site"


def month_number(text: str) -> int:
    """Months since year 0."""
    match = _MONTH.fullmatch(text)
    if not match:
        raise ValueError(f"'{text}' is not a month; expected YYYY-MM")
    return int(match[1]) * 12 + int(match[2]) - 1


PARSERS = {float: number, int: whole_number, bool: yes_no}
