"""What needs somebody among the duties: lists of returnees that are late, and work that waits to be checked."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import ngettext

from jiugong.duties.queries.evidence import UNWELL, unwell_on, waiting_for_check
from jiugong.duties.queries.returnees import late_lists
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park
from jiugong.registry.queries.charges import answering_for

MOST_OWNERS = 3


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """Who is unwell today, late lists within what the actor sees, unchecked work for who may check it."""
    if actor.may_somewhere(Can.SEE_PEOPLE, within=park):
        day = days.day_of(at, park.zone)
        sick = unwell_on(actor, park, day, at).aggregate(people=Count("person", distinct=True), first=Min("happened_at"))
        if sick["people"]:
            yield Matter(state="late", url=reverse("evidence", args=[park.uid], query={"state": UNWELL, "from": day.isoformat()}),
                         since=sick["first"], owner=actor.name,
                         text=ngettext("%(count)s person reports a fever or symptoms today",
                                       "%(count)s people report a fever or symptoms today", sick["people"]) % {
                                           "count": sick["people"]})
    late = late_lists(park, at, actor.reach(Can.SEE_BOARD))
    if late:
        first = late[:MOST_OWNERS]
        chains = answering_for([each.unit for each in first], days.day_of(at, park.zone))
        owners = dict.fromkeys(chain[0].person.name for each in first if (chain := chains.get(each.unit.pk)))
        yield Matter(
            state="late", url=reverse("returnees", args=[park.uid]), owner="、".join(owners),
            since=min(days.bounds(each.due_on, park.zone)[1] for each in late) - timedelta(minutes=1),
            enterprises=tuple({each.unit.enterprise_id for each in late if each.unit.enterprise_id}),
            text=ngettext("%(count)s unit is late with its list of returnees",
                          "%(count)s units are late with their list of returnees", len(late)) % {"count": len(late)})
    if actor.may_somewhere(Can.RECORD_EVIDENCE, within=park):
        waiting = waiting_for_check(actor, park, at)
        if oldest := waiting.first():
            count = waiting.count()
            yield Matter(state="missing", url=reverse("checks", args=[park.uid]), since=oldest.happened_at, owner=actor.name,
                         text=ngettext("%(count)s piece of work waits to be checked by somebody else",
                                       "%(count)s pieces of work wait to be checked by somebody else", count) % {"count": count})
