"""The inbox: what is worth a person's time, ranked by money at risk times the chance that she adds something."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from cycles.choices import Role, StageKind
from cycles.models import Company, Cycle, User, Version
from cycles.queries import previous_signed
from demand.choices import Answer
from demand.models import InboxAnswer
from demand.permissions import FUNCTION_ROLES
from demand.queries.signals import Coming, PastErrors, coming, past_errors
from demand.queries.skills import company_skills
from demand.queries.views import PlanView, plan_view
from portfolio.models import Product
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT

if TYPE_CHECKING:
    from demand.steps import Flags, Floats, Whole

SHOWN_MONTHS = 6
COLUMN_OF = {"planner": "planner", "sales": "sales", "": "consensus"}


def function_of(user: User) -> str:
    """In which function a person answers; empty for those who only read."""
    if user.has_role(Role.DEMAND_PLANNER):
        return "planner"
    return "sales" if user.has_role(Role.SALES) else ""


def shown_months(cycle: Cycle) -> list[date]:
    """The first six months that may still be changed."""
    fence = min(Company.current().fence_months, cycle.horizon_months - 1)
    return cycle.months[fence : fence + SHOWN_MONTHS]


@dataclass(frozen=True)
class Ranking:
    """Every stream (n) of the person's part: figures in quanta over the shown months, money in minor units.

    ``asked`` and ``accepted`` are places in it, the most worthwhile first: what the policy asks about, and the rest.
    """

    view: PlanView
    months: list[date]
    function: str
    plan: "Floats"
    previous: "Floats"
    half_width: "Floats"
    margin_risk: "Floats"
    revenue_risk: "Floats"
    helps: "Floats"
    chance: "Floats"
    signals: "dict[str, Flags]"
    errors: PastErrors
    coming: Coming
    asked: "Whole"
    accepted: "Whole"
    answers: dict[int, InboxAnswer] = field(default_factory=dict)
    is_measured: bool = False

    @property
    def streams(self) -> "Whole":
        return self.view.table.streams

    @property
    def open_places(self) -> list[int]:
        """What is still asked, in order."""
        return [place for place in self.asked.tolist() if int(self.streams[place]) not in self.answers]

    def place_of(self, stream: int) -> int:
        """Where a stream stands; it must be in the person's view."""
        return int(self.streams.searchsorted(stream))

    def risk(self, places: Any, *, margins: bool) -> int:
        """Money at risk of some places, minor units: of margin, or of revenue for those who see no margins."""
        return int((self.margin_risk if margins else self.revenue_risk)[places].sum())


SUMS = """
    SELECT stream_id, SUM(COALESCE({column}, 0)), SUM(COALESCE(high_80, 0) - COALESCE(low_80, 0))
    FROM demand_demandfact WHERE version_id = %s AND month IN ({months}) GROUP BY stream_id
"""


def _sums(version: Version, column: str, months: list[date], streams: "Whole") -> "tuple[Floats, Floats]":
    """Plan and width of the interval by stream (n), quanta, in one statement."""
    import numpy as np

    marks = ", ".join(["%s"] * len(months))
    found = np.zeros((2, len(streams)))
    with connection.cursor() as cursor:
        cursor.execute(
            SUMS.format(column=column, months=marks), [version.pk, *(month.isoformat() for month in months)]
        )
        rows = np.array(cursor.fetchall(), dtype=np.float64).reshape(-1, 3)
    known = np.isin(rows[:, 0], streams)
    found[:, streams.searchsorted(rows[known, 0].astype(np.int64))] = rows[known, 1:].T
    return found[0], found[1]


def ranking(version: Version, user: User) -> Ranking:
    """Computed anew from sums in the database: some ten statements, whatever the number of streams."""
    from demand.coaching.ranking import asked, chances, money_at_risk

    view, company, function = plan_view(version, user), Company.current(), function_of(user)
    months, table = shown_months(version.cycle), view.table
    plan, width = _sums(version, COLUMN_OF[function], months, table.streams)
    previous = _previous(version, months, table.streams)
    errors, near = past_errors(version.cycle), coming(version.cycle, table, months)
    signals = _signals(view, plan, previous, errors, near)
    helps = _helps(version.cycle, user, plan, plan if previous is None else previous)
    chance = chances(helps, signals)
    margins, half = _margins(view), width / 2
    moved = plan - (plan if previous is None else previous)
    risk = money_at_risk(half / QUANTA_PER_UNIT, moved / QUANTA_PER_UNIT, margins)
    wanted, rest = asked(
        risk,
        chance,
        least=company.inbox_least_money * MINOR_PER_MAJOR,
        covered=company.inbox_covered_percent / 100,
    )
    return Ranking(
        view, months, function, plan, plan if previous is None else previous, half, risk,
        money_at_risk(half / QUANTA_PER_UNIT, moved / QUANTA_PER_UNIT, table.prices),
        helps, chance, signals, errors, near, wanted, rest, answers_of(version.cycle, function),
        company_skills(version.cycle).is_enough,
    )  # fmt: skip


def answers_of(cycle: Cycle, function: str) -> dict[int, InboxAnswer]:
    """What a function has said, by stream."""
    rows = InboxAnswer.objects.filter(cycle=cycle, function=function, withdrawn_at=None)
    return {answer.stream_id: answer for answer in rows.select_related("by", "asked")}


def _previous(version: Version, months: list[date], streams: "Whole") -> "Floats | None":
    """The plan signed in the cycle before, None where there is none or it did not reach these months."""
    before = previous_signed(version.cycle, StageKind.DEMAND)
    if before is None or not set(months) <= set(before.cycle.months):
        return None
    return _sums(before, "consensus", months, streams)[0]


def _margins(view: PlanView) -> "Floats":
    """Price less standard cost by stream, minor units; without a cost the price."""
    import numpy as np

    costs = dict(Product.objects.filter(standard_cost__isnull=False).values_list("pk", "standard_cost"))
    cost = np.array([float(costs.get(key) or 0) for key in view.table.products.tolist()])
    margins: Floats = view.table.prices - cost * MINOR_PER_MAJOR
    return margins


def _helps(cycle: Cycle, user: User, plan: "Floats", previous: "Floats") -> "Floats":
    """The share of this person's like entries that helped, by the size of the change against the last plan (n)."""
    import numpy as np

    from demand.coaching import SIZES, Group
    from demand.coaching.cases import MEDIUM, SMALL

    skills = company_skills(cycle)
    known = skills.is_enough
    shares = np.array(
        [skills.record(Group(user.pk, "stream", size)).helps if known else 0.5 for size in SIZES]
    )
    moved = np.abs(plan - previous)
    size = (moved > SMALL * previous).astype(np.int64) + (moved > MEDIUM * previous)
    return shares[size]


def _signals(
    view: PlanView, plan: "Floats", previous: "Floats | None", errors: PastErrors, near: Coming
) -> "dict[str, Flags]":
    import numpy as np

    from demand.coaching.ranking import BIAS_SHARE, CHANGE_SHARE, TRACKING_LIMIT

    rows = errors.rows_of(view.table)
    past, sold = errors.errors[rows], errors.sold[rows]
    total, size = past.sum(axis=1), np.abs(past).sum(axis=1)
    signal = np.abs(total) * errors.months / np.maximum(size, 1e-9)
    changed = (
        np.zeros(len(plan), dtype=bool)
        if previous is None
        else np.abs(plan - previous) > CHANGE_SHARE * previous
    )
    return {
        "bias": np.abs(total) > BIAS_SHARE * np.maximum(sold, 1.0),
        "tracking": (size > 0) & (signal >= TRACKING_LIMIT),
        "change": changed,
        "missing": ((plan <= 0) & (sold > 0)) | near.without_lift,
        "event": near.events | near.changes,
    }


def people_to_ask(by: User) -> list[User]:
    """Everybody who answers items, but oneself."""
    rows = User.objects.filter(
        groups__name__in={str(role) for role in FUNCTION_ROLES.values()}, is_active=True
    )
    return list(rows.exclude(pk=by.pk).distinct().order_by("first_name", "last_name"))


def asked_of(cycle: Cycle, user: User) -> list[InboxAnswer]:
    """Open questions to a person, which her own function has not answered yet."""
    rows = InboxAnswer.objects.filter(cycle=cycle, asked=user, withdrawn_at=None)
    done = InboxAnswer.objects.filter(cycle=cycle, function=function_of(user), withdrawn_at=None)
    later = set(done.exclude(answer=Answer.ASKED, asked=user).values_list("stream_id", flat=True))
    return [one for one in rows.select_related("by") if one.stream_id not in later]
