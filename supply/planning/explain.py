"""Why there is a gap and what closing it costs: trace by duals, probe by re-solving, close with remedies.

1. The tracer ranks the sets of limits that bar a short unit and tells each limit's rent.
2. Each remedy is offered alone, at its price, in the amount the gap needs: units recovered, margin gained.
3. The gap is forced shut with all remedies at hand: the cheapest recipe, and which other demand it displaces.

Where two limits are full at once each remedy alone gains nothing; the set is then offered together.
"""

from __future__ import annotations

from dataclasses import dataclass

from supply.planning.case import Case
from supply.planning.gaps import SMALLEST_GAP, barring_sets
from supply.planning.names import Limit
from supply.planning.plan import Gap
from supply.planning.remedies import Premiums, Remedy, priced_remedy, remedy_name
from supply.planning.session import Effect, Session, solved
from supply.planning.trace import Tracer
from supply.planning.variables import loss_cost
from supply.planning.ways import Way

_TOGETHER = 0.5  # of the gap's units: remedies that recover less alone are offered together


@dataclass(frozen=True, slots=True)
class Rent:
    """A limit, what a unit takes of it, and what the duals say it is worth per short unit."""

    name: str
    limit: Limit
    takes: float
    rent: float


@dataclass(frozen=True, slots=True)
class Lever:
    """One or more remedies offered together, and what solving again showed."""

    names: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    effect: Effect
    needed_by: str  # the earliest month in which something must be done

    @property
    def gain(self) -> float:
        """Objective gained after the remedies are paid."""
        return self.effect.gain


@dataclass(frozen=True, slots=True)
class Explanation:
    """A gap with its causes, its levers (best first) and the recipe that closes it."""

    gap: Gap
    rents: tuple[Rent, ...]
    levers: tuple[Lever, ...]
    together: bool  # no single lever recovers half of the gap: limits must give way together
    recipe: Lever | None  # None: not even all remedies together close it


def explain(session: Session, *, top: int = 10, premiums: Premiums | None = None) -> list[Explanation]:
    """The largest gaps by value, explained and probed; empty where there is no plan."""
    if not solved(session):
        return []
    tracer = Tracer(session.formulation.parts, session.plan)
    ranked = sorted(session.plan.gaps, key=lambda gap: (-gap.gap_value, gap.stream, gap.month))
    return [explain_gap(session, tracer, gap, premiums or Premiums()) for gap in ranked[:top]]


def explain_gap(session: Session, tracer: Tracer, gap: Gap, premiums: Premiums) -> Explanation:
    """One gap, explained and probed."""
    ways = tracer.ways_to_market(gap.stream, gap.month)
    takes = _taken(ways, _barring(session, gap, ways))
    remedies = _remedies(session, gap, takes, premiums)
    alone = [lever for remedy in remedies if (lever := _offered(session, gap, (remedy,)))]
    together = len(remedies) > 1 and all(
        lever.effect.units_closed < _TOGETHER * gap.gap_units for lever in alone
    )
    joint = _offered(session, gap, tuple(remedies)) if together else None
    levers = [
        lever
        for lever in (*alone, joint)
        if lever and (lever.effect.units_closed > SMALLEST_GAP or lever.gain > SMALLEST_GAP)
    ]
    return Explanation(
        gap=gap,
        rents=tuple(_rents(session, takes)),
        levers=tuple(sorted(levers, key=lambda lever: (-lever.gain, lever.names))),
        together=together,
        recipe=_recipe(session, gap, remedies) if remedies or not ways[0].fixed else None,
    )


def _barring(session: Session, gap: Gap, ways: list[Way]) -> list[Limit]:
    worth = float(loss_cost(session.case)[gap.stream, gap.month])
    sets = barring_sets(ways, worth)
    return list(dict.fromkeys(limit for limits in sets for limit in limits))


def _taken(ways: list[Way], limits: list[Limit]) -> dict[Limit, float]:
    """What a short unit takes of each limit, by the first way that names it."""
    taken: dict[Limit, float] = {}
    for way in ways:
        for limit, units in (*way.hard.items(), *way.soft.items()):
            if limit in limits:
                taken.setdefault(limit, units)
    return taken


def _remedies(session: Session, gap: Gap, takes: dict[Limit, float], premiums: Premiums) -> list[Remedy]:
    """A priced remedy for every limit that can be widened, as much as the gap needs of it."""
    found = []
    for limit, units in takes.items():
        covered = limit.kind == "material" and any(other.kind == "supplier" for other in takes)
        remedy = None if limit.row < 0 or covered else priced_remedy(session.formulation, limit, premiums)
        if remedy is not None:
            found.append(Remedy(remedy.limit, remedy.price, units * gap.gap_units))
    return found or _expedited(session, gap, premiums)


def _expedited(session: Session, gap: Gap, premiums: Premiums) -> list[Remedy]:
    """Where only time or a source is missing: units rushed into stock at the sites that serve the market."""
    network, case = session.formulation.network, session.case
    found = []
    for flow in (network.flow_stream == gap.stream).nonzero()[0].tolist():
        lane = int(network.flow_lane[flow])
        for departure in range(gap.month + 1):
            wait = int(case.lanes.lead_time_months[lane, departure])
            if case.lanes.possible[lane, departure] and departure + wait == gap.month:
                limit = Limit("expedite", int(network.flow_pair[flow]), departure)
                price = premiums.expedite * _unit_cost(session, limit.row)
                found.append(Remedy(limit, price, gap.gap_units))
    return found


def _unit_cost(session: Session, pair: int) -> float:
    """The dearest known cost of a unit of the pair's product."""
    product, case = session.formulation.network.pair_product[pair], session.case
    made = case.production.unit_cost[case.production.product == product]
    outside = case.subcontract.unit_cost[case.subcontract.product == product]
    return max(float(made.max(initial=0.0)), float(outside.max(initial=0.0)))


def _offered(session: Session, gap: Gap, remedies: tuple[Remedy, ...]) -> Lever | None:
    effect = session.offer(list(remedies), (gap.stream, gap.month))
    return _lever(session, remedies, effect) if effect else None


def _recipe(session: Session, gap: Gap, remedies: list[Remedy]) -> Lever | None:
    """The cheapest way of all remedies to shut the gap."""
    effect = session.close((gap.stream, gap.month), remedies)
    return _lever(session, tuple(remedies), effect) if effect else None


def _lever(session: Session, remedies: tuple[Remedy, ...], effect: Effect) -> Lever:
    case = session.case
    names = tuple(remedy_name(case, session.formulation, remedy) for remedy in remedies)
    needed = [r.limit.month for r, used in zip(remedies, effect.used, strict=True) if used != 0]
    first = min(needed, default=min((r.limit.month for r in remedies), default=0))
    return Lever(names, remedies, effect, case.settings.month_name(first))


def _rents(session: Session, takes: dict[Limit, float]) -> list[Rent]:
    """Limits by what they are worth to the short unit, dearest first."""
    rents = []
    for limit, units in takes.items():
        if limit.row >= 0:
            name = remedy_name(session.case, session.formulation, Remedy(limit))
            rents.append(Rent(name, limit, units, units * limit_worth(session, limit)))
    return sorted(rents, key=lambda rent: (-rent.rent, rent.name))


def limit_worth(session: Session, limit: Limit) -> float:
    """The dual of one more unit of the limit, 0 where none is kept."""
    duals, case = session.plan.duals, session.case
    if duals is None:
        return 0.0
    if limit.kind == "material":
        return _material_rent(case, float(duals.material[limit.row, limit.month]), limit.row)
    tables = {
        "resource": duals.regular_hours,
        "supplier": duals.supplier,
        "subcontract": duals.subcontract,
        "lane": duals.lane,
        "inbound": duals.inbound,
        "production": duals.max_quantity,
    }
    return float(tables[limit.kind][limit.row, limit.month]) if limit.kind in tables else 0.0


def _material_rent(case: Case, worth: float, material: int) -> float:
    """A unit of material is worth its rent on top of the cheapest price."""
    rows = case.suppliers.material == material
    cheapest = float(case.suppliers.price[rows].min()) if rows.any() else 0.0
    return max(worth - cheapest, 0.0)
