"""What needs somebody among the scans of these days: conflicts that nobody has settled."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park
from jiugong.screening.queries.conflicts import NOW, rounds_between, waiting_conflicts
from jiugong.screening.queries.rounds import reach_into


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """One line for all that is open of yesterday's and today's rounds, within what the actor sees of the board."""
    reach, today = reach_into(actor, Can.SEE_BOARD, park), days.day_of(at, park.zone)
    found = waiting_conflicts(park, rounds_between(park, today - NOW, today), reach) if reach else []
    if found:
        firms = {point.unit.enterprise_id for each in found for point in each.points if point.unit}
        yield Matter(state="missing", url=reverse("conflicts", args=[park.uid]), since=found[0].since,
                     owner=actor.name if actor.may_somewhere(Can.SETTLE_SAMPLING, within=park) else "",
                     enterprises=tuple(firm for firm in firms if firm),
                     text=ngettext("%(count)s conflict between scans waits for a decision",
                                   "%(count)s conflicts between scans wait for a decision", len(found)) % {"count": len(found)})
