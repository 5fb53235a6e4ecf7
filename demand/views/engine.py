"""The forecast engine: its backtest, the correction in use, what it knows, and the months it repaired."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cycles.http import go_next, person, say
from cycles.models import Run, User
from cycles.permissions import planning_required
from cycles.queries import current_cycle, latest_run, run_card
from demand.actions import backtests, refits
from demand.actions.engine_settings import keep_month, save_settings
from demand.models import ForecastSettings
from demand.permissions import can_choose_correction, can_tell_engine, can_test_engine
from demand.queries import engine as shown
from demand.queries import repairs as repaired
from demand.queries.corrections import correction_in_use
from demand.queries.progress import plan_version
from demand.queries.views import plan_view
from demand.views.choices import filter_choices
from demand.views.grid import filters_in
from sop.errors import InvalidInput
from sop.periods import parse_month

REFITS = 12
PER_PAGE = 50


@require_safe
@planning_required
def engine(request: HttpRequest) -> HttpResponse:
    """How good the engine is on the company's own history, beside naive methods, and what corrects it."""
    cycle, user = current_cycle(), person(request)
    view = plan_view(plan_version(cycle), user, filters_in(request))
    report = shown.newest_report()
    tried = list(shown.refits(cycle)[:REFITS])
    context = {
        "cycle": cycle,
        "tested": shown.backtest_figures(report, user, view.filters.family) if report else None,
        "runs": _runs(user),
        "in_use": correction_in_use(cycle).refit,
        "newest": next(iter(tried), None),
        "refits": tried,
        "may_test": can_test_engine(user) and cycle.is_open,
        "may_choose": can_choose_correction(user),
        **filter_choices(view),
    }
    return render(request, "demand/engine.html", context)


def _runs(user: User) -> list[Any]:
    """Both kinds of runs while they are at work, and where the last one failed."""
    newest = [latest_run(kind) for kind in (backtests.KIND, refits.KIND)]
    return [run_card(run, user) for run in newest if run and (run.is_active or run.state == "dead")]


@require_POST
@planning_required
def start_backtest(request: HttpRequest) -> HttpResponse:
    """Starts the backtest, or shows the one on the same data."""
    run = backtests.start_backtest(cycle=current_cycle(), by=person(request))
    say(request, _told(run, "The backtest"))
    return go_next(request, "demand:engine")


@require_POST
@planning_required
def start_refit(request: HttpRequest) -> HttpResponse:
    """Starts a refit, or shows the one on the same data."""
    run = refits.start_refit(cycle=current_cycle(), by=person(request))
    say(request, _told(run, "The refit"))
    return go_next(request, "demand:engine")


def _told(run: Run, what: str) -> str:
    if run.state == "done":
        return f"{what} below stands on the data as they are now."
    return f"{what} is running. You can leave this page and come back."


@require_POST
@planning_required
def drop_refit(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the shipped correction."""
    refits.drop_refit(pk=pk, by=person(request), reason=request.POST.get("reason", ""))
    say(request, "The shipped correction is used from the next baseline on.")
    return go_next(request, "demand:engine")


@require_POST
@planning_required
def use_refit(request: HttpRequest, pk: int) -> HttpResponse:
    """A dropped refit is used again."""
    refits.use_refit_again(pk=pk, by=person(request))
    say(request, "The refit is used again from the next baseline on.")
    return go_next(request, "demand:engine")


@require_safe
@planning_required
def repairs(request: HttpRequest) -> HttpResponse:
    """What the forecast knows beside the history, and every month that it reads differently."""
    cycle, user = current_cycle(), person(request)
    view = plan_view(plan_version(cycle), user, filters_in(request))
    asked = {name: request.GET.get(name, "") for name in ("cause", "words")}
    rows = repaired.repaired_months(view, **asked)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cycle": cycle,
        "page": page,
        "rows": repaired.with_streams(list(page)),
        "asked": asked,
        "causes": repaired.causes_of(view),
        "known": repaired.knowledge(cycle),
        "settings": ForecastSettings.current(),
        "may_tell": can_tell_engine(user),
        **filter_choices(view),
    }
    return render(request, "demand/repairs.html", context)


@require_POST
@planning_required
def settings(request: HttpRequest) -> HttpResponse:
    """Switches on or off what the forecast may use."""
    save_settings(by=person(request), values={name: bool(value) for name, value in request.POST.items()})
    say(request, "The next baseline goes by this. Run it again to see what it does.")
    return go_next(request, "demand:repairs")


@require_POST
@planning_required
def keep(request: HttpRequest) -> HttpResponse:
    """Leaves a month as recorded, or lets it be repaired again."""
    kept = not request.POST.get("undo")
    try:
        stream, month = int(request.POST.get("stream", "")), parse_month(request.POST.get("month", ""))
    except ValueError as error:
        raise InvalidInput("Say which stream and month.") from error
    keep_month(cycle=current_cycle(), stream=stream, month=month, by=person(request), keep=kept)
    say(request, "The next baseline reads this month as recorded." if kept else "It may be repaired again.")
    return go_next(request, "demand:repairs")
