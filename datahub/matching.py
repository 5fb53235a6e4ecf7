"""Matching the columns of people's own files to a template: what is remembered, what may be meant. Pure.

A source says where a template's column comes from: ``{"from": "artikelnr."}`` a column of the file,
``{"value": "FG"}`` the same text in every row, ``{"count": True}`` a running number of the rows that agree in
the rest of the key. Names of a file's columns are lower case, as :func:`datahub.files.open_table` gives them.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from datahub.registry import Dataset
from datahub.synonyms import COUNTED, SYNONYMS, USUAL

Source = dict[str, Any]
Sources = dict[str, Source]  # template column -> source

ALIKE = 0.86
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e"})


def plain(name: str) -> str:
    """A column's name without case, accents, blanks and marks: ``Artikel-Nr.`` is ``artikelnr``."""
    return re.sub(r"[^a-z0-9%]", "", name.lower().translate(UMLAUTS))


def stem_of(file_name: str) -> str:
    """What stays of a file's name from month to month: no ending, no digits, no marks."""
    base = re.sub(r"(\.[a-z]{2,4}){1,2}$", "", file_name.lower())
    return re.sub(r"[^a-z]", "", base.translate(UMLAUTS))[:100]


def same_names(dataset: Dataset, header: Sequence[str]) -> Sources:
    """Columns that bear the template's name, however it is written (``Item Code`` for ``item_code``)."""
    written: dict[str, str] = {}
    for name in header:
        written.setdefault(plain(name), name)
    found = {}
    for name in dataset.names:
        at = name if name in header else written.get(plain(name))
        if at:
            found[name] = {"from": at}
    return found


def suggested(dataset: Dataset, header: Sequence[str]) -> Sources:
    """What each column of the template may come from; only what must be filled gets a text or a number."""
    found = same_names(dataset, header)
    for column in dataset.columns:
        if column.name in found:
            continue
        if at := _meant(column.name, header):
            found[column.name] = {"from": at}
        elif (dataset.name, column.name) in USUAL:
            found[column.name] = {"value": USUAL[dataset.name, column.name]}
        elif (dataset.name, column.name) in COUNTED:
            found[column.name] = {"count": True}
    return found


def _meant(name: str, header: Sequence[str]) -> str:
    """The file's column that a template's column is called elsewhere: by its usual names, then by likeness."""
    words = [plain(word) for word in (name, *SYNONYMS.get(name, ()))]
    written = {plain(cell): cell for cell in reversed(header) if plain(cell)}
    for word in words:
        if word in written:
            return written[word]
    for word in words:
        if len(word) > 3 and (near := get_close_matches(word, written, 1, ALIKE)):
            return written[near[0]]
    return ""


def missing(dataset: Dataset, sources: Sources) -> list[str]:
    """Columns that a load needs and that come from nowhere."""
    return [name for name in dataset.needed if name not in sources]


def fitting(header: Sequence[str], among: Iterable[Dataset]) -> Dataset | None:
    """The dataset that a file most likely holds: what it must have is there, and most of the rest."""
    best, most = None, 0
    for dataset in among:
        sources = suggested(dataset, header)
        used = {source["from"] for source in sources.values() if "from" in source}
        if not missing(dataset, sources) and len(used) > most:
            best, most = dataset, len(used)
    return best


def usable(sources: Sources, header: Sequence[str]) -> bool:
    """Whether every column that the sources name is in the file."""
    return all(source["from"] in header for source in sources.values() if "from" in source)
