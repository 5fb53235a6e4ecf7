"""Imports a folder of files that are named like their templates."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from datahub.actions.imports import import_folder, set_up_company
from datahub.models import ImportBatch
from sop.errors import InvalidInput


class Command(BaseCommand):
    help = "Check and load all import files of a folder: every row of every file, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder")
        parser.add_argument("--name", default="", help="name of the company")
        parser.add_argument("--currency", default="", help="company currency, for instance EUR")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            batch = import_folder(folder=options["folder"], by=None, progress=self._tell)
        except InvalidInput as refusal:
            raise CommandError(_in_lines(refusal)) from refusal
        set_up_company(name=options["name"], currency=options["currency"])
        self._report(batch)
        self.stdout.write(f"{batch.message} {time.monotonic() - started:.1f} s")

    def _tell(self, done: int, total: int, message: str) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"  {done + 1}/{total} {message}")

    def _report(self, batch: ImportBatch) -> None:
        for file in batch.files.order_by("dataset"):
            total = "" if file.control_total is None else f"{file.control_total:,.2f}"
            self.stdout.write(f"  {file.dataset:20} {file.row_count:>10,} rows   {total:>24}")


def _in_lines(refusal: InvalidInput) -> str:
    lines = [f"{e['file']} row {e['row']} {e['column']}: {e['message']}" for e in refusal.errors]
    return "\n".join([refusal.message, *(line.replace("{value}", "") for line in lines)])
