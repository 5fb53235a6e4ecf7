"""Launches: what starts, when, and after whose example."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from cycles.models import Cycle, User
from portfolio.actions.common import editable_stage, finished_product, saved
from portfolio.choices import GateVerdict, LaunchBasis, LaunchGate, ProductKind, ProductStatus
from portfolio.models import Family, GateDecision, Launch, LaunchInfluence, LaunchReference, Product
from sop.errors import InvalidInput, NotFound
from sop.periods import first_of_month, month_key

MOST_PERCENT = 1_000.0
MOST_UNITS = 1e12


@dataclass(frozen=True)
class NewProduct:
    """Master data of a product that does not exist yet."""

    code: str
    description: str
    family_code: str
    list_price: Decimal | None = None
    standard_cost: Decimal | None = None


@dataclass(frozen=True)
class Volume:
    """How much a launch sells: the basis, the copy factor on like products, or units.

    ``full_units`` are units a month at full volume, for a diffusion the units ever sold; ``innovators`` and
    ``imitators`` are its p and q a month.
    """

    basis: str = LaunchBasis.TODAY
    copy_percent: float = 100.0
    full_units: float | None = None
    innovators: float | None = None
    imitators: float | None = None


@transaction.atomic
def save_launch(
    *,
    cycle: Cycle,
    by: User,
    product: str | NewProduct,
    month: date,
    references: Sequence[tuple[str, float]],
    influences: Sequence[tuple[str, float]] = (),
    volume: Volume | None = None,
    gate: str = LaunchGate.DEVELOPMENT,
    ramp_months: int = 6,
    takes_from_like: bool = True,
    owner: User | None = None,
    note: str = "",
) -> Launch:
    """Plans a launch or changes a planned one; the demand plan takes it over at once.

    ``references`` are like products (code) with the percent of their volume, ``influences`` other products
    with the percent of the launch's units that it takes from them (below zero) or adds. Raises NotAllowed,
    WrongState, Locked, NotFound (product, family) or InvalidInput.
    """
    stage = editable_stage(cycle, by)
    volume = volume or Volume()
    _check_volume(volume)
    likes, others = _likes(references), _influences(influences)
    _check_apart(likes, others, takes=takes_from_like)
    if gate not in LaunchGate.values:
        raise InvalidInput(f"{gate!r} is no gate. Known are: {', '.join(LaunchGate.values)}.")
    if not 1 <= ramp_months <= 60:
        raise InvalidInput("The ramp takes between 1 and 60 months.")
    item = _create(product) if isinstance(product, NewProduct) else finished_product(product)
    if item.code in {like.code for like, _ in likes}:
        raise InvalidInput(f"{item.code} cannot be its own like product.")
    if item.code in {other.code for other, _ in others}:
        raise InvalidInput(f"{item.code} cannot take from itself.")
    launch, _ = Launch.objects.update_or_create(
        product=item,
        defaults={
            "month": first_of_month(month),
            "gate": gate,
            "ramp_months": ramp_months,
            "owner": owner,
            "takes_from_like": takes_from_like,
            "note": note.strip(),
            "is_dropped": False,
            "basis": volume.basis,
            "copy_percent": volume.copy_percent,
            "full_units": volume.full_units,
            "innovators": volume.innovators,
            "imitators": volume.imitators,
        },
    )
    launch.references.all().delete()
    LaunchReference.objects.bulk_create(
        LaunchReference(launch=launch, product=like, percent=percent) for like, percent in likes
    )
    launch.influences.all().delete()
    LaunchInfluence.objects.bulk_create(
        LaunchInfluence(launch=launch, product=other, percent=percent) for other, percent in others
    )
    item.status, item.launch_date = ProductStatus.NEW, first_of_month(month)
    item.save()
    detail = {
        "month": month_key(month),
        "like": [[like.code, percent] for like, percent in likes],
        "influences": [[other.code, percent] for other, percent in others],
        "basis": volume.basis,
        "copy_percent": volume.copy_percent,
        "full_units": volume.full_units,
        "gate": gate,
    }
    saved(cycle=cycle, stage=stage, by=by, product=item, act="launch.save", detail=detail)
    return launch


def _likes(references: Sequence[tuple[str, float]]) -> list[tuple[Product, float]]:
    codes = [code for code, _ in references]
    if len(set(codes)) < len(codes):
        raise InvalidInput("Name each like product once.")
    for code, percent in references:
        if not 0 < percent <= MOST_PERCENT:
            raise InvalidInput(f"{code}: give a percent above 0 and up to {MOST_PERCENT:g}.")
    return [(finished_product(code), percent) for code, percent in references]


def _influences(influences: Sequence[tuple[str, float]]) -> list[tuple[Product, float]]:
    codes = [code for code, _ in influences]
    if len(set(codes)) < len(codes):
        raise InvalidInput("Name each product that the launch takes from or helps once.")
    for code, percent in influences:
        if not percent or not -100 <= percent <= MOST_PERCENT:
            raise InvalidInput(f"{code}: a launch takes up to 100 % of its units, or adds up to 1,000 %.")
    if -sum(percent for _, percent in influences if percent < 0) > 100:
        raise InvalidInput("Together the launch cannot take more from others than it sells itself.")
    return [(finished_product(code), percent) for code, percent in influences]


def _check_apart(
    likes: list[tuple[Product, float]], others: list[tuple[Product, float]], *, takes: bool
) -> None:
    twice = {like.code for like, _ in likes} & {other.code for other, percent in others if percent < 0}
    if takes and twice:
        raise InvalidInput(
            f"All volume is taken from {', '.join(sorted(twice))} as a like product already: "
            "state a percent, or that it is taken from the like products, not both."
        )


def _check_volume(volume: Volume) -> None:
    if volume.basis not in LaunchBasis.values:
        raise InvalidInput(f"{volume.basis!r} is no basis. Known are: {', '.join(LaunchBasis.values)}.")
    if not 0 < volume.copy_percent <= MOST_PERCENT:
        raise InvalidInput(f"The copy factor lies above 0 and up to {MOST_PERCENT:g} percent.")
    if volume.full_units is not None and not 0 < volume.full_units <= MOST_UNITS:
        raise InvalidInput("The volume is a number of units above zero.")
    if volume.basis == LaunchBasis.DIFFUSION:
        for name, value in (("p", volume.innovators), ("q", volume.imitators)):
            if value is None or not 0 <= value <= 1:
                raise InvalidInput(f"A diffusion needs {name} between 0 and 1.")


def _create(new: NewProduct) -> Product:
    code = new.code.strip()
    if not code:
        raise InvalidInput("A new product needs a code.")
    if Product.objects.filter(code__iexact=code).exists():
        raise InvalidInput(f"There is a product {code} already. Choose it, or give another code.")
    family = Family.objects.filter(code=new.family_code).first()
    if family is None:
        raise NotFound(f"There is no family {new.family_code!r}.")
    return Product.objects.create(
        code=code,
        description=new.description.strip(),
        kind=ProductKind.FINISHED,
        family=family,
        status=ProductStatus.NEW,
        list_price=new.list_price,
        standard_cost=new.standard_cost,
    )


@transaction.atomic
def move_launch(*, cycle: Cycle, by: User, code: str, gate: str, reason: str = "") -> Launch:
    """Takes a launch to any gate: forward is a go, backward needs a reason. A launch on hold goes on.

    Raises NotFound or InvalidInput besides the usual refusals.
    """
    editable_stage(cycle, by)
    launch = _launch(code)
    if gate not in LaunchGate.values:
        raise InvalidInput(f"{gate!r} is no gate. Known are: {', '.join(LaunchGate.values)}.")
    gates = LaunchGate.values
    back = gates.index(gate) < gates.index(launch.gate)
    verdict = GateVerdict.BACK if back else GateVerdict.GO
    return _decide(cycle=cycle, by=by, launch=launch, verdict=verdict, gate=gate, reason=reason)


@transaction.atomic
def decide_gate(*, cycle: Cycle, by: User, code: str, verdict: str, reason: str = "") -> Launch:
    """Go (to the next gate; one on hold goes on where it stands), hold (its figures leave the plan), or kill.

    Hold and kill need a reason. Every verdict is kept with who and when.
    """
    editable_stage(cycle, by)
    launch = _launch(code)
    if verdict == GateVerdict.KILL:
        return drop_launch(cycle=cycle, by=by, code=code, reason=reason)
    if verdict not in (GateVerdict.GO, GateVerdict.HOLD):
        raise InvalidInput(f"{verdict!r} is no verdict. Known are: go, hold, kill.")
    if verdict == GateVerdict.HOLD and launch.is_held:
        raise InvalidInput("The launch is on hold already.")
    passes = verdict == GateVerdict.GO and not launch.is_held
    gate = LaunchGate(launch.gate).following if passes else launch.gate
    return _decide(cycle=cycle, by=by, launch=launch, verdict=GateVerdict(verdict), gate=gate, reason=reason)


def _decide(
    *, cycle: Cycle, by: User, launch: Launch, verdict: GateVerdict, gate: str, reason: str
) -> Launch:
    """One verdict: the launch, the row that keeps it, the audit and the plan."""
    stage = editable_stage(cycle, by)
    words = reason.strip()
    if verdict in GateVerdict.with_reason() and not words:
        raise InvalidInput(f"Say why: “{verdict.label.lower()}” needs a reason.")
    before, launch.gate = launch.gate, gate
    launch.is_held = verdict == GateVerdict.HOLD
    launch.save()
    GateDecision.objects.create(
        launch=launch, cycle=cycle, verdict=verdict, from_gate=before, to_gate=gate, reason=words, by=by
    )
    detail = {"verdict": verdict, "from": before, "to": gate, "reason": words}
    saved(cycle=cycle, stage=stage, by=by, product=launch.product, act="launch.gate", detail=detail)
    return launch


@transaction.atomic
def drop_launch(*, cycle: Cycle, by: User, code: str, reason: str) -> Launch:
    """Stops a launch; what it did to the plan is taken back. A reason is required."""
    stage = editable_stage(cycle, by)
    launch = _launch(code)
    if not reason.strip():
        raise InvalidInput("Say why the launch is stopped.")
    launch.is_dropped, launch.note = True, reason.strip()
    launch.save()
    GateDecision.objects.create(
        launch=launch,
        cycle=cycle,
        verdict=GateVerdict.KILL,
        from_gate=launch.gate,
        to_gate=launch.gate,
        reason=reason.strip(),
        by=by,
    )
    launch.product.status = ProductStatus.OBSOLETE
    launch.product.save()
    detail = {"reason": reason.strip()}
    saved(cycle=cycle, stage=stage, by=by, product=launch.product, act="launch.drop", detail=detail)
    return launch


def _launch(code: str) -> Launch:
    launch = Launch.objects.select_related("product").filter(product__code=code, is_dropped=False).first()
    if launch is None:
        raise NotFound(f"There is no launch of {code!r}.")
    return launch
