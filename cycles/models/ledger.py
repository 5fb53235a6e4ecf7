"""The change ledger: every change of a plan figure is an append-only row.

One action of a person is one :class:`Change`; the figures it moved are its lines. An undo is a new
change that takes an earlier one out; an undone undo brings it back.
"""

from django.conf import settings
from django.db import models

from cycles.choices import Measure, Operation, ReasonCode
from cycles.models.records import Assumption
from cycles.models.versions import Version


class Change(models.Model):
    """One action: who, when, as which function, what, where, why."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="changes")
    action_id = models.UUIDField(help_text="Given by the client: the same action sent twice counts once.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    function = models.CharField(
        max_length=20, help_text="In which function the person acted: sales, planner ..."
    )
    measure = models.CharField(max_length=10, choices=Measure.choices)
    operation = models.CharField(max_length=8, choices=Operation.choices)
    level = models.CharField(max_length=20, help_text="all, family, product, market, stream.")
    scope = models.JSONField(
        default=dict, help_text="Members of the level, as codes; for people and filters."
    )
    first_month = models.DateField()
    last_month = models.DateField()
    operand = models.FloatField(null=True, help_text="Units set or added, or the factor.")
    reason_code = models.CharField(max_length=12, choices=ReasonCode.choices, blank=True)
    comment = models.TextField(blank=True)
    assumption = models.ForeignKey(
        Assumption, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )
    source = models.CharField(
        max_length=20, default="grid", help_text="grid, launch, phase_out, upload, decision."
    )
    source_key = models.CharField(max_length=64, blank=True, help_text="Which launch, phase-out or decision.")
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    line_count = models.PositiveIntegerField(default=0)
    delta_quanta = models.BigIntegerField(default=0, help_text="Sum of new - old over the lines.")
    delta_value = models.BigIntegerField(default=0, help_text="The same in money, minor units.")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "action_id", "measure", "level", "first_month", "source_key"],
                name="change_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_operation_display()} {self.get_measure_display()} by {self.by}"


class ChangeLine(models.Model):
    """What one change did to one figure. Quantities in quanta; empty means there was none."""

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="lines")
    # A demand stream lives in a higher room, so this is its key and no foreign key.
    stream_id = models.BigIntegerField()
    month = models.DateField()
    old = models.BigIntegerField(null=True)
    new = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["stream_id", "month"])]

    def __str__(self) -> str:
        return f"{self.stream_id} {self.month}: {self.old} -> {self.new}"
