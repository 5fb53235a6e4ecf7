"""People's entries in closed months against what came: the cases that coaching learns from."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Max

from cycles.choices import VersionKind
from cycles.models import Change, Cycle, User
from demand.models import DemandHistory
from demand.queries.ledger import is_active
from demand.queries.stamp import kept_by_history
from sop.periods import add_months
from sop.quantities import QUANTA_PER_UNIT

if TYPE_CHECKING:
    from demand.coaching import Case, Skills

CYCLES_BACK = 24
# Where people enter figures themselves; what follows from other data is nobody's judgement.
PEOPLES_SOURCES = ("grid", "api", "upload", "inbox", "pipeline")

# A workbook is one change of many rows, each of which was a judgement of its own.
CASES = """
    SELECT c.id, c.by_id, c.function, c.level, CASE WHEN c.level = 'workbook' THEN l.stream_id ELSE 0 END AS part,
           SUM(l.old), SUM(l.new), SUM(COALESCE(h.quantity, 0))
    FROM cycles_change c
    JOIN cycles_version v ON v.id = c.version_id
    JOIN cycles_cycle y ON y.id = v.cycle_id
    JOIN cycles_changeline l ON l.change_id = c.id
    LEFT JOIN demand_demandhistory h ON h.stream_id = l.stream_id AND h.month = l.month
    WHERE v.kind = %s AND y.month >= %s AND l.month <= %s AND c.by_id IS NOT NULL AND c.operation <> 'undo'
      AND c.source IN ('grid', 'api', 'upload', 'inbox', 'pipeline') AND l.old IS NOT NULL AND l.new IS NOT NULL
    GROUP BY c.id, c.by_id, c.function, c.level, part, l.month
    ORDER BY c.id, part
"""


def company_skills(cycle: Cycle) -> "Skills":
    """The records of everybody, over the closed months of the last 24 cycles; kept until the history changes."""
    return kept_by_history("skills", cycle, lambda: _skills(cycle))


def _skills(cycle: Cycle) -> "Skills":
    from demand.coaching import Skills

    skills = Skills(closed_cases(cycle))
    # Computed here, so that what is kept in the cache is ready.
    _ = skills.gains, skills.helps, skills.slopes
    return skills


def closed_cases(cycle: Cycle) -> "list[Case]":
    """Every active entry by a person with at least one month whose demand is known."""
    from demand.coaching import edit_case

    months: dict[tuple[int, int], list[tuple[float, float, float]]] = defaultdict(list)
    about: dict[tuple[int, int], tuple[int, str, str]] = {}
    undone = _undone(cycle)
    for change, person, function, level, part, *figures in _rows(cycle):
        if is_active(change, undone):
            about[change, part] = person, function, "stream" if level == "workbook" else level
            old, new, actual = (float(figure) / QUANTA_PER_UNIT for figure in figures)
            months[change, part].append((old, new, actual))
    cases = (
        edit_case(person=person, function=function, level=level, months=months[key])
        for key, (person, function, level) in about.items()
    )
    return [case for case in cases if case is not None]


def _rows(cycle: Cycle) -> list[tuple[Any, ...]]:
    known = DemandHistory.objects.aggregate(last=Max("month"))["last"]
    if known is None:
        return []
    closed = min(known, cycle.last_closed_month)
    first = add_months(cycle.month, -CYCLES_BACK)
    with connection.cursor() as cursor:
        cursor.execute(CASES, [VersionKind.DEMAND.value, first.isoformat(), closed.isoformat()])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _undone(cycle: Cycle) -> dict[int, int]:
    undoing = Change.objects.filter(
        version__kind=VersionKind.DEMAND,
        version__cycle__month__gte=add_months(cycle.month, -CYCLES_BACK),
        undoes__isnull=False,
    )
    return dict(undoing.values_list("undoes_id", "pk"))


def names_of(keys: set[int]) -> dict[int, str]:
    """People's names by key."""
    return {user.pk: str(user) for user in User.objects.filter(pk__in=keys)}
