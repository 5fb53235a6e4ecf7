"""The commands of the engine: what they read, write and print."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .context import LONGEST_HORIZON, InputError

SHOWN_PROBLEMS = 20
FIGURES = "%.10g"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m demand.forecasting", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    made = commands.add_parser("forecast", help="forecast every series of a history")
    made.add_argument("history", type=Path, help="CSV file with columns series, month (YYYY-MM), quantity")
    made.add_argument("--horizon", type=int, default=18, help=f"months ahead, 1 to {LONGEST_HORIZON}")
    made.add_argument("--output", type=Path, required=True, help="CSV file to write")
    made.add_argument("--explanations", type=Path, help="CSV file for a sentence per series")
    made.add_argument("--repairs", type=Path, help="CSV file for the months that were read differently")
    made.set_defaults(run=run_forecast)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0 on success, 2 where the input cannot be used at all (the reason on standard error)."""
    chosen = parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def run_forecast(chosen: argparse.Namespace) -> None:
    """Reads, forecasts, writes; problems of the input go to standard error with row and column."""
    from .frames import forecast_report
    from .history import read_csv

    report = forecast_report(read_csv(chosen.history), chosen.horizon)
    written = report.forecast.assign(month=report.forecast["month"].dt.strftime("%Y-%m"))
    written.to_csv(chosen.output, index=False, float_format=FIGURES)
    if chosen.explanations:
        report.series.to_csv(chosen.explanations, index=False)
    if chosen.repairs:
        report.repairs.assign(month=report.repairs["month"].dt.strftime("%Y-%m")).to_csv(chosen.repairs, index=False)
    for problem in report.problems[:SHOWN_PROBLEMS]:
        print(f"warning: {problem}", file=sys.stderr)
    if len(report.problems) > SHOWN_PROBLEMS:
        print(f"warning: {len(report.problems) - SHOWN_PROBLEMS} more rows like these", file=sys.stderr)
    print(f"{len(report.series)} series, {chosen.horizon} months ahead, written to {chosen.output}")
