"""One month of the demo company: each review worked through as its people would."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from cycles.actions.records import add_action_item, add_assumption, add_risk
from cycles.actions.stages import perform, waive_check
from cycles.choices import Act, Measure, Operation, ReasonCode, StageKind, Verdict, VersionKind
from cycles.models import Cycle, User
from cycles.queries import draft_of, gate_findings, latest_version, stage_of
from cycles.testing import run_pending
from datahub.actions.quality import check_data
from demand.actions.edits import Edit, edit_cells
from demand.actions.inputs import review_family, submit_input
from executive.actions.approval import approve
from executive.actions.brief import prepare_brief
from executive.actions.decisions import decide
from executive.queries.decisions import decisions_of
from portfolio.models import Family, Launch, PhaseOut, Product
from reconciliation.actions.scenarios import (
    add_difference,
    create_scenario,
    ensure_baseline,
    recommend_scenario,
    request_all,
    scenario_from_gap,
)
from reconciliation.choices import DifferenceKind
from reconciliation.models import Scenario
from sop.periods import add_months, month_key, nth_working_day
from supply.actions.gaps import answer_gap
from supply.actions.inputs import change_hours
from supply.actions.plan import request_supply_plan
from supply.models import ResourceFact, SupplySummary
from supply.queries.gaps import product_gaps

People = dict[str, User]
OVERHAUL_SHARE = 0.5
CAMPAIGN_COST = 2_500.0


@dataclass
class Month:
    """A cycle with its people and dice; each method works one review through."""

    cycle: Cycle
    people: People
    dice: random.Random
    overhaul: bool = True

    def through(self, last: StageKind) -> None:
        """Works through the reviews in their order up to ``last``, signed."""
        steps: dict[StageKind, Callable[[], None]] = {
            StageKind.DATA: self.data,
            StageKind.PRODUCT: self.product,
            StageKind.DEMAND: self.demand,
            StageKind.SUPPLY: self.supply,
            StageKind.RECONCILIATION: self.reconciliation,
            StageKind.EXECUTIVE: self.executive,
        }
        for kind in StageKind:
            steps[kind]()
            if kind == last:
                return

    def data(self) -> None:
        """The rules have run; what still blocks is waived by the process owner, with a reason."""
        check_data(cycle=self.cycle, by=self.people["owner"])
        run_pending()
        self._sign(StageKind.DATA, "planner", "owner")
        run_pending()

    def product(self) -> None:
        """Each launch and phase-out gets its owner."""
        for model in (Launch, PhaseOut):
            model.objects.filter(owner=None).update(owner=self.people["product"])
        PhaseOut.objects.filter(successor=None, no_successor=False).update(no_successor=True)
        self._sign(StageKind.PRODUCT, "product", "product2")

    def demand(self) -> None:
        """Sales knows of customers, the planner corrects, every function submits."""
        self.demand_inputs()
        people = self.people
        for name, function in (("sales2", "marketing"), ("sales2", "sales"), ("planner", "planner")):
            submit_input(cycle=self.cycle, function=function, by=people[name])
        for code in (
            Family.objects.filter(products__streams__isnull=False).distinct().values_list("code", flat=True)
        ):
            review_family(cycle=self.cycle, code=code, by=people["planner"], reviewed=True)
        self._sign(StageKind.DEMAND, "planner", "director")

    def demand_inputs(self) -> None:
        """What people change: some of it helps, some of it is hope."""
        months = self.cycle.months
        add_assumption(
            cycle=self.cycle, by=self.people["sales2"], statement="The listing at the two largest customers holds",
            effect="+6 % from the second month", review_by=months[2],
        )  # fmt: skip
        families = list(Family.objects.filter(products__streams__isnull=False).distinct().order_by("code"))
        hopeful, careful = self.dice.choice(families), self.dice.choice(families)
        product = self.dice.choice(
            list(Product.objects.filter(streams__isnull=False, status="active").distinct())
        )
        self._change("sales", f"family:{hopeful.pk}", months[1:4], 1.06, why="Listing won at a large chain")
        self._change(
            "planner", f"family:{careful.pk}", months[2:5], 0.97, why="Sales came a month late before"
        )
        self._change("sales2", f"product:{product.pk}", months[0:3], 1.12, why="Tender decided in our favour")

    def supply(self) -> None:
        """The plan is computed with the overhaul that maintenance announced; what nobody can close is accepted."""
        request_supply_plan(cycle=self.cycle, by=self.people["supply"])
        run_pending()
        if self.overhaul:
            self.announce_overhaul()
            request_supply_plan(cycle=self.cycle, by=self.people["supply"])
            run_pending()
        version = latest_version(self.cycle, VersionKind.SUPPLY)
        if version:
            for gap in product_gaps(version, self.cycle):
                if gap.is_material and not gap.has_way_out:
                    answer_gap(
                        cycle=self.cycle, product=Product.objects.get(pk=gap.product_id), by=self.people["supply"],
                        text="Customers are told a later date; stock is shared between the markets.",
                    )  # fmt: skip
        self._sign(StageKind.SUPPLY, "supply", "operations")
        run_pending()

    def announce_overhaul(self) -> None:
        """The busiest line stands still for half of two months that lie ahead."""
        version = latest_version(self.cycle, VersionKind.SUPPLY)
        months = self.cycle.months[2:4]
        facts = ResourceFact.objects.filter(version=version, regular_hours__gt=0)
        busiest = max(facts.select_related("resource"), key=lambda fact: fact.load_hours / fact.regular_hours)
        hours = dict(busiest.resource.months.filter(month__in=months).values_list("month", "available_hours"))
        change_hours(
            cycle=self.cycle, resource=busiest.resource, by=self.people["supply"],
            months={month: {"available_hours": round(hours.get(month, 0.0) * OVERHAUL_SHARE, 1)} for month in months},
        )  # fmt: skip

    def reconciliation(self) -> None:
        """Scenarios are priced and one is recommended."""
        self.scenarios()
        self._sign(StageKind.RECONCILIATION, "finance", "finance2")

    def scenarios(self) -> None:
        """As signed, closing the dearest gap with a campaign where there is room, and a weaker market."""
        cycle, finance = self.cycle, self.people["finance"]
        baseline = ensure_baseline(cycle=cycle, by=finance)
        version = latest_version(cycle, VersionKind.SUPPLY)
        gaps = product_gaps(version, cycle) if version else []
        closing = next((gap for gap in gaps if gap.first.levers), None)
        chosen: Scenario = baseline
        if closing:
            chosen = scenario_from_gap(gap=closing.first, lever_index=0, by=finance, scenario=self.campaign())
        weak = create_scenario(
            cycle=cycle, by=finance, name="Weaker market", question="What if demand is 5 % lower?"
        )
        add_difference(
            scenario=weak, by=finance, kind=DifferenceKind.DEMAND,
            params={"percent": "-5"} | from_to(cycle.months[1], cycle.months[-1]),
        )  # fmt: skip
        request_all(cycle=cycle, by=finance)
        run_pending()
        chosen.refresh_from_db()
        recommend_scenario(scenario=chosen, by=finance)
        if cycle.risks.exists():
            return
        add_risk(
            cycle=cycle, by=finance, description="A key material comes from one supplier with a long lead time",
            is_opportunity=False, money_minor=18_000_000, probability=0.2, mitigation="Qualify a second source",
        )  # fmt: skip

    def campaign(self) -> Scenario:
        """More demand for the largest family that is served in full; marketing pays for it once."""
        cycle, finance = self.cycle, self.people["finance"]
        sold = SupplySummary.objects.filter(version=latest_version(cycle, VersionKind.SUPPLY))
        families = sold.values("family").annotate(lost=Sum("gap_minor"), revenue=Sum("revenue_minor"))
        family = Family.objects.get(pk=families.order_by("lost", "-revenue")[0]["family"])
        scenario = create_scenario(
            cycle=cycle, by=finance, name=f"Push {family.name.lower()}, close the gap",
            question=f"What do a campaign for {family.name} and more hours earn together?",
        )  # fmt: skip
        add_difference(
            scenario=scenario, by=finance, kind=DifferenceKind.DEMAND, one_off_cost=CAMPAIGN_COST,
            params={"family": family.code, "percent": "12"} | from_to(cycle.months[2], cycle.months[10]),
        )  # fmt: skip
        return scenario

    def executive(self) -> None:
        """The brief goes out, the sponsor answers, approves, and the plan is published."""
        cycle, people = self.cycle, self.people
        prepare_brief(cycle=cycle, by=people["owner"])
        self._submit(StageKind.EXECUTIVE, "owner")
        for decision in decisions_of(cycle):
            decide(
                decision=decision, by=people["sponsor"], verdict=Verdict.YES,
                owner=decision.owner or people["operations"], due=decision.due or add_months(cycle.month, 1),
            )  # fmt: skip
        run_pending()
        add_action_item(
            cycle=cycle, by=people["owner"], title="Bring offers for a second source of the critical material",
            owner=people["operations"], due=add_months(cycle.month, 2),
        )  # fmt: skip
        approve(
            cycle=cycle, by=people["sponsor"], comment="Go ahead",
            participants=[people[name] for name in ("director", "operations", "finance2")],
        )  # fmt: skip

    def _change(self, who: str, node: str, months: Sequence[date], factor: float, *, why: str) -> None:
        """Everybody changes the step of their function."""
        plans = who == "planner"
        measure = Measure.PLANNER if plans else Measure.SALES
        edit_cells(
            version=draft_of(self.cycle, VersionKind.DEMAND), by=self.people[who], comment=why,
            reason_code=ReasonCode.CORRECTION if plans else ReasonCode.CUSTOMER,
            edits=[Edit(node, measure, month, Operation.MULTIPLY, factor) for month in months],
        )  # fmt: skip

    def _submit(self, kind: StageKind, who: str) -> None:
        stage = stage_of(self.cycle, kind)
        for finding in gate_findings(stage):
            if finding.blocks:
                waive_check(
                    stage=stage, check_key=finding.key, by=self.people["owner"],
                    reason="Known and small: it is mended in the source system this week.",
                )  # fmt: skip
        perform(stage=stage, act=Act.SUBMIT, by=self.people[who])

    def _sign(self, kind: StageKind, submitter: str, signer: str) -> None:
        self._submit(kind, submitter)
        perform(stage=stage_of(self.cycle, kind), act=Act.SIGN, by=self.people[signer])


def from_to(first: date, last: date) -> dict[str, str]:
    """The months of a difference."""
    return {"first_month": month_key(first), "last_month": month_key(last)}


def day_of_work(cycle: Cycle, number: int) -> date:
    """A working day of the plan month, as the cycle's today."""
    return nth_working_day(cycle.month, number)
