"""Ways to close gaps, each tried out on the solved plan: one limit widened at its price, solved again.

Imports numpy and the solver: for workers only.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from math import ceil

from sop.periods import month_key
from sop.quantities import to_minor, to_quanta
from supply.actions.causes import Names
from supply.actions.needs import DEEPEST_BILL
from supply.choices import LeverKind
from supply.lever import Lever
from supply.planning.names import Limit, limit_name
from supply.planning.plan import Gap
from supply.planning.remedies import Premiums, Remedy, priced_remedy
from supply.planning.session import Effect, Session
from supply.queries.case.built import BuiltCase
from supply.words import months_in_words

PRODUCTS = 25
"""Products with the largest gaps, whose ways out are told."""

LIMITS = 24
"""Limits, and sets of limits that bind together, with the largest gaps behind them: each is tried once."""

WORTH_TELLING = 0.02
"""Of a product's gap: a way that recovers less of it is not told."""

Subject = tuple[str, int]  # kind and row of a limit
Amounts = dict[Subject, dict[int, float]]  # by month of the horizon

KINDS = {
    "resource": LeverKind.EXTRA_HOURS,
    "supplier": LeverKind.SUPPLIER_CAPACITY,
    "material": LeverKind.SUPPLIER_CAPACITY,
    "subcontract": LeverKind.SUBCONTRACT,
    "lane": LeverKind.FREIGHT,
    "expedite": LeverKind.EXPEDITE,
}
NAMES = {
    "resource": "{0}: up to {1:,.0f} more hours a month",
    "supplier": "{0}: up to {1:,.0f} more a month",
    "material": "{0} from elsewhere: up to {1:,.0f} more a month",
    "subcontract": "{0}: up to {1:,.0f} more a month",
    "lane": "Lane {0}: up to {1:,.0f} more units a month",
    "expedite": "Rush {0}: up to {1:,.0f} units",
}
PAYERS = {"resource": "Operations", "lane": "Logistics"}


@dataclass(slots=True)
class ProductGaps:
    """The gaps of a product: their places in the plan's list, the largest first."""

    product: int
    places: list[int] = field(default_factory=list)
    value: float = 0.0
    units: float = 0.0


@dataclass(slots=True)
class WayOut:
    """Limits that are widened together, by month as much as all the gaps behind them need."""

    amounts: Amounts = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    value: float = 0.0


def find_levers(session: Session, built: BuiltCase, names: Names) -> dict[int, list[dict[str, object]]]:
    """Ways out by place in the plan's gaps: those of a product stand at its largest gap.

    Each limit is tried once, widened by what all gaps need of it; a product is told of those that help it.
    """
    groups = _by_product(session)[:PRODUCTS]
    found: dict[int, list[Lever]] = defaultdict(list)
    for probe in _probes(session, built, names):
        effect = session.offer(probe.remedies())
        if effect is None:
            continue
        for group in groups:
            if lever := probe.lever(effect, group):
                found[group.places[0]].append(lever)
    return {place: [lever.as_row() for lever in _ranked(levers)] for place, levers in found.items()}


def _by_product(session: Session) -> list[ProductGaps]:
    groups: dict[int, ProductGaps] = {}
    order = sorted(range(len(session.plan.gaps)), key=lambda place: -session.plan.gaps[place].gap_value)
    for place in order:
        gap = session.plan.gaps[place]
        product = int(session.case.demand.product[gap.stream])
        group = groups.setdefault(product, ProductGaps(product))
        group.places.append(place)
        group.value, group.units = group.value + gap.gap_value, group.units + gap.gap_units
    return sorted(groups.values(), key=lambda group: (-group.value, group.product))


def _ranked(levers: list[Lever]) -> list[Lever]:
    """What earns most first; that one is marked. Two limits together are left out where one does as well."""
    simple = {
        (lever.units, lever.cost_minor, lever.margin_minor) for lever in levers if len(lever.changes) == 1
    }
    told = [
        lever
        for lever in levers
        if len(lever.changes) == 1 or (lever.units, lever.cost_minor, lever.margin_minor) not in simple
    ]
    ranked = sorted(told, key=lambda lever: (lever.cost_minor - lever.margin_minor, lever.key))
    best = ranked[0].margin_minor > ranked[0].cost_minor
    return [replace(lever, is_best=best and place == 0) for place, lever in enumerate(ranked)]


def _probes(session: Session, built: BuiltCase, names: Names) -> list["_Probe"]:
    """One for each limit that stands in the way, and for each set that must give way together."""
    barred, ways = _Barred(session), defaultdict[frozenset[Subject], WayOut](WayOut)
    for gap in session.plan.gaps:
        limits = barred.limits(gap)
        subjects = frozenset(subject for subject, _ in limits)
        for chosen in {subjects, *(frozenset({subject}) for subject in subjects)} - {frozenset()}:
            ways[chosen].value += gap.gap_value
            for subject, month in limits:
                if subject in chosen:
                    ways[chosen].amounts[subject][month] += gap.gap_units * barred.per_unit(gap, subject)
    ranked = sorted(ways.items(), key=lambda item: (-item[1].value, sorted(item[0])))
    return [_Probe(session, built, names, barred, way.amounts) for _, way in ranked[:LIMITS]]


class _Barred:
    """What stands in the way of a gap, by rows of the case, and how much of it a unit takes."""

    def __init__(self, session: Session) -> None:
        self.session, self.case, self.network = session, session.case, session.formulation.network
        self._months = self.case.settings.month_names()
        self._rows: dict[str, dict[str, int]] = {}
        self._needs: dict[int, dict[Subject, float]] = {}

    def limits(self, gap: Gap) -> list[tuple[Subject, int]]:
        """Limits that can be widened, with their months; more from a supplier stands for its material too."""
        found = [known for name in gap.binding if (known := self._known(name))]
        if not found and "lead_time" in gap.binding:
            return self._rushed(gap)
        supplied = {int(self.case.suppliers.material[row]) for (kind, row), _ in found if kind == "supplier"}
        return [one for one in found if not (one[0][0] == "material" and one[0][1] in supplied)]

    def _known(self, name: str) -> tuple[Subject, int] | None:
        """Kind, row and month of ``"resource:S1/LINE@2026-02"``."""
        kind, _, rest = name.partition(":")
        if kind not in KINDS or not rest:
            return None
        subject, _, month = rest.rpartition("@")
        return (kind, self._rows_of(kind)[subject]), self._months.index(month)

    def _rows_of(self, kind: str) -> dict[str, int]:
        if kind not in self._rows:
            table = {
                "resource": "resources",
                "supplier": "suppliers",
                "material": "materials",
                "lane": "lanes",
            }
            count = len(getattr(self.case, table.get(kind, kind)))
            self._rows[kind] = {self.words(kind, row): row for row in range(count)}
        return self._rows[kind]

    def words(self, kind: str, row: int) -> str:
        """The engine's name of a limit without kind and month; a rush order is named by product and site."""
        if kind == "expedite":
            product, site = self.network.pair_product[row], self.network.pair_site[row]
            return f"{self.case.products.name[product]}/{self.case.places.name[site]}"
        return limit_name(self.case, Limit(kind, row, 0)).partition(":")[2].rpartition("@")[0]

    def _rushed(self, gap: Gap) -> list[tuple[Subject, int]]:
        """Where only time is missing: units brought into stock where the market is served from, a source first."""
        case, product = self.case, int(self.case.demand.product[gap.stream])
        sources = {int(site) for site in case.production.site[case.production.product == product]}
        sources |= {int(site) for site in case.subcontract.site[case.subcontract.product == product]}
        ways = []
        for flow in (self.network.flow_stream == gap.stream).nonzero()[0].tolist():
            wait = int(case.lanes.lead_time_months[self.network.flow_lane[flow], gap.month])
            if wait <= gap.month:
                away = int(self.network.flow_origin[flow]) not in sources
                ways.append((away, wait, int(self.network.flow_pair[flow])))
        return [(("expedite", pair), gap.month - wait) for _, wait, pair in sorted(ways)[:1]]

    def per_unit(self, gap: Gap, subject: Subject) -> float:
        """Hours, material or volume that a unit of the gap's product takes, through its components."""
        kind, row = subject
        need = self._need(int(self.case.demand.product[gap.stream]))
        if kind == "supplier":
            return need.get(("material", int(self.case.suppliers.material[row])), 1.0)
        return need.get(subject, 1.0)

    def _need(self, product: int, depth: int = 0) -> dict[Subject, float]:
        if product in self._needs or depth > DEEPEST_BILL:
            return self._needs.get(product, {})
        case, need = self.case, defaultdict[Subject, float](float)
        for row in (case.routing.product == product).nonzero()[0].tolist():
            need["resource", int(case.routing.resource[row])] += float(case.routing.hours_per_unit[row])
        for row in (case.material_use.product == product).nonzero()[0].tolist():
            need["material", int(case.material_use.material[row])] += float(
                case.material_use.quantity_per_unit[row]
            )
        for row in (case.component_use.product == product).nonzero()[0].tolist():
            quantity = float(case.component_use.quantity_per_unit[row])
            for subject, amount in self._need(int(case.component_use.component[row]), depth + 1).items():
                need[subject] += quantity * amount
        self._needs[product] = dict(need)
        return self._needs[product]


@dataclass(frozen=True, slots=True)
class _Probe:
    """One way out: what is offered to the solver, and what it did for a product."""

    session: Session
    built: BuiltCase
    names: Names
    barred: _Barred
    amounts: Amounts

    def remedies(self) -> list[Remedy]:
        """The same amount in every month in which the limit stands in the way of something."""
        return [
            Remedy(Limit(*subject, month), self._price(subject, month), _level(months))
            for subject, months in self.amounts.items()
            for month in sorted(months)
        ]

    def _price(self, subject: Subject, month: int) -> float:
        """The price that the case suggests; an hour without a rate costs as much as the dearest known one."""
        kind, row = subject
        if kind == "expedite":
            return Premiums().expedite * self._unit_cost(row)
        remedy = priced_remedy(self.session.formulation, Limit(kind, row, month), Premiums())
        price = remedy.price if remedy else 0.0
        if kind == "resource" and price == 0.0:
            resources = self.session.case.resources
            return float(max(resources.overtime_cost_per_hour.max(), resources.extra_cost_per_hour.max()))
        return price

    def _unit_cost(self, pair: int) -> float:
        """The dearest price or standard cost of a unit of the pair's product."""
        product, sub = int(self.session.formulation.network.pair_product[pair]), self.session.case.subcontract
        prices = sub.unit_cost[sub.product == product]
        return max(self.built.standard_costs[product], float(prices.max(initial=0.0)))

    def lever(self, effect: Effect, group: ProductGaps) -> Lever | None:
        """The way out as the product's gap tells it: its own units, the whole cost and margin."""
        own = (self.session.case.demand.product == group.product).nonzero()[0].tolist()
        units = -float(effect.short[own].sum())
        if units < WORTH_TELLING * group.units:
            return None
        months = sorted({month for by_month in self.amounts.values() for month in by_month})
        kinds = sorted({kind for kind, _ in self.amounts})
        return Lever(
            key="+".join(sorted(f"{kind}:{self.barred.words(kind, row)}" for kind, row in self.amounts)),
            kind=KINDS[kinds[0]] if len(self.amounts) == 1 else LeverKind.TOGETHER,
            name=" and ".join(self._part(subject) for subject in sorted(self.amounts)),
            units=to_quanta(units),
            cost_minor=to_minor(effect.spent),
            margin_minor=to_minor(effect.margin),
            note=self._note(months, effect, units),
            payer=" and ".join(sorted({PAYERS.get(kind, "Purchasing") for kind in kinds})),
            needed_by=self.built.months[months[0]].isoformat(),
            displaced=self._displaced(effect),
            changes=[self._change(subject) for subject in sorted(self.amounts)],
        )

    def _part(self, subject: Subject) -> str:
        kind, row = subject
        words = self.names.words(kind, self.barred.words(kind, row))
        return NAMES[kind].format(words, _level(self.amounts[subject]))

    def _note(self, months: list[int], effect: Effect, units: float) -> str:
        words = f"in {months_in_words(month_key(self.built.months[month]) for month in months)}"
        others = -float(effect.short.sum()) - units
        return f"{words}; with {others:,.0f} units of other products" if others >= 1 else words

    def _displaced(self, effect: Effect) -> list[str]:
        """Products that get less."""
        case = self.session.case
        less: dict[str, float] = defaultdict(float)
        for stream, more in enumerate(effect.short.sum(axis=1).tolist()):
            less[str(case.products.name[case.demand.product[stream]])] += more
        ranked = sorted(less.items(), key=lambda item: -item[1])[:3]
        return [
            f"takes {units:,.0f} units from {self.names.products.get(code, code)}"
            for code, units in ranked
            if units >= 1
        ]

    def _change(self, subject: Subject) -> dict[str, object]:
        """The change as a scenario takes it over."""
        kind, row = subject
        months = sorted(self.amounts[subject])
        change: dict[str, object] = {"months": [month_key(self.built.months[month]) for month in months]}
        amount, price = _level(self.amounts[subject]), self._price(subject, months[0])
        if kind == "resource":
            return change | {
                "kind": "added_hours", "resource_id": self.built.resource_ids[row],
                "hours_per_month": amount, "cost_per_hour": price,
            }  # fmt: skip
        return change | {
            "kind": kind,
            "name": self.barred.words(kind, row),
            "units_per_month": amount,
            "cost_per_unit": price,
        }


def _level(months: dict[int, float]) -> float:
    """Whole, and what the month with the largest need takes."""
    return float(ceil(max(months.values()) - 1e-9))
