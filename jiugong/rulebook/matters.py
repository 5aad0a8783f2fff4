"""What needs somebody among the plans: those that an adoption touched and that are not yet written anew."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park
from jiugong.registry.queries.charges import answering_for
from jiugong.rulebook.queries.plans import newest_park_plans, revisions_due
from jiugong.rulebook.stages import Stage
from jiugong.rulebook.words import ParkPlanKind

MOST_OWNERS = 3


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """The park's own plans for who approves plans there, and the enterprises' plans within what the actor sees."""
    today = days.day_of(at, park.zone)
    if actor.may(Can.APPROVE_PLANS, over=park):
        for kind, plan in newest_park_plans(park).items():
            if plan.because_id and plan.stage != Stage.APPROVED and plan.due_on:
                yield Matter(**_when(plan.due_on, today, park), owner=actor.name, url=reverse("plan", args=[park.uid, kind]),
                             text=_("%(plan)s of the park is to be revised") % {"plan": ParkPlanKind(kind).label})
    due = revisions_due(park, actor.reach(Can.SEE_BOARD))
    first = list(due[:MOST_OWNERS])
    if not first:
        return
    count = due.count()
    chains = answering_for([each.unit for each in first], today)
    owners = dict.fromkeys(chain[0].person.name for each in first if (chain := chains.get(each.unit_id)))
    earliest = next((each.due_on for each in first if each.due_on), None)
    yield Matter(**_when(earliest, today, park), owner="、".join(owners), url=reverse("plans", args=[park.uid]),
                 text=ngettext("%(count)s plan of an enterprise is to be revised",
                               "%(count)s plans of enterprises are to be revised", count) % {"count": count})


def _when(due_on: date | None, today: date, park: Park) -> dict[str, Any]:
    """Until the last minute of the day on which it is due; after that it is late since then."""
    if due_on is None:
        return {"state": "missing"}
    last = days.bounds(due_on, park.zone)[1] - timedelta(minutes=1)
    return {"state": "late", "since": last} if due_on < today else {"state": "missing", "until": last}
