"""What the learned correction sees of a fit, free of scale: rows per month ahead for the trees, one row for
the network."""

import numpy as np

from demand.forecasting.arrays import LOOKAHEAD, SEASON, Floats, Singles, mean, median
from demand.forecasting.ensemble import Fit, slope
from demand.forecasting.seasonality import seasonal_indices
from demand.forecasting.smoothing import GRID, SIMPLE, smooth_evolving, soft_choice

LAGS = 36  # months of history the network sees
SHOWN_AHEAD = [0, 5, 11, LOOKAHEAD - 1]
SLOW_HALF_LIFE = 8.0


class Features:
    """Features of a Fit in logs. rows() (N, 24, 45) relative to the base, network_inputs() (N, 109) and unit
    (N,).

    unit is the series' own one-step error, in which the network counts."""

    def __init__(self, fit: Fit) -> None:
        self.fit = fit
        x, level = fit.x, fit.level
        self.members = {name: member[:, :LOOKAHEAD] for name, member in fit.members.items()}
        self.season = fit.season[:, :LOOKAHEAD]
        phase = np.arange(LOOKAHEAD) % SEASON
        self.phase, self.width = phase, x.shape[1]
        evolving = smooth_evolving(fit.z, LOOKAHEAD)
        relative = evolving.losses / (evolving.losses.min(1, keepdims=True) + 1e-12)
        seasonal = np.einsum("np,nph->nh", soft_choice(relative.mean(2)), evolving.forecasts)
        self.evolving = seasonal - self.season
        self.slow = seasonal_indices(fit.ratios, fit.indices.months, SLOW_HALF_LIFE).shrunk
        steps = np.diff(x, axis=1)
        self.step, self.step_recent = (median(np.abs(d)) + 1e-4 for d in (steps, steps[:, -SEASON:]))
        recent = steps[:, -60:]
        recent = np.nan_to_num(recent - mean(recent)[:, None])
        self.autocorrelation = (recent[:, 1:] * recent[:, :-1]).sum(1) / ((recent**2).sum(1) + 1e-9)
        self.months = fit.indices.months
        self.growth = np.nan_to_num(self._past(0, 12) - self._past(12, 24))
        self.growth_before = np.nan_to_num(self._past(12, 24) - self._past(24, 36))
        self.near, self.far = fit.losses[:, :, 0].min(1), fit.losses[:, :, -1].min(1)
        self.parameters = [(fit.weights * GRID[row]).sum(1) for row in range(3)]
        self.simple = fit.relative[:, :SIMPLE].mean(2).min(1)
        self.unit = self.near + 0.005
        self.centre = level

    def _past(self, latest: int, earliest: int) -> Floats:
        """Mean of the adjusted months from `earliest` to `latest` months ago (N,)."""
        return mean(self.fit.x[:, self.width - earliest : self.width - latest])

    def _against_level(self, values: Floats) -> Floats:
        return np.nan_to_num(values - self.centre)

    def rows(self) -> Singles:
        """(N, 24, 45): one row per month ahead."""
        fit, base, x = self.fit, self.members["base"], self.fit.x
        ahead = np.arange(LOOKAHEAD)[None, :]
        count = len(x)

        def wide(*columns: Floats) -> list[Floats]:
            return [np.repeat(np.asarray(one, float)[:, None], LOOKAHEAD, 1) for one in columns]

        last_year = x[:, self.width - SEASON + self.phase]
        last_year = np.where(np.isfinite(last_year), last_year, base)
        year_before = x[:, self.width - 2 * SEASON + self.phase] - self.centre[:, None]
        against = self._against_level
        with np.errstate(all="ignore"):
            lags = x[:, -LAGS:]
            known = np.isfinite(lags)
            top, bottom = np.where(known, lags, -np.inf).max(1), np.where(known, lags, np.inf).min(1)
            columns = [
                *(self.members[m] - base for m in ("damped", "theta", "theta_ols", "long", "short", "level")),
                last_year - base,
                last_year + self.growth[:, None] * (1 + ahead // SEASON) - base,
                np.repeat(ahead + 1.0, count, 0),
                self.season,
                *wide(against(x[:, -1]), *(against(self._past(0, months)) for months in (3, 6, 12))),
                *wide(self.growth, self.growth_before, fit.drifts.long, fit.drifts.ols),
                *wide(slope(x[:, -12:]), slope(x[:, -24:]), self.step, self.step_recent / self.step),
                *wide(self.autocorrelation, fit.indices.reliability, np.log(self.months), *self.parameters),
                *wide(self.near, self.far / (self.near + 1e-4), self.simple, np.abs(fit.profile).max(1)),
                *wide((x[:, -1] - self.centre) / self.step),
                self.evolving - base,
                self.slow[:, self.phase] - self.season,
                fit.indices.raw[:, self.phase] - self.season,
                *wide(fit.drifts.recent, against(x[:, -2]), against(x[:, -3])),
                *wide(against(self._past(0, 24)), against(self._past(0, 36)), against(mean(x))),
                *wide(against(top), against(bottom)),
                np.nan_to_num(year_before),
            ]
        result: Singles = np.nan_to_num(np.stack(columns, 2)).astype(np.float32)
        return result

    def network_inputs(self) -> Singles:
        """(N, 109) in units of the own one-step error: past, member paths, seasonal profiles, scalars."""
        fit, unit, centre = self.fit, self.unit[:, None], self.centre[:, None]
        paths = [self.members[m] for m in ("damped", "theta", "long", "short")] + [self.evolving]
        scalars = [
            np.log(self.unit),
            fit.indices.reliability * 2 - 1,
            np.log(self.months) - 4.5,
            *(drift * SEASON / self.unit for drift in (fit.drifts.long, fit.drifts.ols, fit.drifts.recent)),
            self.growth / self.unit,
            self.growth_before / self.unit,
            self.autocorrelation,
            self.parameters[0],
            self.parameters[1] * 5,
            self.parameters[2] * 10 - 9,
            np.log(self.step / self.unit),
            np.log(self.step_recent / self.step),
            np.log(self.far / self.unit + 0.01),
            self.simple - 1,
            self._against_level(mean(fit.x)) / self.unit,
        ]
        blocks = [
            np.nan_to_num((fit.x[:, -LAGS:] - centre) / unit),
            *(((path - centre) / unit)[:, SHOWN_AHEAD] for path in paths),
            fit.profile / unit,
            (self.slow - fit.profile) / unit,
            (fit.indices.raw - fit.profile) / unit,
            np.stack(scalars, 1),
        ]
        result: Singles = np.nan_to_num(np.concatenate(blocks, 1)).astype(np.float32)
        return result
