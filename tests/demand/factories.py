"""A small company built directly: two families, three products, two markets, three years of demand."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from cycles.actions.cycle import open_cycle
from cycles.choices import Role, StageKind, StageState, VersionKind
from cycles.models import Cycle, Stage, User, Version
from cycles.queries import draft_of
from cycles.testing import run_pending
from demand.actions.baseline import request_baseline
from demand.actions.baseline_draft import NewDraft
from demand.models import BaselinePart, DemandFact, DemandHistory, DemandStream
from portfolio.models import Family, Market, PlannedPrice, Product
from sop.periods import add_months, month_range
from tests.cycles.factories import make_person

MONTH = date(2026, 11, 1)
HORIZON = 12


@dataclass
class SmallCompany:
    """Families A (with child A1) and B; products by code; streams by "product/market"."""

    families: dict[str, Family] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    markets: dict[str, Market] = field(default_factory=dict)
    streams: dict[str, DemandStream] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def stream(self, name: str) -> str:
        return f"stream:{self.streams[name].pk}"

    def product(self, code: str) -> str:
        return f"product:{self.products[code].pk}"

    def family(self, code: str) -> str:
        return f"family:{self.families[code].pk}"


PRODUCTS = {"P1": ("A1", "10.00"), "P2": ("A", "20.00"), "P3": ("B", "5.00")}
LEVELS = {"P1/DE": 100, "P1/FR": 50, "P2/DE": 200, "P2/FR": 80, "P3/DE": 400}


def make_company(*, history_months: int = 36) -> SmallCompany:
    """Master data, people and a steady demand with a December peak."""
    company = SmallCompany()
    for code, parent in (("A", None), ("A1", "A"), ("B", None)):
        above = company.families[parent] if parent else None
        company.families[code] = Family.objects.create(code=code, name=f"Family {code}", parent=above)
    for code in ("DE", "FR"):
        company.markets[code] = Market.objects.create(code=code, name={"DE": "Germany", "FR": "France"}[code])
    for code, (family, price) in PRODUCTS.items():
        company.products[code] = Product.objects.create(
            code=code,
            description=f"Product {code}",
            family=company.families[family],
            list_price=price,
            standard_cost="3.00",
        )
    for name in LEVELS:
        add_stream(company, name)
    add_history(company, history_months)
    company.people = make_people()
    return company


def add_stream(company: SmallCompany, name: str) -> DemandStream:
    code, market = name.split("/")
    stream = DemandStream.objects.create(product=company.products[code], market=company.markets[market])
    company.streams[name] = stream
    price = company.products[code].list_price
    PlannedPrice.objects.get_or_create(
        product=stream.product, market=stream.market, defaults={"price": price, "basis": "list"}
    )
    return stream


def add_history(company: SmallCompany, months: int) -> None:
    rows = []
    for name, level in LEVELS.items():
        price = float(PRODUCTS[name.split("/")[0]][1])
        for month in month_range(add_months(MONTH, -months), months):
            units = level * (1.5 if month.month == 12 else 1.0)
            rows.append(
                DemandHistory(
                    stream=company.streams[name],
                    month=month,
                    quantity=int(units * 1000),
                    value=int(units * price * 100),
                )
            )
    DemandHistory.objects.bulk_create(rows)


def change_history(company: SmallCompany, name: str, units: float) -> None:
    """Another demand of a stream, written as new rows like every load of history."""
    rows = list(DemandHistory.objects.filter(stream=company.streams[name]))
    DemandHistory.objects.filter(stream=company.streams[name]).delete()
    for row in rows:
        row.pk, row.quantity = None, int(units * 1000)
    DemandHistory.objects.bulk_create(rows)


def make_people() -> dict[str, User]:
    return {
        "owner": make_person("owner", Role.PROCESS_OWNER),
        "planner": make_person("planner", Role.DEMAND_PLANNER),
        "sales": make_person("sales", Role.SALES),
        "germany": make_person("germany", Role.SALES, scope=(("", "DE"),)),
        "product": make_person("product", Role.PRODUCT),
        "product2": make_person("product2", Role.PRODUCT),
        "finance": make_person("finance", Role.FINANCE),
        "admin": make_person("admin", Role.ADMIN),
    }


def make_cycle(company: SmallCompany, *, month: date = MONTH, horizon: int = HORIZON) -> Cycle:
    """An open cycle with its demand draft, the demand review open."""
    cycle = open_cycle(month=month, by=company.people["owner"], horizon_months=horizon)
    open_stage(cycle, StageKind.DEMAND)
    return cycle


def open_stage(cycle: Cycle, kind: StageKind, state: StageState = StageState.OPEN) -> Stage:
    """Puts a stage into a state directly: how it gets there is tested with the cycle."""
    Stage.objects.filter(cycle=cycle, kind=kind).update(state=state)
    return Stage.objects.select_related("cycle").get(cycle=cycle, kind=kind)


def run_baseline(company: SmallCompany, cycle: Cycle) -> Version:
    """The draft after a real baseline run."""
    request_baseline(cycle=cycle, by=company.people["planner"])
    run_pending()
    return draft_of(cycle, VersionKind.DEMAND)


def make_plan(company: SmallCompany, cycle: Cycle) -> Version:
    """The draft on a baseline that goes on like the history, without asking the engine."""
    draft = draft_of(cycle, VersionKind.DEMAND)
    levels = {company.streams[name].pk: level for name, level in LEVELS.items()}
    streams = np.array(sorted(levels), dtype=np.int64)
    season = np.array([1.5 if month.month == 12 else 1.0 for month in cycle.months])
    mean = np.array([[levels[key]] for key in streams.tolist()]) * season * 1000
    figures = np.stack([mean, mean * 0.9, mean * 1.1, mean * 0.8, mean * 1.2]).astype(np.int64)
    notes = [["steady", "regular", "Goes on as it was.", []]] * len(streams)
    part = BaselinePart(streams=streams.tobytes(), figures=figures.tobytes(), notes=notes)
    new = NewDraft(draft, [part])
    new.compute()
    new.store(by=company.people["planner"])
    draft.refresh_from_db()
    return draft


def figures(version: Version, column: str = "consensus") -> dict[tuple[int, date], int | None]:
    """Every figure of a column by stream and month."""
    rows = DemandFact.objects.filter(version=version).values_list("stream_id", "month", column)
    return {(stream, month): value for stream, month, value in rows}
