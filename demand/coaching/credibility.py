"""Means of groups, pulled towards the mean of all where a group has few cases.

The estimator of Bühlmann & Straub (1970, "Glaubwürdigkeit für Schadensätze"; formulas as in Bühlmann & Gisler 2005,
A Course in Credibility Theory, chapter 4), which is empirical Bayes with normal spreads:

    within  = sum_ij w_ij (x_ij - m_i)^2 / sum_i (n_i - 1)
    between = [sum_i w_i (m_i - m)^2 - (I - 1) within] / (w - sum_i w_i^2 / w)
    z_i     = w_i / (w_i + within / between)
    pulled  = z_i m_i + (1 - z_i) m
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

# The pull in cases, within / between, is itself uncertain where there are few groups: it is held between these.
LEAST_PULL, MOST_PULL = 4.0, 200.0


@dataclass(frozen=True)
class Pulled:
    """A group's estimate: its own mean, the pulled one, how far it is trusted (``weight``, 0 to 1), its cases."""

    own: float
    value: float
    weight: float
    cases: int


@dataclass(frozen=True)
class Credibility:
    """The mean of all cases and the pulled mean of each group."""

    mean: float
    groups: dict[Hashable, Pulled]

    def of(self, group: Hashable) -> Pulled:
        """The group's estimate; a group without cases has the mean of all."""
        return self.groups.get(group) or Pulled(self.mean, self.mean, 0.0, 0)


def credibility(
    values: Sequence[float], groups: Sequence[Hashable], weights: Sequence[float] | None = None
) -> Credibility:
    """Pulled means of ``values`` (n) by ``groups`` (n), with ``weights`` (n) of the cases (all 1 by default).

    Weights are relative: only their ratios matter. Without a case everything is zero.
    """
    import numpy as np

    if not len(values):
        return Credibility(0.0, {})
    x = np.asarray(values, dtype=np.float64)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    w = w / w.mean()  # in cases, so that the bounds of the pull mean the same for every measure
    names = list(dict.fromkeys(groups))
    places = {name: place for place, name in enumerate(names)}
    index = np.array([places[name] for name in groups])
    count = np.bincount(index)
    total = np.bincount(index, weights=w)
    means = np.bincount(index, weights=w * x) / np.maximum(total, 1e-300)
    mean = float((w * x).sum() / w.sum())
    within = float((w * (x - means[index]) ** 2).sum()) / max(1, int((count - 1).sum()))
    spread = float((total * (means - mean) ** 2).sum()) - (len(names) - 1) * within
    room = float(total.sum() - (total**2).sum() / total.sum())
    pull = MOST_PULL if spread <= 0 or room <= 0 else within * room / spread
    trust = total / (total + min(max(pull, LEAST_PULL), MOST_PULL))
    pulled = trust * means + (1 - trust) * mean
    rows = zip(names, means.tolist(), pulled.tolist(), trust.tolist(), count.tolist(), strict=True)
    return Credibility(mean, {name: Pulled(*figures) for name, *figures in rows})
