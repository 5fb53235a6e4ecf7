"""Months and working days. A month is a date on its first day; "today" is always a parameter."""

import calendar
import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta

DAYS_PER_MONTH = 30.4375  # 365.25 / 12

_MONTH = re.compile(r"(\d{4})-(\d{2})")


def first_of_month(day: date) -> date:
    """The month that a day lies in."""
    return day.replace(day=1)


def last_of_month(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def month_index(month: date) -> int:
    """Months since year 0: a whole number that can be subtracted."""
    return month.year * 12 + month.month - 1


def month_from_index(index: int) -> date:
    """The inverse of :func:`month_index`."""
    return date(index // 12, index % 12 + 1, 1)


def add_months(month: date, count: int) -> date:
    """The month ``count`` months later (earlier where negative)."""
    return month_from_index(month_index(month) + count)


def months_between(start: date, end: date) -> int:
    """How many months ``end`` lies after ``start`` (negative if before)."""
    return month_index(end) - month_index(start)


def month_range(start: date, count: int) -> list[date]:
    """``count`` months from ``start`` on."""
    return [add_months(start, offset) for offset in range(count)]


def parse_month(text: str) -> date:
    """``"2026-11"`` as a month. Raises ValueError with words for anything else."""
    match = _MONTH.fullmatch(text.strip())
    if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1:
        raise ValueError(f"{text!r} is not a month: write it as YYYY-MM, for instance 2026-11")
    return date(int(match[1]), int(match[2]), 1)


def month_key(month: date) -> str:
    """A month as ``YYYY-MM``."""
    return f"{month.year:04d}-{month.month:02d}"


def month_name(month: date) -> str:
    """A month in words: ``November 2026``."""
    return f"{calendar.month_name[month.month]} {month.year}"


def days_to_months(days: float) -> int:
    """A lead time in whole months, rounded to the nearest."""
    return round(days / DAYS_PER_MONTH)


def working_days(start: date, holidays: Collection[date] = ()) -> Iterator[date]:
    """Working days from ``start`` on: Monday to Friday without the holidays."""
    day = start
    while True:
        if day.weekday() < 5 and day not in holidays:
            yield day
        day += timedelta(days=1)


def nth_working_day(month: date, number: int, holidays: Collection[date] = ()) -> date:
    """Working day ``number`` (from 1) counted from the first of the month; may run into the next."""
    for count, day in enumerate(working_days(month, holidays), start=1):
        if count == number:
            return day
    raise AssertionError("working days never end")
