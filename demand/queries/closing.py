"""How far the order lines reach."""

from datetime import date

from django.db.models import Max

from demand.models import OrderLine


def last_order_day() -> date | None:
    """The last day on which an order line was entered; where no line says when, the last requested day.

    Lists out of a bookkeeping program know one date only.
    """
    entered: date | None = OrderLine.objects.aggregate(last=Max("entry_date"))["last"]
    if entered is not None:
        return entered
    requested: date | None = OrderLine.objects.aggregate(last=Max("requested_date"))["last"]
    return requested
