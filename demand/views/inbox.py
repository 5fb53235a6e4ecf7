"""The inbox: what is worth a person's time, two clicks each; what the policy accepted; the policy."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from cycles.choices import ReasonCode, StageKind
from cycles.forms import valid
from cycles.http import go_next, person, say
from cycles.models import Company, User
from cycles.permissions import can_run_cycle, planning_required, sees_margins
from cycles.queries import current_cycle, stage_of
from demand.actions.inbox import answer_item, set_policy, withdraw_answer
from demand.choices import Answer
from demand.forms import AnswerForm, PolicyForm
from demand.models import InboxAnswer
from demand.queries.inbox import Ranking, asked_of, people_to_ask, ranking
from demand.queries.inbox_items import items_at
from demand.queries.overrides import has_plan
from demand.queries.progress import plan_version
from sop.errors import InvalidInput

PAGE = 20
LATEST = 10


@require_safe
@planning_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What is asked, the most worthwhile first; questions from others stand above."""
    cycle, user = current_cycle(), person(request)
    version, stage = plan_version(cycle), stage_of(cycle, StageKind.DEMAND)
    found = ranking(version, user)
    page = Paginator(found.open_places, PAGE).get_page(request.GET.get("page"))
    context = {
        "cycle": cycle,
        "stage": stage,
        "has_plan": has_plan(cycle, version),
        "months": found.months,
        "page": page,
        "items": items_at(found, list(page), user),
        "questions": _questions(found, user),
        "may_answer": bool(found.function) and stage.is_editable and not version.is_frozen,
        "people": people_to_ask(user) if found.function else [],
        "reasons": ReasonCode.choices,
        "settled": _settled(found, user),
        **_policy_words(found, user),
    }
    return render(request, "demand/inbox.html", context)


def _questions(found: Ranking, user: User) -> list[tuple[InboxAnswer, Any]]:
    """Questions to this person, each with its item."""
    known = set(found.streams.tolist())
    questions = [one for one in asked_of(found.view.version.cycle, user) if one.stream_id in known]
    items = items_at(found, [found.place_of(one.stream_id) for one in questions], user)
    return list(zip(questions, items, strict=True))


def _settled(found: Ranking, user: User) -> list[Any]:
    """The newest answers of the person's function, in her part of the plan."""
    known = set(found.streams.tolist())
    newest = sorted(
        (one for one in found.answers.values() if one.stream_id in known), key=lambda one: -one.pk
    )
    return items_at(found, [found.place_of(one.stream_id) for one in newest[:LATEST]], user)


def _policy_words(found: Ranking, user: User) -> dict[str, Any]:
    margins, company = sees_margins(user), Company.current()
    accepted = found.risk(found.accepted, margins=margins)
    everything = accepted + found.risk(found.asked, margins=margins)
    return {
        "asked_count": len(found.asked),
        "accepted_count": len(found.accepted),
        "accepted_minor": accepted,
        "accepted_share": accepted / everything if everything else None,
        "sees_margins": margins,
        "company": company,
        "may_set_policy": can_run_cycle(user),
        "policy_form": PolicyForm(
            initial={"covered": company.inbox_covered_percent, "least": company.inbox_least_money}
        ),
    }


@require_safe
@planning_required
def accepted(request: HttpRequest) -> HttpResponse:
    """The report of what the policy accepted unasked, the largest first."""
    user = person(request)
    found = ranking(plan_version(current_cycle()), user)
    page = Paginator(found.accepted.tolist(), 50).get_page(request.GET.get("page"))
    context = {"cycle": found.view.version.cycle, "page": page, "items": items_at(found, list(page), user)}
    return render(request, "demand/inbox_accepted.html", context | _policy_words(found, user))


@require_POST
@planning_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Settles an item: the stream's key."""
    values = valid(AnswerForm(request.POST))
    kind = values["answer"]
    if kind not in Answer.values:
        raise InvalidInput("Say whether you accept it, change it or ask somebody.")
    asked = User.objects.filter(pk=values["asked"] or 0, is_active=True).first()
    done = answer_item(
        version=plan_version(current_cycle()), by=person(request), stream=pk, answer=Answer(kind),
        units=values["units"], note=values["note"], asked=asked, reason_code=values["reason"],
    )  # fmt: skip
    say(request, f"{done.get_answer_display()}. You can take it back below.")
    return go_next(request, "demand:inbox")


@require_POST
@planning_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an answer back."""
    given = get_object_or_404(InboxAnswer, pk=pk)
    withdraw_answer(version=plan_version(current_cycle()), by=person(request), answer=given)
    say(request, "Taken back: it is in the inbox again.")
    return go_next(request, "demand:inbox")


@require_POST
@planning_required
def policy(request: HttpRequest) -> HttpResponse:
    """Sets what the inbox asks about."""
    values = valid(PolicyForm(request.POST))
    set_policy(by=person(request), covered_percent=values["covered"], least_money=values["least"])
    say(request, "The policy holds from now on.")
    return go_next(request, "demand:inbox")
