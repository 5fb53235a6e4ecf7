"""Safety stock by its formula, days of supply, and what receipts say of a supplier."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cycles.choices import Role
from demand.models import DemandHistory
from sop.quantities import to_quanta
from supply.cover import cover_by_month, days_of_cover
from supply.models import ProductSite, PurchaseOrderLine, Supplier
from supply.queries.reliability import reliabilities
from supply.safety import a_day, reserve, safety_stock
from tests.supply.firm import Firm
from tests.supply.test_pages import as_role

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("spread", "stock"),
    [(7, 22491), (6, 19298), (5, 16109), (4, 12927), (3, 9760), (2, 6628), (1, 3625), (0, 1695)],
)
def test_safety_stock_of_the_worked_example(spread: float, stock: float) -> None:
    """Chopra and Meindl: 2,500 a day, standard deviation 500, seven days, service level 90 %."""
    found = safety_stock(service_percent=90, demand=2500, demand_spread=500, lead_days=7, lead_spread=spread)
    assert found == pytest.approx(stock, abs=1)


def test_no_safety_stock_for_an_even_chance() -> None:
    assert safety_stock(service_percent=40, demand=10, demand_spread=1, lead_days=1, lead_spread=1) == 0


def test_a_day_of_steady_months_has_no_spread() -> None:
    assert a_day([304.375, 304.375]) == (pytest.approx(10), 0)
    assert a_day([]) == (0, 0)


def test_stock_covers_demand_day_by_day() -> None:
    assert days_of_cover(150, [100, 100], [date(2026, 4, 1), date(2026, 5, 1)]) == pytest.approx(45.5)
    assert days_of_cover(0, [100], [JANUARY]) == 0
    assert days_of_cover(100, [0, 0], [JANUARY, FEBRUARY]) is None
    # 300 outlasts the horizon of 59 days by 100 units, at 100 a month
    assert days_of_cover(300, [100, 100], [JANUARY, FEBRUARY]) == pytest.approx(59 + 30.4375)


def test_cover_looks_at_the_months_after() -> None:
    covers = cover_by_month([50, 28, 10], [10, 100, 100], [JANUARY, FEBRUARY, MARCH])
    assert covers[0] == pytest.approx(14)  # half of February
    assert covers[1] == pytest.approx(31 * 0.28)
    assert covers[2] == pytest.approx(10 / 70 * 30.4375)


@pytest.fixture
def supplied(simple: Firm) -> Firm:
    """Six receipts ordered a month apart, due after 10 days, four of them five days late."""
    simple.supplied_by("SUP", simple.a, lead_time_days=10)
    simple.policy(simple.a, safety_stock=5, service_target_percent=90)
    for number, late in enumerate((0, 5, 5, 0, 5, 5)):
        ordered = date(2025, 1 + number, 1)
        PurchaseOrderLine.objects.create(
            order_number=f"R{number}", line_number="1", product=simple.a, supplier=Supplier.objects.get(),
            order_date=ordered, due_date=ordered + timedelta(days=10),
            receipt_date=ordered + timedelta(days=10 + late), quantity=to_quanta(10),
        )  # fmt: skip
    for month in (10, 11, 12):
        DemandHistory.objects.create(
            stream=simple.stream, month=date(2025, month, 1), quantity=to_quanta(304.375)
        )
    simple.signed_demand()
    return simple


def test_receipts_tell_how_reliable_a_supplier_is(supplied: Firm) -> None:
    found = reliabilities(supplied.cycle, None)[0]
    assert (found.receipts, found.on_time_share) == (6, pytest.approx(1 / 3))
    assert found.mean_days == pytest.approx(10 + 20 / 6)
    assert found.is_late
    assert found.proposal == pytest.approx(1.2816 * 10 * found.spread_days, rel=1e-3)


def test_the_supply_planner_takes_the_proposal(supplied: Firm) -> None:
    row = reliabilities(supplied.cycle, None)[0].row
    page, take = reverse("supply:reliability"), reverse("supply:take-proposal")
    assert "a quarter longer" in as_role(supplied, Role.OPERATIONS).get(page).content.decode()
    assert as_role(supplied, Role.OPERATIONS).post(take, {"row": row.pk}).status_code == 403
    client = as_role(supplied, Role.SUPPLY_PLANNER)
    assert client.post(take, {"row": row.pk}).status_code == 302
    assert ProductSite.objects.get().safety_stock == 33
    assert client.post(take, {"row": "x"}).status_code == 404


def test_old_stock_is_set_aside_by_its_age() -> None:
    """1000, 500, 200 and 100 units at 20 each: 6,500 of 36,000."""
    aged = [(30, 20_000), (120, 10_000), (200, 4_000), (400, 2_000)]
    assert reserve(aged) == 6_500
    assert reserve(aged) / sum(value for _, value in aged) == pytest.approx(0.1806, abs=5e-5)
