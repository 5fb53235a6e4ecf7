"""One file against its template: typed frames, row errors, double keys, unknown codes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from datahub.context import LoadContext
from datahub.files import FileRefused, RawTable, open_table
from datahub.findings import Findings
from datahub.keys import Hashes, key_hashes, key_texts
from datahub.matching import Sources
from datahub.number_marks import Marks
from datahub.parsing import Frame, Layout, learn_marks, match_header, text_frame, typed_frame
from datahub.registry import Column, Dataset, Kind, dataset_named
from datahub.stored import stored_keys

SUGGEST_FOR = 20
SUGGEST_AMONG = 20_000


@dataclass
class FileReading:
    """A file being read by its dataset's template. Frames may be walked through once.

    ``sources`` match its columns where they bear other names; ``along`` takes from a file of another dataset
    only what is not stored yet, each key once: the products and customers in a list of sales.
    """

    dataset: Dataset
    path: Path
    sources: Sources | None = None
    along: bool = False
    findings: Findings = field(default_factory=Findings)
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    control_total: float = 0.0

    def frames(self, context: LoadContext) -> Iterator[Frame]:
        """Checked frames, chunk by chunk; findings are complete when the last one was taken."""
        try:
            table = open_table(self.path)
            yield from self.frames_of(table, context)
        except FileRefused as refusal:
            self.findings.add(0, "", "", str(refusal))

    def frames_of(self, table: RawTable, context: LoadContext, *, check: bool = True) -> Iterator[Frame]:
        """Typed frames of an open table; without ``check`` codes and keys are taken as they are."""
        layout = match_header(self.dataset, table, self.sources)
        marks = self._learn(table, layout.places)
        seen = KeyWatch(self.dataset)
        adding = Adding(self.dataset, layout, self._known(context) if self.along else None)
        for chunk in table.chunks():
            texts = adding.to(text_frame(chunk, layout.places, len(table.header), self.findings))
            if self.along and texts.empty:
                continue
            frame = typed_frame(self.dataset, texts, marks, table.separator, self.findings)
            if check:
                check_codes(self.dataset, frame, context, self.findings)
                seen.take(frame)
            self._count(frame)
            yield frame
        seen.report(self.findings)
        context.batch_keys[self.dataset.name] = [*context.batch_keys.get(self.dataset.name, []), *seen.hashes]
        if not self.rows:
            table.notes.append(
                "All of it is known already." if self.along else "The file holds a header and no rows."
            )
        self.notes = [*table.notes, *marks.notes(table.separator)]

    def _known(self, context: LoadContext) -> set[int]:
        """Hashes of the keys that are stored or come with the batch."""
        batch = context.batch_keys.get(self.dataset.name, [])
        return set(np.concatenate([stored_keys(self.dataset, self.dataset.key).index, *batch]).tolist())

    def _learn(self, table: RawTable, places: dict[str, int]) -> Marks:
        marks = Marks()
        numbers = {name: at for name, at in places.items() if self.dataset.column(name).kind == Kind.NUMBER}
        # Without quotation marks a comma parts columns and never stands in a number: the first rows tell enough.
        enough = table.plain and table.separator == ","
        for chunk in islice(table.chunks(), 1 if enough else None):
            learn_marks(self.dataset, text_frame(chunk, numbers, len(table.header), Findings()), marks)
        return marks

    def _count(self, frame: Frame) -> None:
        self.rows += len(frame)
        if self.dataset.control in frame:
            self.control_total += float(frame[self.dataset.control].sum())


class Adding:
    """Completes the cells of a chunk: texts that are the same everywhere, running numbers, and of what comes along
    with another dataset the rows that are new."""

    def __init__(self, dataset: Dataset, layout: Layout, seen: set[int] | None) -> None:
        self.key, self.layout, self.seen = list(dataset.key), layout, seen
        self.counts: dict[tuple[str, ...], int] = {}

    def to(self, texts: pd.DataFrame) -> pd.DataFrame:
        """The chunk with all columns that have a source."""
        texts = texts.assign(**self.layout.fixed)
        for name in self.layout.counted:
            texts[name] = self._numbers(texts[[other for other in self.key if other != name]])
        return texts if self.seen is None else self._new(texts, self.seen)

    def _numbers(self, rest: pd.DataFrame) -> list[str]:
        numbers = []
        for group in rest.itertuples(index=False, name=None):
            self.counts[group] = self.counts.get(group, 0) + 1
            numbers.append(str(self.counts[group]))
        return numbers

    def _new(self, texts: pd.DataFrame, seen: set[int]) -> pd.DataFrame:
        hashes = pd.Series(key_hashes(texts, tuple(self.key)), index=texts.index)
        new = ~hashes.isin(seen) & ~hashes.duplicated() & (texts[self.key] != "").any(axis=1)
        seen.update(hashes.tolist())
        return texts[new]


class KeyWatch:
    """Notices keys that stand twice in a file, across all its chunks."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.hashes: list[Hashes] = []
        self.row_numbers: list[npt.NDArray[np.int64]] = []

    def take(self, frame: Frame) -> None:
        if all(name in frame for name in self.dataset.key):
            self.hashes.append(key_hashes(frame, self.dataset.key))
            self.row_numbers.append(frame.index.to_numpy())

    def report(self, findings: Findings) -> None:
        if not self.hashes:
            return
        rows = pd.Series(np.concatenate(self.row_numbers), index=np.concatenate(self.hashes))
        twice = rows[rows.index.duplicated(keep="first")]
        if twice.empty:
            return
        first = dict(rows[~rows.index.duplicated(keep="first")].items())
        key = ", ".join(self.dataset.key)
        for hashed, row in twice.items():
            message = f"Row {first[hashed]} has the same {key}: keep one of the two rows."
            findings.add(int(row), self.dataset.key[0], "", message)


def check_codes(dataset: Dataset, frame: Frame, context: LoadContext, findings: Findings) -> None:
    """Codes that a column refers to must be known; those that it brings become known."""
    for column in dataset.columns:
        if column.name not in frame:
            continue
        if column.creates:
            context.announce(column.creates, pd.unique(frame[column.name]))
        if column.refers:
            _check_references(column, frame[column.name], context, findings)
    _check_parent(dataset, frame, context, findings)


def _check_references(
    column: Column, codes: "pd.Series[str]", context: LoadContext, findings: Findings
) -> None:
    known: set[str] = set().union(*(context.knows(space) for space in column.refers))
    distinct = [code for code in pd.unique(codes) if code and code not in known]
    for count, code in enumerate(distinct):
        near = get_close_matches(code, known, 1) if count < SUGGEST_FOR and len(known) < SUGGEST_AMONG else []
        hint = f" Did you mean {near[0]}?" if near else ""
        words = " or ".join(column.refers)
        message = (
            f"“{{value}}” is no known {words}: correct the code, or load it first or in the same batch.{hint}"
        )
        findings.add_cells(codes, (codes == code).to_numpy(), column.name, message)


def _check_parent(dataset: Dataset, frame: Frame, context: LoadContext, findings: Findings) -> None:
    """Rows that belong to a row of another dataset (a shipment to its order line) must find it."""
    if not dataset.parent:
        return
    name, key = dataset.parent
    known = np.concatenate([*context.batch_keys.get(name, []), _stored_hashes(name, context)])
    lost = ~np.isin(key_hashes(frame, key), known)
    cells = key_texts(frame, key).str.replace("\x1f", " / ")
    findings.add_cells(
        cells, lost, key[0], f"“{{value}}” is in no row of {name}: load that row first or in the same batch."
    )


def _stored_hashes(name: str, context: LoadContext) -> Hashes:
    kept: dict[str, Hashes] = context.scratch.setdefault("stored hashes", {})
    if name not in kept:
        dataset = dataset_named(name)
        if dataset is None:
            raise LookupError(f"No dataset {name!r} is registered.")
        kept[name] = stored_keys(dataset, dataset.key).index.to_numpy(dtype=np.uint64)
    return kept[name]
