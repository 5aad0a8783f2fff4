"""What needs somebody at the points: results that are due and not there, enterprises without a point or trained officers."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park
from jiugong.registry.queries.charges import answering_for
from jiugong.screening.queries.officers import short
from jiugong.screening.queries.rounds import reach_into
from jiugong.screening.queries.turn_round import late_tubes

MOST_OWNERS = 3


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """What needs somebody within what the actor sees of the board."""
    reach = reach_into(actor, Can.SEE_BOARD, park)
    if reach:
        yield from _late(park, at, reach)
        yield from _short(park, at, reach)


def _short(park: Park, at: datetime, reach: tuple[str, ...]) -> Iterable[Matter]:
    """Enterprises that need a point and trained officers by the rules of the day, and lack something."""
    today = days.day_of(at, park.zone)
    found = short(park, today, reach)
    if not found:
        return
    chains = answering_for([each.unit for each in found[:MOST_OWNERS]], today)
    owners = dict.fromkeys(chains[each.unit.pk][0].person.name for each in found[:MOST_OWNERS] if chains.get(each.unit.pk))
    yield Matter(state="missing", owner="、".join(owners), enterprises=tuple(each.unit.pk for each in found),
                 url=reverse("point-officers", args=[park.uid], query={"lacking": "any"}),
                 text=ngettext("%(count)s enterprise has no point of its own, or no trained officer in a role",
                               "%(count)s enterprises have no point of their own, or no trained officer in a role",
                               len(found)) % {"count": len(found)})


def _late(park: Park, at: datetime, reach: tuple[str, ...]) -> Iterable[Matter]:
    """Tubes whose laboratory is late, and whose result is still not there."""
    waiting = [each for each in late_tubes(park, at, reach) if each.is_waiting]
    if waiting:
        owners = dict.fromkeys(each.laboratory.name for each in waiting)
        yield Matter(
            state="late", since=waiting[0].due_at, owner="、".join(list(owners)[:MOST_OWNERS]),
            url=reverse("turn-round", args=[park.uid], query={"state": "waiting"}),
            enterprises=tuple({each.point.unit.enterprise_id for each in waiting
                               if each.point.unit and each.point.unit.enterprise_id}),
            text=ngettext("%(count)s tube waits for a result that is overdue", "%(count)s tubes wait for results that are overdue",
                          len(waiting)) % {"count": len(waiting)})
