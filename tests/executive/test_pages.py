"""The brief and the operating plan as people see them."""

import pytest
from django.urls import reverse

from cycles.choices import Role, StageKind, StageState, Verdict
from cycles.queries import stage_of
from executive.actions.approval import approve
from executive.actions.decisions import decide
from executive.queries import decisions_of

HIDDEN = ["EBIT", "margin", "Stock", "Cost of the measures", "Operating cost"]


def body(client, user, name="executive:home", **query):
    client.force_login(user)
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1].split("</html")[0]


@pytest.fixture
def sponsor(signed):
    return signed.people[Role.SPONSOR]


@pytest.fixture
def approved(before_executives, signed, sponsor):
    decisions = list(decisions_of(signed.cycle))
    decide(decision=decisions[0], by=sponsor, verdict=Verdict.YES)
    decide(decision=decisions[1], by=sponsor, verdict=Verdict.DISCUSS)
    return approve(cycle=signed.cycle, by=sponsor)


def test_before_anything_is_recommended(client, firm):
    assert "Nothing is recommended yet" in body(client, firm.people[Role.SPONSOR])


def test_the_sponsor_reads_what_is_asked_and_can_answer(client, before_executives, sponsor):
    html = body(client, sponsor)
    assert "Adopt scenario B: Shift and price" in html
    assert "Waiting for your decision" in html
    assert html.count('type="radio" name="verdict"') == 6
    assert "Approve plan" in html
    assert "Send back" in html
    assert "Residual" not in html


def test_others_read_without_buttons(client, before_executives, signed):
    html = body(client, signed.people[Role.OPERATIONS])
    assert 'name="verdict"' not in html
    assert "Approve plan" not in html


@pytest.mark.parametrize("role", [Role.SALES, Role.DEMAND_PLANNER])
def test_no_cost_or_margin_for_people_without_the_right(client, approved, signed, role):
    for name in ("executive:home", "executive:plan"):
        html = body(client, signed.people[role], name)
        assert "Revenue" in html or "Units" in html
        assert [word for word in HIDDEN if word in html] == []
    html = body(client, signed.people[role], "executive:plan", measure="ebit")
    assert "EBIT" not in html


def test_answering_and_approving_through_the_page(client, before_executives, signed, sponsor):
    client.force_login(sponsor)
    for decision in decisions_of(signed.cycle):
        client.post(reverse("executive:decide", args=[decision.pk]), {"verdict": "yes"})
    everybody = [person.pk for person in signed.people.values()]
    answer = client.post(reverse("executive:approve"), {"rev": before_executives.rev, "with": everybody})
    assert answer["location"] == reverse("executive:plan")
    assert stage_of(signed.cycle, StageKind.EXECUTIVE).state == StageState.SIGNED


def test_an_approval_of_a_page_that_is_old_is_refused(client, before_executives, signed, sponsor):
    client.force_login(sponsor)
    assert client.post(reverse("executive:approve"), {"rev": before_executives.rev + 5}).status_code == 409


def test_a_wrong_answer_is_refused_in_words(client, before_executives, signed, sponsor):
    client.force_login(sponsor)
    decision = decisions_of(signed.cycle).first()
    url = reverse("executive:decide", args=[decision.pk])
    assert client.post(url, {"verdict": "perhaps"}).status_code == 400
    assert client.post(reverse("executive:decide", args=[999]), {"verdict": "yes"}).status_code == 404


def test_everybody_sees_the_operating_plan(client, approved, signed):
    html = body(client, signed.people[Role.SALES], "executive:plan")
    assert "Coffee" in html
    assert "held" in html
    assert approved.content_hash[:10] in html


@pytest.mark.parametrize("measure", ["units", "revenue", "ebit", "inventory"])
def test_measures_of_the_operating_plan(client, approved, signed, measure):
    for span in ("month", "quarter", "year"):
        assert "Company" in body(
            client, signed.people[Role.FINANCE], "executive:plan", measure=measure, by=span
        )


def test_sending_back_through_the_page(client, before_executives, signed, sponsor):
    client.force_login(sponsor)
    url = reverse("executive:send-back")
    assert client.get(url).status_code == 200
    assert client.post(url, {"to": "reconciliation", "reason": ""}).status_code == 400
    assert client.post(url, {"to": "reconciliation", "reason": "Not agreed"}).status_code == 302
    assert stage_of(signed.cycle, StageKind.EXECUTIVE).state == StageState.OUT_OF_DATE


def test_the_process_owner_writes_the_brief(client, recommended, signed):
    client.force_login(signed.people[Role.PROCESS_OWNER])
    client.post(reverse("executive:words"), {"headline": "Add a shift", "note": "See page two"})
    client.post(
        reverse("executive:decision-add"),
        {
            "question": "Raise prices?",
            "owner": signed.people[Role.SALES].pk,
            "due": "2026-03-01",
        },
    )
    html = body(client, signed.people[Role.PROCESS_OWNER])
    assert "Add a shift" in html
    assert "Raise prices?" in html
    assert client.post(reverse("executive:prepare")).status_code == 302


def test_the_brief_asks_as_often_with_one_decision_as_with_three(
    client, recommended, signed, django_assert_max_num_queries
):
    from executive.actions.brief import add_decision

    owner = signed.people[Role.PROCESS_OWNER]
    body(client, owner)
    counts = []
    for question in ("One?", "Two?", "Three?"):
        add_decision(cycle=signed.cycle, by=owner, question=question)
        with django_assert_max_num_queries(75) as queries:
            body(client, owner)
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_the_sponsor_names_owner_day_and_condition(client, before_executives, signed, sponsor):
    client.force_login(sponsor)
    decision, owner = decisions_of(signed.cycle).first(), signed.people[Role.OPERATIONS]
    values = {"verdict": "yes", "owner": owner.pk, "due": "2026-01-20", "note": "if the council agrees"}
    client.post(reverse("executive:decide", args=[decision.pk]), values)
    html = body(client, sponsor)
    assert "if the council agrees" in html
    assert "Tue 20 Jan" in html
    assert owner.action_items.get().due.isoformat() == "2026-01-20"


def test_what_was_decided_stands_with_the_plan(client, before_executives, signed, sponsor):
    first, second = decisions_of(signed.cycle)
    decide(decision=first, by=sponsor, verdict=Verdict.YES, note="If the council agrees")
    decide(decision=second, by=sponsor, verdict=Verdict.YES)
    plan = approve(cycle=signed.cycle, by=sponsor, comment="Well prepared")
    assert [one["condition"] for one in plan.conditions] == ["If the council agrees"]
    html = body(client, signed.people[Role.SALES], "executive:plan")
    assert "If the council agrees" in html
    assert "Well prepared" in html
    assert second.question in html
