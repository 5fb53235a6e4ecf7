"""The demo company: two whole months by the real use cases, the third one half-way."""

from pathlib import Path

import pytest

from cycles.actions.audit import verify_chain
from cycles.actions.versions import is_untouched
from cycles.choices import StageKind, StageState, VersionState
from cycles.models import Change, Cycle, Run, Version
from datahub.company.generate import generate_company
from datahub.company.sizes import SIZES
from demand.models import DemandFact
from executive.demo.people import PEOPLE
from executive.demo.story import tell_story
from executive.models import OperatingPlan
from kpis.queries.values import kpi_readings
from supply.models import SupplyGap

# Real commits: what follows a signature is started when its transaction is through.
pytestmark = pytest.mark.django_db(transaction=True)


def test_two_months_closed_and_the_third_under_way(tmp_path: Path) -> None:
    cycle = tell_story(
        company=generate_company(SIZES["tiny"], seed=1), folder=tmp_path, seed=1, say=lambda words: None
    )
    assert OperatingPlan.objects.count() == 2
    assert Cycle.objects.filter(state="closed").count() == 2
    states = dict(cycle.stages.values_list("kind", "state"))
    assert [states[kind] for kind in (StageKind.DATA, StageKind.PRODUCT)] == [StageState.SIGNED] * 2
    assert states[StageKind.DEMAND] == StageState.OPEN
    assert not Run.objects.exclude(state="done").exists(), "every background run came to its end"
    assert DemandFact.objects.filter(version__cycle=cycle, consensus__isnull=False).exists()
    assert Change.objects.filter(version__cycle=cycle, source="grid").count() == 3
    assert SupplyGap.objects.exists(), "an overhaul makes the plan tight"
    assert all(reading.value is not None for reading in kpi_readings())
    frozen = Version.objects.filter(state=VersionState.FROZEN)
    assert all(is_untouched(version) for version in frozen)
    assert verify_chain() is None
    assert len(PEOPLE) >= 12
