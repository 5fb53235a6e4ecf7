"""What the cycle tells the higher rooms, after its transaction has committed."""

from django.dispatch import Signal

stage_closed = Signal()  # kwargs: cycle, kind (StageKind), act (Act), by
