"""Verdicts at the gates, pushes, families, limits and minutes: what they do, and what stays in the records."""

from datetime import date
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from django.test import Client
from openpyxl import load_workbook

from cycles.choices import StageKind, StageState
from cycles.models import Change, Cycle, Version
from datahub.context import LoadContext
from datahub.writing import write_frame
from demand.actions.summary import rebuild_summary
from demand.models import DemandFact, DemandHistory, DemandSummary
from portfolio.actions.families import delete_family, move_product, save_family
from portfolio.actions.launches import NewProduct, Volume, decide_gate, move_launch, save_launch
from portfolio.actions.phase_outs import RunOut, save_phase_out
from portfolio.actions.reviews import Push, decide_product
from portfolio.actions.rules import set_rules, write_minutes
from portfolio.checks import check_decisions, check_launches
from portfolio.datasets import FAMILIES
from portfolio.loaders import check_family_tree
from portfolio.models import AgendaNote, Family, GateDecision, Launch, Product, ProductReview
from portfolio.queries.effects import change_effects, total_effect
from portfolio.queries.families import family_nodes
from portfolio.queries.review import effects_of, launch_cards, phase_out_rows
from sop.errors import InvalidInput, Locked, NotAllowed, NotFound, WrongState
from sop.periods import add_months
from tests.demand.factories import MONTH, SmallCompany, figures, open_stage, run_baseline

JANUARY, JUNE = date(2027, 1, 1), date(2027, 6, 1)
NEW = NewProduct("P9", "Product P9", "A", list_price="12.00", standard_cost="4.00")


@pytest.fixture
def client_of(company: SmallCompany) -> Any:
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(company.people[name])
        return client

    return signed_in


def launch(company: SmallCompany, cycle: Cycle, **changes: Any) -> Launch:
    plan: dict[str, Any] = {
        "product": NEW,
        "month": JANUARY,
        "references": [("P2", 30.0)],
        "ramp_months": 1,
        "takes_from_like": False,
        "owner": company.people["product"],
        "by": company.people["product"],
    }
    return save_launch(cycle=cycle, **(plan | changes))


def units(plan: Version, code: str, month: date = JUNE, market: str = "DE") -> float:
    fact = DemandFact.objects.get(
        version=plan, stream__product__code=code, stream__market__code=market, month=month
    )
    return (fact.consensus or 0) / 1000


def test_a_launch_takes_and_helps_by_product_and_percent(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    before = figures(plan)
    launch(company, cycle, influences=[("P1", -50.0), ("P3", 10.0)])
    assert [units(plan, code) for code in ("P9", "P1", "P2", "P3")] == [60, 70, 200, 406]
    assert {change.source_key for change in Change.objects.filter(version=plan, source="launch")} == {
        "P9", "P9:takes", "P9:lifts",
    }  # fmt: skip
    launch(company, cycle, product="P9", influences=[("P1", -100.0)])
    assert [units(plan, code) for code in ("P1", "P3")] == [40, 400]
    decide_gate(cycle=cycle, by=company.people["product"], code="P9", verdict="kill", reason="No budget")
    after = figures(plan)
    assert {key: after[key] for key in before} == before


def test_revenue_and_margin_of_a_launch_are_net_of_what_it_takes(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    launch(company, cycle, influences=[("P1", -50.0)])
    card = launch_cards(cycle, effects_of(cycle))[0]
    months = 10  # January to October, the last month of the plan
    sold = (60 + 24) * months
    assert (card.units, card.moved) == (sold, -sold / 2)
    assert (card.money, card.margin) == (sold * 12, pytest.approx(sold * 8))
    assert card.net_money == sold * 12 - sold / 2 * 10
    assert card.net_margin == pytest.approx(sold * 8 - sold / 2 * 7)
    total = total_effect(change_effects(effects_of(cycle)), cycle.months)
    assert total.total_units == sold / 2


def test_an_idea_is_shown_but_not_planned_until_development(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    launch(company, cycle, gate="idea")
    assert not Change.objects.filter(source="launch").exists()
    effect = next(one for one in effects_of(cycle) if one.code == "P9")
    assert (effect.planned, effect.total_units) == (False, 84 * 10)
    by = company.people["product"]
    assert decide_gate(cycle=cycle, by=by, code="P9", verdict="go").gate == "feasibility"
    assert not Change.objects.filter(source="launch").exists()
    assert decide_gate(cycle=cycle, by=by, code="P9", verdict="go").gate == "development"
    assert units(plan, "P9") == 60


def test_hold_takes_it_out_and_go_brings_it_back(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    launch(company, cycle)
    by = company.people["product"]
    with pytest.raises(InvalidInput, match="why"):
        decide_gate(cycle=cycle, by=by, code="P9", verdict="hold", reason=" ")
    decide_gate(cycle=cycle, by=by, code="P9", verdict="hold", reason="Carton is late")
    assert units(plan, "P9") == 0
    assert check_launches(cycle).ok
    assert decide_gate(cycle=cycle, by=by, code="P9", verdict="go").gate == "development"
    assert units(plan, "P9") == 60
    move_launch(cycle=cycle, by=by, code="P9", gate="ready")
    with pytest.raises(InvalidInput, match="why"):
        move_launch(cycle=cycle, by=by, code="P9", gate="idea")
    rows = GateDecision.objects.order_by("pk").values_list("verdict", "from_gate", "to_gate", "reason", "by")
    assert list(rows) == [
        ("hold", "development", "development", "Carton is late", by.pk),
        ("go", "development", "development", "", by.pk),
        ("go", "development", "ready", "", by.pk),
    ]


def test_a_launch_by_volume_falls_on_the_markets_of_its_family(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    launch(
        company, cycle, references=[], month=MONTH, ramp_months=2, volume=Volume("volume", full_units=280.0)
    )
    assert [units(plan, "P9", market=market) for market in ("DE", "FR")] == [200, 80]
    assert units(plan, "P9", MONTH) == 100
    assert check_launches(cycle).ok


def test_a_launch_by_diffusion(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    volume = Volume("diffusion", full_units=100_000.0, innovators=0.016, imitators=0.304)
    launch(company, cycle, references=[], month=MONTH, volume=volume)
    both = [units(plan, "P9", MONTH, market) for market in ("DE", "FR")]
    assert sum(both) == pytest.approx(1_600)
    with pytest.raises(InvalidInput, match="diffusion needs q"):
        launch(company, cycle, product="P9", volume=Volume("diffusion", full_units=1.0, innovators=0.1))


def test_a_launch_sells_as_another_product_began(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    began = add_months(MONTH, -3)
    DemandHistory.objects.filter(stream__product__code="P2", month__lt=began).delete()
    launch(company, cycle, references=[("P2", 50.0)], volume=Volume("beginning", copy_percent=80.0))
    DemandHistory.objects.filter(stream=company.streams["P2/DE"], month=began).update(quantity=10_000)
    launch(
        company, cycle, product="P9", references=[("P2", 50.0)], volume=Volume("beginning", copy_percent=80.0)
    )
    months = [add_months(JANUARY, place) for place in range(5)]
    # 10, 200, 200 of the history, then November and December of the plan, times .5 x .8
    assert [units(plan, "P9", month) for month in months] == [4, 80, 80, 80, 120]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"influences": [("P1", -120.0)]}, "up to 100"),
        ({"influences": [("P1", -60.0), ("P3", -60.0)]}, "Together"),
        ({"influences": [("P1", -10.0), ("P1", 10.0)]}, "once"),
        ({"influences": [("P2", -10.0)], "takes_from_like": True}, "not both"),
        ({"volume": Volume("guess")}, "no basis"),
        ({"volume": Volume(copy_percent=0.0)}, "copy factor"),
    ],
)
def test_launches_that_contradict_themselves(
    company: SmallCompany, cycle: Cycle, plan: Version, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        launch(company, cycle, **changes)
    assert not Launch.objects.exists()


def test_a_phase_out_shows_what_is_written_off(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    by = company.people["product"]
    save_phase_out(
        cycle=cycle, by=by, product="P1", end_month=JANUARY, run_out_months=0, run_out_units=1_000, no_successor=True,
        run_out=RunOut(coming_units=200.0, last_order=date(2027, 1, 15), salvage_percent=25.0),
    )  # fmt: skip
    row = phase_out_rows(cycle, effects_of(cycle))[0]
    left = 1_000 + 200 - (150 + 225 + 150)
    assert (row.left, row.left_value) == (left, left * 3)
    assert row.write_off == pytest.approx(left * 3 * 0.75)
    assert row.advice == f"Cancel 200 of what is coming, and sell {left - 200} more units before the end."
    with pytest.raises(InvalidInput, match="after the last month"):
        save_phase_out(
            cycle=cycle, by=by, product="P1", end_month=JANUARY, run_out=RunOut(last_order=date(2027, 2, 1))
        )


def test_a_push_raises_the_plan_and_maintain_takes_it_back(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    by = company.people["product"]
    push = Push(10.0, JANUARY)
    review = decide_product(
        cycle=cycle, by=by, code="P2", decision="push", reason="New listing", push=push, owner=by
    )
    assert [units(plan, "P2", month) for month in (date(2026, 12, 1), JANUARY)] == [300, 220]
    year = 280 * 12.5  # December sells half as much again
    assert review.effect_units == pytest.approx(year / 10)
    assert review.effect_revenue_minor == pytest.approx(year * 20 / 10 * 100)
    assert review.effect_margin_minor == pytest.approx(year * 17 / 10 * 100)
    assert Change.objects.get(source="push").source_key == "P2"
    decide_product(cycle=cycle, by=by, code="P2", decision="maintain")
    assert units(plan, "P2", JANUARY) == 200
    with pytest.raises(InvalidInput, match="Only a push"):
        decide_product(cycle=cycle, by=by, code="P2", decision="maintain", push=push)


def test_a_cut_waits_for_its_end(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    by = company.people["product"]
    review = decide_product(cycle=cycle, by=by, code="P1", decision="cut", reason="Too many sizes")
    assert review.effect_units == pytest.approx(-150 * 12.5)
    assert "without an end: P1" in check_decisions(cycle).message
    save_phase_out(cycle=cycle, by=by, product="P1", end_month=JUNE, no_successor=True)
    assert "without an end" not in check_decisions(cycle).message


def test_the_tree_is_rolled_up_at_any_depth_and_never_becomes_a_circle(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    by = company.people["product"]
    for code, parent in (("A2", "A1"), ("A3", "A2"), ("A4", "A3")):
        save_family(cycle=cycle, by=by, code=code, name=code, parent=parent, new=True)
    move_product(cycle=cycle, by=by, code="P1", family="A4")
    nodes = {node.family.code: node for node in family_nodes(cycle)}
    assert [nodes[code].level for code in ("A", "A1", "A2", "A3", "A4")] == [1, 2, 3, 4, 5]
    assert nodes["A4"].sums.units == 150 * 12.5
    assert nodes["A"].sums.units == (150 + 280) * 12.5
    assert nodes["A"].sums.margin == pytest.approx(150 * 12.5 * 7 + 280 * 12.5 * 17)
    with pytest.raises(InvalidInput, match="below"):
        save_family(cycle=cycle, by=by, code="A", parent="A4")
    with pytest.raises(InvalidInput, match="already"):
        save_family(cycle=cycle, by=by, code="a1", new=True)
    with pytest.raises(WrongState, match="not empty"):
        delete_family(cycle=cycle, by=by, code="A4")
    with pytest.raises(NotFound):
        save_family(cycle=cycle, by=by, code="A", parent="Z")
    move_product(cycle=cycle, by=by, code="P1", family="A")
    delete_family(cycle=cycle, by=by, code="A4")
    assert not Family.objects.filter(code="A4").exists()


def test_sums_of_the_plan_follow_a_product_to_its_new_family(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    move_product(cycle=cycle, by=company.people["product"], code="P1", family="B")
    fields = ("family_id", "market_id", "month", "consensus", "consensus_value")
    kept = set(DemandSummary.objects.filter(version=plan).values_list(*fields))
    rebuild_summary(plan)
    assert set(DemandSummary.objects.filter(version=plan).values_list(*fields)) == kept
    assert Product.objects.get(code="P1").family == company.families["B"]


RULES: dict[str, Any] = {
    "new_share_target": 12.0, "new_months": 24, "a_percent": 75.0, "b_percent": 96.0, "abc_rule": "inclusive",
    "x_limit": 0.5, "y_limit": 1.0, "tail_percent": 5.0,
}  # fmt: skip


def test_target_and_limits_are_product_managements(
    client_of: Any, company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    set_rules(cycle=cycle, by=company.people["product"], **RULES)
    assert "target 12.0 %; 24 months or younger" in client_of("finance").get("/product/").content.decode()
    with pytest.raises(NotAllowed):
        set_rules(cycle=cycle, by=company.people["finance"], **RULES)
    for wrong in ({"a_percent": 97.0}, {"new_share_target": 0.0}, {"y_limit": 0.1}, {"abc_rule": "x"}):
        with pytest.raises(InvalidInput):
            set_rules(cycle=cycle, by=company.people["product"], **(RULES | wrong))


def test_minutes_are_kept_until_the_review_is_signed(
    client_of: Any, company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    client = client_of("sales")
    form = {"item": "ends", "text": "Sell the rest to the outlet"}
    assert client.post("/product/minutes/", form).status_code == 302
    assert "Sell the rest to the outlet" in client.get("/product/").content.decode()
    write_minutes(cycle=cycle, by=company.people["sales"], item="ends", text="")
    assert not AgendaNote.objects.exists()
    open_stage(cycle, StageKind.PRODUCT, StageState.SIGNED)
    with pytest.raises(Locked):
        write_minutes(cycle=cycle, by=company.people["sales"], item="ends", text="Too late")


def test_pages_of_the_range(client_of: Any, company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    launch(company, cycle, influences=[("P1", -50.0)])
    client = client_of("product")
    assert "4 products" in client.get("/product/products/").content.decode()
    assert "1 product" in client.get("/product/products/?family=B").content.decode()
    assert "P1 Product P1" in client.get("/product/products/?family=A").content.decode()
    assert "4 families on 2 levels" not in client.get("/product/families/").content.decode()
    page = client.get("/product/products/P1/").content.decode()
    assert "Launch of P9" in page
    form = {"decision": "push", "growth_percent": "5", "first_month": "2027-02", "reason": "More listings"}
    assert client.post("/product/products/P1/", form).status_code == 302
    assert ProductReview.objects.get().growth_percent == 5
    assert (
        "belong together" in client.post("/product/products/P1/", form | {"first_month": ""}).content.decode()
    )
    for address in ("families/new/", "families/A/", "rules/", "launches/P9/", "phase-outs/new/?product=P1"):
        assert client.get(f"/product/{address}").status_code == 200
    assert client.post("/product/families/new/", {"code": "C", "name": "Third"}).status_code == 302
    assert client.post("/product/products/P3/move/", {"family": "C"}).status_code == 302
    assert client.post("/product/families/B/delete/").status_code == 302
    assert not Family.objects.filter(code="B").exists()


def test_effects_by_month_and_as_a_workbook(
    client_of: Any, company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    launch(company, cycle, influences=[("P1", -50.0)])
    page = client_of("finance").get("/product/effects/?change=launch:P9").content.decode()
    assert "Launch of P9, by month" in page
    assert "taken from other products" in page
    book = load_workbook(BytesIO(client_of("finance").get("/product/effects/export/").content))
    assert book.sheetnames == ["Cover", "Effects", "By month", "Launches", "Phase-outs", "Decisions"]
    total = [
        row for row in book["Effects"].iter_rows(values_only=True) if row[0] == "All changes in the plan"
    ]
    assert total[0][3] == pytest.approx(84 * 10 / 2)
    assert "Margin" in [cell.value for cell in book["Effects"][1]]
    hidden = load_workbook(BytesIO(client_of("sales").get("/product/effects/export/").content))
    assert "Margin" not in [cell.value for cell in hidden["Effects"][1]]


def test_a_new_baseline_takes_launch_and_push_along(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    by = company.people["product"]
    launch(company, cycle, influences=[("P1", -50.0)])
    push = Push(10.0, JANUARY)
    decide_product(cycle=cycle, by=by, code="P2", decision="push", reason="New listing", push=push)
    draft = run_baseline(company, cycle)
    facts = {
        fact.stream.product.code: fact
        for fact in DemandFact.objects.filter(version=draft, stream__market__code="DE", month=JUNE)
    }
    assert facts["P2"].product == pytest.approx(facts["P2"].baseline * 1.1, abs=1)
    assert facts["P9"].product == pytest.approx(facts["P2"].product * 0.3, abs=1)
    assert facts["P1"].product == pytest.approx(facts["P1"].baseline - facts["P9"].product / 2, abs=1)


def test_a_file_of_families_builds_the_tree_and_never_a_circle(company: SmallCompany) -> None:
    frame = pd.DataFrame(
        [("A2", "Below A1", "A1"), ("A3", "Below A2", "A2"), ("N", "New top", "")],
        columns=["family", "name", "parent"],
    )
    context = LoadContext(by=company.people["product"])
    write_frame(FAMILIES, frame, context)
    check_family_tree(context)
    assert [
        one.code for one in (Family.objects.get(code="A3").parent, Family.objects.get(code="A2").parent)
    ] == [
        "A2",
        "A1",
    ]
    assert Family.objects.get(code="N").parent is None
    Family.objects.filter(code="A").update(parent=Family.objects.get(code="A3"))
    with pytest.raises(InvalidInput, match="in a circle"):
        check_family_tree(context)
