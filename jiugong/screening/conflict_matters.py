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
from jiugong.screening.queries.conflict_counts import Counted, count_waiting
from jiugong.screening.queries.conflicts import NOW, rounds_between
from jiugong.screening.queries.rounds import reach_into


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """One line for all that is open of yesterday's and today's rounds, within what the actor sees of the board."""
    reach, today = reach_into(actor, Can.SEE_BOARD, park), days.day_of(at, park.zone)
    found = count_waiting(park, rounds_between(park, today - NOW, today), reach) if reach else Counted()
    if found.conflicts:
        yield Matter(state="missing", url=reverse("conflicts", args=[park.uid]), since=found.since, enterprises=found.enterprises,
                     owner=actor.name if actor.may_somewhere(Can.SETTLE_SAMPLING, within=park) else "",
                     text=ngettext("%(count)s conflict between scans waits for a decision",
                                   "%(count)s conflicts between scans wait for a decision", found.conflicts) % {
                                       "count": found.conflicts})
