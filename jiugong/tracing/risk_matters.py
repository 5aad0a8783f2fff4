"""What needs somebody among people flagged, people who come back and quiet periods."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import ngettext

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park
from jiugong.tracing.queries.flagged import flagged_seen, is_late, of_state, sees_everybody
from jiugong.tracing.queries.quiet import quiet_on, unchecked
from jiugong.tracing.queries.returnees import returnees_on


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """One line for each: flagged and late, flagged and open, to be confirmed or returned; returnees; unchecked today."""
    if actor.may_somewhere(Can.SEE_INCIDENTS, within=park):
        yield from _flagged(actor, park, at)
        yield from _returnees(actor, park, at)
        yield from _quiet(actor, park, at)


def _flagged(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    seen, url = flagged_seen(actor, park).order_by(), reverse("flagged", args=[park.uid])
    late, still = seen.filter(is_late(at)), seen.filter(of_state("open", at)).exclude(is_late(at))
    if first := late.aggregate(first=Min("due_at"))["first"]:
        count = late.count()
        yield Matter(state="late", url=f"{url}?state=late", since=first, owner=actor.name,
                     text=ngettext("%(count)s flagged person is late: not acted on in time",
                                   "%(count)s flagged people are late: not acted on in time", count) % {"count": count})
    if first := still.aggregate(first=Min("due_at"))["first"]:
        count = still.count()
        yield Matter(state="missing", url=f"{url}?state=open", until=first, owner=actor.name,
                     text=ngettext("%(count)s person flagged by another place is to be found and acted on",
                                   "%(count)s people flagged by other places are to be found and acted on",
                                   count) % {"count": count})
    if sees_everybody(actor, park) and actor.may(Can.TRACE_CONTACTS, over=park):
        waiting = seen.filter(of_state("confirm", at) | of_state("unmatched", at))
        if first := waiting.aggregate(first=Min("imported_at"))["first"]:
            count = waiting.count()
            yield Matter(state="missing", url=url, since=first, owner=actor.name,
                         text=ngettext("%(count)s flagged line waits for a person: confirm it or return it",
                                       "%(count)s flagged lines wait for a person: confirm or return them",
                                       count) % {"count": count})


def _returnees(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    day = days.day_of(at, park.zone)
    count = sum(each.state != "decided" for each in returnees_on(actor, park, day, at))
    if count:
        yield Matter(state="missing", url=reverse("returning", args=[park.uid]), owner=actor.name,
                     text=ngettext("%(count)s returnee is to be asked or decided",
                                   "%(count)s returnees are to be asked or decided", count) % {"count": count})


def _quiet(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    day = days.day_of(at, park.zone)
    count = unchecked(park, day, quiet_on(actor, park, day)).count()
    if count:
        yield Matter(state="missing", url=f"{reverse('quiet', args=[park.uid])}?state=missing", owner=actor.name,
                     until=days.bounds(day, park.zone)[1],
                     text=ngettext("%(count)s person in his quiet period is not checked today",
                                   "%(count)s people in their quiet period are not checked today", count) % {"count": count})
