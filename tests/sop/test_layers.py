"""Rooms point one way: in foreign keys as in imports, and the web process starts without heavy libraries."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
# Each room may point to the rooms before it in this list.
FROM_GROUND_UP = ["cycles", "datahub", "portfolio", "demand", "supply", "reconciliation", "kpis", "executive"]
HEAVY = [
    "pandas",
    "numpy",
    "scipy",
    "lightgbm",
    "highspy",
    "plotly",
    "xlsxwriter",
    "typst",
    "python_calamine",
]


def relations() -> list[tuple[str, str, str]]:
    """(room, field, room pointed to) of every relation between two rooms."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model is not None:
                target = field.related_model._meta.app_label
                found.append((model._meta.app_label, f"{model._meta.label}.{field.name}", target))
    return [entry for entry in found if entry[0] in FROM_GROUND_UP and entry[2] in FROM_GROUND_UP]


def test_the_settings_install_exactly_these_rooms() -> None:
    assert settings.ROOMS == FROM_GROUND_UP


def test_foreign_keys_point_down_only() -> None:
    upward = [
        f"{field} points to {target}"
        for room, field, target in relations()
        if FROM_GROUND_UP.index(target) > FROM_GROUND_UP.index(room)
    ]
    assert upward == []


def test_the_ground_floor_has_no_models() -> None:
    assert list(apps.get_app_config("sop").get_models()) == []


@pytest.mark.parametrize("library", ["Redis", "the database"])
def test_nothing_is_contacted_at_start_up(library: str, tmp_path: Path) -> None:
    """A web process that starts while its services are down comes up, and says so by /ready."""
    names = {"Redis": "REDIS_URL", "the database": "DATABASE_URL"}
    address = {"Redis": "redis://127.0.0.1:1/0", "the database": "postgres://a@127.0.0.1:1/none"}[library]
    start_web(tmp_path, "", {names[library]: address})


def test_the_web_process_imports_nothing_heavy_at_start_up(tmp_path: Path) -> None:
    loaded = start_web(tmp_path, f"print(*[name for name in {HEAVY!r} if name in sys.modules])", {})
    assert loaded.split() == []


def start_web(tmp_path: Path, then: str, variables: dict[str, str]) -> str:
    """Import what gunicorn imports, and all addresses, in a fresh process; returns what ``then`` prints."""
    program = (
        f"import sys, sop.wsgi; from django.urls import get_resolver; get_resolver().url_patterns; {then}"
    )
    clean = {"PATH": "/usr/bin:/bin", "SOP_VAR_DIR": str(tmp_path), **variables}
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=clean, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout
