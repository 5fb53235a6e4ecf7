"""Makes a company from a seed, writes its import files and imports them."""

import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from datahub.actions.imports import import_folder, set_up_company
from datahub.models import ImportBatch
from sop.errors import InvalidInput, SopError
from sop.periods import parse_month


class Command(BaseCommand):
    help = "Make a company of a size from a seed, write its import files and import them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        from datahub.company import SIZES

        parser.add_argument("--size", choices=sorted(SIZES), default="small")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--folder", type=Path, help="where the files go; a temporary folder by default")
        parser.add_argument("--last-month", type=parse_month, help="last closed month, YYYY-MM")
        parser.add_argument("--files-only", action="store_true", help="write the files and import nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"]
        if folder:
            self.make(folder, options)
            return
        with tempfile.TemporaryDirectory(prefix="company-") as temporary:
            self.make(Path(temporary), options)

    def make(self, folder: Path, options: dict[str, Any]) -> None:
        """Write the files into a folder and import those of the closed months."""
        from datahub.company.generate import CURRENCY, LAST_CLOSED, NAME, generate_company, write_company
        from datahub.company.sizes import SIZES

        started = time.monotonic()
        last_closed = options["last_month"] or LAST_CLOSED
        company = generate_company(SIZES[options["size"]], seed=options["seed"], last_closed=last_closed)
        write_company(company, folder)
        self.stdout.write(
            f"Made {options['size']} company {options['seed']} in {time.monotonic() - started:.1f} s"
        )
        if options["files_only"]:
            return
        set_up_company(name=NAME, currency=CURRENCY)
        batch = self.load(folder)
        self.stdout.write(f"{batch.message} {time.monotonic() - started:.1f} s")

    def load(self, folder: Path) -> ImportBatch:
        try:
            return import_folder(folder=folder, by=None)
        except InvalidInput as refusal:
            raise CommandError("\n".join([refusal.message, *map(str, refusal.errors[:10])])) from refusal
        except SopError as refusal:
            raise CommandError(refusal.message) from refusal
