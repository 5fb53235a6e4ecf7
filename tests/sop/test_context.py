"""What the bar shows: name, theme, number format, stages with their states, and where one is."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve

from sop import context

pytestmark = pytest.mark.urls("tests.e2e.stub_urls")

STAGES = [
    {"name": "Data", "url_name": "datahub:home", "state": "signed", "state_word": "signed"},
    {"name": "Demand", "url_name": "demand:home", "state": "open", "state_word": "open"},
    {"name": "Supply", "url_name": "supply:home", "state": "out_of_date", "state_word": "out of date"},
    {"name": "Elsewhere", "url_name": "nowhere:home", "state": "open", "state_word": "open"},
]


def bar(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, Any] | None, path: str = "/demand/", **user: Any
) -> dict[str, Any]:
    monkeypatch.setattr(context, "_shell_query", lambda: lambda person: told)
    request = RequestFactory().get(path)
    request.user = SimpleNamespace(**{"is_authenticated": True, **user})
    request.resolver_match = resolve(path)
    return context.shell(request)


def test_the_stages_of_the_cycle_with_their_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    places = bar(monkeypatch, {"cycle": {"name": "November 2026"}, "stages": STAGES})["places"]
    assert [place["word"] for place in places] == ["Home", "Data", "Demand", "Supply", "KPIs"]
    assert [place["mark"] for place in places] == ["", "signed", "open", "stale", ""]
    assert [place["word"] for place in places if place["is_current"]] == ["Demand"]


def test_without_a_cycle_every_room_is_there_and_none_has_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    places = bar(monkeypatch, None, path="/")["places"]
    assert len(places) == 8
    assert {place["mark"] for place in places} == {""}
    assert [place["word"] for place in places if place["is_current"]] == ["Home"]


@pytest.mark.parametrize(
    ("chosen", "theme"), [("dark", "dark"), ("light", "light"), ("auto", ""), ("x><", "")]
)
def test_the_theme_and_the_number_format_are_the_persons(
    monkeypatch: pytest.MonkeyPatch, chosen: str, theme: str
) -> None:
    shown = bar(monkeypatch, {}, theme=chosen, number_format="de")
    assert (shown["theme"], shown["number_format"]) == (theme, "de")


def test_somebody_who_is_not_signed_in_sees_no_places(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = bar(monkeypatch, {"stages": STAGES}, is_authenticated=False)
    assert shown["places"] == []
    assert shown["product_name"]
