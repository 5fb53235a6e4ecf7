"""Who changed which months before they were signed, from the ledger, and the error before and after that step."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cycles.choices import Measure, Operation
from cycles.models import Change, ChangeLine, User, Version
from demand.permissions import can_see_contributors
from demand.queries.ledger import SYSTEM_SOURCES, is_active
from demand.queries.past import Past, signed_plans
from sop.periods import add_months

if TYPE_CHECKING:
    from demand.learning.contributors import Contribution

CHUNK = 500
Person = tuple[int, str]  # key of the person, function in which it acted
Cell = tuple[int, str]  # stream, step


@dataclass(frozen=True)
class Contributor:
    """A person in a function, or a whole function (no person)."""

    name: str
    function: str
    figures: "Contribution[Person]"


@dataclass(frozen=True)
class ContributorReport:
    """Functions as a whole, and those persons whom the reader may see by name."""

    functions: list[Contributor]
    people: list[Contributor]
    months: int
    sees_everybody: bool


def contributor_report(past: Past, user: User) -> ContributorReport:
    """Value added and bias of people's changes in the own plans of ``past``.

    A cell (stream, month, step) counts for whoever changed it last before the plan was frozen, so that what the
    persons of a step did adds up to the step. Names are for the process owner, the sponsor and the demand planner;
    others see the functions and themselves.
    """
    import numpy as np

    from demand.learning.contributors import contributions
    from demand.steps import COLUMNS

    rows = {key: place for place, key in enumerate(past.view.table.streams.tolist())}
    people: list[Person] = []
    cells: list[tuple[int, int, int]] = []  # step, row, month
    plans = signed_plans(add_months(month, -past.lag) for month in past.months)
    for place, month in enumerate(past.months):
        version = plans.get(add_months(month, -past.lag))
        if version is None:
            continue
        for (stream, step), person in last_hands(version, month).items():
            if stream in rows:
                people.append(person)
                cells.append((COLUMNS.index(step), rows[stream], place))
    index = np.array(cells, dtype=np.int64).reshape(-1, 3)
    plan = np.stack([past.steps[name] for name in COLUMNS])
    figures = (
        past.actual[index[:, 1], index[:, 2]],
        plan[index[:, 0] - 1, index[:, 1], index[:, 2]],
        plan[index[:, 0], index[:, 1], index[:, 2]],
        index[:, 2],
    )
    by_function = contributions([(0, function) for _, function in people], *figures)
    by_person = contributions(people, *figures)
    everybody = can_see_contributors(user)
    names = {one.pk: str(one) for one in User.objects.filter(pk__in={key for key, _ in people})}
    return ContributorReport(
        _sorted(Contributor(_title(one.key[1]), "", one) for one in by_function),
        _sorted(
            Contributor(names[one.key[0]], _title(one.key[1]), one)
            for one in by_person
            if everybody or one.key[0] == user.pk
        ),
        len(plans),
        everybody,
    )


def _title(function: str) -> str:
    return {"planner": "Demand planner"}.get(function, function.capitalize())


def _sorted(found: Iterable[Contributor]) -> list[Contributor]:
    return sorted(found, key=lambda one: (-abs(one.figures.after.bias or 0.0), one.name))


def last_hands(version: Version, month: date) -> dict[Cell, Person]:
    """Who changed a stream's step last, of what counted when the version was frozen."""
    frozen, draft = version.frozen_at, version.parent_id
    if frozen is None or draft is None:
        return {}
    known = Change.objects.filter(version_id=draft, at__lte=frozen)
    undone = dict(known.filter(undoes__isnull=False).values_list("undoes_id", "pk"))
    changes = (
        known.filter(by__isnull=False, first_month__lte=month, last_month__gte=month)
        .exclude(operation=Operation.UNDO)
        .exclude(measure=Measure.BASELINE)
        .exclude(source__in=[*SYSTEM_SOURCES, "baseline"])
    )
    acted = {
        pk: (measure, (by, function))
        for pk, measure, by, function in changes.values_list("pk", "measure", "by_id", "function")
        if by is not None and is_active(pk, undone)
    }
    lines: dict[int, list[int]] = defaultdict(list)
    keys = sorted(acted)
    for start in range(0, len(keys), CHUNK):
        found = ChangeLine.objects.filter(change_id__in=keys[start : start + CHUNK], month=month)
        for change, stream in found.values_list("change_id", "stream_id"):
            lines[change].append(stream)
    hands: dict[Cell, Person] = {}
    for change in keys:
        measure, person = acted[change]
        hands.update({(stream, measure): person for stream in lines[change]})
    return hands
