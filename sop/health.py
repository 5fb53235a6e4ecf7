"""Is the process alive, and is everything it stands on there? Rooms add checks of their own."""

from collections.abc import Callable
from functools import cache
from secrets import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from kombu.exceptions import OperationalError

from sop.celery import app

READY = ""

# Name and function; a function returns what is wrong in words, or nothing.
ReadinessCheck = Callable[[], str]
_checks: dict[str, ReadinessCheck] = {}


def register_readiness_check(name: str, check: ReadinessCheck) -> None:
    """Let a room add what must be there before people are let in."""
    _checks[name] = check


@never_cache
@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. What it depends on is not asked: a restart would not mend that."""
    return JsonResponse({"live": True})


@never_cache
@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when every check passes, 503 otherwise, with each check's finding."""
    findings = {name: check() for name, check in readiness_checks().items()}
    is_ready = not any(findings.values())
    body = {"ready": is_ready, "checks": {name: why or "ok" for name, why in findings.items()}}
    return JsonResponse(body, status=200 if is_ready else 503)


def readiness_checks() -> dict[str, ReadinessCheck]:
    """The ground floor's checks, then the rooms' own."""
    return {"database": check_database, "migrations": check_migrations, "broker": check_broker, **_checks}


def check_database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "the database does not answer"
    return READY


def check_migrations() -> str:
    try:
        return _pending_migrations()
    except DatabaseError:
        return "cannot be read: the database does not answer"


def _pending_migrations() -> str:
    # Once complete they stay complete for this process; a newer release starts new processes.
    if _migrations_complete.cache_info().currsize:
        return READY
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        return f"{len(pending)} migrations are not applied: run manage.py migrate"
    _migrations_complete()
    return READY


@cache
def _migrations_complete() -> bool:
    return True


def check_broker() -> str:
    try:
        with app.connection_for_write(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
    except (OperationalError, OSError):
        return "the message broker does not answer; runs wait in the queue until it is back"
    return READY


@never_cache
@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures for a collector on this machine or with the token; 404 for anybody else."""
    if not _may_collect(request):
        return HttpResponse(status=404)
    response: HttpResponse = ExportToDjangoView(request)
    return response


def _may_collect(request: HttpRequest) -> bool:
    word = request.headers.get("authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN:
        return compare_digest(word.encode(), settings.METRICS_TOKEN.encode())
    # A request that came through the proxy also has a local peer, but carries the header.
    local = request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}
    return local and "x-forwarded-for" not in request.headers
