"""The reconciliation page and its forms, and who sees what on them."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cycles.choices import Role
from cycles.models import AuditEvent
from cycles.testing import run_pending
from reconciliation.actions.scenarios import add_difference, create_scenario, request_scenario
from reconciliation.choices import DifferenceKind, PnlRow
from reconciliation.models import Scenario
from supply.models import SupplyGap

HOME = "/reconciliation/"
SHIFT = {
    "resource": "LINE1",
    "hours_per_month": 30,
    "cost_per_hour": 1,
    "first_month": "2026-01",
    "last_month": "2026-06",
}
HIDDEN = ["EBIT", "margin", "Margin", "Cost of goods", "Operating cost", "Stock value", "Contribution"]


@pytest.fixture
def scenario(signed, baseline) -> Scenario:
    planner = signed.people[Role.SUPPLY_PLANNER]
    scenario = create_scenario(cycle=signed.cycle, by=planner, name="Saturday shift", question="Run a shift?")
    add_difference(scenario=scenario, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT)
    request_scenario(scenario=scenario, by=planner)
    run_pending()
    scenario.refresh_from_db()
    return scenario


def page(client, user, **query):
    client.force_login(user)
    return client.get(HOME, query).content.decode()


def test_before_the_supply_plan_is_signed_the_page_says_what_comes(client, firm):
    html = page(client, firm.people[Role.FINANCE])
    assert "Scenarios begin when the supply plan is signed" in html


def test_the_page_answers_in_words(client, signed, scenario):
    html = page(client, signed.people[Role.FINANCE])
    assert "Scenario B earns" in html
    assert "more than carrying on" in html
    assert "30 hours a month more on Line 1" in html
    assert "Residual" in html
    assert "€\u00a00.00" in html


@pytest.mark.parametrize("show", ["mine", "today", "budget", "difference"])
@pytest.mark.parametrize("span", ["month", "quarter", "year"])
def test_every_view_of_the_profit_and_loss(client, signed, scenario, show, span):
    html = page(client, signed.people[Role.FINANCE], show=show, by=span)
    assert "Contribution margin" in html


@pytest.mark.parametrize("origin", ["today", "budget", "differences"])
def test_every_bridge_prints_its_residual(client, signed, scenario, origin):
    html = page(client, signed.people[Role.FINANCE], **{"from": origin})
    assert "Residual €\u00a00.00" in html


@pytest.mark.parametrize("role", [Role.SALES, Role.DEMAND_PLANNER])
def test_people_without_margins_see_revenue_and_no_cost(client, signed, scenario, role):
    user = signed.people[role]
    user.scope_rows.create()
    for query in (
        {},
        {"show": "budget"},
        {"from": "differences"},
        {"scenario": scenario.pk, "from": "budget"},
    ):
        html = page(client, user, **query)
        assert "Net revenue" in html
        assert [word for word in HIDDEN if word in html.split("<main")[1].split("</main")[0]] == []


def test_administrators_do_not_see_the_plan(client, signed, scenario):
    client.force_login(signed.people[Role.ADMIN])
    assert client.get(HOME).status_code == 403


def test_making_and_changing_a_scenario_through_the_pages(client, signed, baseline):
    client.force_login(signed.people[Role.SUPPLY_PLANNER])
    client.post(reverse("reconciliation:scenario-new"), {"name": "Night shift"})
    scenario = Scenario.objects.get(name="Night shift")
    url = reverse("reconciliation:difference-new", args=[scenario.pk, "capacity"])
    assert client.get(url).status_code == 200
    wrong = client.post(url, SHIFT | {"resource": "LINE1", "hours_per_month": "0"})
    assert wrong.status_code == 400
    assert "Hours a month must be a number" in wrong.content.decode()
    assert client.post(url, SHIFT).status_code == 302
    difference = scenario.differences.get()
    client.post(reverse("reconciliation:difference", args=[difference.pk]), SHIFT | {"hours_per_month": "12"})
    client.post(reverse("reconciliation:difference-switch", args=[difference.pk]), {})
    difference.refresh_from_db()
    assert (difference.params["hours_per_month"], difference.is_active) == (12.0, False)
    client.post(reverse("reconciliation:scenario-words", args=[scenario.pk]), {"name": "Late shift"})
    client.post(reverse("reconciliation:compute-all"))
    run_pending()
    scenario.refresh_from_db()
    assert (scenario.name, scenario.state) == ("Late shift", "computed")
    client.post(reverse("reconciliation:difference-remove", args=[difference.pk]))
    client.post(reverse("reconciliation:scenario-remove", args=[scenario.pk]))
    assert not Scenario.objects.filter(name="Late shift").exists()


@pytest.mark.parametrize("kind", DifferenceKind.offered())
def test_each_kind_has_a_form(client, signed, scenario, kind):
    client.force_login(signed.people[Role.FINANCE])
    url = reverse("reconciliation:difference-new", args=[scenario.pk, kind])
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [(Role.SPONSOR, 403), (Role.PRODUCT, 403), (Role.ADMIN, 403), (Role.FINANCE, 302)]
)
def test_who_may_compute(client, signed, scenario, role, status):
    client.force_login(signed.people[role])
    url = reverse("reconciliation:scenario-compute", args=[scenario.pk])
    assert client.post(url).status_code == status


def test_what_is_not_there_answers_404(client, signed, scenario):
    client.force_login(signed.people[Role.FINANCE])
    for name, args in (
        ("difference", [99]),
        ("scenario-words", [99]),
        ("difference-new", [scenario.pk, "magic"]),
        ("scenario-from-gap", [99, 0]),
    ):
        assert client.get(reverse(f"reconciliation:{name}", args=args)).status_code == 404


def workbook(client, user):
    client.force_login(user)
    answer = client.get(reverse("reconciliation:export"))
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content)), load_workbook(
        io.BytesIO(answer.content), data_only=True
    )


def test_the_workbook_names_what_it_shows_and_proves_its_totals(client, signed, scenario):
    formulas, values = workbook(client, signed.people[Role.FINANCE])
    assert formulas.sheetnames == ["Cover", "Comparison", "P&L A", "P&L B", "Budget", "Checks"]
    cover = " ".join(str(cell.value) for row in values["Cover"] for cell in row if cell.value)
    assert scenario.version.content_hash in cover
    assert "30 hours a month more on Line 1" in cover
    sheet = values["P&L B"]
    revenue = next(row for row in sheet.iter_rows() if row[0].value == PnlRow.REVENUE.label)
    assert [cell.value for cell in revenue[1:]] == [1300, 1300, 1300, 3900, 1300, 1300, 1300, 3900, 7800]
    assert formulas["P&L B"].column_dimensions["B"].outlineLevel == 2
    assert all(row[1].value in (0, None) for row in values["Checks"].iter_rows(min_row=3))
    assert AuditEvent.objects.filter(act="export").exists()


def test_checks_of_the_workbook_hold_when_computed_again(client, signed, scenario):
    """Evaluates the sums of the check sheet over the numbers in the file, as a spreadsheet would."""
    formulas, values = workbook(client, signed.people[Role.FINANCE])
    for row in formulas["Checks"].iter_rows(min_row=3):
        if row[1].value and "SUMPRODUCT" not in row[1].value:
            assert evaluated(row[1].value, values) == 0


def evaluated(formula, book):
    import re

    def figure(match):
        return repr(float(book[match[1]][match[2]].value or 0))

    text = re.sub(r"'([^']+)'!([A-Z]+\d+)", figure, formula.removeprefix("=ROUND(").removesuffix(",2)"))
    return round(eval(text), 2)  # noqa: S307 - a formula that this project wrote


def test_the_workbook_of_sales_has_no_cost(client, signed, scenario):
    formulas, _ = workbook(client, signed.people[Role.SALES])
    text = " ".join(str(c.value) for s in formulas for row in s.iter_rows() for c in row if c.value)
    assert "Net revenue" in text
    assert [word for word in HIDDEN if word in text] == []


def test_text_cells_cannot_become_formulas(client, signed, scenario):
    Scenario.objects.filter(pk=scenario.pk).update(name='=HYPERLINK("http://x")')
    formulas, _ = workbook(client, signed.people[Role.FINANCE])
    cells = [c for s in formulas for row in s.iter_rows() for c in row if "HYPERLINK" in str(c.value)]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)


def test_the_page_asks_as_often_for_one_scenario_as_for_three(
    client, signed, scenario, django_assert_max_num_queries
):
    finance = signed.people[Role.FINANCE]
    page(client, finance)
    counts = []
    for name in ("", "Two", "Three"):
        if name:
            create_scenario(cycle=signed.cycle, by=finance, name=name, copy_of=scenario)
        with django_assert_max_num_queries(70) as queries:
            page(client, finance, scenario=scenario.pk)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_gaps_of_the_signed_plan_are_on_the_page(client, signed, scenario):
    assert SupplyGap.objects.filter(version__kind="supply").exists()
    html = page(client, signed.people[Role.FINANCE])
    assert "Product A" in html
    assert "closed" in html
