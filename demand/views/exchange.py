"""The plan as a workbook: out, in, and the choice where others changed the same figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.choices import ReasonCode, StageKind
from cycles.http import person, say
from cycles.permissions import planning_required
from cycles.queries import current_cycle, stage_of
from demand.actions.exchange import Merge, export_plan, merge_plan, read_plan
from demand.permissions import MEASURE_ROLES
from demand.queries.progress import plan_version
from demand.views.grid import filters_in
from sop.errors import InvalidInput, ReasonNeeded, SopError

KEPT = "demand_workbook"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@planning_required
def export(request: HttpRequest) -> HttpResponse:
    """The workbook of one measure, cut like the page."""
    measure = request.GET.get("measure") or _own_measure(request)
    version = plan_version(current_cycle())
    now = timezone.localtime()
    content = export_plan(
        version=version, by=person(request), measure=measure, filters=filters_in(request), now=now
    )
    response = HttpResponse(content, content_type=XLSX)
    name = f"demand-{version.cycle.month:%Y-%m}-{measure}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _own_measure(request: HttpRequest) -> str:
    """The measure that the person's role enters; the consensus for those who enter none."""
    roles = person(request).roles
    order = ("sales", "planner")
    return next((measure for measure in order if MEASURE_ROLES[measure] in roles), "consensus")


@require_http_methods(["GET", "HEAD", "POST"])
@planning_required
def load(request: HttpRequest) -> HttpResponse:
    """Takes a workbook and shows what it would change."""
    stage = stage_of(current_cycle(), StageKind.DEMAND)
    context = {
        "stage": stage,
        "measures": [key for key, role in MEASURE_ROLES.items() if role in person(request).roles],
    }
    if request.method != "POST":
        return render(request, "demand/workbook.html", context)
    sent = request.FILES.get("workbook")
    try:
        merge = read_plan(
            version=plan_version(current_cycle()), by=person(request), content=sent.read() if sent else b""
        )
    except InvalidInput as error:
        return render(request, "demand/workbook.html", context | {"error": error}, status=error.status)
    name = str(sent.name) if sent else ""
    request.session[KEPT] = {"name": name, "merge": merge.as_json()}
    return _preview(request, merge, name)


def _preview(request: HttpRequest, merge: Merge, name: str, error: SopError | None = None) -> HttpResponse:
    context = {
        "merge": merge,
        "name": name,
        "reasons": ReasonCode.choices,
        "error": error,
        "shown": merge.changes[:200],
    }
    return render(request, "demand/merge.html", context, status=error.status if error else 200)


@require_POST
@planning_required
def merge(request: HttpRequest) -> HttpResponse:
    """Loads what was shown, with the person's choices."""
    kept = request.session.get(KEPT)
    if kept is None:
        raise InvalidInput("Load the workbook first; what was shown before has been loaded or dropped.")
    found = Merge.from_json(kept["merge"])
    try:
        result = merge_plan(
            version=plan_version(current_cycle()), by=person(request), merge=found, mine=request.POST.getlist("mine"),
            name=kept["name"], reason_code=request.POST.get("reason", ""), comment=request.POST.get("comment", ""),
        )  # fmt: skip
    except (ReasonNeeded, InvalidInput) as error:
        return _preview(request, found, kept["name"], error)
    del request.session[KEPT]
    say(request, result.message)
    return redirect("demand:home")
