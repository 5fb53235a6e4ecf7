"""Write a consistent copy of the embedded database into a file, while people go on working."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="Where to write the copy; must not exist yet.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("This is for the embedded database. Back PostgreSQL up with pg_dump.")
        if file.exists():
            raise CommandError(f"{file} exists already; choose another name.")
        if not file.parent.is_dir():
            raise CommandError(f"The folder {file.parent} does not exist.")
        # Copying the file itself would miss what still stands in the write-ahead log.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
        file.chmod(0o600)
        self.stdout.write(f"Wrote {file} ({file.stat().st_size / 1e6:.1f} MB).")
