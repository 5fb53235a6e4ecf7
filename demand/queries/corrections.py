"""Which learned correction a cycle's baseline goes by: the shipped one, or a refit that was kept."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cycles.models import Cycle
from demand.models import Refit
from sop.errors import Locked

if TYPE_CHECKING:
    from demand.forecasting.correction import Correction

SHIPPED = "shipped"


@dataclass(frozen=True)
class CorrectionInUse:
    """A refit whose artefact is used; None for the correction that ships with the engine."""

    refit: Refit | None

    @property
    def sha256(self) -> str:
        """Identity for keys and notes."""
        return self.refit.sha256 if self.refit else SHIPPED


def refit_that_counts(cycle: Cycle) -> Refit | None:
    """The newest refit that was made for this cycle or one before, whatever came of it."""
    return (
        Refit.objects.defer("artefact")
        .select_related("cycle", "dropped_by")
        .filter(first_cycle__lte=cycle.month)
        .first()
    )


def correction_in_use(cycle: Cycle) -> CorrectionInUse:
    """The newest refit decides: where it was not kept, or was dropped since, the shipped correction is used."""
    found = refit_that_counts(cycle)
    return CorrectionInUse(found if found and found.is_used else None)


def load_correction(chosen: CorrectionInUse) -> "Correction | None":
    """The correction itself, from the database, so that every worker uses the same; None for the shipped one.

    Raises Locked, in words, where the stored artefact is not the one that was kept.
    """
    return _loaded(chosen.refit.pk, chosen.refit.sha256) if chosen.refit else None


@lru_cache(maxsize=2)
def _loaded(refit: int, sha256: str) -> "Correction":
    from demand.forecasting.correction import Correction

    stored = bytes(Refit.objects.values_list("artefact", flat=True).get(pk=refit) or b"")
    if hashlib.sha256(stored).hexdigest() != sha256:
        raise Locked(
            "The stored correction is not the one that was kept: its hash differs. "
            "The process owner can go back to the shipped one on the page of the forecast engine."
        )
    return Correction.unpacked(stored)
