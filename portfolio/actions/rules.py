"""The limits that product management judges the range by, and the minutes of its meeting."""

from typing import Any

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.choices import StageState
from cycles.models import Cycle, User
from cycles.permissions import can_view_plan, require
from portfolio.actions.common import editable_stage
from portfolio.choices import AbcRule, AgendaItem
from portfolio.models import AgendaNote, PortfolioRules
from portfolio.queries.review import product_stage
from sop.errors import InvalidInput, Locked

LONGEST = 4_000


@transaction.atomic
def set_rules(
    *,
    cycle: Cycle,
    by: User,
    new_share_target: float | None,
    new_months: int,
    a_percent: float,
    b_percent: float,
    abc_rule: str,
    x_limit: float,
    y_limit: float,
    tail_percent: float,
) -> PortfolioRules:
    """Sets target and limits. Raises NotAllowed, WrongState, Locked or InvalidInput."""
    editable_stage(cycle, by)
    if new_share_target is not None and not 0 < new_share_target <= 100:
        raise InvalidInput("The target is a percent of revenue above 0 and up to 100.")
    if not 1 <= new_months <= 120:
        raise InvalidInput("A product counts as new for between 1 and 120 months.")
    if not 0 < a_percent < b_percent < 100:
        raise InvalidInput("A ends before B, and B before 100 percent.")
    if not 0 < x_limit < y_limit:
        raise InvalidInput("X ends before Y.")
    if not 0 < tail_percent < 50:
        raise InvalidInput("The tail is a percent of revenue above 0 and below 50.")
    if abc_rule not in AbcRule.values:
        raise InvalidInput(f"{abc_rule!r} is no rule. Known are: {', '.join(AbcRule.values)}.")
    values: dict[str, Any] = {
        "new_share_target": new_share_target,
        "new_months": new_months,
        "a_percent": a_percent,
        "b_percent": b_percent,
        "abc_rule": abc_rule,
        "x_limit": x_limit,
        "y_limit": y_limit,
        "tail_percent": tail_percent,
    }
    rules, _ = PortfolioRules.objects.update_or_create(pk=1, defaults=values)
    record_act(by=by, act="portfolio.rules", subject=str(rules), detail=values)
    return rules


@transaction.atomic
def write_minutes(*, cycle: Cycle, by: User, item: str, text: str) -> AgendaNote | None:
    """Writes down what the meeting said on an item of its agenda; an empty text takes it out.

    Everybody in the cycle may, until the review is signed. Raises NotAllowed, Locked or InvalidInput.
    """
    require(can_view_plan(by), "Only people with a planning role take part in a cycle.")
    if not cycle.is_open or product_stage(cycle).state == StageState.SIGNED:
        raise Locked("The product review is signed; its minutes stay as they are.")
    if item not in AgendaItem.values:
        raise InvalidInput(f"{item!r} is not on the agenda.")
    words = text.strip()
    if len(words) > LONGEST:
        raise InvalidInput(f"Minutes of an item take up to {LONGEST:,} letters.")
    record_act(by=by, act="product.minutes", subject=AgendaItem(item).label, detail={"text": words})
    if not words:
        AgendaNote.objects.filter(cycle=cycle, item=item).delete()
        return None
    note, _ = AgendaNote.objects.update_or_create(cycle=cycle, item=item, defaults={"text": words, "by": by})
    return note
