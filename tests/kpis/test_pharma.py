"""The key figures of a whole company against what its description states."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from cycles.actions.cycle import open_cycle
from cycles.choices import Role
from cycles.testing import run_pending
from datahub.actions.imports import import_folder
from kpis.actions.refresh import request_refresh
from kpis.models import KpiValue
from kpis.queries.values import reading
from kpis.registry import FILL, OTIF, REVENUE, TURNS, WAPE
from sop.periods import month_range
from tests.cycles.factories import make_person
from tests.cycles.stages import bare_cycle

pytestmark = [pytest.mark.shared_data, pytest.mark.django_db]

JUNE = date(2007, 6, 1)


@pytest.fixture(scope="module")
def measured(django_db_setup: None, django_db_blocker: Any, shared_dir: Path) -> Iterator[None]:
    """The company imported, its first cycle open and its closed months measured; rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        import_folder(folder=shared_dir / "company" / "pharma", by=None)
        owner = make_person("owner", Role.PROCESS_OWNER)
        with bare_cycle():
            cycle = open_cycle(month=date(2007, 7, 1), by=owner)
        request_refresh(by=owner, cycle=cycle)
        run_pending()
        yield
        transaction.set_rollback(True)


def sums(
    kpi: str, month: date = JUNE, level: str = "all", member: str = "", lag: int = 0
) -> tuple[float, float]:
    row = KpiValue.objects.get(kpi=kpi, month=month, level=level, member=member, lag=lag)
    return row.numerator, row.denominator


def test_otif_of_the_last_month_by_market(measured: None) -> None:
    found = {market: sums(OTIF, level="market", member=market) for market in ("CCP", "CSN", "GCP", "GSN")}
    assert found == {"CCP": (491, 521), "CSN": (238, 253), "GCP": (239, 253), "GSN": (122, 130)}
    assert sums(OTIF) == (1_090, 1_157)


def test_otif_of_the_last_year(measured: None) -> None:
    months = [sums(OTIF, month) for month in month_range(date(2006, 7, 1), 12)]
    assert (sum(passed for passed, _ in months), sum(due for _, due in months)) == (13_746, 14_828)


def test_turns_of_finished_goods_over_thirteen_month_ends(measured: None) -> None:
    cost, stock = sums(TURNS)
    assert cost == pytest.approx(3_012_733_620.13, abs=1)
    assert cost / stock == pytest.approx(10.4317, abs=5e-5)


def test_demand_is_the_denominator_of_fill_and_error(measured: None) -> None:
    assert sums(FILL)[1] == pytest.approx(13_829_109)
    assert sums(WAPE, lag=1)[1] == pytest.approx(13_829_109)


def test_revenue_of_the_last_month(measured: None) -> None:
    assert sums(REVENUE)[0] == pytest.approx(455_361_120.85, abs=0.5)


def test_imported_forecasts_give_lags_before_the_own_ones_exist(measured: None) -> None:
    assert reading(WAPE).lag == 1
    assert {row.lag for row in KpiValue.objects.filter(kpi=WAPE, month=JUNE, level="all")} == {0, 1, 2}
    families = KpiValue.objects.filter(kpi=WAPE, month=JUNE, level="family", lag=1)
    assert sum(row.numerator for row in families) == pytest.approx(sums(WAPE, lag=1)[0]), (
        "errors are not netted"
    )
