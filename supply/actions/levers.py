"""Ways to close the gaps of a product, each tried out on the solved plan: one change, solved again.

Imports numpy and the solver: for workers only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import ceil

from sop.periods import month_key
from sop.quantities import to_minor, to_quanta
from supply.actions.causes import Names
from supply.choices import LeverKind
from supply.lever import Lever
from supply.planning.case import Case
from supply.planning.names import Limit, limit_name
from supply.planning.plan import Gap
from supply.planning.remedies import Premiums, Remedy, priced_remedy
from supply.planning.session import Effect, Session
from supply.queries.case.built import BuiltCase
from supply.words import months_in_words

PRODUCTS = 10
"""Products with the largest gaps, whose ways out are tried."""

WORTH_TELLING = 0.02
"""Of the product's gap: a way that recovers less is not shown."""

ENOUGH_ALONE = 0.5
"""Of the product's gap: where no way alone recovers as much, all of them are tried together."""

Subject = tuple[str, int]  # kind and row of a limit
Amounts = dict[Subject, dict[int, float]]  # by month of the horizon

KINDS = {
    "resource": LeverKind.EXTRA_HOURS,
    "supplier": LeverKind.SUPPLIER_CAPACITY,
    "material": LeverKind.SUPPLIER_CAPACITY,
    "subcontract": LeverKind.SUBCONTRACT,
    "lane": LeverKind.FREIGHT,
}
NAMES = {
    "resource": "{0}: up to {1:,.0f} more hours a month",
    "supplier": "{0}: up to {1:,.0f} more a month",
    "material": "{0} from elsewhere: up to {1:,.0f} more a month",
    "subcontract": "{0}: up to {1:,.0f} more a month",
    "lane": "Lane {0}: up to {1:,.0f} more units a month",
}
PAYERS = {"resource": "Operations", "lane": "Logistics"}


@dataclass(slots=True)
class ProductGaps:
    """The gaps of a product: their places in the plan's list, the largest first."""

    product: int
    places: list[int] = field(default_factory=list)
    value: float = 0.0
    units: float = 0.0


def find_levers(session: Session, built: BuiltCase, names: Names) -> dict[int, list[dict[str, object]]]:
    """Ways out by place in the plan's gaps: those of a product stand at its largest gap."""
    limits = _Limits(session.case)
    found = {}
    for group in _by_product(session)[:PRODUCTS]:
        levers = list(_Probe(session, built, names, limits, group).levers())
        if levers:
            found[group.places[0]] = [lever.as_row() for lever in _ranked(levers)]
    return found


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
    """What earns most first; that one is marked."""
    ranked = sorted(levers, key=lambda lever: (lever.cost_minor - lever.margin_minor, lever.key))
    best = ranked[0].margin_minor > ranked[0].cost_minor
    return [replace(lever, is_best=best and place == 0) for place, lever in enumerate(ranked)]


class _Limits:
    """From the engine's names back to rows, and how much of each limit a unit of a product takes."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._rows: dict[str, dict[str, int]] = {}
        self._needs: dict[int, dict[Subject, float]] = {}

    def subject(self, name: str) -> tuple[Subject, int] | None:
        """Kind, row and month of ``"resource:S1/LINE@2026-02"``; None for what has no row to widen."""
        kind, _, rest = name.partition(":")
        if kind not in KINDS:
            return None
        subject, _, month = rest.rpartition("@")
        return (kind, self._known(kind)[subject]), self.case.settings.month_names().index(month)

    def _known(self, kind: str) -> dict[str, int]:
        if kind not in self._rows:
            count = {
                "resource": len(self.case.resources), "supplier": len(self.case.suppliers),
                "material": len(self.case.materials), "subcontract": len(self.case.subcontract),
                "lane": len(self.case.lanes),
            }[kind]  # fmt: skip
            self._rows[kind] = {self.words(kind, row): row for row in range(count)}
        return self._rows[kind]

    def words(self, kind: str, row: int) -> str:
        """The engine's name of a limit without kind and month."""
        return limit_name(self.case, Limit(kind, row, 0)).partition(":")[2].rpartition("@")[0]

    def per_unit(self, product: int, subject: Subject) -> float:
        """Hours, material or volume that a unit of a product takes of a limit, through its components."""
        kind, row = subject
        if kind == "supplier":
            return self._need(product).get(("material", int(self.case.suppliers.material[row])), 1.0)
        return self._need(product).get(subject, 1.0)

    def _need(self, product: int, depth: int = 0) -> dict[Subject, float]:
        if product in self._needs or depth > 12:
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
    """Tries ways out for one product."""

    session: Session
    built: BuiltCase
    names: Names
    limits: _Limits
    group: ProductGaps

    def levers(self) -> Iterator[Lever]:
        """One for each limit that stands in the way; all together where none alone does half."""
        ways = self._ways()
        alone = [lever for subject in ways if (lever := self._tried({subject: ways[subject]}))]
        yield from alone
        most = max((lever.units for lever in alone), default=0)
        if len(ways) > 1 and most < ENOUGH_ALONE * to_quanta(self.group.units):
            together = self._tried(ways)
            if together is not None and together.units > most:
                yield together

    def _ways(self) -> Amounts:
        """How much more of each limit the product's gaps need, by month."""
        amounts: Amounts = defaultdict(lambda: defaultdict(float))
        for place in self.group.places:
            gap = self.session.plan.gaps[place]
            for subject, month in self._barring(gap):
                amounts[subject][month] += gap.gap_units * self.limits.per_unit(self.group.product, subject)
        return amounts

    def _barring(self, gap: Gap) -> Iterable[tuple[Subject, int]]:
        """Limits of the gap; more from a supplier stands for its material as well."""
        found = [known for name in gap.binding if (known := self.limits.subject(name))]
        supplied = {
            int(self.session.case.suppliers.material[row]) for (kind, row), _ in found if kind == "supplier"
        }
        return [one for one in found if not (one[0][0] == "material" and one[0][1] in supplied)]

    def _tried(self, ways: Amounts) -> Lever | None:
        """The lever with what solving again shows; None where it closes next to nothing."""
        offered = {subject: _level(months) for subject, months in ways.items()}
        remedies = [
            Remedy(Limit(*subject, month), self._price(Limit(*subject, month)), amount)
            for subject, amount in offered.items()
            for month in sorted(ways[subject])
        ]
        effect = self.session.offer(remedies)
        if effect is None:
            return None
        units = -float(effect.short[self._streams()].sum())
        if units < WORTH_TELLING * self.group.units:
            return None
        return self._lever(ways, offered, effect, units)

    def _streams(self) -> list[int]:
        rows: list[int] = (self.session.case.demand.product == self.group.product).nonzero()[0].tolist()
        return rows

    def _price(self, limit: Limit) -> float:
        """The price that the case suggests; an hour without a rate costs as much as the dearest known one."""
        remedy = priced_remedy(self.session.formulation, limit, Premiums())
        price = remedy.price if remedy else 0.0
        if limit.kind == "resource" and price == 0.0:
            resources = self.session.case.resources
            return float(max(resources.overtime_cost_per_hour.max(), resources.extra_cost_per_hour.max()))
        return price

    def _lever(self, ways: Amounts, offered: dict[Subject, float], effect: Effect, units: float) -> Lever:
        months = sorted({month for by_month in ways.values() for month in by_month})
        kinds = {kind for kind, _ in ways}
        parts = [self._part(subject, offered[subject]) for subject in ways]
        return Lever(
            key="+".join(f"{kind}:{self.limits.words(kind, row)}" for kind, row in ways),
            kind=KINDS[next(iter(kinds))] if len(ways) == 1 else LeverKind.TOGETHER,
            name=" and ".join(parts),
            units=to_quanta(units),
            cost_minor=to_minor(effect.spent),
            margin_minor=to_minor(effect.margin),
            note=self._note(months, effect),
            payer=" and ".join(sorted({PAYERS.get(kind, "Purchasing") for kind in kinds})),
            needed_by=self.built.months[months[0]].isoformat(),
            displaced=self._displaced(effect),
            changes=[self._change(subject, offered[subject], sorted(ways[subject])) for subject in ways],
        )

    def _part(self, subject: Subject, amount: float) -> str:
        kind, row = subject
        return NAMES[kind].format(self.names.words(kind, self.limits.words(kind, row)), amount)

    def _note(self, months: list[int], effect: Effect) -> str:
        words = f"in {months_in_words(month_key(self.built.months[month]) for month in months)}"
        own = set(self._streams())
        others = -sum(float(row.sum()) for stream, row in enumerate(effect.short) if stream not in own)
        return f"{words}; also recovers {others:,.0f} units of other products" if others >= 1 else words

    def _displaced(self, effect: Effect) -> list[str]:
        """Other products that get less."""
        case, own = self.session.case, set(self._streams())
        less: dict[int, float] = defaultdict(float)
        for stream, row in enumerate(effect.short):
            if stream not in own:
                less[int(case.demand.product[stream])] += float(row.sum())
        codes = {product: str(case.products.name[product]) for product in less}
        return [
            f"takes {units:,.0f} units from {self.names.products.get(codes[product], codes[product])}"
            for product, units in sorted(less.items(), key=lambda item: -item[1])[:3]
            if units >= 1
        ]

    def _change(self, subject: Subject, amount: float, months: list[int]) -> dict[str, object]:
        """The change as a scenario takes it over."""
        kind, row = subject
        case = self.session.case
        change: dict[str, object] = {"months": [month_key(self.built.months[month]) for month in months]}
        price = self._price(Limit(kind, row, months[0]))
        if kind == "resource":
            return change | {
                "kind": "added_hours", "resource_id": self.built.resource_ids[row],
                "hours_per_month": amount, "cost_per_hour": price,
            }  # fmt: skip
        words = {"supplier": case.suppliers.supplier, "subcontract": case.subcontract.subcontractor}
        named = str(words[kind][row]) if kind in words else self.limits.words(kind, row)
        return change | {"kind": kind, "name": named, "units_per_month": amount, "cost_per_unit": price}


def _level(months: dict[int, float]) -> float:
    """The same amount in every month, whole: what the largest of them needs."""
    return float(ceil(max(months.values()) - 1e-9))
