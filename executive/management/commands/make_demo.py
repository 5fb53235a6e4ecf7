"""``manage.py make_demo``: a company to look around in."""

import tempfile
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cycles.models import Cycle, User

LAST_CLOSED = date(2026, 8, 1)


class Command(BaseCommand):
    help = "Make a company from a seed and take it to the middle of a cycle, two closed cycles behind it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        from datahub.company import SIZES

        parser.add_argument("--size", choices=sorted(SIZES), default="small")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        from datahub.actions.imports import set_up_company
        from datahub.company.generate import CURRENCY, NAME, generate_company
        from datahub.company.sizes import SIZES
        from executive.demo.people import PASSWORD, PEOPLE
        from executive.demo.story import tell_story

        if Cycle.objects.exists() or User.objects.exists():
            raise CommandError(
                "There is a company in this database already. The demo goes into an empty one."
            )
        set_up_company(name=NAME, currency=CURRENCY)
        company = generate_company(SIZES[options["size"]], seed=options["seed"], last_closed=LAST_CLOSED)
        with tempfile.TemporaryDirectory(prefix="company-") as folder:
            cycle = tell_story(
                company=company, folder=Path(folder), seed=options["seed"], say=self.stdout.write
            )
        accounts = accounts_text(PASSWORD, PEOPLE)
        (settings.VAR_DIR / "demo-accounts.txt").write_text(accounts, encoding="utf-8")
        self.stdout.write(f"The {cycle} is open.\n{accounts}")


def accounts_text(password: str, people: dict[str, tuple[str, str, Any, Any]]) -> str:
    """Who may sign in, for the console."""
    lines = [f"  {name:<12}{first} {last}, {role.label}" for name, (first, last, role, _) in people.items()]
    return "\n".join([f"Accounts of the demo company, all with the password {password}:", *lines])
