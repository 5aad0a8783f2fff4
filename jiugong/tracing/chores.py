"""What the worker does for tracing by itself: orders end in time, late steps tell who has them, late days are written."""

from datetime import datetime

from jiugong.lib.acting import keeper
from jiugong.registry.models import Park
from jiugong.tracing.actions.history import build_what_is_behind
from jiugong.tracing.actions.late_steps import tell_late_steps
from jiugong.tracing.actions.releasing import lapse_orders

DAYS_AT_ONCE = 7                             # of the history, before other chores have their turn


def history_that_is_behind(_now: datetime) -> bool:
    """Write closed days into the history again for which something came late; say whether there was anything."""
    return build_what_is_behind(actor=keeper(), most=DAYS_AT_ONCE) > 0


def what_is_late_or_over(now: datetime) -> bool:
    """End the orders whose time is over, and tell of each late step once; say whether there was anything."""
    count = 0
    for park in Park.objects.order_by("pk"):
        count += lapse_orders(park, actor=keeper()) + tell_late_steps(park, actor=keeper())
    return count > 0
