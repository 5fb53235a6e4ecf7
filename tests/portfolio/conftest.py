import pytest

from cycles.choices import StageKind
from cycles.models import Cycle, Version
from tests.demand.factories import SmallCompany, make_company, make_cycle, make_plan, open_stage


@pytest.fixture
def company(db: None) -> SmallCompany:
    return make_company()


@pytest.fixture
def cycle(company: SmallCompany) -> Cycle:
    cycle = make_cycle(company)
    open_stage(cycle, StageKind.PRODUCT)
    return cycle


@pytest.fixture
def plan(company: SmallCompany, cycle: Cycle) -> Version:
    return make_plan(company, cycle)
