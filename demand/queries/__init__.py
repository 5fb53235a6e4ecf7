"""Reads of the demand plan, its history and its inputs."""

from demand.queries.frames import demand_by_family_month, history_frame, overdue_frame, plan_frame
from demand.queries.streams import planned_streams, visible_streams

__all__ = [
    "demand_by_family_month",
    "history_frame",
    "overdue_frame",
    "plan_frame",
    "planned_streams",
    "visible_streams",
]
