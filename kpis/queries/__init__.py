"""Reads of the key figures."""

from kpis.queries.values import Reading, brief_figures, headline, kpi_readings, latest_month, series

__all__ = ["Reading", "brief_figures", "headline", "kpi_readings", "latest_month", "series"]
