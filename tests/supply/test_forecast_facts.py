"""What calendars and stock counts tell the demand forecast."""

from datetime import date, timedelta

import pytest

from portfolio.models import Family, Product
from sop.periods import last_of_month, month_range
from supply.models import CalendarDay, Site, StockRecord
from supply.queries.forecast_facts import stamp, stock_outs, working_days

FIRST = date(2026, 1, 1)


@pytest.fixture
def sites(db: None) -> list[Site]:
    return [Site.objects.create(code=code) for code in ("S1", "S2")]


@pytest.fixture
def product(db: None) -> Product:
    return Product.objects.create(code="P1", family=Family.objects.create(code="F", name="F"), kind="FG")


def count(product: Product, site: Site, quantities: dict[date, int], blocked: int = 0) -> None:
    for day, units in quantities.items():
        StockRecord.objects.create(
            product=product, site=site, day=day, on_hand=units * 1000, blocked=blocked * 1000
        )


def month_ends(first: date, units: list[int]) -> dict[date, int]:
    return {
        last_of_month(month): one for month, one in zip(month_range(first, len(units)), units, strict=True)
    }


def test_working_days_are_the_mean_of_the_sites_and_only_of_months_with_a_calendar(sites: list[Site]) -> None:
    for site, worked in zip(sites, (20, 22), strict=True):
        CalendarDay.objects.bulk_create(
            CalendarDay(site=site, day=FIRST + timedelta(days=number), working=number < worked)
            for number in range(31)
        )
    assert working_days(FIRST, date(2026, 3, 1)) == {FIRST: 21.0}


def test_a_month_is_out_of_stock_where_every_count_of_every_site_found_nothing(
    sites: list[Site], product: Product
) -> None:
    count(product, sites[0], month_ends(date(2025, 12, 1), [5, 0, 0, 0, 9, 9]))
    count(product, sites[1], month_ends(date(2025, 12, 1), [0, 0, 0, 4, 9, 9]))
    # January opened with stock and March closed with some; February alone had none at either end.
    found = [(product.pk, date(2026, 2, 1))]
    assert stock_outs(FIRST, date(2026, 5, 1)) == found
    assert stock_outs(FIRST, date(2026, 5, 1), [product.pk]) == found
    assert stock_outs(FIRST, date(2026, 5, 1), []) == []


def test_blocked_stock_is_nothing_to_sell(sites: list[Site], product: Product) -> None:
    count(product, sites[0], month_ends(date(2025, 10, 1), [9, 9, 9, 9]))
    count(product, sites[0], month_ends(date(2026, 2, 1), [3, 3]), blocked=3)
    assert stock_outs(FIRST, date(2026, 3, 1)) == [(product.pk, date(2026, 3, 1))]


def test_what_is_made_to_order_is_never_out_of_stock(sites: list[Site], product: Product) -> None:
    count(product, sites[0], month_ends(date(2025, 12, 1), [0, 0, 0, 0, 7]))
    assert stock_outs(FIRST, date(2026, 4, 1)) == []


def test_one_count_proves_nothing(sites: list[Site], product: Product) -> None:
    count(product, sites[0], month_ends(date(2026, 2, 1), [0, 5, 5]))
    assert stock_outs(FIRST, date(2026, 4, 1)) == []


def test_the_stamp_moves_with_counts_of_closed_months_alone(sites: list[Site], product: Product) -> None:
    closed, last = date(2026, 3, 1), date(2027, 3, 1)
    before = stamp(FIRST, closed, last)
    count(product, sites[0], {date(2026, 4, 30): 5})
    assert stamp(FIRST, closed, last) == before
    count(product, sites[0], {date(2026, 3, 31): 5})
    assert stamp(FIRST, closed, last) != before
