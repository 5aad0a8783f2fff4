"""What needs somebody: objections that wait, what is to be erased, backups that are missing."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiugong.lasting.models import Ending, Erasure, ErasureStage, Objection
from jiugong.lasting.queries.backups import concerns
from jiugong.lasting.queries.retention import days_until_erased
from jiugong.lasting.sentences import concern_in_words
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """For whoever answers objections, decides about the end, or keeps the park's accounts."""
    today = days.day_of(at, park.zone)
    if actor.may(Can.ANSWER_OBJECTIONS, over=park):
        waiting = list(Objection.objects.filter(park=park, granted=None).order_by("due_on").values_list("due_on", flat=True))
        if waiting:
            last = days.bounds(waiting[0], park.zone)[1] - timedelta(minutes=1)
            text = ngettext("%(count)s objection waits for an answer", "%(count)s objections wait for an answer", len(waiting))
            when = {"state": "late", "since": last} if waiting[0] < today else {"state": "missing", "until": last}
            yield Matter(text=text % {"count": len(waiting)}, url=reverse("objections", args=[park.uid]), owner=actor.name,
                         **when)                                                                    # type: ignore[arg-type]
    if actor.may(Can.RELEASE_ERASURE, over=park):
        yield from _to_be_erased(actor, park, at)
    if actor.may(Can.GRANT_ROLES, over=park):
        for concern in concerns(at):
            yield Matter(text=concern_in_words(concern)[0], url=reverse("data-kept", args=[park.uid]), state="missing",
                         owner=_("whoever runs the server"))


def _to_be_erased(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    ending = Ending.objects.filter(park=park, withdrawn_at=None).first()
    if ending is None or Erasure.objects.filter(park=park, stage=ErasureStage.DONE).exists():
        return
    url = reverse("data-ending", args=[park.uid])
    if ending.confirmed_at is None:
        yield Matter(text=_("The end of the emergency waits to be confirmed"), url=url, since=ending.proposed_at)
        return
    within, _is_said = days_until_erased(park, days.day_of(at, park.zone))
    last = days.bounds(ending.ended_on + timedelta(days=within), park.zone)[1] - timedelta(minutes=1)
    text = _("What was kept of people is to be erased")
    yield Matter(text=text, url=url, state="late", since=last) if last < at else Matter(text=text, url=url, until=last)
