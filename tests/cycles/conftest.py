import pytest

from cycles.models import Cycle, User
from tests.cycles.factories import make_cycle, make_people


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return make_people()


@pytest.fixture
def cycle(people: dict[str, User]) -> Cycle:
    return make_cycle(people["owner"])
