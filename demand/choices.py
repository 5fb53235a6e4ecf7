"""Enumerations of the demand review."""

from django.db import models


class Answer(models.TextChoices):
    """What a person says to an item of the inbox."""

    ACCEPTED = "accepted", "Accepted"
    CHANGED = "changed", "Changed"
    ASKED = "asked", "Asked"
