"""The audit log, for those who may read it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cycles.actions.audit import verify_chain
from cycles.choices import Role
from cycles.models import AuditEvent
from cycles.permissions import roles_required


@require_safe
@roles_required(Role.PROCESS_OWNER, Role.SPONSOR, Role.FINANCE, Role.ADMIN)
def audit_log(request: HttpRequest) -> HttpResponse:
    """All acts, newest first; ``?verify=1`` walks the whole chain."""
    events = AuditEvent.objects.select_related("by")
    act = request.GET.get("act", "")
    if act:
        events = events.filter(act__startswith=act)
    page = Paginator(events, 50).get_page(request.GET.get("page"))
    verified = "verify" in request.GET
    context = {"page": page, "act": act, "verified": verified, "found": verify_chain() if verified else None}
    return render(request, "cycles/audit.html", context)
