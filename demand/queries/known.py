"""What the forecast knows beside the history: working days, stock-outs, ended products, months left as recorded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from cycles.models import Cycle
from demand.models import ForecastSettings, KeptMonth
from demand.registry import days_in, outside_stamp, stock_outs_in
from portfolio.models import PhaseOut, Product
from sop.periods import add_months, last_of_month, month_range

WEEKEND = 5


@dataclass(frozen=True)
class WorkingDays:
    """Days by month, in the order of the months asked for, and where they come from in words."""

    days: list[float]
    source: str


def working_days(months: list[date], closed: date) -> WorkingDays | None:
    """Working days of these months, all from one source; None where the planner has switched them off.

    The calendars of the sites where they cover every month up to ``closed``; a later month that they do not
    reach counts as a usual one of its kind. Else the days from Monday to Friday: two sources in one row would
    look like a change of the days themselves.
    """
    if not ForecastSettings.current().use_working_days:
        return None
    known = days_in(months[0], months[-1])
    if all(month in known for month in months if month <= closed):
        usual = {month.month: _mean(known, month.month) for month in known}
        days = [known.get(month, usual.get(month.month, _mean(known))) for month in months]
        return WorkingDays(days, "the sites' calendars")
    return WorkingDays([float(weekdays(month)) for month in months], "Monday to Friday")


def _mean(known: dict[date, float], number: int = 0) -> float:
    """Mean days of a calendar month, or of all."""
    chosen = [days for month, days in known.items() if number in (0, month.month)]
    return sum(chosen) / len(chosen)


def weekdays(month: date) -> int:
    """Days of a month from Monday to Friday."""
    length = last_of_month(month).day
    return sum((month + timedelta(days=number)).weekday() < WEEKEND for number in range(length))


def stock_outs(months: list[date], products: Collection[int] | None = None) -> list[tuple[int, date]]:
    """Products (those named, or all) and closed months with nothing to sell; none where the planner has
    switched them off."""
    if not ForecastSettings.current().use_stock_outs:
        return []
    return stock_outs_in(months[0], months[-1], products)


def ended_products(cycle: Cycle) -> set[int]:
    """Products whose last month of sales lies before the plan; none where the planner has switched that off."""
    if not ForecastSettings.current().use_ended:
        return set()
    phased_out = PhaseOut.objects.filter(is_dropped=False, end_month__lt=cycle.month)
    dated = Product.objects.filter(end_date__lt=cycle.month, phase_out__isnull=True)
    return {*phased_out.values_list("product_id", flat=True), *dated.values_list("pk", flat=True)}


def kept_months() -> list[tuple[int, date]]:
    """Streams and months that somebody wants read as recorded."""
    return list(KeptMonth.objects.order_by("stream_id", "month").values_list("stream_id", "month"))


def known_stamp(cycle: Cycle, longest: int) -> tuple[object, ...]:
    """Identity of all of it, for the key of a forecast run; ``longest`` months of history are looked at."""
    settings = ForecastSettings.current()
    first, last = add_months(cycle.month, -longest), cycle.months[-1]
    outside = settings.use_working_days or settings.use_stock_outs
    return (
        (settings.use_working_days, settings.use_stock_outs, settings.use_ended),
        outside_stamp(first, cycle.last_closed_month, last) if outside else "",
        sorted(ended_products(cycle)),
        kept_months(),
    )


def engine_months(months: list[date], horizon: int) -> list[date]:
    """The months of history and those forecast, in one row."""
    return month_range(months[0], len(months) + horizon)
