"""What needs somebody at the points: results that are due and not there."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park
from jiugong.screening.queries.rounds import reach_into
from jiugong.screening.queries.turn_round import late_tubes

MOST_OWNERS = 3


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """Tubes whose laboratory is late, and whose result is still not there, within what the actor sees of the board."""
    reach = reach_into(actor, Can.SEE_BOARD, park)
    waiting = [each for each in late_tubes(park, at, reach) if each.is_waiting] if reach else []
    if waiting:
        owners = dict.fromkeys(each.laboratory.name for each in waiting)
        yield Matter(
            state="late", since=waiting[0].due_at, owner="、".join(list(owners)[:MOST_OWNERS]),
            url=reverse("turn-round", args=[park.uid], query={"state": "waiting"}),
            enterprises=tuple({each.point.unit.enterprise_id for each in waiting
                               if each.point.unit and each.point.unit.enterprise_id}),
            text=ngettext("%(count)s tube waits for a result that is overdue", "%(count)s tubes wait for results that are overdue",
                          len(waiting)) % {"count": len(waiting)})
