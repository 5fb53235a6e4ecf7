"""What is said while an override is typed: the person's record, a suggested figure, and what the entry would do."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cycles.models import User, Version
from demand.actions.edits import Edit, preview_edits
from demand.queries.skills import company_skills
from demand.queries.views import parse_node
from demand.registry import ExtraLoad, extra_load
from sop.quantities import QUANTA_PER_UNIT

if TYPE_CHECKING:
    from demand.actions.batch import Batch
    from demand.coaching import Record

LOADS_SHOWN = 2
WORTH_SAYING = 0.02  # a suggestion nearer than this share of the change is no news
LEVEL_WORDS = {
    "all": "the whole plan", "family": "families", "product": "products", "stream": "single markets",
}  # fmt: skip


@dataclass(frozen=True)
class Advice:
    """Figures are in the unit in which the person types; ``units`` and ``revenue_minor`` are of the whole change.

    ``record`` is None where too little is known to say anything; ``suggestion`` where the entry is best as it is.
    """

    level: str
    size: str
    record: "Record | None"
    suggestion: float | None
    units: float
    revenue_minor: int
    loads: list[ExtraLoad]

    @property
    def gain(self) -> float:
        """What such entries took off the error, as a share of the volume; below zero they added to it."""
        return 0.0 if self.record is None else self.record.gain.value

    @property
    def cost(self) -> float:
        return -self.gain

    @property
    def digits(self) -> int:
        """Places of the suggestion."""
        return 0 if self.suggestion is None or self.suggestion == int(self.suggestion) else 2


def coach(
    *, version: Version, by: User, edit: Edit, unit: str = "units", filters: Mapping[str, str] | None = None
) -> Advice | None:
    """What is known of an entry before it is saved; None where it would change nothing.

    Raises what saving it would raise: NotAllowed, Locked, WrongState, InvalidInput or NotFound.
    """
    from demand.coaching import Group, size_class
    from demand.coaching.skill import suggested

    batch = preview_edits(version=version, by=by, edits=[edit], unit=unit, filters=filters)
    before, after = batch.figure(edit) or 0.0, batch.figure_after(edit)
    if not batch.planned or edit.value is None or after is None:
        return None
    skills = company_skills(version.cycle)
    level, size = parse_node(edit.node).kind, size_class(before, after)
    record = skills.record(Group(by.pk, level, size)) if skills.is_enough else None
    suggestion = None
    if record and abs(record.shrink - 1) > WORTH_SAYING:
        suggestion = readable(suggested(before, after, record.shrink))
    return Advice(
        LEVEL_WORDS[level],
        size,
        record,
        None if suggestion == after else suggestion,
        _units(batch),
        batch.value_moved(),
        extra_load(version.cycle, _by_product(batch))[:LOADS_SHOWN],
    )


def readable(value: float) -> float:
    """A figure that a person would type: whole where it is large."""
    return float(round(value)) if abs(value) >= 100 else round(value, 2)


def _units(batch: "Batch") -> float:
    moved = batch.block.plan[-1].clip(0) - batch.before[-1].clip(0)
    return float(moved.sum()) / QUANTA_PER_UNIT


def _by_product(batch: "Batch") -> dict[int, dict[date, float]]:
    """What the entry changes of the consensus, by product and month, units."""
    table = batch.view.table
    products = table.products[table.rows_of(batch.block.streams)].tolist()
    moved = (batch.block.plan[-1].clip(0) - batch.before[-1].clip(0)) / QUANTA_PER_UNIT
    found: dict[int, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for place, month in enumerate(batch.block.months):
        for row in moved[:, place].nonzero()[0].tolist():
            found[products[row]][month] += float(moved[row, place])
    return {product: dict(months) for product, months in found.items()}
