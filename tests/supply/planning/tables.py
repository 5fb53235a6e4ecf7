"""Small case folders written as text, one line a row."""

from __future__ import annotations

from pathlib import Path

from supply.planning.case import Case
from supply.planning.files.reader import read_case

PLACES = "place,kind\nPlant,site\nMarket,market"
LANES = "origin,destination\nPlant,Market"


def settings(months: int, **more: str) -> str:
    """A settings file that starts in January 2026."""
    lines = ["key,value", "first_month,2026-01", f"months,{months}", *(f"{k},{v}" for k, v in more.items())]
    return "\n".join(lines)


def write_case(folder: Path, months: int = 1, /, *, horizon: str | None = None, **files: str) -> Path:
    """A case folder of one plant and one market, save for the files given (None leaves a file out)."""
    contents = {
        "settings": horizon or settings(months),
        "products": "product\nA",
        "places": PLACES,
        "lanes": LANES,
        "production": "product,site\nA,Plant",
        **files,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in contents.items():
        if text:
            (folder / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")
    return folder


def small_case(folder: Path, months: int = 1, /, *, horizon: str | None = None, **files: str) -> Case:
    """The same, read."""
    return read_case(write_case(folder, months, horizon=horizon, **files))
