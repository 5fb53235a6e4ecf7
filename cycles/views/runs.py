"""Background runs: their progress, their end, and a list of the latest."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from cycles.actions.runs import cancel_run
from cycles.choices import Role
from cycles.http import person
from cycles.models import Run
from cycles.permissions import roles_required
from cycles.queries import run_card

everybody = roles_required(*Role)

RUNS_SHOWN = 30


@require_safe
@everybody
def run_part(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: the part that pages poll, or a page of its own for a plain link."""
    return _answer(request, get_object_or_404(Run, pk=pk))


@require_POST
@everybody
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stops a run."""
    run = get_object_or_404(Run, pk=pk)
    cancel_run(run=run, by=person(request))
    run.refresh_from_db()
    return _answer(request, run)


def _answer(request: HttpRequest, run: Run) -> HttpResponse:
    as_part = bool(request.headers.get("HX-Request"))
    template = "_run.html" if as_part else "cycles/run.html"
    response = render(request, template, {"run": run_card(run, person(request))})
    if as_part and not run.is_active:
        response["HX-Trigger"] = "run-ended"
    return response


@require_safe
@everybody
def run_list(request: HttpRequest) -> HttpResponse:
    """The latest runs, newest first."""
    runs = Run.objects.filter(parent=None).select_related("by", "cycle")
    page = Paginator(runs, RUNS_SHOWN).get_page(request.GET.get("page"))
    cards = [(run, run_card(run, person(request))) for run in page]
    context = {
        "at_work": [card for _, card in cards if card.is_active],
        "ended": [(run, card) for run, card in cards if not card.is_active],
        "page": page,
    }
    return render(request, "cycles/runs.html", context)
