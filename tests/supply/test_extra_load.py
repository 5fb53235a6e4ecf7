"""What more demand would load, against the last signed supply plan."""

import pytest

from cycles.choices import StageKind, StageState
from cycles.models import Stage
from demand.models import DemandStream
from supply.queries.extra_load import extra_load
from tests.supply.firm import MONTH, Firm
from tests.supply.plans import plan


def sign(firm: Firm) -> None:
    version = plan(firm)
    Stage.objects.filter(cycle=firm.cycle, kind=StageKind.SUPPLY).update(
        state=StageState.SIGNED, signed_version=version
    )


def test_extra_units_load_the_line_by_their_hours(simple: Firm) -> None:
    """50 of 100 hours are used in the first month; 60 more units of one hour make 110 %."""
    sign(simple)
    product = DemandStream.objects.get().product_id
    (found,) = extra_load(cycle=simple.cycle, units={product: {MONTH: 60.0}})
    assert (found.before, found.after) == (pytest.approx(50), pytest.approx(110))
    assert found.is_over


def test_fewer_units_free_hours_and_nothing_moved_says_nothing(simple: Firm) -> None:
    sign(simple)
    product = DemandStream.objects.get().product_id
    (found,) = extra_load(cycle=simple.cycle, units={product: {MONTH: -20.0}})
    assert found.after == pytest.approx(30)
    assert extra_load(cycle=simple.cycle, units={product: {MONTH: 0.0}}) == []
    assert extra_load(cycle=simple.cycle, units={}) == []


def test_without_a_signed_plan_nothing_is_said(simple: Firm) -> None:
    plan(simple)
    product = DemandStream.objects.get().product_id
    assert extra_load(cycle=simple.cycle, units={product: {MONTH: 60.0}}) == []
