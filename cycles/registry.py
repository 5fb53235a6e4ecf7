"""Where higher rooms plug into the cycle: gate checks, openers, freezers, facts and kinds of runs.

Rooms register from ``AppConfig.ready``. Functions may be given as dotted paths ("room.module:name"),
so that nothing heavy is imported before a worker needs it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cycles.choices import StageKind, VersionKind

if TYPE_CHECKING:
    from django.db import models

    from cycles.models import Cycle, Stage, User, Version

Lazy = str | Callable[..., Any]


def resolve(function: Lazy) -> Callable[..., Any]:
    """The function itself, imported where it was given as "module:name"."""
    if not isinstance(function, str):
        return function
    module, _, name = function.partition(":")
    resolved: Callable[..., Any] = getattr(import_module(module), name)
    return resolved


@dataclass(frozen=True)
class CheckResult:
    """What a readiness check found; ``url_name`` leads to where it can be mended."""

    ok: bool
    message: str
    url_name: str = ""
    critical: bool = True


@dataclass(frozen=True)
class Check:
    key: str
    label: str
    function: Lazy

    def run(self, cycle: "Cycle") -> CheckResult:
        result: CheckResult = resolve(self.function)(cycle)
        return result


@dataclass(frozen=True)
class Facts:
    """A fact table of a version kind and the columns that its content hash covers, in order."""

    model: "type[models.Model]"
    columns: tuple[str, ...]
    copied: tuple[str, ...]
    sparse: bool = False


@dataclass(frozen=True)
class RunKind:
    """How runs of a kind are carried out.

    ``handler(work)`` computes and returns the function that stores; ``split(run)`` cuts a run into
    parts' params; ``join(work, results)`` returns the function that stores the whole.
    """

    kind: str
    label: str
    handler: Lazy | None = None
    split: Lazy | None = None
    join: Lazy | None = None
    done_url: str = ""


@dataclass
class Registry:
    checks: dict[StageKind, list[Check]] = field(default_factory=dict)
    openers: list[Lazy] = field(default_factory=list)
    freezers: dict[StageKind, Lazy] = field(default_factory=dict)
    facts: dict[VersionKind, list[Facts]] = field(default_factory=dict)
    run_kinds: dict[str, RunKind] = field(default_factory=dict)
    searches: list[Lazy] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)


registry = Registry()


def register_check(stage_kind: StageKind, key: str, label: str, function: Lazy) -> None:
    """A check that must hold before the stage is signed: ``function(cycle) -> CheckResult``."""
    checks = registry.checks.setdefault(StageKind(stage_kind), [])
    if all(check.key != key for check in checks):
        checks.append(Check(key, label, function))


def register_opener(function: Lazy) -> None:
    """``function(cycle, by)`` runs in the transaction that opens a cycle."""
    if function not in registry.openers:
        registry.openers.append(function)


def register_freezer(stage_kind: StageKind, function: Lazy) -> None:
    """``function(stage, by) -> Version`` freezes what the stage signs, in the signing transaction."""
    registry.freezers[StageKind(stage_kind)] = function


def register_facts(
    version_kind: VersionKind,
    model: "type[models.Model]",
    columns: tuple[str, ...],
    copied: tuple[str, ...] = (),
    *,
    sparse: bool = False,
) -> None:
    """A fact table of a version kind.

    ``columns`` make up the content hash (and the order of rows); ``copied`` are all columns besides the
    key and the version that freezing copies, ``columns`` where not given. A ``sparse`` table that is empty
    leaves the hash as it is, so that versions frozen before it was known keep theirs.
    """
    facts = registry.facts.setdefault(VersionKind(version_kind), [])
    if all(known.model is not model for known in facts):
        facts.append(Facts(model, columns, copied or columns, sparse))


def register_run_kind(
    kind: str,
    label: str,
    *,
    handler: Lazy | None = None,
    split: Lazy | None = None,
    join: Lazy | None = None,
    done_url: str = "",
) -> None:
    """A kind of background run; ``done_url`` names the page that shows its result."""
    registry.run_kinds[kind] = RunKind(kind, label, handler, split, join, done_url)


def register_search(function: Lazy) -> None:
    """``function(text, user) -> list[(label, kind in words, address)]`` finds what a room knows by a name."""
    if function not in registry.searches:
        registry.searches.append(function)


def register_pages(*pages: tuple[str, str]) -> None:
    """Names of pages and of their addresses, for the search box; everybody who plans may read them."""
    registry.pages.extend(page for page in pages if page not in registry.pages)


def freezer_of(kind: StageKind) -> "Callable[[Stage, User], Version | None] | None":
    """The freezer of a stage, if a room registered one."""
    function = registry.freezers.get(kind)
    return resolve(function) if function else None
