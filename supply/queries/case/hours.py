"""Hours of every resource in every month of the horizon, also where no file gave them."""

from datetime import date

from supply.choices import HoursFrom
from supply.queries.capacity import month_hours
from supply.queries.case.findings import Findings
from supply.queries.hours import stand_in
from supply.queries.inputs import HoursRow, Inputs


def hours_by_month(inputs: Inputs, findings: Findings) -> dict[int, list[HoursRow]]:
    """For each resource one row per plan month.

    A missing month takes the same month of an earlier year, else the most recent month before it, else the
    first one known; a resource without any month has no hours. Each is a finding. Maintenance is taken off, and
    calendar and shifts or demonstrated output take the place of stated hours where the planner chose so. People
    bring their own hours: the resource itself then has none.
    """
    known: dict[int, dict[date, HoursRow]] = {resource: {} for resource in inputs.resources}
    for row in inputs.hours:
        known[row.resource_id][row.month] = row
    return {
        resource: [
            _planned(_hours(resource, month, rows, inputs, findings), inputs, findings)
            for month in inputs.months
        ]
        for resource, rows in known.items()
    }


def _planned(row: HoursRow, inputs: Inputs, findings: Findings) -> HoursRow:
    if any(people.resource_id == row.resource_id for people in inputs.people):
        return row._replace(regular=0.0)
    code, site = inputs.resources[row.resource_id]
    hours = month_hours(
        inputs.capacity,
        resource=row.resource_id,
        site=site,
        month=row.month,
        stated=row.clock,
        efficiency=row.efficiency,
    )
    wanted = inputs.capacity.hours_from.get(row.resource_id, HoursFrom.STATED)
    if hours.source != wanted:
        findings.add("hours_stated", f"{wanted.label} are not known; planned with stated hours", code)
    return row._replace(regular=hours.usable)


def _hours(
    resource: int, month: date, rows: dict[date, HoursRow], inputs: Inputs, findings: Findings
) -> HoursRow:
    if month in rows:
        return rows[month]
    code = inputs.resources[resource][0]
    if not rows:
        if inputs.capacity.hours_from.get(resource) != HoursFrom.SHIFTS:
            findings.add("no_hours", "Without any hours; it makes nothing", code)
        return HoursRow(resource, month, 0.0, 0.0, 0.0, 0.0, 0.0)
    findings.add("hours_carried", "Months without hours take those of a year before or the last known", code)
    return rows[stand_in(month, rows)]._replace(month=month)
