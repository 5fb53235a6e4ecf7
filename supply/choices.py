"""Enumerations of supply."""

from django.db import models


class HoursFrom(models.TextChoices):
    """Which figure plans a resource's regular hours."""

    STATED = "stated", "Stated hours"
    SHIFTS = "shifts", "Calendar and shifts"
    DEMONSTRATED = "demonstrated", "Demonstrated hours"


class LeverKind(models.TextChoices):
    """Ways to close a gap."""

    OVERTIME = "overtime", "Overtime"
    EXTRA_HOURS = "extra_hours", "Extra shift or temporary staff"
    PREBUILD = "prebuild", "Build ahead"
    BACKUP_SUPPLIER = "backup_supplier", "Backup supplier"
    SUPPLIER_CAPACITY = "supplier_capacity", "More from the supplier"
    SUBCONTRACT = "subcontract", "Subcontract"
    FREIGHT = "freight", "More freight"
    EXPEDITE = "expedite", "Rush order"
    TOGETHER = "together", "Several together"
    OTHER = "other", "Other"


class AlertKind(models.TextChoices):
    """What a plan is checked for after it was made."""

    OVERLOAD = "overload", "Overloaded"
    SAFETY = "safety", "Safety stock missed"
    MATERIAL = "material", "Material short"
    LANE = "lane", "Lane full"
    EXCESS = "excess", "Excess stock"
    BUDGET = "budget", "Below budget"
