"""The planning grid's addresses (docs/ui.md): rows, edits, undo, cells, locks, facts."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.http import person
from cycles.models import Change, Company, Version
from cycles.permissions import planning_required
from cycles.queries import current_cycle
from demand.actions.comments import cell_subject, comment_on_cell
from demand.actions.edits import edit_cells
from demand.actions.locks import set_locks
from demand.actions.undo import undo_changes
from demand.queries.cells import cell_story
from demand.queries.facts import row_facts
from demand.queries.grid import chosen_node, grid_answer, nodes_after
from demand.queries.progress import plan_version
from demand.queries.units import require_unit
from demand.queries.views import Filters, Node, PlanView, plan_view
from demand.views.parsing import (
    action_of,
    assumption_of,
    body_of,
    edits_of,
    filters_of,
    ids_of,
    places_of,
    text_of,
    texts_of,
)
from sop.errors import InvalidInput
from sop.periods import parse_month


def shown_version() -> Version:
    """The plan that the page works on."""
    return plan_version(current_cycle())


def filters_in(request: HttpRequest) -> Filters:
    return Filters(request.GET.get("family", ""), request.GET.get("market", ""))


@require_safe
@planning_required
def rows(request: HttpRequest) -> HttpResponse:
    """The top of the tree, or the children of a row."""
    view = plan_view(shown_version(), person(request), filters_in(request))
    depth = request.GET.get("depth", "1")
    answer = grid_answer(
        view,
        parent=request.GET.get("parent", ""),
        depth=int(depth) if depth.isascii() and depth.isdigit() else 1,
        unit=request.GET.get("unit", "units"),
        only_attention=request.GET.get("attention") == "1",
    )
    return JsonResponse(answer)


@require_POST
@planning_required
def edit(request: HttpRequest) -> HttpResponse:
    """One action of the person."""
    body, version = body_of(request), shown_version()
    entries, unit, filters = edits_of(body), text_of(body, "unit", "units"), filters_of(body.get("filters"))
    require_unit(person(request), unit)
    result = edit_cells(
        version=version,
        by=person(request),
        edits=entries,
        reason_code=text_of(body, "reason"),
        comment=text_of(body, "comment"),
        assumption=assumption_of(body),
        action_id=action_of(body),
        unit=unit,
        filters={"family": filters.family, "market": filters.market},
    )
    nodes = [entry.node for entry in entries]
    return JsonResponse(
        _saved(request, version, body=body, nodes=nodes, message=result.message, changes=result.changes)
    )


@require_POST
@planning_required
def undo(request: HttpRequest) -> HttpResponse:
    """Takes an action back, or its undo."""
    body, version = body_of(request), shown_version()
    require_unit(person(request), text_of(body, "unit", "units"))
    result = undo_changes(
        version=version, by=person(request), change_ids=ids_of(body, "change_ids"), action_id=action_of(body)
    )
    view = plan_view(version, person(request), filters_of(body.get("filters")))
    nodes = [_shown_node(view, change.scope.get("node", "all")) for change in result.changes]
    return JsonResponse(
        _saved(request, version, body=body, nodes=nodes, message=result.message, changes=result.changes)
    )


def _shown_node(view: PlanView, node: str) -> str:
    """The row of a change; where the page does not show it, the top."""
    kind, _, key = node.partition(":")
    return node if kind != "all" and key.isdigit() and view.rows(Node(kind, int(key))).any() else "all"


def _saved(
    request: HttpRequest,
    version: Version,
    *,
    body: dict[str, Any],
    nodes: list[str],
    message: str,
    changes: Sequence[Change] = (),
) -> dict[str, Any]:
    """What every writing address answers (docs/ui.md)."""
    version.refresh_from_db(fields=["rev"])
    view = plan_view(version, person(request), filters_of(body.get("filters")))
    shown = nodes_after(
        view, edited=nodes, expanded=texts_of(body, "expanded"), unit=text_of(body, "unit", "units")
    )
    keys = [change.pk for change in changes]
    return {"change_ids": keys, "rev": version.rev, "message": message, "nodes": shown}


@require_http_methods(["GET", "HEAD", "POST"])
@planning_required
def cell(request: HttpRequest) -> HttpResponse:
    """Comments and history of a cell; POST adds a comment."""
    version = shown_version()
    given = body_of(request) if request.method == "POST" else dict(request.GET.items())
    node, measure, month = (text_of(given, name) for name in ("node", "measure", "month"))
    unit = require_unit(person(request), text_of(given, "unit", "units"))
    subject = cell_subject(node, measure, month)
    if request.method == "POST":
        comment_on_cell(
            version=version,
            by=person(request),
            node=node,
            measure=measure,
            month=month,
            text=text_of(given, "text"),
        )
    view = plan_view(version, person(request))
    return JsonResponse(
        cell_story(view, node=node, measure=measure, month=parse_month(month), subject=subject, unit=unit)
    )


@require_POST
@planning_required
def lock(request: HttpRequest) -> HttpResponse:
    """Locks or unlocks cells, or whole rows."""
    body, version = body_of(request), shown_version()
    cells, rows = places_of(body), texts_of(body, "rows")
    if not cells and not rows:
        raise InvalidInput("Give cells (objects with node and month) or rows (nodes) to lock.")
    result = set_locks(
        version=version,
        by=person(request),
        cells=cells,
        rows=rows,
        locked=bool(body.get("locked", True)),
        filters=filters_of(body.get("filters")),
    )
    nodes = list(dict.fromkeys([*(node for node, _ in cells), *rows]))
    shown = body | {"expanded": body.get("expanded") or nodes}
    return JsonResponse(_saved(request, version, body=shown, nodes=nodes, message=result.message))


@require_safe
@planning_required
def facts(request: HttpRequest) -> HttpResponse:
    """The panel beside the chart."""
    unit = request.GET.get("unit", "units")
    shown_in = require_unit(person(request), unit)
    view = plan_view(shown_version(), person(request), filters_in(request))
    node = chosen_node(view, request.GET.get("node", "all"))
    context = {"facts": row_facts(view, node, unit), "unit": shown_in, "currency": Company.current().currency}
    return render(request, "demand/_facts.html", context)
