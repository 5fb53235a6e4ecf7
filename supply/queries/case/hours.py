"""Hours of every resource in every month of the horizon, also where no file gave them."""

from datetime import date

from sop.periods import add_months
from supply.queries.case.findings import Findings
from supply.queries.inputs import HoursRow, Inputs


def hours_by_month(inputs: Inputs, findings: Findings) -> dict[int, list[HoursRow]]:
    """For each resource one row per plan month.

    A missing month takes the same month of an earlier year, else the most recent month before it, else the
    first one known; a resource without any month has no hours. Each is a finding.
    """
    known: dict[int, dict[date, HoursRow]] = {resource: {} for resource in inputs.resources}
    for row in inputs.hours:
        known[row.resource_id][row.month] = row
    return {
        resource: [_hours(resource, month, rows, inputs, findings) for month in inputs.months]
        for resource, rows in known.items()
    }


def _hours(
    resource: int, month: date, rows: dict[date, HoursRow], inputs: Inputs, findings: Findings
) -> HoursRow:
    if month in rows:
        return rows[month]
    code = inputs.resources[resource][0]
    if not rows:
        findings.add("no_hours", "Without any hours; it makes nothing", code)
        return HoursRow(resource, month, 0.0, 0.0, 0.0, 0.0, 0.0)
    findings.add("hours_carried", "Months without hours take those of a year before or the last known", code)
    return rows[_stand_in(month, rows)]._replace(month=month)


def _stand_in(month: date, rows: dict[date, HoursRow]) -> date:
    first = min(rows)
    year_before = add_months(month, -12)
    while year_before >= first:
        if year_before in rows:
            return year_before
        year_before = add_months(year_before, -12)
    return max((known for known in rows if known < month), default=first)
