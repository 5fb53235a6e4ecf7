"""A whole company in import files comes in to its control totals, to the unit; later months on top of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, FloatField, Sum
from django.db.models.functions import Cast

from datahub.actions.imports import import_folder
from datahub.models import DatasetLoad, ImportBatch
from datahub.registry import dataset_named
from datahub.stored import stored_count, stored_frame
from demand.models import DemandHistory, DemandStream, OrderLine, Shipment
from demand.queries.rates import RateTable
from portfolio.models import Family, Launch, PhaseOut, PlannedPrice
from sop.periods import first_of_month
from supply.models import StockRecord

pytestmark = pytest.mark.shared_data

# Rows and control totals as the company's own description states them.
TOTALS = {
    "aop_company": (36, 18_191_991_967.41),
    "bom": (172, 149.695),
    "budget": (540, 18_191_991_967.41),
    "calendar": (4_384, 3_071),
    "customers": (56, 40),
    "data_owner": (18, None),
    "forecast": (24_948, 1_119_159_567),
    "forecast_family": (720, 666_663_417),
    "fx": (144, 162.399),
    "gl_balance": (96, 18_309_602_604.06),
    "inventory": (7_301, 1_911_565_412.54),
    "item_location": (150, 18_523_908),
    "item_master": (150, 4_257.01),
    "lanes": (10, 28_580_690),
    "load_log": (36, None),
    "pipeline": (28, 29_034_307.91),
    "prior_item_master": (150, None),
    "production": (32_309, 1_212_130_921),
    "promotions": (4, 147.6),
    "purchase_receipts": (3_130, 1_143_055_725),
    "resource": (600, 198_733.99),
    "routing": (84, 0.0104139),
    "sales_orders": (61_378, 684_257_496),
    "shipments": (61_234, 672_246_232),
    "supplier_item": (67, 50_542_280),
    "uom_conversion": (6, None),
}

FAMILIES = ["A", "B", "C", "D", "G", "H", "J", "L", "M", "N", "P", "R", "S", "V", "Z"]
DEMAND = {
    date(2006, 6, 1): [
        1848225,
        488450,
        4474084,
        200763,
        266761,
        187700,
        1007346,
        107087,
        787857,
        2583891,
        4279,
        747475,
        565143,
        41701,
        14521,
    ],
    date(2007, 5, 1): [
        2065463,
        561620,
        4844898,
        206317,
        269053,
        196500,
        1055542,
        125917,
        793800,
        2703287,
        3911,
        744611,
        607110,
        44309,
        13785,
    ],
    date(2007, 6, 1): [
        1999627,
        547296,
        4674222,
        202041,
        256761,
        199275,
        1030254,
        121147,
        762934,
        2619962,
        3954,
        767251,
        587227,
        43257,
        13901,
    ],
}
YEAR = {"requested_date__gte": date(2006, 7, 1), "requested_date__lt": date(2007, 7, 1)}
CLOSE = date(2007, 6, 30)


@pytest.fixture(scope="module")
def pharma(django_db_setup: None, django_db_blocker: Any, shared_dir: Path) -> Iterator[ImportBatch]:
    """The company, imported once for all tests of this module and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield import_folder(folder=shared_dir / "company" / "pharma", by=None)
        transaction.set_rollback(True)


@pytest.fixture
def undone(pharma: ImportBatch) -> Iterator[None]:
    """What a test loads on top is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def requested_units(month: date) -> dict[str, float]:
    rows = DemandHistory.objects.filter(month=month).values_list("stream__product__family__code")
    return {family: quanta / 1000 for family, quanta in rows.annotate(Sum("quantity")).order_by()}


@pytest.mark.parametrize("name", sorted(TOTALS))
def test_every_file_has_its_rows_and_its_control_total(pharma: ImportBatch, name: str) -> None:
    rows, total = TOTALS[name]
    file = pharma.files.get(dataset=name)
    assert file.row_count == rows
    if total is not None:
        assert file.control_total == pytest.approx(total, abs=0.006)


@pytest.mark.parametrize("name", sorted(TOTALS))
def test_what_is_stored_adds_up_to_the_same_total(pharma: ImportBatch, name: str) -> None:
    dataset = dataset_named(name)
    assert dataset is not None
    rows, total = TOTALS[name]
    assert stored_count(dataset) == rows
    if total is not None:
        assert stored_frame(dataset, (dataset.control,))[dataset.control].sum() == pytest.approx(
            total, abs=0.006
        )


@pytest.mark.parametrize("month", sorted(DEMAND))
def test_demand_by_family_is_the_ordered_quantity_by_requested_month(
    pharma: ImportBatch, month: date
) -> None:
    assert requested_units(month) == dict(zip(FAMILIES, DEMAND[month], strict=True))


def test_history_ends_with_the_last_closed_month(pharma: ImportBatch) -> None:
    months = DemandHistory.objects.order_by("month").values_list("month", flat=True)
    assert (months.first(), months.last()) == (date(2003, 7, 1), date(2007, 6, 1))
    later = OrderLine.objects.filter(requested_date__gt=CLOSE).aggregate(units=Sum("quantity"))
    assert later["units"] == 12_873_932_000
    assert OrderLine.objects.filter(requested_date__gt=CLOSE).count() == 1_138


def test_units_and_revenue_of_the_last_year(pharma: ImportBatch) -> None:
    history = DemandHistory.objects.filter(month__gte=date(2006, 7, 1)).aggregate(
        Sum("quantity"), Sum("value")
    )
    assert history["quantity__sum"] == 168_145_467_000
    assert history["value__sum"] / 100 == pytest.approx(5_464_781_555.98, abs=1)
    rates = RateTable.stored()
    amount = Cast(F("quantity"), FloatField()) * F("net_price") / 1000
    lines = (
        OrderLine.objects.filter(**YEAR)
        .values_list("requested_date", "currency")
        .annotate(amount=Sum(amount))
    )
    value = sum(part * rates.at(currency, first_of_month(day)) for day, currency, part in lines.order_by())
    assert value == pytest.approx(5_464_781_555.98, abs=0.01)


def test_cost_of_what_was_shipped(pharma: ImportBatch) -> None:
    cost = Cast(F("quantity"), FloatField()) * F("order_line__stream__product__standard_cost") / 1000
    shipped = Shipment.objects.filter(ship_date__gt=CLOSE - timedelta(days=365), ship_date__lte=CLOSE)
    assert shipped.aggregate(cost=Sum(cost, output_field=FloatField()))["cost"] == pytest.approx(
        3_012_733_620.13, abs=0.5
    )


def test_stock_value_at_the_close(pharma: ImportBatch) -> None:
    value = Cast(F("on_hand"), FloatField()) * F("product__standard_cost") / 1000
    stock = StockRecord.objects.filter(day=CLOSE).annotate(value=value)

    def worth(**scope: str) -> float:
        return stock.filter(**scope).aggregate(worth=Sum("value", output_field=FloatField()))["worth"]

    assert worth() == pytest.approx(424_343_381.42, abs=0.1)
    assert worth(site__code="S1") == pytest.approx(223_309_714.33, abs=0.1)
    assert worth(site__code="S2") == pytest.approx(201_033_667.09, abs=0.1)
    assert worth(product__kind="FG") == pytest.approx(304_935_943.02, abs=0.1)


def test_open_overdue_lines(pharma: ImportBatch) -> None:
    overdue = OrderLine.objects.filter(requested_date__lte=CLOSE).exclude(status="closed")
    missing = overdue.annotate(shipped=Sum("shipments__quantity"))
    left = [line.quantity - (line.shipped or 0) for line in missing]
    assert len(left) == 11
    assert sum(left) == 28_111_000


def test_the_launch_and_the_phase_outs_are_planned(pharma: ImportBatch) -> None:
    launch = Launch.objects.get()
    assert (launch.product.code, launch.month) == ("C02X", date(2007, 9, 1))
    reference = launch.references.get()
    assert (reference.product.code, reference.percent) == ("C02", 30)
    ends = {
        p.product.code: (p.end_month, p.successor.code if p.successor else None)
        for p in PhaseOut.objects.all()
    }
    assert ends == {"P01": (date(2008, 8, 1), "P02"), "V07": (date(2008, 8, 1), None)}


def test_every_stream_has_a_planned_price(pharma: ImportBatch) -> None:
    assert DemandStream.objects.count() == PlannedPrice.objects.count() == 308
    assert Family.objects.count() == 15
    assert set(PlannedPrice.objects.filter(product__code="C02X").values_list("basis", flat=True)) == {"list"}


# One mark makes the test database; on every test it would check all foreign keys of the company anew.
@pytest.mark.django_db
def test_every_load_is_on_record(pharma: ImportBatch) -> None:
    loads = DatasetLoad.objects.filter(file__batch=pharma)
    assert dict(loads.values_list("dataset", "rows")) == {name: rows for name, (rows, _) in TOTALS.items()}


def test_later_months_come_in_on_top(undone: None, shared_dir: Path) -> None:
    later = shared_dir / "company" / "pharma" / "actuals_later"
    for month, units, rows in ((date(2007, 7, 1), 14_442_821, 2_069), (date(2007, 8, 1), 15_309_629, 2_290)):
        batch = import_folder(folder=later / f"{month:%Y-%m}", by=None, preview=True)
        orders = batch.files.get(dataset="sales_orders")
        assert orders.row_count == rows
        assert orders.changed_count > 0
        assert orders.new_count + orders.changed_count <= rows
        assert sum(requested_units(month).values()) == units
