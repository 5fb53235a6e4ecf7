"""The command: exit codes, what it writes, and what it does not."""

import csv
import json
import subprocess
import sys

import pytest

from tests.supply.planning.tables import write_case

FILES = {
    "demand": "product,market,month,quantity,price\nA,Market,2026-01,10,30\nA,Market,2026-02,40,30",
    "production": "product,site,unit_cost\nA,Plant,10",
    "resources": "site,resource,regular_hours\nPlant,Line,20",
    "routing": "product,site,resource,hours_per_unit\nA,Plant,Line,1",
}


def run(folder, out, *more):
    """The command as a user gives it."""
    command = [sys.executable, "-m", "supply.planning", str(folder), "--output", str(out), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def rows(path):
    """A CSV file's rows."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_an_optimal_plan_is_written_in_three_files(tmp_path):
    """Ten sold in January, twenty more built for February's forty."""
    done = run(write_case(tmp_path / "case", 2, **FILES), tmp_path / "out")
    assert done.returncode == 0, done.stderr
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["status"] == "optimal"
    assert summary["objective"] == pytest.approx(40 * 20)
    assert summary["lost_units"] == pytest.approx(10)
    assert sum(summary["costs"].values()) == pytest.approx(400)
    made = {
        row["month"]: float(row["quantity"])
        for row in rows(tmp_path / "out" / "plan.csv")
        if row["kind"] == "production"
    }
    assert made == pytest.approx({"2026-01": 20, "2026-02": 20})
    (gap,) = rows(tmp_path / "out" / "gaps.csv")
    assert (gap["month"], float(gap["gap_units"]), float(gap["gap_value"])) == ("2026-02", 10, 300)
    assert gap["binding"] == "resource:Plant/Line@2026-02"
    assert done.stdout == ""  # the solver keeps quiet


def test_a_refused_case_writes_nothing(tmp_path):
    """Exit code 2 and a line for every problem."""
    files = {**FILES, "demand": FILES["demand"].replace("40,30", "forty,30")}
    done = run(write_case(tmp_path / "case", 2, **files), tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.startswith("error: demand.csv:3:quantity: 'forty' is not a number")
    assert not (tmp_path / "out").exists()


def test_an_infeasible_case_says_which_target(tmp_path):
    """Exit code 3 and the summary alone."""
    demand = "product,market,month,quantity,must_serve\nA,Market,2026-02,50,yes"
    done = run(write_case(tmp_path / "case", 2, **{**FILES, "demand": demand}), tmp_path / "out", "--explain")
    assert done.returncode == 3
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["summary.json"]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["status"] == "infeasible"
    assert summary["reason"].startswith("must_serve:A/Market@2026-02 cannot be met, 10 units")


def test_the_greedy_plan_and_the_explanations(tmp_path):
    """Both are asked for by name."""
    folder = write_case(tmp_path / "case", 2, **FILES)
    assert run(folder, tmp_path / "greedy", "--greedy").returncode == 0
    assert json.loads((tmp_path / "greedy" / "summary.json").read_text())["status"] == "greedy"
    assert run(folder, tmp_path / "told", "--explain").returncode == 0
    (told,) = json.loads((tmp_path / "told" / "explain.json").read_text())
    assert told["recipe"]["units_recovered"] == pytest.approx(10)
    assert {lever["remedies"][0]["limit"] for lever in told["levers"]} == {
        "resource:Plant/Line@2026-01",
        "resource:Plant/Line@2026-02",
    }


def test_a_folder_that_cannot_be_written_is_told_in_a_line(tmp_path):
    """Rather than in a traceback."""
    (tmp_path / "out").write_text("a file")
    done = run(write_case(tmp_path / "case", 2, **FILES), tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
