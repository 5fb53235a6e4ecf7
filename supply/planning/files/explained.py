"""Writing explanations: explain.json, one entry for each of the largest gaps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from supply.planning.case import Case
from supply.planning.explain import Explanation, Lever


def write_explanations(case: Case, explanations: list[Explanation], folder: Path) -> None:
    """Write explain.json; nothing where there is nothing to explain."""
    if not explanations:
        return
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([_entry(case, told) for told in explanations], indent=1)
    (folder / "explain.json").write_text(text + "\n", encoding="utf-8")


def _entry(case: Case, told: Explanation) -> dict[str, Any]:
    gap = told.gap
    return {
        **_cell(case, gap.stream, gap.month),
        "gap_units": gap.gap_units,
        "gap_value": gap.gap_value,
        "binding": list(gap.binding),
        "instead": [list(names) for names in gap.instead],
        "rents": [{"limit": r.name, "takes": r.takes, "rent": r.rent} for r in told.rents],
        "together": told.together,
        "levers": [_lever(case, lever) for lever in told.levers],
        "recipe": _lever(case, told.recipe) if told.recipe else None,
    }


def _lever(case: Case, lever: Lever) -> dict[str, Any]:
    effect = lever.effect
    offers = zip(lever.names, lever.remedies, effect.used, strict=True)
    return {
        "remedies": [
            {"limit": name, "price": remedy.price, "used": used if used >= 0 else None}
            for name, remedy, used in offers
        ],
        "units_recovered": effect.units_closed,
        "spent": effect.spent,
        "gain": effect.gain,
        "needed_by": lever.needed_by,
        "changes": effect.changes,
        "displaced": [
            {**_cell(case, d.stream, d.month), "units": d.units, "value": d.value} for d in effect.displaced
        ],
    }


def _cell(case: Case, stream: int, month: int) -> dict[str, Any]:
    return {
        "product": str(case.products.name[case.demand.product[stream]]),
        "market": str(case.places.name[case.demand.market[stream]]),
        "month": case.settings.month_name(month),
    }
