"""Bring an installation to this release: tables, static files and, on request, a demo company."""

import hashlib
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

# In a higher room, which may drive the use cases of all: this one knows it by name only.
DEMO_COMMAND = "make_demo"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="Make a demo company if nobody has an account yet."
        )

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        if demo:
            self.forget_unfinished_demo()
        call_command("migrate", interactive=False, verbosity=0)
        self.collect_static_files()
        if demo:
            self.make_demo_company()

    def collect_static_files(self) -> None:
        """Collect and hash static files, unless nothing changed since the last time."""
        if settings.STATIC_ROOT != settings.VAR_DIR / "static":
            return  # collected when the image was built
        mark = settings.STATIC_ROOT / ".collected"
        state = static_files_state()
        if mark.is_file() and mark.read_text() == state:
            return
        self.stdout.write("Collecting static files ...")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        mark.write_text(state)

    def make_demo_company(self) -> None:
        if get_user_model().objects.exists() or DEMO_COMMAND not in get_commands():
            return
        self.stdout.write("Making a demo company; this takes a few minutes, once ...")
        self.unfinished.touch()
        call_command(DEMO_COMMAND, size="small", stdout=self.stdout)
        self.unfinished.unlink()

    @property
    def unfinished(self) -> Path:
        """Stands while the demo company is being made."""
        return Path(settings.VAR_DIR) / "demo-unfinished"

    def forget_unfinished_demo(self) -> None:
        """Begin anew where making the demo company was interrupted; nobody has worked in it yet."""
        database = database_file()
        if not self.unfinished.exists() or database.parent != settings.VAR_DIR:
            return
        self.stdout.write("The demo company was not finished the last time.")
        connection.close()
        for ending in ("", "-wal", "-shm"):
            database.with_name(database.name + ending).unlink(missing_ok=True)
        self.unfinished.unlink()


def database_file() -> Path:
    """The embedded database's file (for PostgreSQL, a name that is no file of ours)."""
    return Path(str(settings.DATABASES["default"]["NAME"]))


def static_files_state() -> str:
    """A fingerprint of every static file's path, size and time of change."""
    digest = hashlib.sha256(django.get_version().encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path}|{facts.st_size}|{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
