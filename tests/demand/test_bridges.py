"""The bridge between two plans: every unit and cent has a cause."""

from datetime import date

from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cycles.choices import VersionKind
from cycles.models import Cycle, Version
from demand.actions.edits import Edit, edit_cells
from demand.bridges import STEPS, bridge
from demand.queries.compared import compare
from demand.queries.views import Filters, plan_view
from portfolio.models import PlannedPrice
from tests.demand.factories import SmallCompany, make_cycle, make_plan, run_baseline
from tests.demand.test_gate import sign

PLANS = st.fixed_dictionaries({step: st.integers(0, 10**12) for step in STEPS})


def test_worked_example() -> None:
    old = {"baseline": 100, "product": 100, "marketing": 100, "sales": 120, "planner": 120, "consensus": 120}
    new = {"baseline": 110, "product": 110, "marketing": 130, "sales": 140, "planner": 140, "consensus": 140}
    found = bridge(old, new)
    assert found.parts == {
        "baseline": 10, "product": 0, "marketing": 20, "sales": -10, "planner": 0, "consensus": 0
    }  # fmt: skip
    assert (found.start, found.end, found.residual) == (120, 140, 0)


@given(old=PLANS, new=PLANS, start=st.none() | st.integers(0, 10**12))
def test_the_residual_is_always_zero(old: dict[str, int], new: dict[str, int], start: int | None) -> None:
    assert bridge(old, new, start=start).residual == 0


def test_against_the_signed_plan_in_units_and_money(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    run_baseline(company, cycle)
    signed = sign(company, cycle)
    Cycle.objects.update(state="closed")
    following = make_cycle(company, month=date(2026, 12, 1))
    second = make_plan(company, following)
    edit = Edit(company.product("P3"), "planner", date(2027, 2, 1), "add", 40.0)
    edit_cells(version=second, by=company.people["planner"], edits=[edit], reason_code="market")
    PlannedPrice.objects.filter(product=company.products["P3"]).update(price="6.00")
    view = plan_view(second, company.people["planner"])
    units = compare(view, signed, "units")
    assert units.total.parts["planner"] == 40_000
    assert len(units.months) == 11
    money = compare(view, signed, "money")
    assert money.total.parts["planner"] == 40 * 500
    assert money.total.parts["prices"] != 0
    for found in (units, money):
        assert found.total.residual == 0
        assert all(one.residual == 0 for _, _, one in found.families)
        assert found.total.end == sum(one.end for _, _, one in found.families)
    germany = compare(plan_view(second, company.people["germany"], Filters(market="DE")), signed, "units")
    assert germany.total.end < units.total.end
    client = Client()
    client.force_login(company.people["planner"])
    page = client.get("/demand/bridge/", {"unit": "money", "family": "B"}).content.decode()
    assert "residual 0" in page
    assert client.get("/demand/bridge/", {"with": "999"}).status_code == 404


def test_without_an_earlier_plan_the_page_says_so(company: SmallCompany, plan: Version) -> None:
    assert not Version.objects.filter(kind=VersionKind.DEMAND, state="frozen").exists()
    client = Client()
    client.force_login(company.people["sales"])
    assert b"no earlier plan yet" in client.get("/demand/bridge/").content
