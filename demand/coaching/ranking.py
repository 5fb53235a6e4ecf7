"""What is worth a person's time: money at risk times the chance that a human adds something; the rest by policy.

money at risk = (half the width of the 80 % interval + |change against the last cycle|) x worth of a unit
chance        = 1 - (1 - share of like past entries that helped) x product over signals of (1 - raise)
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Places = npt.NDArray[np.int64]

# What each signal adds to the chance, as the part of the remaining doubt that it takes away. They are judgements, kept
# equal where nothing tells them apart; what people know and a history cannot (an event, a missing input) weighs double.
RAISES = {
    "bias": 0.15,
    "tracking": 0.15,
    "change": 0.15,
    "missing": 0.30,
    "event": 0.30,
}

BIAS_SHARE = 0.10  # of the volume of the last closed months
TRACKING_LIMIT = 4.0  # mean absolute deviations: Brown's tracking signal, customary limit
CHANGE_SHARE = 0.15  # of the last plan


def money_at_risk(half_width: "Floats", change: "Floats", worth: "Floats") -> "Floats":
    """All (n): units, units, money of a unit; a unit sold at a loss puts nothing at risk."""
    import numpy as np

    risk: Floats = (np.maximum(half_width, 0.0) + np.abs(change)) * np.maximum(worth, 0.0)
    return risk


def chances(helps: "Floats", signals: "dict[str, Flags]") -> "Floats":
    """Chance (n, 0 to 1) that a human adds value: the share that helped so far, raised by each signal that is on."""
    import numpy as np

    doubt = 1.0 - np.clip(helps, 0.0, 1.0)
    for name, on in signals.items():
        doubt = doubt * np.where(on, 1.0 - RAISES[name], 1.0)
    result: Floats = 1.0 - doubt
    return result


def asked(risk: "Floats", chance: "Floats", *, least: float, covered: float) -> "tuple[Places, Places]":
    """Which items are asked about, the most worthwhile first, and which the policy accepts unasked, likewise.

    Items below ``least`` money at risk are accepted; of the others those are asked that together cover the share
    ``covered`` (0 to 1) of all money at risk x chance.
    """
    import numpy as np

    worth = risk * chance
    order = np.argsort(-worth, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(worth[order])[:-1]]) if len(order) else worth
    wanted = (before < covered * worth.sum() * (1 - 1e-12)) & (risk[order] >= least) & (worth[order] > 0)
    return order[wanted], order[~wanted]


def tracking_signal(errors: Iterable[float]) -> float:
    """Sum of errors over their mean absolute size (Brown 1959); 0 without errors."""
    known = list(errors)
    size = sum(abs(error) for error in known) / len(known) if known else 0.0
    return sum(known) / size if size else 0.0
