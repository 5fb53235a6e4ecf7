"""What the checks of a gate find."""

from dataclasses import dataclass

from django.urls import reverse

from cycles.models import Stage, Waiver
from cycles.registry import registry
from sop.reads import once


@dataclass(frozen=True)
class Finding:
    """One check of a gate: does it hold, in words, and was it set aside."""

    key: str
    label: str
    ok: bool
    message: str
    url_name: str = ""
    critical: bool = True
    waiver: Waiver | None = None

    @property
    def blocks(self) -> bool:
        """Whether it keeps the stage from being submitted and signed."""
        return self.critical and not self.ok and self.waiver is None

    @property
    def severity(self) -> str:
        return "block" if self.critical else "warn"

    @property
    def href(self) -> str:
        """The page where it can be mended; nothing where it holds."""
        return reverse(self.url_name) if self.url_name and not self.ok else ""

    @property
    def waived_by(self) -> str:
        return f"{self.waiver.by}: {self.waiver.reason}" if self.waiver else ""


@once
def gate_findings(stage: Stage) -> list[Finding]:
    """All checks registered for the stage, run now, in the order of registration."""
    waivers = {waiver.check_key: waiver for waiver in stage.waivers.select_related("by")}
    findings = []
    for check in registry.checks.get(stage.stage_kind, []):
        result = check.run(stage.cycle)
        waiver = waivers.get(check.key)
        if waiver and waiver.expires and waiver.expires < stage.cycle.today:
            waiver = None
        findings.append(
            Finding(
                check.key, check.label, result.ok, result.message, result.url_name, result.critical, waiver
            )
        )
    return findings
