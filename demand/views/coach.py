"""What is said while somebody types a figure, and the record behind it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cycles.choices import Role
from cycles.http import person
from cycles.permissions import planning_required, sees_prices
from cycles.queries import current_cycle
from demand.actions.coach import coach
from demand.actions.edits import Edit
from demand.queries.progress import plan_version
from demand.queries.skills import company_skills, names_of
from demand.queries.units import require_unit
from demand.views.grid import filters_in
from sop.errors import InvalidInput
from sop.periods import parse_month


@require_safe
@planning_required
def advice(request: HttpRequest) -> HttpResponse:
    """The line below the grid; nothing where the entry would change nothing."""
    given, user = request.GET, person(request)
    unit, filters = given.get("unit", "units"), filters_in(request)
    require_unit(user, unit)
    try:
        month, value = parse_month(given.get("month", "")), float(given.get("value", ""))
    except ValueError as error:
        raise InvalidInput("Give a month as YYYY-MM and a value.") from error
    edit = Edit(given.get("node", ""), given.get("measure", ""), month, given.get("operation", "set"), value)
    found = coach(
        version=plan_version(current_cycle()), by=user, edit=edit, unit=unit,
        filters={"family": filters.family, "market": filters.market},
    )  # fmt: skip
    return render(request, "demand/_advice.html", {"advice": found, "sees_money": sees_prices(user)})


@require_safe
@planning_required
def record(request: HttpRequest) -> HttpResponse:
    """What people's entries have been worth: one's own for those who enter figures, all for the process owner."""
    cycle, user = current_cycle(), person(request)
    skills = company_skills(cycle)
    everybody = user.has_role(Role.PROCESS_OWNER)
    records = {group: one for group, one in skills.records().items() if everybody or group.person == user.pk}
    names = names_of({group.person for group in records})
    context = {
        "cycle": cycle,
        "skills": skills,
        "everybody": everybody,
        "rows": [(names.get(group.person, ""), group, one) for group, one in records.items()],
    }
    return render(request, "demand/record.html", context)
