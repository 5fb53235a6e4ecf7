"""Phase-outs: what ends, when, and who follows."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from cycles.models import Cycle, User
from portfolio.actions.common import editable_stage, finished_product, saved
from portfolio.choices import ProductStatus, TransitionCurve
from portfolio.models import PhaseOut, Product
from sop.errors import InvalidInput, NotFound
from sop.periods import first_of_month, last_of_month, month_key


@dataclass(frozen=True)
class RunOut:
    """What happens to the stock: units to sell and still coming, last day of orders, what the rest brings."""

    coming_units: float | None = None
    last_order: date | None = None
    salvage_percent: float = 0.0


@transaction.atomic
def save_phase_out(
    *,
    cycle: Cycle,
    by: User,
    product: str,
    end_month: date,
    run_out_months: int = 3,
    run_out_units: float | None = None,
    successor: str = "",
    no_successor: bool = False,
    successor_percent: float = 100.0,
    curve: str = TransitionCurve.STEADY,
    run_out: RunOut | None = None,
    owner: User | None = None,
    note: str = "",
) -> PhaseOut:
    """Plans the end of a product or changes a planned one; the demand plan takes it over at once.

    ``end_month`` is the last month with sales. Raises NotAllowed, WrongState, Locked, NotFound or
    InvalidInput (a product that follows itself, in a circle, or both a successor and none).
    """
    stage = editable_stage(cycle, by)
    item = finished_product(product)
    follower = finished_product(successor) if successor else None
    _check_successor(item, follower, none=no_successor)
    _check_figures(months=run_out_months, units=run_out_units, percent=successor_percent)
    run_out = run_out or RunOut()
    _check_run_out(run_out, end_month, curve)
    phase_out, _ = PhaseOut.objects.update_or_create(
        product=item,
        defaults={
            "end_month": first_of_month(end_month),
            "run_out_months": run_out_months,
            "run_out_units": run_out_units,
            "successor": follower,
            "no_successor": no_successor,
            "successor_percent": successor_percent,
            "curve": curve,
            "coming_units": run_out.coming_units,
            "last_order": run_out.last_order,
            "salvage_percent": run_out.salvage_percent,
            "owner": owner,
            "note": note.strip(),
            "is_dropped": False,
        },
    )
    item.status, item.end_date = ProductStatus.PHASE_OUT, last_of_month(end_month)
    item.successor_code = follower.code if follower else ""
    item.save()
    detail = {"end": month_key(end_month), "successor": item.successor_code, "run_out_months": run_out_months}
    saved(cycle=cycle, stage=stage, by=by, product=item, act="phase_out.save", detail=detail)
    return phase_out


def _check_successor(item: Product, follower: Product | None, *, none: bool) -> None:
    if follower and none:
        raise InvalidInput("Choose a successor or “none”, not both.")
    if follower and _follows(follower, item):
        raise InvalidInput(
            f"{follower.code} cannot follow {item.code}: the products would follow each other in a circle."
        )


def _check_figures(*, months: int, units: float | None, percent: float) -> None:
    if not 0 <= months <= 24:
        raise InvalidInput("The run-out takes between 0 and 24 months.")
    if units is not None and units < 0:
        raise InvalidInput("The stock to sell cannot be below zero.")
    if not 0 <= percent <= 1_000:
        raise InvalidInput("The successor takes over between 0 and 1,000 percent.")


def _check_run_out(run_out: RunOut, end_month: date, curve: str) -> None:
    if curve not in TransitionCurve.values:
        raise InvalidInput(f"{curve!r} is no transition. Known are: {', '.join(TransitionCurve.values)}.")
    if run_out.coming_units is not None and run_out.coming_units < 0:
        raise InvalidInput("What is still coming cannot be below zero.")
    if not 0 <= run_out.salvage_percent <= 100:
        raise InvalidInput("Left-over stock brings between 0 and 100 percent of its cost.")
    if run_out.last_order and run_out.last_order > last_of_month(end_month):
        raise InvalidInput("Orders cannot be taken after the last month of sales.")


def _follows(follower: Product, item: Product) -> bool:
    """Whether the chain of successors from ``follower`` comes back to ``item``."""
    chain = dict(PhaseOut.objects.filter(is_dropped=False).values_list("product_id", "successor_id"))
    seen: set[int] = set()
    current: int | None = follower.pk
    while current is not None and current not in seen:
        if current == item.pk:
            return True
        seen.add(current)
        current = chain.get(current)
    return False


@transaction.atomic
def drop_phase_out(*, cycle: Cycle, by: User, code: str, reason: str) -> PhaseOut:
    """The product stays after all; what its end did to the plan is taken back. A reason is required."""
    stage = editable_stage(cycle, by)
    phase_out = (
        PhaseOut.objects.select_related("product").filter(product__code=code, is_dropped=False).first()
    )
    if phase_out is None:
        raise NotFound(f"There is no phase-out of {code!r}.")
    if not reason.strip():
        raise InvalidInput("Say why the product stays.")
    phase_out.is_dropped, phase_out.note = True, reason.strip()
    phase_out.save()
    item = phase_out.product
    item.status, item.end_date, item.successor_code = ProductStatus.ACTIVE, None, ""
    item.save()
    detail = {"reason": reason.strip()}
    saved(cycle=cycle, stage=stage, by=by, product=item, act="phase_out.drop", detail=detail)
    return phase_out
