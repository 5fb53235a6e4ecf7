"""What a load knows while it runs: codes and their ids, the batch's own codes, who and when."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cycles.models import Cycle, User
from datahub.registry import code_space

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


@dataclass
class LoadContext:
    """Shared by all files of a batch. Ids are read once and kept; new codes are added as they are made."""

    by: User | None = None
    cycle: Cycle | None = None
    batch_codes: dict[str, set[str]] = field(default_factory=dict)
    batch_keys: dict[str, list["npt.NDArray[np.uint64]"]] = field(default_factory=dict)
    loaded: set[str] = field(default_factory=set)
    scratch: dict[str, Any] = field(default_factory=dict)
    _ids: dict[str, dict[str, int]] = field(default_factory=dict)

    def ids(self, space: str) -> dict[str, int]:
        """Code to id of everything in a code space."""
        if space not in self._ids:
            self._ids[space] = dict(code_space(space).model._default_manager.values_list("code", "pk"))
        return self._ids[space]

    def forget(self, space: str) -> None:
        """Read the ids of a space again: rows were added by other means."""
        self._ids.pop(space, None)

    def knows(self, space: str) -> set[str]:
        """Codes that may be referred to: those stored and those that come with the batch."""
        return set(self.ids(space)) | self.batch_codes.get(space, set())

    def announce(self, space: str, codes: Iterable[str]) -> None:
        """Codes that the batch itself brings."""
        self.batch_codes.setdefault(space, set()).update(code for code in codes if code)

    def ensure(self, space: str, codes: Iterable[str], **fields: Any) -> dict[str, int]:
        """Make rows for codes that have none yet (name = code unless given); all ids of the space."""
        model = code_space(space).model
        missing = sorted({code for code in codes if code} - set(self.ids(space)))
        if missing:
            model._default_manager.bulk_create(
                model(**{"code": code, "name": code, **fields}) for code in missing
            )
            self.forget(space)
        return self.ids(space)

    def id_column(self, space: str, codes: "pd.Series[str]") -> list[int | None]:
        """Ids of codes; empty codes have none."""
        ids = self.ids(space)
        return [ids[code] if code else None for code in codes]
