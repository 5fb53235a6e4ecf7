"""The two pages of the harness, drawn by the real templates: the grid, and one with every shared part."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory, override_settings

PAGES = Path(__file__).parent / "pages"
STATES = {
    "Data": "signed",
    "Product": "signed",
    "Demand": "open",
    "Supply": "not open",
    "Reconciliation": "not open",
    "Executive": "not open",
}


def _place(word: str, state: str) -> dict[str, Any]:
    return {
        "word": word,
        "url": f"/{word}",
        "mark": state,
        "state_word": state,
        "is_current": word == "Demand",
    }


PLACES = [
    {"word": "Home", "url": "/"},
    *(_place(word, state) for word, state in STATES.items()),
    {"word": "KPIs", "url": "/kpis"},
]
USER = SimpleNamespace(
    is_authenticated=True, initials="ML", role_words="Demand planner", __str__=lambda self: "Mara"
)
SHELL = {
    "product_name": "Tandem",
    "user": USER,
    "places": PLACES,
    "number_format": "en",
    "theme": "",
    "shell": {"cycle": {"name": "November 2026", "url": "/"}},
}


class ProfileForm(forms.Form):
    name = forms.CharField(help_text="As the others see it.")
    format = forms.ChoiceField(choices=[("en", "1,234.5"), ("de", "1.234,5")], label="Numbers")
    mail = forms.BooleanField(required=False, label="Send me a message when a deadline is near")


def _read(name: str) -> dict[str, Any]:
    return dict(json.loads((PAGES / name).read_text(encoding="utf-8")))


def drawn(name: str, **context: Any) -> str:
    """A page of this folder, in the shell, for somebody who is signed in."""
    template = engines["django"].from_string((PAGES / name).read_text(encoding="utf-8"))
    with override_settings(ROOT_URLCONF="tests.e2e.stub_urls"):
        return template.render({**context, **SHELL, **context}, RequestFactory().get("/page/"))


def all_pages() -> dict[str, str]:
    """Every page of the harness by its path; a run asked for again has got a little further."""
    context, grid_context = _read("parts.json"), _read("grid.json")
    grid = drawn("grid.html", grid=grid_context)
    german = drawn("grid.html", grid=grid_context, number_format="de")
    page = Paginator(range(95), 20).page(2)
    parts = drawn("parts.html", form=ProfileForm({"name": "", "format": "en"}), page=page, **context)
    run = drawn("run.html", running=context["running"] | {"progress": 60})
    return {"/grid/": grid, "/grid-de/": german, "/parts/": parts, "/cycle/runs/1/": run}
