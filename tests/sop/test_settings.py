"""Settings are read strictly: what cannot be meant stops the start and names the variable."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sop.settings import environment
from sop.settings.database import SQLITE_OPTIONS, database_from, next_redis_database
from sop.settings.security import stored_key

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SOP_ENV": "production",
    "SOP_SECRET_KEY": "k" * 60,
    "SOP_ALLOWED_HOSTS": "planning.example.com",
    "DATABASE_URL": "postgres://sop:word@db:5432/sop",
    "REDIS_URL": "redis://redis:6379/0",
}
SHOW = "import sop.settings as s; print({names})"


def read_settings(tmp_path: Path, expression: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a process that has these variables and no others."""
    clean = {"PATH": os.environ["PATH"], "SOP_VAR_DIR": str(tmp_path), **variables}
    command = [sys.executable, "-c", SHOW.format(names=expression)]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("value", ["1", "true", "YES", " on "])
def test_a_switch_is_on(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SWITCH", value)
    assert environment.flag("SWITCH", default=False) is True


@pytest.mark.parametrize("value", ["maybe", "2", "ture"])
def test_a_switch_that_is_neither_on_nor_off_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SWITCH", value)
    with pytest.raises(ImproperlyConfigured, match="SWITCH"):
        environment.flag("SWITCH", default=False)


@pytest.mark.parametrize("value", ["ten", "1.5", "-3", "0"])
def test_a_number_out_of_range_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("COUNT", value)
    with pytest.raises(ImproperlyConfigured, match="COUNT"):
        environment.whole_number("COUNT", default=5, least=1)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNT", "")
    assert environment.whole_number("COUNT", default=5) == 5
    assert environment.words("COUNT", ["a"]) == ["a"]


def test_a_secret_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "word").write_text("hidden\n")
    monkeypatch.setenv("WORD_FILE", str(tmp_path / "word"))
    assert environment.secret("WORD") == "hidden"
    monkeypatch.setenv("WORD_FILE", str(tmp_path / "absent"))
    with pytest.raises(ImproperlyConfigured, match="WORD_FILE"):
        environment.secret("WORD")


def test_sqlite_waits_for_its_turn_and_postgres_checks_its_connections() -> None:
    assert database_from("sqlite:////tmp/x.sqlite3")["OPTIONS"] is SQLITE_OPTIONS
    assert SQLITE_OPTIONS["transaction_mode"] == "IMMEDIATE"
    assert database_from("postgres://a:b@h/d")["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize("address", ["mysql://a:b@h/d", "nonsense", "oracle://h/d"])
def test_an_unknown_database_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database_from(address)


def test_the_embedded_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    key = stored_key(path)
    assert len(key) >= 50
    assert stored_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("missing", sorted(PRODUCTION.keys() - {"SOP_ENV"}))
def test_production_refuses_to_start_without(tmp_path: Path, missing: str) -> None:
    given = {name: value for name, value in PRODUCTION.items() if name != missing}
    result = read_settings(tmp_path, "s.DEBUG", **given)
    assert result.returncode != 0
    assert missing in result.stderr
    assert "is missing" in result.stderr


def test_production_is_closed_by_default(tmp_path: Path) -> None:
    names = "s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.LOG_FORMAT, s.CELERY_BROKER_URL"
    result = read_settings(tmp_path, names, **PRODUCTION)
    assert result.stdout.strip() == "False True True json redis://redis:6379/0", result.stderr


def test_the_embedded_default_needs_nothing(tmp_path: Path) -> None:
    result = read_settings(tmp_path, "s.DEBUG, s.CELERY_BROKER_URL, s.DATABASES['default']['NAME']")
    assert result.stdout.strip() == f"False filesystem:// {tmp_path}/sop.sqlite3", result.stderr
    for folder in ("broker", "broker/messages", "broker/control"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    result = read_settings(tmp_path, "s.DEBUG", **{**PRODUCTION, "SOP_SECRET_KEY": "short"})
    assert result.returncode != 0
    assert "SOP_SECRET_KEY" in result.stderr


@pytest.mark.parametrize(
    ("broker", "cache"),
    [
        ("redis://r:6379/0", "redis://r:6379/1"),
        ("redis://:word@r:6379/8", "redis://:word@r:6379/9"),
        ("redis://r:6379", "redis://r:6379/1"),
        ("redis://r:6379/", "redis://r:6379/1"),
    ],
)
def test_the_cache_never_shares_the_brokers_database(broker: str, cache: str) -> None:
    assert next_redis_database(broker) == cache
