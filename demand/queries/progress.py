"""How far the demand review is: who has submitted, which families were looked at, where the baseline stands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from cycles.choices import Role, RunState, StageKind, VersionKind
from cycles.models import Cycle, FunctionSubmission, Run, Stage, User, Version
from cycles.queries import draft_of, signed_version, stage_of
from demand.models import ReviewedFamily
from demand.permissions import FUNCTION_ROLES
from demand.queries.streams import StreamTable, in_scope, stream_table, visible_pairs
from demand.queries.views import market_keys, planned_stream_keys
from portfolio.queries import FamilyTree, family_tree

if TYPE_CHECKING:
    from demand.steps import Flags

KIND = "demand.baseline"
FUNCTION_LABELS = {"sales": "Sales", "marketing": "Marketing", "planner": "Demand planner"}


def plan_version(cycle: Cycle) -> Version:
    """What the page shows: the draft of the running cycle, the signed plan of a closed one."""
    signed = signed_version(cycle, StageKind.DEMAND)
    return signed if signed and not cycle.is_open else draft_of(cycle, VersionKind.DEMAND)


def last_run(cycle: Cycle, *, done: bool = False) -> Run | None:
    """The newest forecast run of a cycle, or the newest that is done."""
    runs = Run.objects.filter(kind=KIND, cycle=cycle, parent=None)
    return runs.filter(state=RunState.DONE).first() if done else runs.first()


def active_run(cycle: Cycle) -> Run | None:
    return Run.objects.filter(kind=KIND, cycle=cycle, parent=None, state__in=RunState.active()).first()


@dataclass(frozen=True)
class FunctionState:
    """Whether a function's word is in for the whole plan, and for whom it still waits."""

    function: str
    label: str
    submitted_by: list[str]
    missing: list[str]
    open_streams: int
    is_mine: bool
    i_have_submitted: bool

    @property
    def is_complete(self) -> bool:
        return self.open_streams == 0


def function_states(
    stage: Stage, user: User | None = None, planned: StreamTable | None = None
) -> list[FunctionState]:
    """Sales, marketing and planner: every planned stream needs the word of somebody in whose scope it lies."""
    planned = planned or _planned_table(stage.cycle)
    tree, markets = family_tree(), market_keys()
    submissions = list(FunctionSubmission.objects.filter(stage=stage).select_related("by"))
    people = {person.pk: person for person in _planners()}
    states = []
    for function, role in FUNCTION_ROLES.items():
        by = [
            people.get(submission.by_id, submission.by)
            for submission in submissions
            if submission.function == function
        ]
        asked = [person for person in people.values() if person.is_active and person.has_role(role)]
        states.append(_state(function, role, by=by, asked=asked, user=user, cut=_Cut(planned, tree, markets)))
    return states


def _planners() -> QuerySet[User]:
    """Everybody who gives a function's word, with roles and scope at hand."""
    people = User.objects.filter(groups__name__in=set(FUNCTION_ROLES.values())).distinct()
    return people.prefetch_related("groups", "scope_rows")


@dataclass(frozen=True)
class _Cut:
    """Cuts the planned streams by a person's scope."""

    table: StreamTable
    tree: FamilyTree
    markets: dict[str, int]

    def of(self, person: User) -> "Flags":
        return in_scope(self.table, visible_pairs(person, self.tree), self.markets)


def _planned_table(cycle: Cycle) -> StreamTable:
    import numpy as np

    table = stream_table()
    version = Version.objects.filter(cycle=cycle, kind=VersionKind.DEMAND).order_by("pk").first()
    planned = planned_stream_keys(version) if version else np.zeros(0, dtype=np.int64)
    return table.only(np.isin(table.streams, planned))


def _state(
    function: str, role: Role, *, by: list[User], asked: list[User], user: User | None, cut: _Cut
) -> FunctionState:
    import numpy as np

    covered = np.zeros(len(cut.table.streams), dtype=bool)
    for person in by:
        covered |= cut.of(person)
    missing = []
    if not covered.all():
        submitted = {person.pk for person in by}
        missing = [
            str(person)
            for person in asked
            if person.pk not in submitted and (cut.of(person) & ~covered).any()
        ]
    return FunctionState(
        function,
        FUNCTION_LABELS[function],
        [str(person) for person in by],
        missing,
        int((~covered).sum()),
        bool(user and user.has_role(role)),
        bool(user and user.pk in {person.pk for person in by}),
    )


def family_progress(cycle: Cycle, planned: StreamTable, tree: FamilyTree) -> dict[str, Any]:
    """How many of the families that hold planned products the demand planner has looked at."""
    families = {family for family in planned.families.tolist() if family in tree.families}
    looked_at = {
        row.family_id: str(row.by) for row in ReviewedFamily.objects.filter(cycle=cycle).select_related("by")
    }
    rows = []
    for key in sorted(families, key=lambda family: tree.families[family].code):
        by = next((looked_at[one] for one in (key, *tree.ancestors(key)) if one in looked_at), "")
        family = tree.families[key]
        rows.append({"code": family.code, "name": family.name, "reviewed": bool(by), "by": by})
    return {"reviewed": sum(row["reviewed"] for row in rows), "families": len(rows), "rows": rows}


def stage_of_plan(version: Version) -> Stage:
    return stage_of(version.cycle, StageKind.DEMAND)
