"""Commands for whoever runs the installation."""

import sqlite3
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command

from sop.management.commands import prepare


@pytest.fixture
def static_root(settings, tmp_path: Path) -> Path:
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    return settings.STATIC_ROOT


def collect() -> str:
    command = prepare.Command(stdout=StringIO())
    command.collect_static_files()
    return command.stdout.getvalue()


def test_static_files_are_collected_once_and_again_after_a_change(
    static_root: Path, settings, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("body {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    finders.get_finder.cache_clear()
    assert "Collecting" in collect()
    assert (static_root / "a.css").exists()
    assert collect() == ""
    (source / "b.css").write_text("p {}")
    assert "Collecting" in collect()
    finders.get_finder.cache_clear()


def test_an_image_that_brings_its_static_files_collects_none(settings, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path / "var", tmp_path / "static-collected"
    assert collect() == ""


@pytest.mark.django_db
def test_a_demo_company_is_made_for_an_empty_installation_only(monkeypatch, person, tmp_path: Path) -> None:
    called = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: called.append(name))
    monkeypatch.setattr(prepare.Command, "unfinished", tmp_path / "demo-unfinished")
    monkeypatch.setattr(prepare, "get_commands", lambda: {prepare.DEMO_COMMAND: "executive"})
    command = prepare.Command(stdout=StringIO())
    command.make_demo_company()
    assert called == []
    person.delete()
    command.make_demo_company()
    assert called == [prepare.DEMO_COMMAND]


def test_an_interrupted_demo_is_begun_anew(settings, monkeypatch, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(prepare, "database_file", lambda: tmp_path / "sop.sqlite3")
    files = [tmp_path / name for name in ("sop.sqlite3", "sop.sqlite3-wal", "demo-unfinished")]
    monkeypatch.setattr(prepare.connection, "close", lambda: None)
    command = prepare.Command(stdout=StringIO())
    for file in files[:2]:
        file.touch()
    command.forget_unfinished_demo()
    assert files[0].exists(), "a finished one is kept"
    files[2].touch()
    command.forget_unfinished_demo()
    assert not any(file.exists() for file in files)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_backup_is_a_database_with_the_same_rows(person, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    call_command("backup_database", str(copy), stdout=StringIO())
    with sqlite3.connect(copy) as database:
        assert database.execute("SELECT username FROM cycles_user").fetchall() == [("mara",)]
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup_database", str(copy))


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgres_has_its_own_tool_for_backups(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="pg_dump"):
        call_command("backup_database", str(tmp_path / "copy"))
