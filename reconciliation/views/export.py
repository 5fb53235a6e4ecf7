"""The comparison as a workbook."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cycles.http import person, shown_cycle
from cycles.permissions import planning_required
from reconciliation.actions.workbook import export_comparison
from reconciliation.queries.scenarios import comparison
from sop.periods import month_key

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@planning_required
def comparison_workbook(request: HttpRequest) -> HttpResponse:
    """The file; who may not see margins gets it without them."""
    cycle = shown_cycle(request)
    content = export_comparison(comparison=comparison(cycle), by=person(request), now=timezone.now())
    name = f"scenarios-{month_key(cycle.month)}.xlsx"
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
