"""Months as people say them."""

from collections.abc import Iterable
from datetime import date

from sop.periods import months_between, parse_month

MOST_SPANS = 3
"""More separate spans than these are counted instead of listed."""


def months_in_words(keys: Iterable[str]) -> str:
    """``["2027-02", "2027-03"]`` as "February and March 2027".

    Three or more in a row become "February to May 2027"; months too scattered to list are counted.
    """
    days = sorted({parse_month(key) for key in keys})
    runs = _in_a_row(days)
    if len(runs) > MOST_SPANS:
        return f"{len(days)} months from {days[0]:%B %Y} to {days[-1]:%B %Y}"
    one_year = days[0].year == days[-1].year
    form = "%B" if one_year else "%B %Y"
    pieces: list[str] = []
    for run in runs:
        names = [day.strftime(form) for day in run]
        pieces += [f"{names[0]} to {names[-1]}"] if len(names) > 2 else names
    joined = f"{', '.join(pieces[:-1])} and {pieces[-1]}" if len(pieces) > 1 else pieces[0]
    return f"{joined} {days[-1].year}" if one_year else joined


def _in_a_row(days: list[date]) -> list[list[date]]:
    runs: list[list[date]] = []
    for day in days:
        if runs and months_between(runs[-1][-1], day) == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
