"""What the key figures are made of: demand against forecasts, deliveries against orders, stock against cost.

Each function gives, for one closed month, sums by level and member, which a refresh stores.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from cycles.choices import StageKind
from cycles.models import Company, Stage, Version
from demand.models import DemandFact, DemandHistory, DemandStream, ForecastLine, OrderLine, Shipment
from kpis.formulas import DeliveryRule, filled, is_otif, on_time_quantity
from portfolio.choices import ProductKind
from portfolio.models import Customer, Product
from reconciliation.models import BudgetLine
from sop.periods import add_months, last_of_month, month_range
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT
from supply.models import StockRecord

PLAN_LABEL = "consensus"
Member = tuple[str, str]  # level and code


@dataclass
class Sums:
    """Numerator and denominator of a ratio, and how many rows could not be counted."""

    numerator: float = 0.0
    denominator: float = 0.0
    excluded: int = 0

    def add(self, numerator: float, denominator: float) -> None:
        self.numerator += numerator
        self.denominator += denominator


ByMember = dict[Member, Sums]


def stream_members() -> dict[int, list[Member]]:
    """Where the figures of each stream are added up: the company, its family, its market."""
    rows = DemandStream.objects.values_list("pk", "product__family__code", "market__code")
    return {pk: [("all", ""), ("family", family or ""), ("market", market)] for pk, family, market in rows}


def forecast_of(month: date, lag: int) -> dict[int, int]:
    """The plan for ``month`` made ``lag`` cycles earlier, by stream in quanta.

    The own signed plan of that cycle; where there is none, the imported forecast; empty where neither is.
    """
    made_in = add_months(month, -lag)
    version = signed_demand_version(made_in)
    if version:
        facts = DemandFact.objects.filter(version=version, month=month, consensus__isnull=False)
        return {
            stream: units
            for stream, units in facts.values_list("stream_id", "consensus")
            if units is not None
        }
    lines = ForecastLine.objects.filter(cycle_month=made_in, label=PLAN_LABEL, month=month)
    return dict(lines.values_list("stream_id", "quantity"))


def signed_demand_version(cycle_month: date) -> Version | None:
    """What the demand review of a cycle signed."""
    stage = (
        Stage.objects.filter(cycle__month=cycle_month, kind=StageKind.DEMAND, signed_version__isnull=False)
        .select_related("signed_version")
        .first()
    )
    return stage.signed_version if stage else None


def forecast_errors(month: date, lag: int, members: dict[int, list[Member]]) -> tuple[ByMember, ByMember]:
    """WAPE and bias sums of a month at a lag; a stream without a forecast at that lag is left out and counted."""
    forecast = forecast_of(month, lag)
    absolute: ByMember = defaultdict(Sums)
    signed: ByMember = defaultdict(Sums)
    if not forecast:
        return absolute, signed
    actual = dict(DemandHistory.objects.filter(month=month).values_list("stream_id", "quantity"))
    for stream in forecast.keys() | actual.keys():
        for member in members.get(stream, []):
            if stream not in forecast:
                absolute[member].excluded += 1
                continue
            error = (forecast[stream] - actual.get(stream, 0)) / QUANTA_PER_UNIT
            wanted = actual.get(stream, 0) / QUANTA_PER_UNIT
            absolute[member].add(abs(error), wanted)
            signed[member].add(error, wanted)
    return absolute, signed


def delivery_rules() -> dict[int, DeliveryRule]:
    """Window and tolerances of each customer, the company's own where the customer has none."""
    company = Company.current()
    fields = ("pk", "otif_early_days", "otif_late_days", "under_tolerance", "over_tolerance")
    return {
        pk: DeliveryRule(
            company.otif_early_days if early is None else early,
            company.otif_late_days if late is None else late,
            (under or 0.0) / 100,
            (over or 0.0) / 100,
        )
        for pk, early, late, under, over in Customer.objects.values_list(*fields)
    }


def deliveries(month: date, members: dict[int, list[Member]]) -> tuple[ByMember, ByMember]:
    """OTIF (lines) and fill rate (units) of the lines due in a month; open overdue lines fail."""
    rules = delivery_rules()
    lines = OrderLine.objects.filter(requested_date__range=(month, last_of_month(month)))
    shipped: dict[int, list[tuple[date | None, float]]] = defaultdict(list)
    for line, day, quantity in Shipment.objects.filter(order_line__in=lines).values_list(
        "order_line_id", "delivery_date", "quantity"
    ):
        shipped[line].append((day, quantity / QUANTA_PER_UNIT))
    otif: ByMember = defaultdict(Sums)
    fill: ByMember = defaultdict(Sums)
    for pk, stream, customer, quantity, requested in lines.values_list(
        "pk", "stream_id", "customer_id", "quantity", "requested_date"
    ).iterator(chunk_size=10_000):
        ordered = quantity / QUANTA_PER_UNIT
        rule = rules[customer]
        on_time = on_time_quantity(requested, shipped.get(pk, []), rule)
        passed = is_otif(ordered, on_time, rule)
        for member in members[stream]:
            otif[member].add(float(passed), 1.0)
            fill[member].add(filled(ordered, on_time), ordered)
    return otif, fill


def turns(month: date) -> ByMember:
    """Cost of the finished goods shipped in the 12 months to ``month`` over the mean of 13 month ends.

    With less history the cost is scaled up to a year and the mean is taken over the month ends there are.
    """
    costs = _standard_costs()
    months = month_range(add_months(month, -11), 12)
    sold: dict[Member, float] = defaultdict(float)
    seen = _sold_by_product(months[0], last_of_month(month))
    for product, quantity in seen.items():
        if product in costs:
            for member in costs[product].members:
                sold[member] += quantity * costs[product].cost
    ends = [last_of_month(add_months(months[0], -1)), *map(last_of_month, months)]
    values = list(_stock_values(ends, costs))
    if not values:
        return {}
    year = 12 / max(1, min(12, len(values) - 1))
    result: ByMember = {}
    for member in {key for value in values for key in value} | sold.keys():
        mean = sum(value.get(member, 0.0) for value in values) / len(values)
        result[member] = Sums(sold.get(member, 0.0) * year, mean)
    return result


@dataclass(frozen=True)
class _Costed:
    cost: float
    members: tuple[Member, ...]


def _standard_costs() -> dict[int, _Costed]:
    rows = Product.objects.filter(kind=ProductKind.FINISHED, standard_cost__isnull=False).values_list(
        "pk", "standard_cost", "family__code"
    )
    return {
        pk: _Costed(float(cost), (("all", ""), ("family", family or "")))
        for pk, cost, family in rows
        if cost is not None
    }


def _sold_by_product(first: date, last: date) -> dict[int, float]:
    rows = (
        Shipment.objects.filter(ship_date__range=(first, last))
        .values_list("order_line__stream__product_id")
        .annotate(total=Sum("quantity"))
    )
    return {product: total / QUANTA_PER_UNIT for product, total in rows}


def _stock_values(ends: list[date], costs: dict[int, _Costed]) -> Iterator[dict[Member, float]]:
    by_day: dict[date, dict[Member, float]] = {}
    rows = (
        StockRecord.objects.filter(day__in=ends)
        .values_list("day", "product_id")
        .annotate(total=Sum("on_hand"))
    )
    for day, product, total in rows:
        if product in costs:
            value = by_day.setdefault(day, defaultdict(float))
            for member in costs[product].members:
                value[member] += total / QUANTA_PER_UNIT * costs[product].cost
    return (by_day[day] for day in ends if day in by_day)


def revenue_to_budget(month: date) -> ByMember:
    """Ordered revenue of a month and its budget, by company and family."""
    result: ByMember = defaultdict(Sums)
    earned = (
        DemandHistory.objects.filter(month=month)
        .values_list("stream__product__family__code")
        .annotate(total=Sum("value"))
    )
    budget = BudgetLine.objects.filter(month=month).values_list("family__code", "revenue_minor")
    for code, total in earned:
        for member in (("all", ""), ("family", code or "")):
            result[member].add(total / MINOR_PER_MAJOR, 0.0)
    for code, total in budget:
        for member in (("all", ""), ("family", code)):
            result[member].add(0.0, total / MINOR_PER_MAJOR)
    return result
