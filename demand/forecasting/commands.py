"""The commands of the engine: what they read, write and print."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from demand.forecasting.context import LONGEST_HORIZON, InputError

if TYPE_CHECKING:
    from demand.forecasting.history import Problem

SHOWN_PROBLEMS = 20
FIGURES = "%.10g"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m demand.forecasting", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    read = argparse.ArgumentParser(add_help=False)
    read.add_argument("history", type=Path, help="CSV file with columns series, month (YYYY-MM), quantity")
    read.add_argument("--horizon", type=int, default=18, help=f"months ahead, 1 to {LONGEST_HORIZON}")
    read.add_argument("--working-days", type=Path, help="CSV file with columns month, days, past and future")
    made = commands.add_parser("forecast", parents=[read], help="forecast every series of a history")
    made.add_argument("--output", type=Path, required=True, help="CSV file to write")
    made.add_argument("--explanations", type=Path, help="CSV file for a sentence per series")
    made.add_argument("--repairs", type=Path, help="CSV file for the months that were read differently")
    made.set_defaults(run=run_forecast)
    tested = commands.add_parser(
        "backtest", parents=[read], help="score past forecasts beside the naive ones"
    )
    tested.add_argument("--origins", type=int, default=3, help="past months to forecast from")
    tested.set_defaults(run=run_backtest)
    learned = commands.add_parser("train", help="train the correction on simulated series")
    learned.add_argument("--series", type=int, help="simulated series (default: as shipped)")
    learned.add_argument("--networks", type=int, help="networks to average (default: as shipped)")
    learned.add_argument("--no-trees", action="store_true", help="networks only")
    learned.add_argument("--output", type=Path, required=True, help="folder for the artifact")
    learned.set_defaults(run=run_train)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0 on success, 2 where the input cannot be used at all (the reason on standard
    error)."""
    chosen = parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except InputError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


def run_forecast(chosen: argparse.Namespace) -> None:
    """Reads, forecasts, writes; problems of the input go to standard error with row and column."""
    from demand.forecasting.frames import forecast_report
    from demand.forecasting.history import read_csv

    report = forecast_report(
        read_csv(chosen.history), chosen.horizon, working_days=days_of(chosen.working_days)
    )
    written = report.forecast.assign(month=report.forecast["month"].dt.strftime("%Y-%m"))
    written.to_csv(chosen.output, index=False, float_format=FIGURES)
    if chosen.explanations:
        report.series.to_csv(chosen.explanations, index=False)
    if chosen.repairs:
        report.repairs.assign(month=report.repairs["month"].dt.strftime("%Y-%m")).to_csv(
            chosen.repairs, index=False
        )
    warn(report.problems)
    say(f"{len(report.series)} series, {chosen.horizon} months ahead, written to {chosen.output}")


def run_backtest(chosen: argparse.Namespace) -> None:
    """Prints the accuracy of the engine beside the naive forecasts, overall and by class."""
    from demand.forecasting.backtest import backtest_matrix, printed
    from demand.forecasting.correction import shipped_correction
    from demand.forecasting.frames import context_of
    from demand.forecasting.history import read_csv, to_matrix

    if chosen.origins < 1:
        raise InputError(f"Origins is {chosen.origins}; give at least 1.")
    read = to_matrix(read_csv(chosen.history))
    warn(read.problems)
    context = context_of(read, chosen.horizon, days_of(chosen.working_days))
    result = backtest_matrix(read.quantities, chosen.horizon, chosen.origins, context=context)
    tested = f"{len(set(result.series.tolist()))} of {len(read.names)} series"
    say(
        f"{tested}, {len(set(result.origin.tolist()))} origins, {chosen.horizon} months ahead,",
        shipped_correction().name,
    )
    say(printed(result))


def days_of(path: Path | None) -> dict[str, float] | None:
    """Month -> working days from a CSV file; None without one."""
    from demand.forecasting.history import read_csv

    if path is None:
        return None
    calendar = read_csv(path)
    if not {"month", "days"} <= set(calendar.columns):
        raise InputError(f"{path} is no working-day calendar; it needs the columns month and days.")
    try:
        return {month: float(days) for month, days in zip(calendar["month"], calendar["days"], strict=True)}
    except ValueError as error:
        raise InputError(f"{path}: {error}; days must be numbers.") from error


def run_train(chosen: argparse.Namespace) -> None:
    """Trains on simulated series and writes the artifact."""
    from dataclasses import replace

    from demand.forecasting.training import Recipe, train

    recipe = Recipe()
    recipe = replace(
        recipe,
        series=chosen.series or recipe.series,
        networks=chosen.networks or recipe.networks,
        with_trees=not chosen.no_trees,
    )
    correction = train(recipe)
    correction.save(chosen.output)
    say(f"{correction.name} trained on {recipe.series} simulated series, written to {chosen.output}")


def say(*words: str) -> None:
    """A line on standard output."""
    sys.stdout.write(" ".join(words) + "\n")


def warn(problems: Sequence[Problem]) -> None:
    """The first problems of the input on standard error, with row and column."""
    for problem in problems[:SHOWN_PROBLEMS]:
        sys.stderr.write(f"warning: {problem}\n")
    if len(problems) > SHOWN_PROBLEMS:
        sys.stderr.write(f"warning: {len(problems) - SHOWN_PROBLEMS} more like these\n")
