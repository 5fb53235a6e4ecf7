import pytest

from cycles.models import Cycle, Version
from tests.demand.factories import SmallCompany, make_company, make_cycle, make_plan


@pytest.fixture
def company(db: None) -> SmallCompany:
    return make_company()


@pytest.fixture
def cycle(company: SmallCompany) -> Cycle:
    return make_cycle(company)


@pytest.fixture
def plan(company: SmallCompany, cycle: Cycle) -> Version:
    return make_plan(company, cycle)
