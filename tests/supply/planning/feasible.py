"""A plan that no solver made, held against every row and bound of the linear model."""

import numpy as np
import pytest

from supply.planning.formulation import formulate
from supply.planning.variables import safety_part


def as_columns(formulation, plan):
    """The plan as a point of the linear model."""
    point = np.zeros(len(formulation.matrix.cost))
    safe = np.minimum(plan.stock, safety_part(formulation.parts))
    for name, block in formulation.model.columns.items():
        own = {"safe_stock": safe, "stock": plan.stock - safe}.get(name, getattr(plan, name, None))
        point[block.first : block.first + block.size] = own[block.index >= 0]
        assert not own[block.index < 0].any()
    return point


def check_feasible(case, plan):
    """Every row and bound of the model holds, and the money is the model's."""
    formulation = formulate(case)
    matrix, point = formulation.matrix, as_columns(formulation, plan)
    activity = np.zeros(len(matrix.row_lower))
    np.add.at(activity, matrix.row, matrix.value * np.repeat(point, np.diff(matrix.start)))
    assert (activity <= matrix.row_upper + 1e-6).all()
    assert (activity >= matrix.row_lower - 1e-6).all()
    assert (point <= matrix.upper + 1e-6).all()
    assert (point >= matrix.lower - 1e-6).all()
    assert plan.objective == pytest.approx(-(matrix.cost @ point + matrix.constant), abs=1e-6)
