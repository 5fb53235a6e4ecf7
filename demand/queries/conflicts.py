"""Who changed a figure last: what a person is told whose edit met another one's."""

from datetime import date

from django.utils import timezone

from cycles.choices import Measure
from cycles.models import Change, ChangeLine, Version

FEW = 500


def conflict_of(version: Version, streams: list[int], month: date, measure: str) -> dict[str, str]:
    """Name and time of the last change of these figures: {"by", "at"}, ready to read; empty where unknown."""
    steps = Measure.values[: Measure.values.index(measure) + 1]
    changes = Change.objects.filter(
        version=version, measure__in=steps, first_month__lte=month, last_month__gte=month
    ).select_related("by")
    if len(streams) <= FEW:
        lines = ChangeLine.objects.filter(change__in=changes, stream_id__in=streams, month=month)
        newest = lines.order_by("-change_id").values_list("change_id", flat=True).first()
        changes = changes.filter(pk=newest or 0)
    last = changes.order_by("-pk").first()
    if last is None:
        return {"by": "", "at": ""}
    return {"by": str(last.by or "The system"), "at": f"{timezone.localtime(last.at):%a %d %b, %H:%M}"}
