"""A solved case kept loaded: probes, closings and what-ifs re-solve it warm and put it back.

Only what re-solving shows is told to people; duals rank what is worth trying.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np

from supply.planning.case import Case, Floats, Ints
from supply.planning.engine import formulate_with, solve_formulated
from supply.planning.formulation import Formulation
from supply.planning.gaps import SMALLEST_GAP, find_gaps
from supply.planning.matrix import Matrix
from supply.planning.options import Options
from supply.planning.plan import Plan, Status, no_rows
from supply.planning.profit import account
from supply.planning.remedies import Offer, Remedy
from supply.planning.solution import read_plan, read_quantities
from supply.planning.solver import Outcome, Solver


@dataclass(frozen=True, slots=True)
class Displaced:
    """Units of another stream and month that are lost or late because of the change."""

    stream: int
    month: int
    units: float
    value: float  # at the month's price


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change did to the plan, found by solving again."""

    gain: float  # of the objective; < 0: the change costs
    units_closed: float  # of the gap asked about; of all gaps if none was
    used: tuple[float, ...]  # of each remedy, -1 where its use cannot be told apart
    spent: float  # on the remedies
    changes: dict[str, float]  # the plan's own levers: more hours, purchases, stock ...
    displaced: tuple[Displaced, ...]
    margin: float = 0.0  # gained by the plan without penalties, before the remedies are paid
    short: Floats = field(
        default_factory=no_rows, compare=False
    )  # (streams, months) more units lost or owed; < 0: fewer


_LEVERS = (
    "production",
    "subcontract",
    "spot",
    "overtime_hours",
    "extra_hours",
    "purchases",
    "hired",
    "stock",
)


class Session:
    """A case solved once; `plan` is its plan. Raises nothing: a plan that was not found says why."""

    def __init__(self, case: Case, options: Options | None = None) -> None:
        self.options = options or Options()
        self.formulation = formulate_with(case, self.options)
        self.solver = Solver(self.formulation.matrix, time_limit=self.options.time_limit_seconds)
        self.plan = solve_formulated(self.formulation, self.solver, self.options)
        self._basis = self.solver.basis()
        self._row_duals = self.solver.row_duals()

    @property
    def case(self) -> Case:
        """The case as it was given."""
        return self.formulation.case

    def offer(self, remedies: list[Remedy], gap: tuple[int, int] | None = None) -> Effect | None:
        """Let the plan use the remedies where they pay; None if the solver does not finish."""
        with self._changed(remedies) as offer:
            return self._effect(self.solver.solve_warm(), remedies, offer, gap)

    def close(self, gap: tuple[int, int], remedies: list[Remedy]) -> Effect | None:
        """Force the (stream, month) to be served in full and on time; None if the remedies cannot do it."""
        model, matrix = self.formulation.model, self.formulation.matrix
        cells = [model.columns[name].index[gap] for name in ("lost", "backlog")]
        forced = np.array([cell for cell in cells if cell >= 0])
        with self._changed(remedies) as offer:
            self.solver.bound_columns(forced, 0.0, 0.0)
            effect = self._effect(self.solver.solve_warm(), remedies, offer, gap)
            self.solver.bound_columns(forced, matrix.lower[forced], matrix.upper[forced])
        return effect

    def what_if(self, case: Case) -> Plan:
        """The plan of another case: warm if it differs in a few quantities, limits or prices alone.

        A change of many (all demand, all overtime) or of the shape (products, lanes, months) is solved cold.
        """
        other = formulate_with(case, self.options)
        change = _difference(self.formulation, other)
        if change is None or self.options.lots is not None or change.size > self.local_change:
            return Session(case, self.options).plan
        change.load(self.solver, other.matrix)
        outcome = self.solver.solve_warm()
        plan = read_plan(other, self.solver) if outcome.optimal else None
        change.load(self.solver, self.formulation.matrix)
        self.solver.set_basis(self._basis)
        if plan is None:
            return Session(case, self.options).plan
        return replace(plan, gaps=find_gaps(other.parts, plan))

    @property
    def local_change(self) -> int:
        """Changed bounds and costs up to which a warm solve is the quicker one."""
        return max(50, len(self.formulation.matrix.cost) // 100)

    @contextmanager
    def _changed(self, remedies: list[Remedy]) -> Iterator[Offer]:
        """The model with the remedies in it, and as it was afterwards."""
        offer = Offer(self.formulation, self.solver, remedies, self._row_duals)
        yield offer
        offer.withdraw()
        self.solver.set_basis(self._basis)

    def _effect(
        self, outcome: Outcome, remedies: list[Remedy], offer: Offer, gap: tuple[int, int] | None
    ) -> Effect | None:
        if not outcome.optimal:
            return None
        values = self.solver.columns()
        after = read_quantities(self.formulation, values)
        used = offer.used(values)
        spent = sum(r.price * units for r, units in zip(remedies, used, strict=True) if units > 0)
        more = (after["lost"] + after["backlog"]) - (self.plan.lost + self.plan.backlog)
        money = account(self.case, self.formulation.network, after)
        return Effect(
            gain=money.objective - spent - self.plan.objective,
            units_closed=-float(more[gap] if gap is not None else more.sum()),
            used=used,
            spent=spent,
            changes=self._changes(after),
            displaced=tuple(self._displaced(more, gap)),
            margin=money.margin - self.plan.margin,
            short=more,
        )

    def _changes(self, after: dict[str, Floats]) -> dict[str, float]:
        moved = {name: float((after[name] - getattr(self.plan, name)).sum()) for name in _LEVERS}
        return {name: units for name, units in moved.items() if abs(units) > SMALLEST_GAP}

    def _displaced(self, more: Floats, gap: tuple[int, int] | None) -> Iterator[Displaced]:
        for stream, month in np.argwhere(more > SMALLEST_GAP).tolist():
            if (stream, month) != gap:
                units = float(more[stream, month])
                price = float(self.case.demand.price[stream, month])
                yield Displaced(stream, month, units, units * price)


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    """Rows and columns of a loaded model in which another one differs."""

    rows: Ints
    columns: Ints
    priced: Ints

    @property
    def size(self) -> int:
        """How many numbers differ."""
        return len(self.rows) + len(self.columns) + len(self.priced)

    def load(self, solver: Solver, matrix: Matrix) -> None:
        """Bring the solver to this model."""
        if len(self.rows):
            solver.bound_rows(self.rows, matrix.row_lower[self.rows], matrix.row_upper[self.rows])
        if len(self.columns):
            solver.bound_columns(self.columns, matrix.lower[self.columns], matrix.upper[self.columns])
        if len(self.priced):
            solver.price_columns(self.priced, matrix.cost[self.priced])
        solver.constant = matrix.constant


def _difference(one: Formulation, other: Formulation) -> _Change | None:
    """What differs, None if it is more than bounds and costs."""
    a, b = one.matrix, other.matrix
    same = (
        not one.case.settings.whole_heads
        and not other.case.settings.whole_heads
        and np.array_equal(a.start, b.start)
        and np.array_equal(a.row, b.row)
        and np.array_equal(a.value, b.value)
        and len(a.row_lower) == len(b.row_lower)
        and not (b.lower > b.upper).any()
    )
    if not same:
        return None
    return _Change(
        rows=np.nonzero((a.row_lower != b.row_lower) | (a.row_upper != b.row_upper))[0],
        columns=np.nonzero((a.lower != b.lower) | (a.upper != b.upper))[0],
        priced=np.nonzero(a.cost != b.cost)[0],
    )


def solved(session: Session) -> bool:
    """The session has a plan to explain."""
    return session.plan.status is Status.OPTIMAL
