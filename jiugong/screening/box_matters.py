"""What needs somebody in screening: boxes whose swabs wait too long, and counts that do not agree."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park
from jiugong.screening.models import Box
from jiugong.screening.queries.boxes import boxes_of, late_boxes, under_way, unexplained
from jiugong.screening.queries.rounds import reach_into

MOST_NAMED = 3


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """Within what the actor sees: boxes that are late, and hand-overs that nobody has explained yet."""
    if not reach_into(actor, Can.SEE_BOARD, park):
        return
    seen = boxes_of(actor, park)
    late = late_boxes(park, under_way(seen), at)
    for box, way in late[:MOST_NAMED]:
        yield Matter(state="late", url=reverse("box", args=[park.uid, box.pk]), owner=box.holder_name, since=way.limit_at,
                     enterprises=_where(box),
                     text=_("Box %(box)s is not at the laboratory yet") % {"box": box.code})
    if more := len(late[MOST_NAMED:]):
        yield Matter(state="late", url=reverse("figure", args=[park.uid, "screening.boxes_late"]),
                     text=ngettext("%(count)s more box is not at the laboratory yet",
                                   "%(count)s more boxes are not at the laboratory yet", more) % {"count": more})
    differing = seen.filter(Exists(unexplained().filter(box=OuterRef("pk"))))
    for box in differing[:MOST_NAMED]:
        yield Matter(state="missing", url=reverse("box", args=[park.uid, box.pk]), owner=box.holder_name,
                     since=box.ended_at or box.sealed_at, enterprises=_where(box),
                     text=_("The counts of box %(box)s do not agree") % {"box": box.code})
    if (more := differing.count() - MOST_NAMED) > 0:
        yield Matter(state="missing", url=f"{reverse('boxes', args=[park.uid])}?differs=yes",
                     text=ngettext("%(count)s more box whose counts do not agree", "%(count)s more boxes whose counts do not agree",
                                   more) % {"count": more})


def _where(box: Box) -> tuple[int, ...]:
    return (box.point.unit.enterprise_id,) if box.point.unit and box.point.unit.enterprise_id else ()
