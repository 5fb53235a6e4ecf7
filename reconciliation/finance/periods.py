"""Months rolled up to quarters and years: flows are summed, balances take the last month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reconciliation.finance.lines import BALANCES, Amounts


@dataclass(frozen=True)
class Period:
    """Months ``first`` to ``last`` (places in the horizon, both included) under one name."""

    name: str
    first: int
    last: int
    is_year: bool = False

    @property
    def months(self) -> range:
        return range(self.first, self.last + 1)


def monthly(months: Sequence[date]) -> list[Period]:
    """Each month as a period of its own."""
    return [Period(month.strftime("%b %Y"), place, place) for place, month in enumerate(months)]


def quarterly(months: Sequence[date]) -> list[Period]:
    """Spans of three plan months from the first on, as S&OP looks ahead; the last may be shorter."""
    starts = range(0, len(months), 3)
    return [_span(months, start, min(start + 2, len(months) - 1)) for start in starts]


def yearly(months: Sequence[date]) -> list[Period]:
    """Spans of twelve plan months from the first on; the last may be shorter."""
    starts = range(0, len(months), 12)
    return [_year(months, start, min(start + 11, len(months) - 1)) for start in starts]


def with_years(periods: Sequence[Period], months: Sequence[date]) -> list[Period]:
    """The periods with each year behind its last one."""
    years = yearly(months)
    mixed = []
    for period in periods:
        mixed.append(period)
        mixed.extend(year for year in years if year.last == period.last)
    return mixed


def rolled_up(amounts: Mapping[str, Sequence[int]], periods: Sequence[Period]) -> Amounts:
    """The statement by period: (row -> amount of each period)."""
    return {line: [amount_of(line, row, period) for period in periods] for line, row in amounts.items()}


def amount_of(line: str, row: Sequence[int], period: Period) -> int:
    """One row over one period: the sum of a flow, the last month of a balance."""
    return row[period.last] if line in BALANCES else sum(row[period.first : period.last + 1])


def _span(months: Sequence[date], first: int, last: int) -> Period:
    start, end = months[first], months[last]
    return Period(f"{start:%b}–{end:%b %Y}" if first < last else f"{end:%b %Y}", first, last)


def _year(months: Sequence[date], first: int, last: int) -> Period:
    count = last - first + 1
    end = f"{months[last]:%b %Y}"
    name = (
        "12 months" if first == 0 and count == 12 else f"Year to {end}" if count == 12 else f"Rest to {end}"
    )
    return Period(name, first, last, is_year=True)
