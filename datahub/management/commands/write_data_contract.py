"""Writes docs/data-contract.md from the registered datasets."""

from typing import Any

from django.core.management.base import BaseCommand

from datahub.contract import contract_text
from sop.settings.environment import BASE_DIR


class Command(BaseCommand):
    help = "Write docs/data-contract.md from the templates that the program knows."

    def handle(self, *args: Any, **options: Any) -> None:
        path = BASE_DIR / "docs" / "data-contract.md"
        path.write_text(contract_text(), encoding="utf-8")
        self.stdout.write(f"Wrote {path}")
