"""Judges the files of a folder by the rules of data quality, without loading anything."""

import csv
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from datahub.files import guarded


class Command(BaseCommand):
    help = (
        "Check the import files of a folder against all rules; writes rule, dataset, key and message as CSV."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--out", type=Path, help="CSV file; the terminal by default")
        parser.add_argument("--horizon", type=int, default=24)

    def handle(self, *args: Any, **options: Any) -> None:
        from datahub.actions.quality import judge_all
        from datahub.frames import file_frames

        judged = judge_all(file_frames(options["folder"], horizon=options["horizon"]))
        rows = [
            (rule.code, failure.dataset, failure.key, failure.message)
            for rule, outcome in judged
            for failure in outcome.failures
        ]
        out = options["out"].open("w", newline="", encoding="utf-8") if options["out"] else sys.stdout
        with out:
            writer = csv.writer(out)
            writer.writerow(["rule", "dataset", "key", "message"])
            writer.writerows([guarded(cell) for cell in row] for row in rows)
