"""Models of the planning cycle."""

from cycles.models.audit import AuditEvent, AuditHead
from cycles.models.company import Company
from cycles.models.cycle import Cycle, FunctionSubmission, SignOff, Stage, StageEditor, Waiver
from cycles.models.ledger import Change, ChangeLine
from cycles.models.people import ScopeRow, User
from cycles.models.records import ActionItem, Assumption, Comment, Decision, Risk
from cycles.models.runs import Run, WorkerBeat
from cycles.models.versions import Version

__all__ = [
    "ActionItem",
    "Assumption",
    "AuditEvent",
    "AuditHead",
    "Change",
    "ChangeLine",
    "Comment",
    "Company",
    "Cycle",
    "Decision",
    "FunctionSubmission",
    "Risk",
    "Run",
    "ScopeRow",
    "SignOff",
    "Stage",
    "StageEditor",
    "User",
    "Version",
    "Waiver",
    "WorkerBeat",
]
