"""Spreading an entered total over its parts by the largest remainder. Pure: no Django.

Whole numbers in, whole numbers out (quanta), so that the parts always add up exactly to the total.
"""

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]


def largest_remainder(total: int, weights: npt.ArrayLike) -> Whole:
    """``total`` split in proportion to non-negative ``weights`` (n), each part rounded, the sum exact.

    Parts get the whole part of their exact share; what is left goes one by one to the largest
    remainders, ties to the earlier part (the Hamilton method). All weights zero: equal shares.
    Negative totals are split like positive ones, with the sign. Raises ValueError for no parts or a
    negative weight.
    """
    shares = np.asarray(weights, dtype=np.float64)
    if shares.size == 0:
        raise ValueError("There is nothing to spread over.")
    if not np.isfinite(shares).all() or (shares < 0).any():
        raise ValueError("Weights must be finite and not negative.")
    if shares.sum() == 0:
        shares = np.ones_like(shares)
    sign = -1 if total < 0 else 1
    exact = abs(int(total)) * (shares / shares.sum())
    parts = np.floor(exact).astype(np.int64)
    left = abs(int(total)) - int(parts.sum())
    return sign * _hand_out(parts, exact - parts, left)


def _hand_out(parts: Whole, remainders: npt.NDArray[np.float64], left: int) -> Whole:
    # Floats of very large totals can be off by a few: hand out (or take back) until the sum is exact.
    order = np.argsort(-remainders if left >= 0 else remainders, kind="stable")
    step = 1 if left >= 0 else -1
    while left:
        able = order if step > 0 else order[parts[order] > 0]
        chosen = able[: abs(left)]
        parts[chosen] += step
        left -= step * len(chosen)
    return parts


def spread(
    total: int,
    present: npt.ArrayLike,
    *,
    locked: npt.ArrayLike | None = None,
    fallback: npt.ArrayLike | None = None,
) -> Whole:
    """New parts (n) whose sum is ``total``, in proportion to the ``present`` ones.

    ``locked`` parts (n, bool) keep their value and the free ones share the rest; where all free parts
    are zero they follow ``fallback`` weights (history, say), else equal shares. Raises ValueError where
    nothing is free, or where the locked parts already exceed a total of the free parts' sign.
    """
    now = np.asarray(present, dtype=np.int64)
    free = np.ones(now.shape, dtype=bool) if locked is None else ~np.asarray(locked, dtype=bool)
    if not free.any():
        raise ValueError("All parts are locked.")
    rest = int(total) - int(now[~free].sum())
    if rest < 0 <= total:
        raise ValueError("The locked parts alone are more than the total entered.")
    weights = np.abs(now[free])
    if weights.sum() == 0 and fallback is not None:
        weights = np.abs(np.asarray(fallback, dtype=np.float64)[free])
    result = now.copy()
    result[free] = largest_remainder(rest, weights)
    return result
