"""The inbox: ranking, answers, questions, taking back, the policy and its report."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cycles.choices import StageKind, StageState
from cycles.models import Change, Comment, Company, Version
from demand.actions.inbox import answer_item, set_policy, withdraw_answer
from demand.choices import Answer
from demand.models import DemandFact, InboxAnswer, Promotion
from demand.queries.inbox import Ranking, asked_of, ranking
from demand.queries.inbox_items import items_at
from sop.errors import Conflict, InvalidInput, Locked, NotAllowed, NotFound
from tests.demand.factories import MONTH, SmallCompany, open_stage

HALF_YEAR = 6


def names(found: Ranking, user: Any) -> list[str]:
    return [item.name for item in items_at(found, found.open_places, user)]


def answer(
    plan: Version, company: SmallCompany, stream: str, kind: str, who: str = "planner", **rest: Any
) -> Any:
    key = company.streams[stream].pk
    return answer_item(version=plan, by=company.people[who], stream=key, answer=Answer(kind), **rest)


def planned(plan: Version, company: SmallCompany, stream: str, column: str = "planner") -> list[int]:
    rows = DemandFact.objects.filter(version=plan, stream=company.streams[stream]).order_by("month")
    return list(rows.values_list(column, flat=True))[:HALF_YEAR]


@pytest.fixture
def everything(db: None) -> None:
    Company.objects.update_or_create(pk=1, defaults={"inbox_covered_percent": 100})


def test_money_at_risk_is_margin_of_half_the_interval(
    company: SmallCompany, plan: Version, everything: None
) -> None:
    """P2 in Germany: 200 units, +-10 %, December 1.5 times: 20 x 6.5 units x (20 - 3) = 2,210."""
    found = ranking(plan, company.people["planner"])
    place = found.place_of(company.streams["P2/DE"].pk)
    assert found.risk([place], margins=True) == 2210_00
    assert found.risk([place], margins=False) == 2600_00
    assert names(found, company.people["planner"])[0] == "Product P2, Germany"


def test_each_signal_raises_the_chance_and_is_said(
    company: SmallCompany, plan: Version, everything: None
) -> None:
    Promotion.objects.create(code="E1", product=company.products["P3"], start=MONTH, end=MONTH)
    found = ranking(plan, company.people["planner"])
    place, other = (found.place_of(company.streams[name].pk) for name in ("P3/DE", "P1/DE"))
    assert found.chance[place] > found.chance[other] == 0.5
    (item,) = items_at(found, [place], company.people["planner"])
    assert item.reasons[:2] == ["An event has no lift yet.", "A marketing event is near."]


def test_a_person_ranks_her_own_part_only(company: SmallCompany, plan: Version, everything: None) -> None:
    germany = company.people["germany"]
    assert {name.rsplit(", ")[-1] for name in names(ranking(plan, germany), germany)} == {"Germany"}
    with pytest.raises(NotFound):
        answer(plan, company, "P1/FR", "accepted", "germany")


def test_accepting_settles_it_for_the_function(
    company: SmallCompany, plan: Version, everything: None
) -> None:
    done = answer(plan, company, "P2/DE", "accepted")
    assert "Product P2, Germany" not in names(
        ranking(plan, company.people["planner"]), company.people["planner"]
    )
    assert "Product P2, Germany" in names(ranking(plan, company.people["sales"]), company.people["sales"])
    with pytest.raises(Conflict):
        answer(plan, company, "P2/DE", "accepted")
    withdraw_answer(version=plan, by=company.people["planner"], answer=done)
    assert (
        names(ranking(plan, company.people["planner"]), company.people["planner"])[0] == "Product P2, Germany"
    )
    with pytest.raises(Conflict):
        withdraw_answer(version=plan, by=company.people["planner"], answer=done)


def test_a_change_adds_up_and_undo_gives_every_figure_back(company: SmallCompany, plan: Version) -> None:
    before = planned(plan, company, "P2/DE")
    done = answer(plan, company, "P2/DE", "changed", units=1000.001, note="Lost a customer")
    assert sum(planned(plan, company, "P2/DE")) == 1_000_001
    change = Change.objects.get(source="inbox")
    assert (change.comment, change.reason_code, change.measure) == (
        "Lost a customer",
        "correction",
        "planner",
    )
    withdraw_answer(version=plan, by=company.people["planner"], answer=done)
    assert planned(plan, company, "P2/DE") == before


def test_sales_change_their_own_step(company: SmallCompany, plan: Version) -> None:
    answer(plan, company, "P2/DE", "changed", "sales", units=900)
    assert sum(planned(plan, company, "P2/DE", "sales")) == 900_000


def test_a_question_reaches_the_person_and_the_cell(company: SmallCompany, plan: Version) -> None:
    answer(plan, company, "P2/DE", "asked", asked=company.people["germany"], note="Is the tender won?")
    (question,) = asked_of(plan.cycle, company.people["germany"])
    assert question.note == "Is the tender won?"
    assert "Is the tender won?" in Comment.objects.get().text
    answer(plan, company, "P2/DE", "accepted", "germany")
    assert asked_of(plan.cycle, company.people["germany"]) == []


def test_who_is_asked_within_a_function_answers_for_it(company: SmallCompany, plan: Version) -> None:
    answer(plan, company, "P2/DE", "asked", "sales", asked=company.people["germany"], note="Sure?")
    answer(plan, company, "P2/DE", "accepted", "germany")
    standing = InboxAnswer.objects.get(withdrawn_at=None)
    assert (standing.by, standing.answer) == (company.people["germany"], "accepted")


@pytest.mark.parametrize(
    ("who", "note"), [("germany", ""), ("planner", "Me?"), ("finance", "You?"), (None, "Whom?")]
)
def test_a_question_needs_words_and_somebody_else(
    company: SmallCompany, plan: Version, who: str | None, note: str
) -> None:
    asked = company.people[who] if who else None
    with pytest.raises(InvalidInput):
        answer(plan, company, "P2/DE", "asked", asked=asked, note=note)
    assert not InboxAnswer.objects.exists()


def test_who_does_not_see_it_is_not_asked(company: SmallCompany, plan: Version) -> None:
    with pytest.raises(InvalidInput):
        answer(plan, company, "P2/FR", "asked", asked=company.people["germany"], note="Is it so?")


def test_rights_and_locks(company: SmallCompany, plan: Version) -> None:
    with pytest.raises(NotAllowed):
        answer(plan, company, "P2/DE", "accepted", "finance")
    done = answer(plan, company, "P2/DE", "accepted")
    with pytest.raises(NotAllowed):
        withdraw_answer(version=plan, by=company.people["sales"], answer=done)
    open_stage(plan.cycle, StageKind.DEMAND, StageState.SUBMITTED)
    with pytest.raises(Locked):
        answer(plan, company, "P1/DE", "accepted")


def test_the_policy_accepts_the_rest_and_reports_it(company: SmallCompany, plan: Version) -> None:
    with pytest.raises(NotAllowed):
        set_policy(by=company.people["planner"], covered_percent=50, least_money=0)
    set_policy(by=company.people["owner"], covered_percent=50, least_money=0)
    found = ranking(plan, company.people["planner"])
    assert len(found.asked) + len(found.accepted) == 5
    assert found.risk(found.asked, margins=True) >= found.risk(found.accepted, margins=True)
    set_policy(by=company.people["owner"], covered_percent=100, least_money=2000)
    found = ranking(plan, company.people["planner"])
    assert all(found.margin_risk[place] >= 2000_00 for place in found.asked)


def test_the_page_settles_and_takes_back(client: Client, company: SmallCompany, plan: Version) -> None:
    client.force_login(company.people["planner"])
    page = client.get(reverse("demand:inbox")).content.decode()
    assert "worth your time" in page
    assert "Product P2, Germany" in page
    url = reverse("demand:inbox-answer", args=[company.streams["P2/DE"].pk])
    settled = client.post(url, {"answer": "changed", "units": "1000"}, follow=True).content.decode()
    assert "Settled last" in settled
    undo = reverse("demand:inbox-undo", args=[InboxAnswer.objects.get().pk])
    assert "Settled last" not in client.post(undo, follow=True).content.decode()


def test_those_without_margins_see_revenue_and_readers_no_buttons(
    client: Client, company: SmallCompany, plan: Version, everything: None
) -> None:
    client.force_login(company.people["sales"])
    assert "€ 2.6 k" in client.get(reverse("demand:inbox")).content.decode().replace("\xa0", " ")
    client.force_login(company.people["finance"])
    page = client.get(reverse("demand:inbox")).content.decode().replace("\xa0", " ")
    assert "€ 2.2 k" in page
    assert 'value="accepted"' not in page
    assert client.get(reverse("demand:inbox-accepted")).status_code == 200


def test_reads_do_not_grow_with_the_streams(
    company: SmallCompany, plan: Version, django_assert_max_num_queries: Any
) -> None:
    ranking(plan, company.people["planner"])  # what changes with the history alone is kept
    with django_assert_max_num_queries(24):
        ranking(plan, company.people["planner"])
