"""The two pages of the harness, drawn by the real templates: the grid, and one with every shared part."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory, override_settings

PAGES = Path(__file__).parent / "pages"
STAGES = [("Data", "signed"), ("Product", "signed"), ("Demand", "open"), ("Supply", ""), ("Reconciliation", ""), ("Executive", "")]
PLACES = [
    {"word": "Home", "url": "/"},
    *(
        {"word": word, "url": f"/{word}", "mark": state or "empty", "state_word": state or "not open", "is_current": word == "Demand"}
        for word, state in STAGES
    ),
    {"word": "KPIs", "url": "/kpis"},
]
USER = SimpleNamespace(is_authenticated=True, initials="ML", role_words="Demand planner", __str__=lambda self: "Mara")
SHELL = {
    "product_name": "Tandem", "user": USER, "places": PLACES, "number_format": "en", "theme": "",
    "shell": {"cycle": {"name": "November 2026", "url": "/"}},
}  # fmt: skip

GRID: dict[str, Any] = {
    "id": "demand-grid", "src": "/plan", "edit": "/plan/edit", "undo": "/plan/undo", "cell": "/plan/cell", "lock": "/plan/lock",
    "facts": "", "print": "/grid/?print=1",
    "config": {
        "label": "Demand plan by month", "corner": "Product", "depth": 1, "unit": "units",
        "units": [{"key": "units", "label": "Units"}, {"key": "money", "label": "€"}],
        "levels": [{"level": 1, "label": "Family"}, {"level": 2, "label": "Product"}, {"level": 3, "label": "Market"}],
        "reasons": [{"code": "promotion", "label": "Promotion"}, {"code": "customer", "label": "Customer information"}],
        "assumptions": [{"id": 7, "label": "Listing from February"}],
        "chart": {
            "measures": ["history", "baseline", "consensus"],
            "legend": [{"label": "History", "colour": "history"}, {"label": "Baseline", "colour": "baseline", "style": "dashed"},
                       {"label": "Consensus", "colour": "consensus"}],
        },
    },
}  # fmt: skip


class ProfileForm(forms.Form):
    name = forms.CharField(help_text="As the others see it.")
    format = forms.ChoiceField(choices=[("en", "1,234.5"), ("de", "1.234,5")], label="Numbers")
    mail = forms.BooleanField(required=False, label="Send me a message when a deadline is near")


MONTHS = ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2027-05", "2027-06", "2027-07", "2027-08", "2027-09", "2027-10"]
PLAN = [517, 526, 527, 533, 466, 432, 410, 404, 418, 476, 483, 507]
BUDGET = [530, 538, 528, 502, 467, 433, 410, 405, 418, 446, 483, 519]
NEED = [1390, 1405, 1420, 1610, 1655, 1580, 1430, 1340, 1290, 1330, 1380, 1440]
PARTS: dict[str, Any] = {
    "stage": SimpleNamespace(pk=3),
    "actions": [
        {"act": "reopen", "label": "Re-open", "enabled": True, "needs_reason": True, "confirm": "Later stages are marked out of date."},
        {"act": "submit", "label": "Submit supply plan", "primary": True, "enabled": False, "why_not": "One gap has no answer."},
    ],
    "figures": [
        {"label": "Sales not served", "value": "4.6", "unit": "€ m", "meaning": "of 412 wanted", "tone": "bad"},
        {"label": "On time, in full", "value": "92.1", "unit": "%", "meaning": "target 96", "tone": "warn", "trend": [95, 94, 96, 93, 92], "goal": 96},
        {"label": "Overloaded", "value": "3", "unit": "resources", "meaning": "Lyon roasting first"},
        {"label": "Stock", "value": "28.1", "unit": "€ m", "meaning": "45 days", "href": "/stock"},
        {"label": "Plan kept", "value": "97", "unit": "%", "meaning": "of what was planned"},
    ],
    "running": {"pk": 1, "title": "Baseline forecast", "state": "running", "state_word": "Running", "progress": 41, "time_left": "20 s", "message": "chunk 4 of 10", "is_active": True, "can_cancel": True},
    "failed": {"pk": 2, "title": "Supply plan", "state": "dead", "state_word": "Failed", "error": "The bill of Espresso names material M-17, which does not exist. Add it or correct the bill, then run again.", "is_active": False},
    "months": ["Nov", "Dec", "Jan", "Feb", "Mar", "Apr"],
    "heat": [{"name": "Roasting", "values": [95, 96, 97, 110, 113, 108]}, {"name": "Packing", "values": [78, 80, 81, 86, 84, 60]}],
    "changes": [("Espresso", 26.4), ("Oat barista", 18.1), ("Iced latte", -11.6)],
    "checks": [
        {"label": "All 14 datasets are here", "ok": True, "message": "Suppliers from 28 Oct."},
        {"label": "2 blocking issues are open", "ok": False, "severity": "block", "message": "Waiting for Lena.", "href": "/"},
        {"label": "Every dataset has an owner", "ok": False, "severity": "warn", "waived_by": "the process owner"},
    ],
    "lines": {"kind": "lines", "x": MONTHS, "series": [
        {"name": "Budget", "y": BUDGET, "colour": "budget", "end_label": True}, {"name": "This cycle", "y": PLAN, "colour": "consensus", "end_label": True}],
        "band": {"low": [value * .93 for value in PLAN], "high": [value * 1.07 for value in PLAN]}},
    "line_table": {"columns": ["Month", "Plan"], "rows": [["Nov 2026", "517"], ["Dec 2026", "526"]]},
    "bridge": {"kind": "waterfall", "x": ["Budget", "Volume", "Price, mix", "Materials", "Shift", "Plan"], "y": [37.7, 3.4, .9, -1.9, -1.2, 38.9],
               "measure": ["absolute", "relative", "relative", "relative", "relative", "total"], "axis_start": 35},
    "bars": {"kind": "stacked", "x": MONTHS, "series": [
        {"name": "Needed", "y": [min(value, 1460) for value in NEED], "colour": "history", "alpha": .45},
        {"name": "Above", "y": [max(value - 1460, 0) for value in NEED], "colour": "bad"},
        {"name": "Available", "y": [1460] * 12, "colour": "accent", "line": True, "step": True}]},
    "page": Paginator(range(95), 20).page(2),
}  # fmt: skip


def drawn(name: str, **context: Any) -> str:
    """A page of this folder, in the shell, for somebody who is signed in."""
    template = engines["django"].from_string((PAGES / name).read_text(encoding="utf-8"))
    with override_settings(ROOT_URLCONF="tests.e2e.stub_urls"):
        return template.render({**context, **SHELL, **context}, RequestFactory().get("/page/"))


def all_pages() -> dict[str, str]:
    grid = drawn("grid.html", grid=GRID)
    german = drawn("grid.html", grid=GRID, number_format="de")
    parts = drawn("parts.html", form=ProfileForm({"name": "", "format": "en"}), **PARTS)
    run = drawn("run.html", running=PARTS["running"] | {"progress": 60})
    return {"/grid/": grid, "/grid-de/": german, "/parts/": parts, "/cycle/runs/1/": run}
