"""Alerts of a plan, each with the page where something is done about it."""

from datetime import date

import pytest
from django.urls import reverse

from cycles.choices import Role
from reconciliation.models import BudgetLine
from supply.choices import AlertKind
from supply.queries.alerts import alerts_of
from supply.queries.load import load_shares
from tests.supply.firm import Firm
from tests.supply.plans import plan
from tests.supply.test_pages import as_role


@pytest.fixture
def short(firm: Firm) -> Firm:
    """100 hours a month; 80, 250 and 50 of A are wanted at 10 each, one hour a unit."""
    product = firm.product("A")
    firm.made_on(product, firm.line())
    firm.lane()
    firm.sold(product, 80, 250, 50)
    return firm


def budget(firm: Firm, *revenue: int) -> None:
    for month, amount in zip(firm.cycle.months, revenue, strict=False):
        BudgetLine.objects.create(family=firm.family, month=month, revenue_minor=amount * 100)


def test_sales_kept_below_budget_by_supply_are_an_alert(short: Firm) -> None:
    budget(short, 800, 2500, 500)
    version = plan(short)
    alert = next(alert for alert in alerts_of(version) if alert.kind == AlertKind.BUDGET)
    assert alert.text == "Constrained sales of 1 family stay below budget, most of all Coffee"
    text = as_role(short, Role.SUPPLY_PLANNER).get(reverse("supply:home")).content.decode()
    assert f"{reverse('supply:sheet')}?family=F" in text


@pytest.mark.parametrize("revenue", [(), (800, 1000, 500)])
def test_without_a_budget_or_above_it_there_is_no_such_alert(short: Firm, revenue: tuple[int, ...]) -> None:
    budget(short, *revenue)
    assert AlertKind.BUDGET not in {alert.kind for alert in alerts_of(plan(short))}


def test_an_overload_leads_to_the_hours_of_the_worst_resource(short: Firm) -> None:
    alert = alerts_of(plan(short))[0]
    assert (alert.kind, alert.url_name, alert.args) == (AlertKind.OVERLOAD, "supply:hours", (short.line1.pk,))


def test_what_stock_serves_is_not_short(firm: Firm) -> None:
    """150 are wanted of a line that makes 100; 50 come from stock, so nobody waits."""
    product = firm.product("A")
    firm.made_on(product, firm.line())
    firm.lane()
    firm.in_stock(product, 50)
    firm.sold(product, 150)
    shares = load_shares(plan(firm), firm.line1.pk, firm.site.pk, date(2026, 1, 1))
    assert [(share.wanted, round(share.planned), share.short) for share in shares] == [(150, 100, 0)]


def test_what_is_lost_or_late_is_short(short: Firm) -> None:
    shares = load_shares(plan(short), short.line1.pk, short.site.pk, date(2026, 2, 1))
    assert shares[0].short == pytest.approx(130)  # 250 less 100 made and 20 built ahead in January
