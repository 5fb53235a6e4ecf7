"""Taking launches, phase-outs and pushes into the plan as soon as they are saved."""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from cycles.choices import Measure, VersionKind, VersionState
from cycles.models import ChangeLine, Cycle, User, Version
from demand.actions import system_changes
from demand.actions.baseline_draft import FACT_COLUMNS
from demand.actions.recording import write_block
from demand.actions.streams import ensure_streams
from demand.actions.summary import COLUMNS, shift_summary
from demand.models import DemandFact, DemandSummary
from demand.queries.blocks import Block, load_block
from demand.queries.ledger import load_steps
from demand.queries.rules import launch_rules, phase_out_rules, push_rules, settled_products
from demand.queries.streams import StreamTable, stream_table
from demand.queries.views import planned_stream_keys
from sop.bulk import bulk_insert

if TYPE_CHECKING:
    from demand.lifecycle import LaunchRule, PhaseOutRule, PushRule
    from demand.steps import Whole

SOURCES = ("launch", "phase_out", "push")


def on_portfolio_change(*, cycle: Cycle, by: User, product: Any) -> None:
    """The product review saved a launch or phase-out."""
    apply_portfolio_changes(cycle=cycle, by=by)


@transaction.atomic
def apply_portfolio_changes(*, cycle: Cycle, by: User | None) -> int:
    """Makes the product step anew for every product that the product review concerns, through the ledger.

    Later steps are replayed on it. Without a baseline there is nothing to change yet: it takes the
    portfolio along when it comes. Returns how many figures changed.
    """
    from demand.lifecycle import product_step
    from demand.steps import replay

    ensure_streams()
    draft = (
        Version.objects.select_for_update()
        .filter(cycle=cycle, kind=VersionKind.DEMAND, state=VersionState.DRAFT)
        .first()
    )
    if draft is None or not DemandFact.objects.filter(version=draft).exists():
        return 0
    launches, phase_outs, pushes = launch_rules(cycle), phase_out_rules(cycle), push_rules(cycle)
    table = stream_table()
    block = _concerned(draft, table, launches, phase_outs, pushes)
    if not len(block.streams):
        return 0
    before = block.plan.copy()
    places = table.rows_of(block.streams)
    settled = settled_products(cycle, [launch.product for launch in launches])
    block.plan[1], effects = product_step(
        block.plan[0],
        products=table.products[places],
        markets=table.markets[places],
        launches=launches,
        phase_outs=phase_outs,
        settled=_whole(settled),
        pushes=pushes,
    )
    desired = system_changes.from_effects(effects, block, table.prices[places])
    changes = system_changes.compare(draft, block, desired, SOURCES)
    replay(block.plan, load_steps(block, Measure.values[2:]), Measure.values.index(Measure.MARKETING))
    count = write_block(block, before)
    shift_summary(block, before, table)
    system_changes.store(changes, version=draft, block=block, by=by)
    return count


def _concerned(
    draft: Version,
    table: StreamTable,
    launches: "list[LaunchRule]",
    phase_outs: "list[PhaseOutRule]",
    pushes: "list[PushRule]",
) -> Block:
    """The streams of every product that a rule reads or moves, and of changes made for them before."""
    import numpy as np

    products = {launch.product for launch in launches} | {rule.product for rule in phase_outs}
    products |= {other for launch in launches for other, _ in (*launch.references, *launch.influences)}
    products |= {push.product for push in pushes}
    products |= {rule.successor for rule in phase_outs if rule.successor is not None}
    starting = {launch.product for launch in launches} | {
        rule.successor for rule in phase_outs if rule.successor
    }
    _add_missing(draft, table, np.isin(table.products, sorted(starting)))
    moved = ChangeLine.objects.filter(change__version=draft, change__source__in=SOURCES)
    touched = moved.values_list("stream_id", flat=True).distinct()
    chosen = np.isin(table.products, sorted(products)) | np.isin(table.streams, list(touched))
    planned = np.isin(table.streams, planned_stream_keys(draft))
    return load_block(draft, table.streams[chosen & planned], draft.cycle.months)


def _add_missing(draft: Version, table: StreamTable, starting: Any) -> None:
    """Streams that enter after the baseline was made start from zero."""
    import numpy as np

    new = table.only(starting & ~np.isin(table.streams, planned_stream_keys(draft)))
    months = [month.isoformat() for month in draft.cycle.months]
    rows = [
        (draft.pk, stream, month, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        for month in months
        for stream in new.streams.tolist()
    ]
    bulk_insert(DemandFact, FACT_COLUMNS, rows)
    known = set(DemandSummary.objects.filter(version=draft).values_list("family_id", "market_id").distinct())
    pairs = set(zip(new.families.tolist(), new.markets.tolist(), strict=True)) - known
    bulk_insert(
        DemandSummary,
        ("version", "family", "market", "month", *COLUMNS),
        [(draft.pk, *pair, month, *[0] * len(COLUMNS)) for pair in sorted(pairs) for month in months],
    )


def _whole(keys: list[int]) -> "Whole":
    import numpy as np

    return np.array(sorted(keys), dtype=np.int64)
