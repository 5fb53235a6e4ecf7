"""What a person enters and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cycles.models import Assumption, Change


@dataclass(frozen=True)
class Edit:
    """One entry: ``value`` in units (or money) for set and add, the factor for multiply; None takes an input back.

    ``seen`` is the figure that the person had before her eyes, None for an empty one; it is compared
    only where ``check_seen``.
    """

    node: str
    measure: str
    month: date
    operation: str
    value: float | None
    seen: float | None = None
    check_seen: bool = False


@dataclass
class EditResult:
    """What an action did: its changes, the version's new revision, and the sentence for the person."""

    changes: list[Change]
    rev: int
    message: str
    cells: int = 0
    locked: int = 0


@dataclass
class Cause:
    """Why, and in which function: reason code, comment and assumption may be empty below the threshold.

    Without a ``function`` it is the one that the measure belongs to; ``source`` is where it was entered.
    With a ``title`` the entries are one change of this name, whatever rows they touch: a workbook.
    ``note`` is kept with the change's scope.
    """

    code: str = ""
    comment: str = ""
    assumption: Assumption | None = None
    function: str = ""
    source: str = "grid"
    title: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
