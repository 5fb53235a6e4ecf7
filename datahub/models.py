"""Imports, their row errors, and who owns which data."""

from django.conf import settings
from django.db import models

from cycles.choices import Role
from cycles.models import Cycle, Run
from datahub.choices import ImportState, Severity


class ImportBatch(models.Model):
    """Files that are loaded together or not at all."""

    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Import {self.pk}"


class ImportFile(models.Model):
    """One file of a batch; the content lies under MEDIA_ROOT until the batch is committed or dropped."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="files")
    dataset = models.CharField(
        max_length=40, blank=True, help_text="Empty where the file name names no dataset."
    )
    file_name = models.CharField(max_length=200)
    stored_path = models.CharField(max_length=400, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    row_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    control_total = models.FloatField(null=True, blank=True)
    preview = models.JSONField(default=dict, help_text="Header, first rows, what would change.")
    header = models.JSONField(default=list, help_text="Its columns, each with the first cells below it.")
    sources = models.JSONField(
        default=dict, help_text="Where the template's columns come from; empty: by name."
    )
    along = models.BooleanField(
        default=False, help_text="Only what is new is taken from a file of another dataset."
    )
    notes = models.JSONField(
        default=list, help_text="Unknown columns left out, encoding and separator found ..."
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file_name


class ColumnMatch(models.Model):
    """How the columns of files of a name were matched to a dataset, for the next file of that name."""

    stem = models.CharField(max_length=100, help_text="The file's name without digits, marks and ending.")
    dataset = models.CharField(max_length=40)
    sources = models.JSONField(default=dict)
    along = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["along", "pk"]
        constraints = [models.UniqueConstraint(fields=["stem", "dataset"], name="column_match_once")]

    def __str__(self) -> str:
        return f"{self.stem}: {self.dataset}"


class RowError(models.Model):
    """One finding in a file: file, row, column, what is wrong."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="row_errors")
    row = models.PositiveIntegerField(help_text="Line in the file, header = 1; 0 for the file as a whole.")
    column = models.CharField(max_length=80, blank=True)
    value = models.CharField(max_length=200, blank=True)
    message = models.TextField()

    class Meta:
        ordering = ["file", "row"]

    def __str__(self) -> str:
        return f"{self.file}:{self.row}:{self.column}: {self.message}"


class DatasetLoad(models.Model):
    """Every committed load of a dataset: rows, rejects, when and for which cycle."""

    dataset = models.CharField(max_length=40)
    cycle = models.ForeignKey(Cycle, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    cycle_month = models.DateField(null=True, blank=True)
    due_date = models.DateField(null=True, blank=True)
    loaded_date = models.DateField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    rejects = models.PositiveIntegerField(default=0)
    control_total = models.FloatField(null=True, blank=True)
    file = models.ForeignKey(ImportFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.dataset}: {self.rows} rows"


class DataOwner(models.Model):
    """Who answers for a dataset."""

    dataset = models.CharField(max_length=40, unique=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    owner_name = models.CharField(max_length=120, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.dataset}: {self.user or self.owner_name}"


class DataIssue(models.Model):
    """A record that breaks a rule of data quality in a cycle."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="data_issues")
    rule = models.CharField(max_length=10)
    dataset = models.CharField(max_length=40)
    record_key = models.CharField(max_length=200)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    message = models.TextField()
    suggested_fix = models.TextField(blank=True)
    money_minor = models.BigIntegerField(default=0)
    waived = models.BooleanField(default=False)
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "rule", "dataset", "record_key"], name="data_issue_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.record_key}: {self.message}"


class RuleResult(models.Model):
    """How many records a rule checked and how many failed, in the last check of a cycle."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="rule_results")
    rule = models.CharField(max_length=10)
    dataset = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    checked = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "rule"], name="rule_result_once")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.failed} of {self.checked}"
