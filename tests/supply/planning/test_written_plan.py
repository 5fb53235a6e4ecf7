"""The plan as it is written, read back and held against the plain model: nothing is lost or mislabelled."""

import csv
import json
import re

import numpy as np
import pytest

from supply.planning.__main__ import main
from supply.planning.engine import solve
from supply.planning.files.reader import read_case
from supply.planning.files.writer import write_plan
from tests.supply.planning.plain_model import PlainModel
from tests.supply.planning.random_cases import random_tables, write_tables

NAMES = {
    "production": ("product", "site"),
    "subcontract": ("supplier", "product", "site"),
    "shipment": ("product", "site", "destination"),
    "spot": ("site", "destination", "product"),
    "stock": ("product", "site"),
    "scrap": ("product", "site"),
    "lost": ("product", "destination"),
    "backlog": ("product", "destination"),
    "regular_hours": ("site", "resource"),
    "overtime_hours": ("site", "resource"),
    "extra_hours": ("site", "resource"),
    "heads": ("site", "resource"),
    "hired": ("site", "resource"),
    "laid_off": ("site", "resource"),
    "purchase": ("supplier", "material"),
    "material_stock": ("material",),
}


def as_point(plain, path):
    """The rows of plan.csv as a point of the plain model."""
    point = np.zeros(len(plain.names))
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            labels = tuple(row[column] for column in NAMES[row["kind"]])
            filled = {column for column in row if row[column] and column not in ("kind", "month", "quantity")}
            assert filled <= set(NAMES[row["kind"]])
            name = (row["kind"].removesuffix("_hours"), *labels, plain.months.index(row["month"]))
            point[plain.at[name]] = float(row["quantity"])
    for name, at in plain.at.items():
        if name[0] == "short":
            product, site, t = name[1:]
            target = plain.cell("stock", {"product": product, "site": site}, t, "safety_stock", 0.0)
            point[at] = max(target - point[plain.at["stock", product, site, t]], 0.0)
    return point


@pytest.mark.parametrize("seed", range(60))
def test_the_written_plan_is_feasible_and_worth_what_it_says(seed, tmp_path):
    """Every row and bound of the plain model, and its objective."""
    tables = random_tables(seed)
    case = read_case(write_tables(tables, tmp_path / "case"))
    plan = solve(case)
    write_plan(case, plan, tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    if plan.status == "infeasible":
        assert not (tmp_path / "out" / "plan.csv").exists()
        return
    plain = PlainModel(tables)
    plain.build()
    point = as_point(plain, tmp_path / "out" / "plan.csv")
    for rows, broken in ((plain.equal, abs), (plain.less, lambda over: max(over, 0.0))):
        for row, right in rows:
            assert broken(sum(point[at] * value for at, value in row.items()) - right) < 1e-6
    low, high = np.array(plain.bounds).T
    assert (point >= low - 1e-7).all()
    assert (point <= high + 1e-7).all()
    worth = plain.constant + point @ np.array(plain.gain)
    assert summary["objective"] == pytest.approx(worth, rel=1e-9, abs=1e-6)
    assert summary["objective"] == pytest.approx(
        summary["margin"] - sum(summary["penalties"].values()), abs=1e-6
    )
    assert summary["margin"] == pytest.approx(summary["revenue"] - sum(summary["costs"].values()), abs=1e-6)


@pytest.mark.parametrize("seed", range(0, 40, 5))
@pytest.mark.parametrize("way", [[], ["--greedy"], ["--explain"]])
def test_what_is_written_does_not_depend_on_the_order_of_rows(seed, way, tmp_path):
    """Every file, letter for letter, but for the seconds the solver took; rows and columns shuffled."""
    written = []
    for shuffle in (None, 1):
        folder = write_tables(random_tables(seed), tmp_path / f"case {shuffle}", shuffle)
        out = tmp_path / f"out {shuffle}"
        code = main([str(folder), "--output", str(out), *way])
        texts = {path.name: path.read_text() for path in out.iterdir()}
        written.append(
            (code, {name: re.sub(r'"solver_seconds".*', "", text) for name, text in texts.items()})
        )
    assert written[0] == written[1]
