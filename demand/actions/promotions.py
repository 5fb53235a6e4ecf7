"""Marketing events: planning them, and taking them into the marketing step at once."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.actions.stages import note_editor
from cycles.choices import Measure, Role, StageKind, VersionKind, VersionState
from cycles.models import ChangeLine, Cycle, User, Version
from cycles.permissions import require, require_editable
from cycles.queries import stage_of
from demand.actions import system_changes
from demand.actions.recording import write_block
from demand.actions.summary import shift_summary
from demand.models import DemandFact, Promotion
from demand.queries.blocks import Block, load_block
from demand.queries.inputs_seen import suggested_lift
from demand.queries.ledger import load_steps
from demand.queries.rules import promotion_rules
from demand.queries.streams import StreamTable, stream_table, visible_streams
from demand.queries.views import planned_stream_keys
from portfolio.models import Market, Product
from sop.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from demand.queries.rules import PromotionRule

SOURCES = ("promotion",)
MOST_LIFT = 1_000.0


@transaction.atomic
def save_promotion(
    *,
    cycle: Cycle,
    by: User,
    code: str,
    product: str,
    start: date,
    end: date,
    market: str = "",
    lift_percent: float | None = None,
    kind: str = "",
) -> Promotion:
    """Plans an event or changes a planned one; the marketing step follows at once.

    Without a lift the one that past events suggest is taken. Raises NotAllowed, WrongState, Locked,
    NotFound (product or market, or outside the scope) or InvalidInput.
    """
    stage = stage_of(cycle, StageKind.DEMAND)
    require(by.has_role(Role.SALES), "Marketing events are planned by sales and marketing.")
    require_editable(by, stage)
    item, place = _product(product, by), _market(market)
    _check(cycle, code, start, end, lift_percent)
    if lift_percent is None:
        estimate = suggested_lift(cycle, item, place.pk if place else None, kind.strip())
        if estimate is None:
            raise InvalidInput("No past event says what to expect. Enter the lift.")
        lift_percent = round(estimate.lift, 1)
    promotion, _ = Promotion.objects.update_or_create(
        code=code.strip(),
        defaults={
            "product": item, "market": place, "start": start, "end": end, "lift_percent": lift_percent,
            "kind": kind.strip()[:40],
        },
    )  # fmt: skip
    note_editor(stage=stage, user=by)
    detail = {"product": item.code, "market": market, "lift": lift_percent, "start": start.isoformat()}
    record_act(by=by, act="promotion.save", subject=code.strip(), detail=detail)
    apply_promotions(cycle=cycle, by=by)
    return promotion


@transaction.atomic
def drop_promotion(*, cycle: Cycle, by: User, code: str) -> None:
    """Takes a coming event out; what it did to the plan is taken back. Raises NotFound for one that is over."""
    stage = stage_of(cycle, StageKind.DEMAND)
    require(by.has_role(Role.SALES), "Marketing events are planned by sales and marketing.")
    require_editable(by, stage)
    promotion = Promotion.objects.filter(code=code, end__gte=cycle.month).select_related("product").first()
    if promotion is None:
        raise NotFound(f"There is no coming event {code!r}.")
    _product(promotion.product.code, by)
    promotion.delete()
    note_editor(stage=stage, user=by)
    record_act(by=by, act="promotion.drop", subject=code, detail={})
    apply_promotions(cycle=cycle, by=by)


def _product(code: str, by: User) -> Product:
    streams = visible_streams(by).filter(product__code=code).select_related("product")
    stream = streams.first()
    if stream is None:
        raise NotFound(f"There is no product {code!r} in your part of the company.")
    return stream.product


def _market(code: str) -> Market | None:
    if not code:
        return None
    market = Market.objects.filter(code=code).first()
    if market is None:
        raise NotFound(f"There is no market {code!r}.")
    return market


def _check(cycle: Cycle, code: str, start: date, end: date, lift: float | None) -> None:
    if not code.strip() or len(code.strip()) > 40:
        raise InvalidInput("An event needs a code of up to 40 letters.")
    if end < start:
        raise InvalidInput("The event ends before it starts.")
    if end < cycle.month:
        raise InvalidInput("The event is over before the plan begins.")
    if lift is not None and not -100 <= lift <= MOST_LIFT:
        raise InvalidInput(f"Give a lift between -100 and {MOST_LIFT:g} percent of the baseline.")


@transaction.atomic
def apply_promotions(*, cycle: Cycle, by: User | None) -> int:
    """Brings the marketing step in line with the events, through the ledger. Returns how many figures changed."""
    from demand.steps import replay

    draft = (
        Version.objects.select_for_update()
        .filter(cycle=cycle, kind=VersionKind.DEMAND, state=VersionState.DRAFT)
        .first()
    )
    if draft is None or not DemandFact.objects.filter(version=draft).exists():
        return 0
    rules, table = promotion_rules(cycle), stream_table()
    block = _concerned(draft, table, rules)
    if not len(block.streams):
        return 0
    before = block.plan.copy()
    prices = table.prices[table.rows_of(block.streams)]
    desired = system_changes.from_promotions(rules, block, table, prices)
    changes = system_changes.compare(draft, block, desired, SOURCES)
    people = load_steps(block, Measure.values[2:], without=SOURCES)
    replay(block.plan, changes.steps + people, Measure.values.index(Measure.MARKETING))
    count = write_block(block, before)
    shift_summary(block, before, table)
    system_changes.store(changes, version=draft, block=block, by=by)
    return count


def _concerned(draft: Version, table: StreamTable, rules: "list[PromotionRule]") -> Block:
    """The streams of products with events, and of events that were there before."""
    import numpy as np

    moved = ChangeLine.objects.filter(change__version=draft, change__source__in=SOURCES)
    touched = list(moved.values_list("stream_id", flat=True).distinct())
    chosen = np.isin(table.products, sorted({rule.product for rule in rules})) | np.isin(
        table.streams, touched
    )
    planned = np.isin(table.streams, planned_stream_keys(draft))
    return load_block(draft, table.streams[chosen & planned], draft.cycle.months)
