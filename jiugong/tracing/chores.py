"""What the worker does for tracing by itself: orders end when their time is over, and late steps tell who has them."""

from datetime import datetime

from jiugong.lib.acting import keeper
from jiugong.registry.models import Park
from jiugong.tracing.actions.late_steps import tell_late_steps
from jiugong.tracing.actions.releasing import lapse_orders


def what_is_late_or_over(now: datetime) -> bool:
    """End the orders whose time is over, and tell of each late step once; say whether there was anything."""
    count = 0
    for park in Park.objects.order_by("pk"):
        count += lapse_orders(park, actor=keeper()) + tell_late_steps(park, actor=keeper())
    return count > 0
