"""What every test may use (database, browser, sample companies), and a run in which nothing may skip."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SOP_SAMPLES", ROOT.parent / "shared"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The browser that SOP_CHROMIUM names, or one on the path."""
    return os.environ.get("SOP_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def on_postgres() -> bool:
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("postgresql")


def on_redis() -> bool:
    return str(settings.CELERY_BROKER_URL).startswith("redis")


# Marker, whether its need is met, and what to say where it is not.
NEEDS = [
    ("browser", lambda: find_chromium() is not None, "no chromium found: install one or set SOP_CHROMIUM"),
    ("postgres", on_postgres, "set DATABASE_URL to a PostgreSQL address to run it"),
    ("redis", on_redis, "set REDIS_URL to run it"),
    ("production", lambda: on_postgres() and on_redis(), "set DATABASE_URL and REDIS_URL to run it"),
    ("shared_data", SHARED.is_dir, "no sample companies: set SOP_SAMPLES to their folder"),
]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    skip = {name: pytest.mark.skip(reason=words) for name, met, words in NEEDS if not met()}
    for item in items:
        for name in skip.keys() & {mark.name for mark in item.iter_markers()}:
            item.add_marker(skip[name])
    left_out = [item for item in items if not _belongs(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _belongs(item)]


def _belongs(item: pytest.Item) -> bool:
    if item.get_closest_marker("soak") and not os.environ.get("SOP_SOAK"):
        return False
    return not (item.get_closest_marker("sqlite") and on_postgres())


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Generator[None, Any, None]:
    """With SOP_NO_SKIPS a skipped test is a failed one, but for sample companies that are not there."""
    report = (yield).get_result()
    excused = item.get_closest_marker("shared_data") and not SHARED.is_dir()
    if os.environ.get("SOP_NO_SKIPS") and report.skipped and not hasattr(report, "wasxfail") and not excused:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and nothing may be: {report.longrepr}"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Throttles and counters of one test must not reach the next."""
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def _logs_may_be_emptied_between_tests() -> Iterator[None]:
    """Tests with real transactions end by emptying every table, append-only ones too; the triggers come back after."""
    from cycles.protection import install_protection, remove_protection

    empty = TransactionTestCase._fixture_teardown

    def empty_unprotected(case: TransactionTestCase) -> None:
        remove_protection()
        empty(case)
        install_protection()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_unprotected)
        yield


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of sample companies; tests that use it carry the marker ``shared_data``."""
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; tests that use it carry the marker ``browser``."""
    path = find_chromium()
    assert path, "mark the test with `browser`, so that it skips where none is found"
    return path
