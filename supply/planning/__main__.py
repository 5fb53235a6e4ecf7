"""Plan a case folder: `python -m supply.planning CASE_FOLDER --output OUT_FOLDER`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from supply.planning.case import Case
from supply.planning.explain import explain
from supply.planning.files.explained import write_explanations
from supply.planning.files.problems import CaseRefusedError
from supply.planning.files.reader import read_case
from supply.planning.files.writer import write_plan
from supply.planning.greedy.planner import plan_greedily
from supply.planning.plan import Plan, Status
from supply.planning.session import Session

EXIT_CODES = {
    Status.OPTIMAL: 0,
    Status.GREEDY: 0,
    Status.FAMILIES: 0,
    Status.INFEASIBLE: 3,
    Status.TIME_LIMIT: 4,
    Status.FAILED: 5,
}


def main(arguments: list[str] | None = None) -> int:
    """Read, plan, write; the exit code says how it ended (0 planned, 1 files, 2 refused, 3 infeasible)."""
    asked = _parser().parse_args(arguments)
    try:
        case = read_case(asked.case_folder)
        plan = _planned(case, asked)
        write_plan(case, plan, asked.output)
    except CaseRefusedError as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    except OSError as wrong:
        sys.stderr.write(f"error: {wrong.filename}: {wrong.strerror}\n")
        return 1
    if plan.reason:
        sys.stderr.write(f"{plan.status}: {plan.reason}\n")
    return EXIT_CODES[plan.status]


def _planned(case: Case, asked: argparse.Namespace) -> Plan:
    if asked.greedy:
        return plan_greedily(case, with_gaps=True)
    session = Session(case)
    if asked.explain:
        write_explanations(case, explain(session), asked.output)
    return session.plan


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m supply.planning", description="Plan a case folder.")
    parser.add_argument("case_folder", type=Path, help="folder with the case's CSV files")
    parser.add_argument("--output", type=Path, required=True, help="folder the plan is written to")
    parser.add_argument("--greedy", action="store_true", help="plan at once with the greedy planner")
    parser.add_argument("--explain", action="store_true", help="write causes and levers of the largest gaps")
    return parser


if __name__ == "__main__":
    sys.exit(main())
