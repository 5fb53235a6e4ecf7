"""Looking back at an earlier month, and coming back."""

from datetime import date

import pytest
from django.test import RequestFactory

from cycles.actions.cycle import open_next_cycle
from cycles.choices import StageKind
from cycles.http import shown_cycle, stage_parts
from cycles.models import Cycle, User
from cycles.queries import stage_of
from tests.cycles.stages import bare_cycle, sign_through


@pytest.fixture
def following(cycle: Cycle, people: dict[str, User]) -> Cycle:
    with bare_cycle():
        sign_through(cycle, people, StageKind.EXECUTIVE)
        return open_next_cycle(by=people["owner"])


def test_an_earlier_month_stays_chosen_until_one_comes_back(cycle: Cycle, following: Cycle) -> None:
    session: dict[str, object] = {}

    def ask(query: str) -> Cycle:
        request = RequestFactory().get(f"/supply/{query}")
        request.session = session  # type: ignore[assignment]
        return shown_cycle(request)

    assert ask("") == following
    assert ask(f"?cycle={cycle.pk}") == cycle
    assert ask("") == cycle
    assert ask("?cycle=now") == following
    assert ask("") == following
    assert ask("?cycle=999999") == following


def test_a_review_names_the_month_before_and_says_when_it_is_looked_back_at(
    cycle: Cycle, following: Cycle, people: dict[str, User]
) -> None:
    now = stage_parts(stage_of(following, StageKind.SUPPLY), people["supply"])
    then = stage_parts(stage_of(cycle, StageKind.SUPPLY), people["supply"])
    assert (now["looking_back"], now["earlier"]) == (None, cycle)
    assert (then["looking_back"], then["earlier"]) == (cycle, None)
    assert then["actions"] == []
    assert cycle.month == date(2026, 11, 1)
