"""A draft made anew from a baseline: the product step, events, and the ledger replayed over it in order."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cycles.choices import Measure
from cycles.models import User, Version
from demand.actions import system_changes
from demand.actions.summary import write_summary
from demand.models import BaselinePart, DemandFact, SeriesNote
from demand.queries.blocks import Block
from demand.queries.ledger import SYSTEM_SOURCES, load_steps
from demand.queries.rules import (
    launch_rules,
    phase_out_rules,
    promotion_rules,
    push_rules,
    settled_products,
)
from demand.queries.streams import stream_table
from sop.bulk import bulk_insert

if TYPE_CHECKING:
    from demand.steps import Whole

FACT_COLUMNS = (
    "version",
    "stream",
    "month",
    "baseline",
    "product",
    "marketing",
    "sales",
    "planner",
    "consensus",
    "low_80",
    "high_80",
    "low_95",
    "high_95",
    "rev",
)


class NewDraft:
    """The draft that a forecast run leads to; ``compute`` may be repeated, ``store`` writes what it came to."""

    def __init__(self, draft: Version, parts: list[BaselinePart]) -> None:
        import numpy as np

        self.draft = draft
        months = draft.cycle.months
        streams = np.concatenate([np.frombuffer(bytes(part.streams), dtype=np.int64) for part in parts])
        figures = np.concatenate([self._unpacked(part, len(months)) for part in parts], axis=1)
        order = np.argsort(streams, kind="stable")
        self.figures = figures[:, order]
        notes = [note for part in parts for note in part.notes]
        self.notes = [notes[place] for place in order.tolist()]
        shape = (len(streams), len(months))
        self.block = Block(
            draft,
            streams[order],
            months,
            np.empty((6, *shape), dtype=np.int64),
            np.ones(shape, dtype=np.int64),
            np.zeros(shape, dtype=np.int64),
        )
        self.table = stream_table()
        self.rev = -1

    @staticmethod
    def _unpacked(part: BaselinePart, months: int) -> "Whole":
        import numpy as np

        figures: Whole = np.frombuffer(bytes(part.figures), dtype=np.int64).reshape(5, -1, months)
        return figures

    def compute(self) -> None:
        """The six columns from the baseline and the ledger as it is now."""
        from demand.lifecycle import product_step
        from demand.steps import replay

        self.draft.refresh_from_db()
        self.rev = self.draft.rev
        block, cycle = self.block, self.draft.cycle
        places = self.table.rows_of(block.streams)
        prices = self.table.prices[places]
        launches = launch_rules(cycle)
        settled = settled_products(cycle, [launch.product for launch in launches])
        block.plan[0] = self.figures[0]
        block.plan[1], effects = product_step(
            block.plan[0],
            products=self.table.products[places],
            markets=self.table.markets[places],
            launches=launches,
            phase_outs=phase_out_rules(cycle),
            settled=_whole(settled),
            pushes=push_rules(cycle),
        )
        desired = system_changes.from_effects(effects, block, prices)
        desired += system_changes.from_promotions(promotion_rules(cycle), block, self.table, prices)
        self.system = system_changes.compare(self.draft, block, desired, SYSTEM_SOURCES)
        later = [step for step in self.system.steps if step.column == Measure.MARKETING]
        people = load_steps(block, Measure.values[2:], without=SYSTEM_SOURCES)
        replay(block.plan, later + people, Measure.values.index(Measure.MARKETING))

    def store(self, *, by: User | None) -> None:
        """Replaces facts, summary and notes of the draft, and brings the system's part of the ledger up to date."""
        DemandFact.objects.filter(version=self.draft).delete()
        bulk_insert(DemandFact, FACT_COLUMNS, self._fact_rows(), plain=True)
        write_summary(self.block, self.table, self.figures[2] - self.figures[1])
        SeriesNote.objects.filter(version=self.draft).delete()
        bulk_insert(
            SeriesNote,
            ("version", "stream", "method", "series_class", "sentence", "repairs"),
            self._note_rows(),
            plain=True,
        )
        system_changes.store(self.system, version=self.draft, block=self.block, by=by)

    def _fact_rows(self) -> Iterator[tuple[Any, ...]]:
        streams, version = self.block.streams.tolist(), self.draft.pk
        for place, month in enumerate(self.block.months):
            text = month.isoformat()
            columns = [column[:, place].tolist() for column in (*self.block.plan, *self.figures[1:])]
            for stream, *figures in zip(streams, *columns, strict=True):
                yield (version, stream, text, *figures, 0)

    def _note_rows(self) -> Iterator[tuple[Any, ...]]:
        for stream, (method, kind, sentence, repairs) in zip(
            self.block.streams.tolist(), self.notes, strict=True
        ):
            yield (self.draft.pk, stream, method[:40], kind[:20], sentence, json.dumps(repairs))


def _whole(keys: list[int]) -> "Whole":
    import numpy as np

    return np.array(sorted(keys), dtype=np.int64)
