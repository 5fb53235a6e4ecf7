"""The S&OP sheet of a family: last plan, plan, actual, difference, cumulated, cover; and the plan kept last month."""

from datetime import date
from typing import Any

import pytest

from cycles.actions.versions import writing_version
from cycles.choices import CycleState, StageKind, StageState, VersionKind
from cycles.models import Cycle, Stage, Version
from demand.models import Shipment
from sop.periods import month_range
from sop.quantities import to_quanta
from supply.models import ProductionOrder, ProductSiteFact, SupplySummary
from supply.queries.overview import kept_share
from supply.queries.sheet import FamilySheet, SheetRow, family_sheet
from tests.supply.firm import CLOSE, Firm

DECEMBER = date(2025, 12, 1)
# The months of a well-known textbook firm: sales, production and what they leave of an opening stock of 100.
SALES = [5906, 5998, 6061, 6318, 6476, 7128]
PRODUCTION = [5906, 5998, 6061, 6318, 6650, 6950]
STOCK = [100, 100, 100, 100, 274, 96]


def written(
    firm: Firm, cycle: Cycle, sales: list[float], production: list[float], stock: list[float]
) -> Version:
    with writing_version(cycle=cycle, kind=VersionKind.SUPPLY, name="Supply plan", by=None) as version:
        for place, month in enumerate(month_range(cycle.month, len(sales))):
            SupplySummary.objects.create(
                version=version, family=firm.family, month=month, demand=to_quanta(sales[place]),
                supplied=to_quanta(sales[place]), production=to_quanta(production[place]),
                closing=to_quanta(stock[place]), revenue_minor=1000, stock_value_minor=500,
            )  # fmt: skip
            ProductSiteFact.objects.create(
                version=version, product=firm.a, site=firm.site, month=month, opening=0, shipments=0,
                production=to_quanta(production[place]), closing=to_quanta(stock[place]), safety_stock=to_quanta(90),
            )  # fmt: skip
    stage, _ = Stage.objects.get_or_create(cycle=cycle, kind=StageKind.SUPPLY, defaults={"due": cycle.month})
    stage.state, stage.signed_version = StageState.SIGNED, version
    stage.save()
    return version


@pytest.fixture
def sheet(simple: Firm) -> FamilySheet:
    """December was planned with 5,000 and the plan of January follows; December really sold 5,100."""
    december = Cycle.objects.create(
        month=DECEMBER, horizon_months=6, today=DECEMBER, state=CycleState.CLOSED, opened_by=None
    )
    written(simple, december, [5000, *SALES[:5]], [5200, *PRODUCTION[:5]], [100] * 6)
    order = simple.order(simple.stream, units=5100, requested=date(2025, 12, 10))
    Shipment.objects.create(order_line=order, ship_date=date(2025, 12, 11), quantity=to_quanta(5100))
    ProductionOrder.objects.create(
        order_number="P1",
        product=simple.a,
        site=simple.site,
        planned=to_quanta(5200),
        good=to_quanta(4940),
        day=CLOSE,
    )
    simple.in_stock(simple.a, 120, blocked=20)
    sales = [5906, 6000, *SALES[2:]]
    return family_sheet(written(simple, simple.cycle, sales, PRODUCTION, STOCK), simple.family)


def row(sheet: FamilySheet, block: str, label: str) -> SheetRow:
    rows: list[SheetRow] = next(part.rows for part in sheet.blocks if part.title == block)
    return next(one for one in rows if one.label == label)


def units(values: Any) -> list[float | None]:
    return [None if value is None else value / 1000 for value in values]


def test_behind_us_stands_actual_against_plan_ahead_plan_against_last_plan(sheet: FamilySheet) -> None:
    assert units(row(sheet, "Sales", "Plan").values)[3:6] == [5000, 5906, 6000]
    assert units(row(sheet, "Sales", "Actual").values)[2:5] == [0, 5100, None]
    difference = units(row(sheet, "Sales", "Difference").values)
    assert difference[3] == 100
    assert difference[4:9] == [0, 2, 0, 0, 0]
    assert units(row(sheet, "Sales", "Cumulated").values)[3:7] == [100, 0, 2, 2]


def test_production_and_stock_have_their_own_actuals(sheet: FamilySheet) -> None:
    assert units(row(sheet, "Production", "Actual").values)[3] == 4940
    assert units(row(sheet, "Production", "Difference").values)[3] == -260
    assert units(row(sheet, "Stock at month end", "Actual").values)[3] == 100
    assert units(sheet.stock)[3:] == [100, *STOCK]


def test_days_of_supply_look_forward_and_low_stock_is_marked(sheet: FamilySheet) -> None:
    days = row(sheet, "Stock at month end", "Days of supply").values
    assert days[8] == pytest.approx(30 * 274 / 7128)  # May's stock against June
    plan = row(sheet, "Stock at month end", "Plan")
    assert plan.flagged[4:] == [False] * 6
    assert sheet.lowest_days == pytest.approx(min(value for value in days if value is not None))


def test_of_what_was_planned_only_what_was_made_counts(sheet: FamilySheet, simple: Firm) -> None:
    assert kept_share(simple.cycle) == pytest.approx(4940 / 5200)
