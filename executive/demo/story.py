"""The demo company from its files to the middle of a cycle, two closed cycles behind it."""

import random
from collections.abc import Callable
from pathlib import Path

from cycles.actions.company import save_company
from cycles.actions.cycle import open_cycle, open_next_cycle
from cycles.choices import StageKind
from cycles.models import Cycle
from cycles.testing import run_pending
from datahub.actions.imports import import_folder
from datahub.company.generate import Company as MadeCompany
from datahub.company.generate import write_company
from executive.demo.month import Month, day_of_work
from executive.demo.people import make_people
from sop.periods import month_key

CLOSED_CYCLES = 2
Say = Callable[[str], None]


def tell_story(*, company: MadeCompany, folder: Path, seed: int, say: Say) -> Cycle:
    """Imports the company and walks it through two whole months into the third, up to open demand inputs."""
    write_company(company, folder)
    import_folder(folder=folder, by=None)
    people = make_people()
    dice = random.Random(seed)  # noqa: S311 - the same company every time
    cycle = open_cycle(month=company.first_cycle, by=people["owner"])
    run_pending()
    for number in range(CLOSED_CYCLES):
        say(f"Working through the {cycle} ...")
        Month(cycle, people, dice, overhaul=number == CLOSED_CYCLES - 1).through(StageKind.EXECUTIVE)
        import_folder(folder=folder / "actuals_later" / month_key(cycle.month), by=None)
        cycle = open_next_cycle(by=people["owner"])
        run_pending()
    say(f"Working into the {cycle} ...")
    month = Month(cycle, people, dice)
    month.through(StageKind.PRODUCT)
    month.demand_inputs()
    Cycle.objects.filter(pk=cycle.pk).update(today=day_of_work(cycle, 6))
    save_company(by=None, values={"is_demo": True})
    run_pending()
    return cycle
