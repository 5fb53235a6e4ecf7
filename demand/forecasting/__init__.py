"""Baseline forecasts of monthly demand: batched, explained, with intervals. Pure NumPy; pandas only for
frames."""

from typing import TYPE_CHECKING, Any

from demand.forecasting.context import Context, Forecasts, InputError
from demand.forecasting.engine import forecast_matrix

if TYPE_CHECKING:
    from demand.forecasting.frames import forecast, forecast_report

__all__ = ["Context", "Forecasts", "InputError", "forecast", "forecast_matrix", "forecast_report"]


def __getattr__(name: str) -> Any:
    if name in ("forecast", "forecast_report"):  # pandas is loaded only by those who bring frames
        from demand.forecasting import frames

        return getattr(frames, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
