"""Which hard targets cannot be met."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from supply.planning.engine import solve, solve_formulated
from supply.planning.files.reader import read_case
from supply.planning.formulation import formulate
from supply.planning.infeasible import first_conflict
from supply.planning.solver import Solver
from tests.supply.planning.plain_model import PlainModel
from tests.supply.planning.random_cases import Tables, random_tables, write_tables
from tests.supply.planning.tables import small_case

LINE = {
    "resources": "site,resource,regular_hours\nPlant,Line,20",
    "routing": "product,site,resource,hours_per_unit\nA,Plant,Line,1",
}
MUST = "product,market,month,quantity,must_serve"

CASES = {
    "more wanted than can be built ahead": (
        3,
        {
            "demand": f"{MUST}\nA,Market,2026-01,10,yes\nA,Market,2026-02,50,yes\nA,Market,2026-03,10,yes",
            **LINE,
        },
        ["must_serve:A/Market@2026-02"],
    ),
    "less may be made than must be": (
        1,
        {"demand": MUST, "production": "product,site,min_quantity,max_quantity\nA,Plant,30,20"},
        ["min_quantity:A/Plant@2026-01"],
    ),
    "no hours for the least start": (
        1,
        {"demand": MUST, "production": "product,site,min_quantity\nA,Plant,30", **LINE},
        ["min_quantity:A/Plant@2026-01"],
    ),
    "stock cannot be got rid of": (
        1,
        {"demand": MUST, "stock": "product,site,opening_stock,max_stock\nA,Plant,30,20"},
        ["max_stock:A/Plant@2026-01"],
    ),
    "a closing target out of reach": (
        1,
        {"demand": MUST, "stock": "product,site,min_closing_stock\nA,Plant,30", **LINE},
        ["min_closing_stock:A/Plant@2026-01"],
    ),
    "a floor above the ceiling": (
        1,
        {"demand": MUST, "stock": "product,site,min_closing_stock,max_stock\nA,Plant,30,20"},
        ["max_stock:A/Plant@2026-01", "min_closing_stock:A/Plant@2026-01"],
    ),
    "a small order beside a large business": (
        2,
        {
            "demand": f"{MUST}\nA,Market,2026-01,0.05,yes\nA,Market,2026-02,300000,",
            "production": "product,site,month\nA,Plant,2026-02",
        },
        ["must_serve:A/Market@2026-01"],
    ),
    "two that can be met only one by one": (
        1,
        {
            "demand": f"{MUST}\nA,Market,2026-01,15,yes",
            "stock": "product,site,min_closing_stock\nA,Plant,15",
            **LINE,
        },
        ["must_serve:A/Market@2026-01", "min_closing_stock:A/Plant@2026-01"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_reason_names_the_targets(name, tmp_path):
    """Alone where one cannot be met by itself, together where they clash."""
    months, files, expected = CASES[name]
    plan = solve(small_case(tmp_path, months, **files))
    assert plan.status == "infeasible"
    named = re.findall(r"\w+:\S+@\d{4}-\d\d", plan.reason)
    assert set(named) == set(expected), plan.reason
    assert ("together" in plan.reason) == (len(expected) > 1)


def infeasible_seeds() -> list[int]:
    """Random cases without a plan."""
    return [seed for seed in range(90) if PlainModel(random_tables(seed)).solve() is None]


@pytest.mark.parametrize("seed", infeasible_seeds())
def test_the_named_targets_clash_by_themselves(seed, tmp_path):
    """With all other hard targets taken out the plain model still finds nothing."""
    tables = random_tables(seed)
    reason = solve(read_case(write_tables(tables, tmp_path))).reason
    named = set(
        re.findall(r"(?:must_serve|min_closing_stock|min_quantity|max_stock):[^;\s]+@\d{4}-\d\d", reason)
    )
    if "together" not in reason:  # each by itself
        named = {min(named)}
    assert PlainModel(only_targets(tables, named)).solve() is None, reason


TARGETS = {
    "must_serve": ("demand", "product", "market"),
    "min_closing_stock": ("stock", "product", "site"),
    "max_stock": ("stock", "product", "site"),
    "min_quantity": ("production", "product", "site"),
}


def only_targets(tables: Tables, named: set[str]) -> Tables:
    """The tables without hard targets, and a row of its own for each of the named ones."""
    plain = PlainModel(tables)
    kept = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for column, (file, *_) in TARGETS.items():
        for row in kept[file]:
            row.pop(column, None)
    for name in named:
        column, subject = name.split(":")
        file, first, second = TARGETS[column]
        parts, month = subject.split("@")
        key = dict(zip((first, second), parts.split("/"), strict=True))
        value = plain.cell(file, key, plain.months.index(month), column, None)
        text = "yes" if value is True else str(value)
        row = next((r for r in kept[file] if r.get("month") == month and key.items() <= r.items()), None)
        if row is None:
            row = {**key, "month": month}
            kept[file].append(row)
        row[column] = text
    return kept


def test_arrays_with_numbers_that_cannot_be_end_in_words(tmp_path):
    """A file with them is refused; a case built by a program says which number it is."""
    case = small_case(tmp_path, 2, demand=f"{MUST}\nA,Market,2026-01,10,")
    for wrong in (float("nan"), -3.0):
        costs = np.array([[4.0, wrong]])
        plan = solve(replace(case, production=replace(case.production, unit_cost=costs)))
        assert plan.status == "failed"
        assert plan.reason.startswith(f"production.unit_cost of 2026-02, row 1: {wrong}")


def test_what_earns_without_a_limit_is_named_so(tmp_path):
    """A solver's "unbounded" in words."""
    formulation = formulate(small_case(tmp_path, 1, demand=f"{MUST}\nA,Market,2026-01,10,"))
    endless = replace(formulation.matrix, cost=-np.ones_like(formulation.matrix.cost))
    plan = solve_formulated(formulation, Solver(endless))
    assert plan.status == "failed"
    assert plan.reason.startswith("nothing limits the plan")


def test_a_clash_that_takes_too_long_to_find_is_told(tmp_path):
    """Rather than called rounding."""
    months, files, _ = CASES["two that can be met only one by one"]
    reason = first_conflict(small_case(tmp_path, months, **files), time_limit=0.0)
    assert reason.startswith("hard targets clash; the solver ran out of time")


def test_a_folder_that_is_not_there_misses_its_files(tmp_path: Path):
    """Rather than a traceback."""
    with pytest.raises(Exception, match=r"settings\.csv:0::"):
        read_case(tmp_path / "nowhere")
