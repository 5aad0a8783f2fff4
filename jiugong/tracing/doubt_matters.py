"""What needs somebody: lines that are to be verified, told once with their number."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park
from jiugong.tracing.queries.doubts import open_doubts


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """For who keeps a roster: how many lines of it are to be verified."""
    if not actor.may_somewhere(Can.KEEP_ROSTER, within=park):
        return
    count = len(open_doubts(actor, park, days.day_of(at, park.zone)))
    if count:
        yield Matter(state="missing", url=reverse("doubts", args=[park.uid]),
                     text=ngettext("%(count)s line of the roster is to be verified",
                                   "%(count)s lines of the roster are to be verified", count) % {"count": count})
