"""Reads of the planning cycle."""

from cycles.queries.cycles import (
    current_cycle,
    draft_of,
    latest_cycle,
    latest_version,
    open_cycle_or_none,
    previous_signed,
    signed_version,
    stage_of,
)
from cycles.queries.gates import Finding, gate_findings
from cycles.queries.runs import RunCard, latest_run, run_card
from cycles.queries.scope import Scope, scope_of
from cycles.queries.shell import Button, shell_context, stage_buttons

__all__ = [
    "Button",
    "Finding",
    "RunCard",
    "Scope",
    "current_cycle",
    "draft_of",
    "gate_findings",
    "latest_cycle",
    "latest_run",
    "latest_version",
    "open_cycle_or_none",
    "previous_signed",
    "run_card",
    "scope_of",
    "shell_context",
    "signed_version",
    "stage_buttons",
    "stage_of",
]
