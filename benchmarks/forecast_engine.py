"""The forecasting engine on public series: `python -m benchmarks.forecast_engine [--refit] [DATA_DIR]`.

DATA_DIR (or the environment variable SOP_SHARED, or ../shared/data) holds long gzip CSV files with the
columns unique_id, ds, y, split (train or test). Times are CPU-seconds of one thread. Nothing in these files
took part in training.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from demand.forecasting import Context, forecast_matrix  # noqa: E402
from demand.forecasting.accuracy import coverage, naive_scale, smape_by_month, wape  # noqa: E402
from demand.forecasting.arrays import Floats, align  # noqa: E402
from demand.forecasting.correction import Correction, shipped_correction  # noqa: E402
from demand.forecasting.hierarchy import (  # noqa: E402
    Hierarchy,
    hierarchy,
    reconcile,
    rolling_residuals,
    with_aggregates,
)
from demand.forecasting.naive import naive2, seasonal_naive  # noqa: E402
from demand.forecasting.refit import refit_correction  # noqa: E402

DEV = ("m1_monthly", "m4trial_econ", "nn3_monthly")
INTERMITTENT = "m4trial_inventory"
HIERARCHIES = {"aus_retail_monthly": ("state", "industry"), "pbs_scripts_monthly": ("market", "ATC1")}


@dataclass(frozen=True)
class Series:
    """Histories (N, T), right-aligned; what came after (N, H); one row of the other columns per series."""

    history: Floats
    actual: Floats
    labels: pd.DataFrame
    last_month: Floats


def read(folder: Path, name: str) -> Series:
    """Reads one file; series without a full test part are left out."""
    rows = pd.read_csv(folder / f"{name}.csv.gz", dtype={"unique_id": str})
    groups = [group for _, group in rows.groupby("unique_id", sort=False)]
    length = max((group.split == "test").sum() for group in groups)
    groups = [group for group in groups if (group.split == "test").sum() == length]
    past = [group.y.to_numpy(float)[group.split == "train"] for group in groups]
    future = [group.y.to_numpy(float)[group.split == "test"] for group in groups]
    last = [int(group.ds[group.split == "train"].iloc[-1][5:7]) for group in groups]
    labels = pd.DataFrame([group.iloc[0] for group in groups]).reset_index(drop=True)
    return Series(align(past), np.array(future), labels, np.array(last))


def smape_mase(series: Series, forecasts: Floats) -> tuple[float, float]:
    """Means over series, as in the M competitions."""
    smape = smape_by_month(series.actual, forecasts).mean()
    mase = np.abs(series.actual - forecasts).mean(1) / naive_scale(series.history)
    return float(smape), float(np.nanmean(mase))


def owa(series: Series, forecasts: Floats) -> float:
    """Against Naive2."""
    pairs = zip(
        smape_mase(series, forecasts),
        smape_mase(series, naive2(series.history, forecasts.shape[1])),
        strict=True,
    )
    return float(np.mean([one / other for one, other in pairs]))


def stages() -> Iterator[tuple[str, Correction]]:
    """The engine as it grows: what each learner adds."""
    shipped = shipped_correction()
    yield "base", Correction(factors=shipped.factors)
    yield "+ network", replace(shipped, trees=())
    if shipped.trees:
        yield "+ network and trees", shipped
    else:
        print("LightGBM cannot be loaded here: the network corrects alone.")


def accuracy(sets: dict[str, Series], months: int | None = None) -> None:
    """OWA and coverage by set and stage, on whole histories or their last `months`."""
    print(f"\nOWA, 18 months ahead, {f'last {months} months of history' if months else 'whole histories'}")
    print(f"{'':22s}" + "".join(f"{name:>16s}" for name in sets) + f"{'mean':>10s}{'CPU s/1000':>12s}")
    chosen = {name: _cut(one, months) for name, one in sets.items()}
    scores = [owa(one, seasonal_naive(one.history, one.actual.shape[1])) for one in chosen.values()]
    print(
        f"{'seasonal naive':22s}" + "".join(f"{score:16.4f}" for score in scores) + f"{np.mean(scores):10.4f}"
    )
    for stage, correction in stages():
        scores, covered, spent = [], [], 0.0
        for one in chosen.values():
            clock = time.process_time()
            made = forecast_matrix(one.history, one.actual.shape[1], correction=correction)
            spent += time.process_time() - clock
            scores.append(owa(one, made.mean))
            covered.append(
                [coverage(one.actual, made.low[level], made.high[level]) or 0.0 for level in made.low]
            )
        cost = 1000 * spent / sum(len(one.history) for one in chosen.values())
        print(
            f"{stage:22s}"
            + "".join(f"{score:16.4f}" for score in scores)
            + f"{np.mean(scores):10.4f}{cost:12.2f}"
        )
    shown = ["/".join(f"{100 * share:.1f}" for share in shares) for shares in covered]
    print(f"{'in 50/80/95 %':22s}" + "".join(f"{text:>16s}" for text in shown))


def _cut(series: Series, months: int | None) -> Series:
    if months is None:
        return series
    long = np.isfinite(series.history).sum(1) >= 36
    return Series(
        series.history[long, -months:], series.actual[long], series.labels[long], series.last_month[long]
    )


def intermittent(series: Series) -> None:
    """RMSSE and the error of the cumulated total, as a zero forecast would win on MASE."""
    scale = np.sqrt(naive_scale(series.history, season=1, power=2))
    made = forecast_matrix(series.history, series.actual.shape[1])
    methods = {
        "engine": made.mean,
        "12-month mean": np.repeat(series.history[:, -12:].mean(1)[:, None], series.actual.shape[1], 1),
        "seasonal naive": seasonal_naive(series.history, series.actual.shape[1]),
    }
    print(f"\n{INTERMITTENT}: {len(series.history)} series, {100 * (series.actual == 0).mean():.0f} % zeros")
    for name, forecasts in methods.items():
        missed = series.actual - forecasts
        rmsse = np.nanmean(np.sqrt((missed**2).mean(1)) / scale)
        total = np.nanmean(np.abs(missed.sum(1)) / scale / missed.shape[1])
        print(
            f"{name:22s}RMSSE {rmsse:.3f}   cumulated {total:.3f}   bias {-missed.sum() / series.actual.sum():+.3f}"
        )
    inside = coverage(series.actual, made.low[0.95], made.high[0.95])
    print(f"in 95 %: {100 * (inside or 0):.1f}")


def reconciliation(name: str, series: Series, levels: tuple[str, str]) -> None:
    """WAPE of the bottom and of all nodes before and after reconciliation."""
    whole = np.isfinite(series.history).all(1) if np.isfinite(series.history).all(1).mean() > 0.8 else None
    kept = np.ones(len(series.history), bool) if whole is None else whole
    bottom, actual = series.history[kept][:, -144:], series.actual[kept]
    labels = series.labels[kept]
    tree = hierarchy({"total": ["all"] * len(labels)} | {level: labels[level].tolist() for level in levels})
    values, truth = with_aggregates(bottom, tree.summing), with_aggregates(actual, tree.summing)
    base = forecast_matrix(values, actual.shape[1]).mean
    residuals = rolling_residuals(values, 12)
    clock = time.process_time()
    done = reconcile(base, tree.summing, residuals)
    spent = time.process_time() - clock
    print(f"\n{name}: {len(bottom)} bottom series, {len(values)} nodes, reconciled in {1000 * spent:.0f} ms")
    _compare(
        tree,
        {
            "base, does not add up": base,
            "bottom-up": with_aggregates(base[len(tree.nodes) :], tree.summing),
            "MinT": done,
        },
        truth,
    )


def _compare(tree: Hierarchy, methods: dict[str, Floats], truth: Floats) -> None:
    count = len(tree.nodes)
    for method, forecasts in methods.items():
        parts = wape(truth[count:], forecasts[count:]) or 0.0
        upper = wape(truth[:count], forecasts[:count]) or 0.0
        print(f"{method:22s}WAPE bottom {100 * parts:.2f} %   aggregates {100 * upper:.2f} %")


def families(name: str, series: Series, level: str) -> None:
    """What the season of the family adds to 24 months of history (MASE)."""
    short = Series(series.history[:, -24:], series.actual, series.labels, series.last_month)
    scores = []
    for labels in (None, series.labels[level].tolist()):
        context = Context(last_month=series.last_month, families=labels)
        made = forecast_matrix(short.history, series.actual.shape[1], context=context)
        scores.append(smape_mase(series, made.mean)[1])
    print(f"{name}, 24 months of history: MASE {scores[0]:.3f} alone, {scores[1]:.3f} with families")


def refitting(sets: dict[str, Series]) -> None:
    """What a refit on each set's own past adds, as the scheduled job would do it."""
    print("\nRefit on the own past")
    for name, one in sets.items():
        clock = time.process_time()
        outcome = refit_correction(one.history)
        spent = time.process_time() - clock
        made = forecast_matrix(one.history, one.actual.shape[1], correction=outcome.correction, levels=())
        print(f"{name:22s}OWA {owa(one, made.mean):.4f}   {outcome.reason} ({spent:.0f} CPU s)")


def whole_command(count: int, months: int) -> None:
    """CPU-seconds and memory of the forecast command as a user runs it, start-up apart."""
    with tempfile.TemporaryDirectory() as folder:
        spent = {}
        for series in (1, count):
            history = Path(folder) / f"{series}.csv"
            _invented(series, months).to_csv(history, index=False)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, "-m", "demand.forecasting", "forecast", str(history)]
            command += ["--horizon", "18", "--output", f"{folder}/out.csv"]
            subprocess.run(command, check=True, cwd=ROOT, capture_output=True)  # noqa: S603
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent[series] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    each = 1000 * (spent[count] - spent[1]) / count
    print(
        f"{count} series x {months} months: start-up {spent[1]:.2f} CPU s, {each:.2f} CPU s per 1,000 series,"
        f" peak {after.ru_maxrss / 1024:.0f} MB"
    )


def commands(folder: Path) -> None:
    """Both commands, as a user runs them, on every file of the folder."""
    print("\nBoth commands on every file, 18 months ahead, backtest from 3 past months")
    for path in sorted(folder.glob("*.csv.gz")):
        rows = pd.read_csv(path, dtype={"unique_id": str})
        months = rows["ds"].str.slice(0, 7)
        frame = pd.DataFrame({"series": rows["unique_id"], "month": months, "quantity": rows["y"]})
        with tempfile.TemporaryDirectory() as place:
            history = Path(place) / "history.csv"
            frame.to_csv(history, index=False)
            output = Path(place) / "forecast.csv"
            _command("forecast", str(history), "--horizon", "18", "--output", str(output))
            made = pd.read_csv(output)
            told = _command("backtest", str(history), "--horizon", "18", "--origins", "3")
        figures = made.drop(columns=["series", "month", "method"])
        whole = frame["series"].nunique() * 18 == len(made) and bool(np.isfinite(figures).all(axis=None))
        print(
            f"{path.name}: {frame['series'].nunique()} series, {'every' if whole else 'NOT every'} figure there"
        )
        head, *lines = told.splitlines()
        print("\n".join(["  " + head, *("  " + line for line in lines if line.startswith("all "))]))


def _command(*arguments: str) -> str:
    command = [sys.executable, "-m", "demand.forecasting", *arguments]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)  # noqa: S603
    return done.stdout


def _invented(count: int, months: int) -> pd.DataFrame:
    random = np.random.default_rng(1)
    names = pd.period_range("2020-01", periods=months, freq="M").astype(str)
    season = np.cos(2 * np.pi * np.arange(months) / 12) * 0.2
    figures = np.round(np.exp(5 + season + 0.2 * random.standard_normal((count, months))))
    return pd.DataFrame(
        {
            "series": np.repeat([f"S{number}" for number in range(count)], months),
            "month": np.tile(names, count),
            "quantity": figures.ravel(),
        }
    )


def folder_of(given: Path) -> Path:
    """The folder itself, or its sub-folder data."""
    return given / "data" if (given / "data").is_dir() else given


def main() -> int:
    """Prints everything; what needs the public series is left out where they are absent."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("SOP_SHARED", ROOT.parent / "shared" / "data")
    parser.add_argument(
        "data", nargs="?", type=Path, default=Path(default), help="folder of the public series"
    )
    parser.add_argument("--refit", action="store_true", help="also refit on each set's own past (minutes)")
    chosen = parser.parse_args()
    print("The whole command")
    whole_command(1000, 60)
    whole_command(1000, 144)
    whole_command(20_000, 24)
    folder = folder_of(chosen.data)
    if not (folder / f"{DEV[0]}.csv.gz").exists():
        print(f"\nNo public series in {folder}: give their folder as argument or in SOP_SHARED.")
        print("Accuracy is left out.")
        return 0
    sets = {name: read(folder, name) for name in DEV}
    accuracy(sets)
    for months in (24, 30, 36):
        accuracy(sets, months)
    intermittent(read(folder, INTERMITTENT))
    for name, levels in HIERARCHIES.items():
        series = read(folder, name)
        reconciliation(name, series, levels)
        families(name, series, levels[1])
    commands(folder)
    if chosen.refit:
        refitting(sets)
    return 0


if __name__ == "__main__":
    sys.exit(main())
