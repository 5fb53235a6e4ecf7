"""HiGHS, fed with arrays: scaling, fixed options and seed, cold and warm solves, status in words."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import ArrayLike

from supply.planning.case import INF, Floats, Ints
from supply.planning.matrix import Matrix
from supply.planning.scales import power_of_two

# From this size on, the interior point method with crossover is faster than the dual simplex.
INTERIOR_FROM_COLUMNS = 6000
SEED = 20260101

_DUAL, _PRIMAL = 1, 4  # HiGHS's numbers of the two simplex methods

# Steepest edge weights of a basis from elsewhere cost more to compute than a warm solve saves by them.
_EDGE_WEIGHTS, _DEVEX, _CHOOSE = "simplex_dual_edge_weight_strategy", 1, -1

_SOLVED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)
_IMPOSSIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
_TIMED_OUT = (highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kInterrupt)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: "optimal", "infeasible", "unbounded", "time_limit" or "failed", with HiGHS's own word."""

    status: str
    word: str

    @property
    def optimal(self) -> bool:
        """A best solution is there."""
        return self.status == "optimal"


@dataclass(frozen=True, slots=True)
class Extra:
    """An added column: what is used of it is `most` + `sign` x its value."""

    number: int
    most: float
    sign: float

    def used(self, values: Floats) -> float:
        """Use of the column."""
        return self.most + self.sign * float(values[self.number])


class Solver:
    """A linear model loaded into HiGHS. Everything in and out is in natural units; scaling stays inside."""

    def __init__(self, matrix: Matrix, *, time_limit: float = INF) -> None:
        self.column_scale = matrix.column_scale
        self.row_scale = matrix.row_scale
        self.money = _money_scale(matrix.cost * matrix.column_scale)
        self.constant = self._loaded_constant = matrix.constant
        self.seconds = 0.0
        self._time_limit = time_limit
        self._highs = _configured()
        self._highs.passModel(self._scaled(matrix))

    def solve_cold(self) -> Outcome:
        """Solve from scratch: interior point with crossover when large; the simplex if that fails."""
        self._highs.clearSolver()
        if self._highs.getNumCol() >= INTERIOR_FROM_COLUMNS:
            outcome = self._run("ipx")
            if outcome.status in ("optimal", "time_limit"):
                return outcome
            self._highs.clearSolver()
        return self._run("simplex")

    def solve_warm(self) -> Outcome:
        """Solve from the basis at hand with the dual simplex; cold if that fails."""
        self._highs.setOptionValue(_EDGE_WEIGHTS, _DEVEX)
        outcome = self._run("simplex")
        self._highs.setOptionValue(_EDGE_WEIGHTS, _CHOOSE)
        return self.solve_cold() if outcome.status == "failed" else outcome

    def solve_repriced(self) -> Outcome:
        """Solve after a change of costs alone: from the basis at hand with the primal simplex."""
        self._highs.setOptionValue("simplex_strategy", _PRIMAL)
        outcome = self._run("simplex")
        self._highs.setOptionValue("simplex_strategy", _DUAL)
        return self.solve_cold() if outcome.status == "failed" else outcome

    def solve_whole(self, columns: Ints, relative_gap: float) -> Outcome:
        """Solve with these columns in whole numbers, to the relative gap."""
        self._highs.setOptionValue("mip_rel_gap", relative_gap)
        self._highs.setOptionValue("mip_abs_gap", 0.0)
        self._integrality(columns, highspy.HighsVarType.kInteger)
        outcome = self._run("choose")
        self.whole = self.columns()
        self._integrality(columns, highspy.HighsVarType.kContinuous)
        return outcome

    def widen_tolerance(self) -> None:
        """Let rows and bounds be missed by a millionth of a usual quantity."""
        self._highs.setOptionValue("primal_feasibility_tolerance", 1e-6)

    def objective(self) -> float:
        """The least cost found, constant included."""
        found = float(self._highs.getInfo().objective_function_value) * self.money
        return found + self.constant - self._loaded_constant

    def columns(self) -> Floats:
        """Values of all columns."""
        values = np.asarray(self._highs.getSolution().col_value)
        return np.asarray(values * self.column_scale[: len(values)])

    def row_duals(self) -> Floats:
        """Cost of one more unit on the right-hand side of each row."""
        return np.asarray(self._highs.getSolution().row_dual) * self.money / self.row_scale

    def reduced_costs(self) -> Floats:
        """Cost of one more unit of each column."""
        return np.asarray(self._highs.getSolution().col_dual) * self.money / self.column_scale

    def bound_columns(self, columns: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Change column bounds."""
        at = np.atleast_1d(np.asarray(columns, np.int32))
        low, high = (_spread(v, len(at)) / self.column_scale[at] for v in (lower, upper))
        self._highs.changeColsBounds(len(at), at, low, high)

    def bound_rows(self, rows: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Change row bounds."""
        at = np.atleast_1d(np.asarray(rows, np.int32))
        low, high = (_spread(v, len(at)) / self.row_scale[at] for v in (lower, upper))
        self._highs.changeRowsBounds(len(at), at, low, high)  # type: ignore[attr-defined]

    def price_columns(self, columns: ArrayLike, cost: ArrayLike) -> None:
        """Change column costs."""
        at = np.atleast_1d(np.asarray(columns, np.int32))
        scaled = _spread(cost, len(at)) * self.column_scale[at] / self.money
        self._highs.changeColsCost(len(at), at, scaled)

    def add_column(self, cost: float, upper: float, row: int, coefficient: float, *, pays: bool) -> Extra:
        """A new column with one coefficient, from 0 to `upper`.

        Where it pays at the optimum at hand, its unused part is added instead and the row is moved: so the
        basis stays dual feasible and a few iterations of the dual simplex are enough.
        """
        scale = float(power_of_two(np.array([self.row_scale[row] / abs(coefficient)]))[0])
        number = int(self._highs.getNumCol())
        sign = -1.0 if pays else 1.0
        self._highs.addCol(
            sign * cost * scale / self.money,
            0.0,
            upper / scale,
            1,
            np.array([row], np.int32),
            np.array([sign * coefficient * scale / self.row_scale[row]]),
        )
        self.column_scale = np.append(self.column_scale, scale)
        if not pays:
            return Extra(number, 0.0, 1.0)
        self._move_row(row, -coefficient * upper)
        self.constant += cost * upper
        return Extra(number, upper, -1.0)

    def _move_row(self, row: int, by: float) -> None:
        _, lower, upper, _ = self._highs.getRow(row)
        scale = float(self.row_scale[row])
        self.bound_rows(row, lower * scale + by, upper * scale + by)

    def drop_columns_from(self, first: int) -> None:
        """Remove all columns from this number on."""
        gone = np.arange(first, self._highs.getNumCol(), dtype=np.int32)
        if len(gone):
            self._highs.deleteCols(len(gone), gone)
            self.column_scale = self.column_scale[:first]

    def basis(self) -> highspy.HighsBasis:
        """The basis at hand, to come back to."""
        return self._highs.getBasis()

    def set_basis(self, basis: highspy.HighsBasis) -> None:
        """Start the next warm solve from this basis."""
        self._highs.setBasis(basis)

    def _run(self, method: str) -> Outcome:
        self._highs.setOptionValue("solver", method)
        # HiGHS counts the time of all runs of an object.
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + self._time_limit)
        began = time.perf_counter()
        self._highs.run()
        self.seconds += time.perf_counter() - began
        status = self._highs.getModelStatus()
        word = self._highs.modelStatusToString(status)
        if status in _SOLVED:
            return Outcome("optimal", word)
        if status in _IMPOSSIBLE:
            return Outcome("infeasible", word)
        if status == highspy.HighsModelStatus.kUnbounded:
            return Outcome("unbounded", word)
        return Outcome("time_limit" if status in _TIMED_OUT else "failed", word)

    def _integrality(self, columns: Ints, kind: highspy.HighsVarType) -> None:
        at = columns.astype(np.int32)
        self._highs.changeColsIntegrality(len(at), at, np.full(len(at), kind.value, np.uint8))

    def _scaled(self, matrix: Matrix) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(matrix.cost), len(matrix.row_lower)
        lp.offset_ = (
            matrix.constant / self.money
        )  # so that the gap of whole heads is one of the real objective
        lp.col_cost_ = matrix.cost * matrix.column_scale / self.money
        lp.col_lower_ = matrix.lower / matrix.column_scale
        lp.col_upper_ = matrix.upper / matrix.column_scale
        lp.row_lower_ = matrix.row_lower / matrix.row_scale
        lp.row_upper_ = matrix.row_upper / matrix.row_scale
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = matrix.start
        lp.a_matrix_.index_ = matrix.row
        of_column = np.repeat(matrix.column_scale, np.diff(matrix.start))
        lp.a_matrix_.value_ = matrix.value * of_column / matrix.row_scale[matrix.row]
        return lp


class _SilentHighs(highspy.Highs):
    """HiGHS without its banner, which the constructor would print before any option can be set."""

    def enableCallbacks(self) -> None:  # noqa: N802 (HiGHS's name; the first call the constructor makes)
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


def silent_highs() -> highspy.Highs:
    """HiGHS as it comes, without a word on the console."""
    made: Any = _SilentHighs  # the stubs leave the constructor untyped
    highs: highspy.Highs = made()
    return highs


def _configured() -> highspy.Highs:
    """HiGHS with everything that could make two runs differ fixed."""
    highs = silent_highs()
    for option, value in (
        ("parallel", "off"),
        ("random_seed", SEED),
        ("primal_feasibility_tolerance", 1e-9),
        ("dual_feasibility_tolerance", 1e-9),
    ):
        highs.setOptionValue(option, value)
    return highs


def _money_scale(costs: Floats) -> float:
    """The usual cost of a usual quantity, as a power of two."""
    known = np.abs(costs[costs != 0])
    return float(power_of_two(np.array([np.median(known) if len(known) else 1.0]))[0])


def _spread(values: ArrayLike, count: int) -> Floats:
    return np.array(np.broadcast_to(np.asarray(values, np.float64), (count,)))
