"""Issues of data quality, and templates to fill in."""

import csv

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cycles.http import person, say
from cycles.permissions import planning_required
from cycles.queries import current_cycle
from datahub import queries
from datahub.actions.issues import waive_issue
from datahub.files import guarded
from datahub.models import DataIssue
from datahub.permissions import can_waive_issues
from datahub.registry import dataset_named, datasets, rules

PER_PAGE = 50


@require_safe
@planning_required
def issues(request: HttpRequest) -> HttpResponse:
    """All open issues, blocking ones first; by rule or dataset."""
    cycle = current_cycle()
    found = queries.open_issues(cycle)
    rule, dataset = request.GET.get("rule", ""), request.GET.get("dataset", "")
    shown = [i for i in found if (not rule or i.rule == rule) and (not dataset or i.dataset == dataset)]
    context = {
        "cycle": cycle,
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "total": len(found),
        "labels": {r.code: r for r in rules()},
        "rules": [r for r in rules() if any(i.rule == r.code for i in found)],
        "datasets": [d for d in datasets() if any(i.dataset == d.name for i in found)],
        "rule": rule,
        "dataset": dataset,
        "can_waive": can_waive_issues(person(request)) and cycle.is_open,
    }
    return render(request, "datahub/issues.html", context)


@require_POST
@planning_required
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Set one issue aside, with a reason."""
    issue = get_object_or_404(DataIssue, pk=pk, cycle=current_cycle())
    waive_issue(issue=issue, by=person(request), reason=request.POST.get("reason", ""))
    say(request, "The issue is set aside for this cycle.")
    return redirect("datahub:issues")


@require_safe
@planning_required
def templates(request: HttpRequest) -> HttpResponse:
    """All templates with their columns."""
    return render(request, "datahub/templates.html", {"datasets": datasets()})


@require_safe
@planning_required
def template(request: HttpRequest, name: str) -> HttpResponse:
    """A template to fill in: the header and one example row."""
    dataset = dataset_named(name)
    if dataset is None:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{dataset.name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(dataset.names)
    writer.writerow([guarded(column.example) for column in dataset.columns])
    return response
