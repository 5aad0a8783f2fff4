"""What needs somebody among what is told: messages that could not be sent, and notices that are due and not read by everybody."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiugong.journal.queries.channels import to_decide_in
from jiugong.journal.queries.notices import may_keep, overdue_notices, reach_of
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """One line for what a person must decide, one for each notice that is due, within what the actor may see."""
    if actor.may(Can.KEEP_CHANNELS, over=park):
        waiting = to_decide_in(park).aggregate(count=Count("pk"), first=Min("written_at"))
        if waiting["count"]:
            yield Matter(state="late", owner=actor.name, since=waiting["first"],
                         url=f"{reverse('deliveries', args=[park.uid])}?stage=to_decide",
                         text=ngettext("%(count)s message could not be sent, or nobody knows: decide",
                                       "%(count)s messages could not be sent, or nobody knows: decide", waiting["count"]) % {
                                           "count": waiting["count"]})
    if not actor.may_somewhere(Can.SEND_NOTICES, within=park):
        return
    due = [each for each in overdue_notices(park, at) if may_keep(actor, each.branches)]
    told = reach_of(due)
    for each in due:
        yield Matter(state="late", owner=each.keeper.name, since=each.deadline_at,
                     url=f"{reverse('notice-reach', args=[park.uid, each.uid])}?state=open",
                     text=_("%(count)s have not read or confirmed the notice “%(title)s”") % {
                         "count": told[each.pk]["open"], "title": each.title_zh})
