"""Events and pipeline as the sales and marketing people see them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cycles.models import Change, Cycle, User, Version
from demand.events import Estimate, PastEvent, estimate_lift, spread_pipeline, weighted_pipeline
from demand.models import Opportunity, Promotion
from demand.queries.ledger import is_active, undo_map
from demand.queries.lifts import measured_lifts
from demand.queries.streams import visible_streams
from portfolio.models import Family, Product
from sop.periods import last_of_month, month_index
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT


@dataclass(frozen=True)
class EventRow:
    """A planned or running event, what it does to the plan (units), and what past ones suggest."""

    promotion: Promotion
    units: float
    counts: bool
    estimate: Estimate | None


def event_rows(version: Version, user: User) -> list[EventRow]:
    """Events of the plan months in the person's scope, by start."""
    rows = coming_events(version.cycle, user).filter(start__lte=last_of_month(version.cycle.months[-1]))
    past, effects = past_events(version.cycle), _effects(version)
    return [
        EventRow(one, effects.get(one.code, 0.0), one.code in effects, _estimate(one, past))
        for one in rows.select_related("product__family", "market").order_by("start", "code")
    ]


def coming_events(cycle: Cycle, user: User) -> QuerySet[Promotion]:
    """Events that are not over when the plan begins, of products that the person sees."""
    seen = visible_streams(user).values("product_id")
    return Promotion.objects.filter(end__gte=cycle.month, product_id__in=seen)


def _estimate(promotion: Promotion, past: list[PastEvent]) -> Estimate | None:
    family = promotion.product.family_id or 0
    return estimate_lift(
        past, product=promotion.product_id, family=family, market=promotion.market_id, kind=promotion.kind
    )


def past_events(cycle: Cycle) -> list[PastEvent]:
    """Events that are over, with the lift that was measured against the plan of their time, else the stated one."""
    rows = list(
        Promotion.objects.filter(end__lt=cycle.month).select_related("product").order_by("start", "code")
    )
    measured = measured_lifts(rows, cycle)
    events = []
    for one in rows:
        lift = measured.get(one.pk, one.lift_percent)
        if lift is not None:
            age = month_index(cycle.month) - month_index(one.start)
            family = one.product.family_id or 0
            events.append(PastEvent(one.product_id, family, one.market_id, age, lift, one.kind))
    return events


def suggested_lift(cycle: Cycle, product: Product, market_id: int | None, kind: str = "") -> Estimate | None:
    """What past events say of a new one."""
    family = product.family_id or 0
    return estimate_lift(past_events(cycle), product=product.pk, family=family, market=market_id, kind=kind)


def _effects(version: Version) -> dict[str, float]:
    """Units that each event adds to the plan now."""
    undone = undo_map(version)
    found: dict[str, float] = {}
    changes = Change.objects.filter(version=version, source="promotion").exclude(operation="undo")
    for change in changes.only("pk", "source_key", "delta_quanta"):
        if is_active(change.pk, undone):
            found[change.source_key] = (
                found.get(change.source_key, 0.0) + change.delta_quanta / QUANTA_PER_UNIT
            )
    return found


@dataclass(frozen=True)
class OpportunityRow:
    """A deal, what it is worth on average (units, money), and whether the plan holds it."""

    opportunity: Opportunity
    target: str
    units: float
    amount: float
    taken: bool

    @property
    def share(self) -> float:
        return self.opportunity.probability / 100


@dataclass(frozen=True)
class PipelineMonth:
    """What deals bring in a month on average, and its standard deviation (units, money)."""

    month: date
    units: float
    units_deviation: float
    amount: float
    amount_deviation: float


@dataclass(frozen=True)
class Pipeline:
    """Deals of the plan months with their expected sum and its standard deviation, in all and by delivery month."""

    rows: list[OpportunityRow]
    units: float
    units_deviation: float
    amount: float
    amount_deviation: float
    months: list[PipelineMonth]


def pipeline(version: Version, user: User) -> Pipeline:
    """Open deals that close inside the plan, in the person's scope, by month."""
    cycle = version.cycle
    targets = _targets(user)
    rows = Opportunity.objects.filter(close_month__gte=cycle.month, close_month__lte=cycle.months[-1])
    taken = taken_opportunities(version)
    found = [
        OpportunityRow(
            one,
            targets[one.target_code],
            one.quantity / QUANTA_PER_UNIT,
            one.amount_minor / MINOR_PER_MAJOR,
            one.code in taken,
        )
        for one in rows.select_related("customer").order_by("close_month", "code")
        if one.target_code in targets
    ]
    shares = [row.share for row in found]
    return Pipeline(
        found,
        *weighted_pipeline([row.units for row in found], shares),
        *weighted_pipeline([row.amount for row in found], shares),
        _by_month(found, cycle.months),
    )


def _by_month(rows: list[OpportunityRow], months: list[date]) -> list[PipelineMonth]:
    """Months in which something is delivered."""
    columns: list[list[float]] = []
    for name in ("units", "amount"):
        deals = [
            (
                month_index(row.opportunity.close_month) - month_index(months[0]),
                row.opportunity.delivery_months,
                getattr(row, name),
                row.share,
            )
            for row in rows
        ]
        columns += spread_pipeline(deals, len(months))
    found = [PipelineMonth(month, *figures) for month, *figures in zip(months, *columns, strict=True)]
    return [one for one in found if one.units or one.amount]


def _targets(user: User) -> dict[str, str]:
    """Names of the products and families, by code, in which the person sees a stream."""
    streams = visible_streams(user)
    products = Product.objects.filter(pk__in=streams.values("product_id"))
    families = Family.objects.filter(pk__in=products.values("family_id"))
    names = {family.code: family.name for family in families}
    return names | {product.code: str(product) for product in products}


def taken_opportunities(version: Version) -> set[str]:
    """Codes of deals that an active change has brought into the plan."""
    undone = undo_map(version)
    changes = Change.objects.filter(version=version, source="pipeline").exclude(operation="undo")
    return {
        change.scope.get("opportunity", "")
        for change in changes.only("pk", "scope")
        if is_active(change.pk, undone)
    }
