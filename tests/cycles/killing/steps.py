"""The kill test's steps that need the database: ``python -m tests.cycles.killing.steps STEP``."""

import json
import sys
from datetime import date

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from cycles.actions.cycle import open_cycle  # noqa: E402
from cycles.actions.people import save_person  # noqa: E402
from cycles.actions.runs import request_run  # noqa: E402
from cycles.choices import Role, RunState  # noqa: E402
from cycles.models import Comment, Cycle, Run, User  # noqa: E402


def prepare() -> None:
    call_command("migrate", verbosity=0)
    owner = save_person(by=None, username="owner", roles=[Role.PROCESS_OWNER])
    open_cycle(month=date(2026, 11, 1), by=owner)


def ask(count: int) -> None:
    """Every run is asked for twice, as by a double click."""
    owner, cycle = User.objects.get(), Cycle.objects.get()
    for number in range(count):
        for _ in range(2):
            request_run(
                kind="killing.note",
                key=f"note {number}",
                by=owner,
                cycle=cycle,
                params={"steps": 10 + number % 20},
            )


def count() -> None:
    subjects = list(Comment.objects.values_list("subject", flat=True))
    runs = Run.objects.filter(kind="killing.note")
    print(  # noqa: T201 - read by the test
        json.dumps(
            {
                "runs": runs.count(),
                "done": runs.filter(state=RunState.DONE).count(),
                "dead": runs.filter(state=RunState.DEAD).count(),
                "results": len(subjects),
                "doubled": len(subjects) - len(set(subjects)),
                "losses": sum(runs.values_list("losses_seen", flat=True)),
            }
        )
    )


if __name__ == "__main__":
    step, *rest = sys.argv[1:]
    {"prepare": prepare, "ask": ask, "count": count}[step](*map(int, rest))
