"""SQLite under ``var/`` unless DATABASE_URL names another database; the cache goes with the installation."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from sop.settings.environment import VAR_DIR, required, text

# Writers queue at BEGIN (IMMEDIATE) instead of failing at their first write; WAL lets readers go on.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
        "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY;"
    ),
}


def database_from(url: str) -> dict[str, Any]:
    """A DATABASES entry for a PostgreSQL or SQLite address. Raises ImproperlyConfigured for any other."""
    if url.startswith("sqlite:///"):
        return {**environ.Env.db_url_config(url), "OPTIONS": SQLITE_OPTIONS}
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")
    entry = environ.Env.db_url_config(url)
    options = {"connect_timeout": 5, **entry.get("OPTIONS", {})}
    return {**entry, "OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASE_URL = required("DATABASE_URL", text("DATABASE_URL"), "to reach its database")
DATABASES = {"default": database_from(DATABASE_URL or f"sqlite:///{VAR_DIR / 'sop.sqlite3'}")}


def next_redis_database(url: str) -> str:
    """The address of the database one number higher: clearing the cache must not clear the broker's queue."""
    address, _, number = url.rpartition("/")
    return f"{address}/{int(number) + 1}" if number.isdecimal() else f"{url.rstrip('/')}/1"


REDIS_URL = text("REDIS_URL")
CACHE_URL = text("SOP_CACHE_URL", next_redis_database(REDIS_URL) if REDIS_URL else "")
# Redis is shared by all processes; without it each web process counts throttles by itself.
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
