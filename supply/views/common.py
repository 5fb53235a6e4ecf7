"""What the pages of the supply room share."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cycles.choices import StageKind
from cycles.http import person, shown_cycle
from cycles.models import Company, Cycle, Stage, User, Version
from cycles.permissions import sees_margins, sees_prices
from cycles.queries import signed_version, stage_of
from sop.numbers import format_money, format_number, format_percent
from supply.permissions import can_edit_inputs, can_plan_supply
from supply.queries.plans import shown_plan


@dataclass(frozen=True)
class Room:
    """Who looks at which plan of which cycle."""

    user: User
    cycle: Cycle
    stage: Stage
    plan: Version | None
    demand: Version | None
    currency: str

    @property
    def is_old(self) -> bool:
        """Whether the demand plan was signed anew since the plan was made."""
        made_on = self.plan.params.get("demand_version") if self.plan else None
        return self.plan is not None and self.demand is not None and made_on != self.demand.pk

    def context(self) -> dict[str, Any]:
        """What every supply page knows."""
        return {
            "cycle": self.cycle,
            "stage": self.stage,
            "plan": self.plan,
            "plan_is_old": self.is_old,
            "sees_prices": sees_prices(self.user),
            "sees_margins": sees_margins(self.user),
            "can_edit_inputs": can_edit_inputs(self.user, self.stage),
            "currency": self.currency,
        }

    def money(self, minor: float) -> str:
        return format_money(minor / 100, self.currency, style=self.user.number_format)

    def number(self, value: float | None, digits: int = 0) -> str:
        return format_number(value, digits, self.user.number_format)

    def percent(self, share: float | None, digits: int = 0) -> str:
        return format_percent(share, digits, self.user.number_format)


def room_of(request: HttpRequest) -> Room:
    """The plan of the running cycle, or of the last closed one between two cycles."""
    cycle = shown_cycle(request)
    stage = stage_of(cycle, StageKind.SUPPLY)
    demand = signed_version(cycle, StageKind.DEMAND)
    return Room(person(request), cycle, stage, shown_plan(cycle), demand, Company.current().currency)


def plan_needed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that reads a plan: before the first one it says what to do instead of showing nothing."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        room = room_of(request)
        if room.plan is not None:
            return view(request, *args, **kwargs)
        parts = {
            "demand_signed": room.demand is not None,
            "can_run": room.demand is not None and can_plan_supply(room.user, room.stage),
            "earlier": Cycle.objects.filter(month__lt=room.cycle.month).first(),
        }
        return render(request, "supply/no_plan.html", room.context() | parts)

    return shown
