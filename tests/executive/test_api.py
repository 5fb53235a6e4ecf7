"""The executive review over the API."""

import json

from django.urls import reverse

from cycles.choices import Role
from executive.queries import decisions_of


def call(client, user, method, name, *args, body=None):
    client.force_login(user)
    url = reverse(f"executive_api:{name}", args=args)
    answer = (
        client.get(url)
        if method == "get"
        else client.post(url, json.dumps(body or {}), content_type="application/json")
    )
    return answer.status_code, answer.json() if answer.content else None


def test_from_the_brief_to_the_operating_plan(client, before_executives, signed):
    sponsor, sales = signed.people[Role.SPONSOR], signed.people[Role.SALES]
    assert call(client, sales, "get", "brief")[1]["headline"] == "Adopt scenario B: Shift and price"
    _, decisions = call(client, sales, "get", "decision-list")
    assert "margin_minor" not in decisions["results"][0]
    assert (
        call(
            client, sales, "post", "decision-answer", decisions["results"][0]["id"], body={"verdict": "yes"}
        )[0]
        == 403
    )
    for decision in decisions_of(signed.cycle):
        status, answered = call(
            client, sponsor, "post", "decision-answer", decision.pk, body={"verdict": "yes"}
        )
        assert (status, answered["verdict"]) == (200, "yes")
    status, plan = call(client, sponsor, "post", "approve", body={"comment": "Go"})
    assert status == 201
    _, lines = call(client, sales, "get", "plan-lines", plan["id"])
    assert {line["row"] for line in lines["results"]} <= {
        "units",
        "revenue",
        "wanted_units",
        "on_time_units",
        "wanted_revenue",
    }


def test_an_open_question_keeps_the_plan_from_being_approved(client, before_executives, signed):
    status, body = call(client, signed.people[Role.SPONSOR], "post", "approve")
    assert status == 409
    assert "decisions wait for an answer" in body["message"]


def test_sending_back(client, before_executives, signed):
    sponsor = signed.people[Role.SPONSOR]
    assert call(client, sponsor, "post", "send-back", body={"to": "supply", "reason": ""})[0] == 400
    assert (
        call(client, sponsor, "post", "send-back", body={"to": "supply", "reason": "Check hours"})[0] == 204
    )
