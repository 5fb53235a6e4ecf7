"""The application around its engines, on a company of 10,000 products and markets: `python -m benchmarks.application`.

Makes the company from the seed, imports it, forecasts it, edits it and reads its pages, on the embedded database in
a temporary folder, and prints each figure beside its goal. Times are wall seconds unless CPU is said. ``--streams``
changes the size (a quarter of it are products).
"""

import argparse
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from unittest.mock import patch

GOAL_FORECAST = 1.5
GOAL_SUPPLY = 1.5
READS = 40
MONTH = date(2026, 9, 1)


def line(what: str, figure: str, goal: str = "") -> None:
    print(f"{what:<62}{figure:>16}   {goal}", flush=True)


@contextmanager
def timed(target: str) -> Iterator[dict[str, float]]:
    """Adds up the CPU and wall time that a function takes wherever it is called inside the block."""
    function = resolve_name(target)
    spent = {"cpu": 0.0, "wall": 0.0}

    def measured(*args: Any, **kwargs: Any) -> Any:
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent["cpu"] += time.process_time() - cpu
            spent["wall"] += time.perf_counter() - wall

    with patch(target, measured):
        yield spent


def clocked(action: Callable[[], Any]) -> tuple[float, float]:
    """CPU and wall seconds of an action."""
    cpu, wall = time.process_time(), time.perf_counter()
    action()
    return time.process_time() - cpu, time.perf_counter() - wall


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]


def import_company(streams: int, folder: Path) -> None:
    """The company's files, and what their import takes for each 100,000 order lines."""
    from datahub.actions.imports import import_folder, set_up_company
    from datahub.company.generate import generate_company, write_company
    from datahub.company.sizes import Size
    from demand.models import OrderLine

    size = Size("bench", streams // 4, 4, 12, 4, 10, 100, 60, 0.6, 120, later_months=1)
    write_company(generate_company(size, seed=1, last_closed=date(2026, 8, 1)), folder)
    set_up_company(name="Benchmark", currency="EUR")
    cpu, wall = clocked(lambda: import_folder(folder=folder, by=None))
    lines = OrderLine.objects.count()
    line(f"import of the company, {lines:,} order lines", f"{wall:.1f} s", f"{cpu:.1f} CPU s, all files")
    line(
        "the whole import per 100,000 order lines",
        f"{wall / lines * 100_000:.1f} s",
        "goal 6 s (1,000,000 in 60 s)",
    )


def forecast(cycle: Any, owner: Any) -> None:
    """From database to stored rows against the engine alone."""
    from cycles.testing import run_pending
    from demand.actions.baseline import request_baseline
    from demand.models import DemandFact

    request_baseline(cycle=cycle, by=owner)
    with timed("demand.forecasting.forecast_matrix") as engine:
        cpu, wall = clocked(run_pending)
    rows = DemandFact.objects.filter(version__cycle=cycle).count()
    series = rows // cycle.horizon_months
    line(f"forecast of {series:,} series, database to {rows:,} stored rows", f"{wall:.1f} s", "goal 60 s")
    line("   of the engine alone, CPU", f"{engine['cpu']:.1f} s")
    line("   ratio", f"{cpu / engine['cpu']:.2f}", f"goal {GOAL_FORECAST}")


def edit(cycle: Any, planner: Any) -> None:
    """One figure for everything, spread over all products and markets and saved."""
    from cycles.choices import Measure, Operation, ReasonCode, VersionKind
    from cycles.queries import draft_of
    from demand.actions.edits import Edit, edit_cells

    seconds = []
    for month in cycle.months[:6]:
        change = Edit("all", Measure.PLANNER, month, Operation.MULTIPLY, 1.02)
        seconds.append(
            clocked(
                lambda change=change: edit_cells(  # type: ignore[misc]
                    version=draft_of(cycle, VersionKind.DEMAND), by=planner, edits=[change],
                    reason_code=ReasonCode.CORRECTION, comment="measured",
                )
            )[1]
        )  # fmt: skip
    line(
        "an edit of the total, spread and saved, median of 6",
        f"{statistics.median(seconds):.2f} s",
        "goal 0.5 s",
    )


def pages(people: dict[str, Any]) -> None:
    """What a reader waits for, in the process itself."""
    from django.test import Client
    from django.urls import reverse

    for name, address, who in (
        ("the grid's rows (all and families)", reverse("demand:grid") + "?depth=1", "planner"),
        ("the demand page", reverse("demand:home"), "planner"),
        ("the home page of the demand planner", reverse("home"), "planner"),
        ("the home page of the sponsor", reverse("home"), "sponsor"),
        ("the home page of the process owner", reverse("home"), "owner"),
    ):
        client = Client()
        client.force_login(people[who])
        client.get(address)
        reads = [clocked(lambda: read(client, address)) for _ in range(READS)]  # noqa: B023 - called at once
        work = statistics.median(cpu for cpu, _ in reads) * 1000
        slow = p95([wall for _, wall in reads]) * 1000
        line(f"{name}, p95 of {READS}", f"{slow:.0f} ms", f"goal 500 ms; {work:.0f} CPU ms each")


def read(client: Any, address: str) -> None:
    """One page or fragment, which has to answer."""
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")


def supply(products: int, folder: Path) -> None:
    """A company's plan, database to stored plan, against its bare solve."""
    from cycles.actions.cycle import open_cycle
    from cycles.choices import StageKind
    from cycles.testing import run_pending
    from datahub.actions.imports import import_folder, set_up_company
    from datahub.company.generate import generate_company, write_company
    from datahub.company.sizes import SIZES
    from executive.demo.month import Month
    from executive.demo.people import make_people
    from supply.actions.plan import request_supply_plan

    size = replace(SIZES["small"], products=products)
    write_company(generate_company(size, seed=1, last_closed=date(2026, 8, 1)), folder)
    set_up_company(name="Benchmark", currency="EUR")
    import_folder(folder=folder, by=None)
    people = make_people()
    cycle = open_cycle(month=MONTH, by=people["owner"])
    run_pending()
    Month(cycle, people, random.Random(1)).through(StageKind.DEMAND)
    run_pending()
    request_supply_plan(cycle=cycle, by=people["supply"])
    with timed("supply.planning.solver.Solver._run") as solver:
        cpu, wall = clocked(run_pending)
    line(f"supply plan of {products:,} products x 4 markets x 24 months, stored", f"{wall:.1f} s")
    line("   of its solves alone, CPU", f"{solver['cpu']:.1f} s")
    line("   ratio", f"{cpu / solver['cpu']:.2f}" if solver["cpu"] else "-", f"goal {GOAL_SUPPLY}")


def on_a_database(part: str, streams: int, products: int) -> None:
    """One part on an embedded database of its own."""
    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
        os.environ.update(SOP_VAR_DIR=f"{folder}/var", DJANGO_SETTINGS_MODULE="sop.settings")
        os.environ.setdefault("SOP_ALLOWED_HOSTS", "testserver,localhost")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        if part == "supply":
            supply(products, Path(folder) / "files")
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        import_company(streams, Path(folder) / "files")
        from cycles.actions.cycle import open_cycle
        from cycles.actions.stages import perform
        from cycles.choices import Act, StageKind
        from cycles.queries import stage_of
        from executive.demo.people import make_people

        people = make_people()
        cycle = open_cycle(month=MONTH, by=people["owner"])
        forecast(cycle, people["planner"])
        perform(stage=stage_of(cycle, StageKind.DEMAND), act=Act.OPEN, by=people["owner"], comment="measured")
        edit(cycle, people["planner"])
        pages(people)
        line(
            "peak memory of this process", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=10_000)
    parser.add_argument("--products", type=int, default=84, help="of the supply plan")
    parser.add_argument("--part", choices=["all", "demand", "supply"], default="all")
    asked = parser.parse_args()
    if asked.part == "all":
        import subprocess

        for part in ("demand", "supply"):
            command = [
                sys.executable,
                "-m",
                "benchmarks.application",
                "--part",
                part,
                "--streams",
                str(asked.streams),
                "--products",
                str(asked.products),
            ]
            subprocess.run(command, check=True)  # noqa: S603
        return
    on_a_database(asked.part, asked.streams, asked.products)


if __name__ == "__main__":
    main()
