"""From rows to what pages show of incidents: stages as words and states, moments in the park's time, spans in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiugong.lib import days
from jiugong.registry.models import Park
from jiugong.tracing.models import Incident
from jiugong.tracing.queries.listing import Figures
from jiugong.tracing.stages import CaseStage, IncidentStage, OrderStage

MINUTES_IN_WORDS = 180                       # up to three hours a span is told in minutes
INCIDENT_WORDS = {IncidentStage.OPEN: gettext_lazy("Under way"), IncidentStage.CLOSED: gettext_lazy("Closed")}
CASE_LOOKS = {CaseStage.SUSPECTED: "missing", CaseStage.CONFIRMED: "late", CaseStage.RULED_OUT: "done",
              CaseStage.CONTAMINATED: "owed", CaseStage.RECOVERED: "done"}
ORDER_LOOKS = {
    OrderStage.PROPOSED: "missing", OrderStage.SEEN: "missing", OrderStage.ORDERED: "held", OrderStage.INFORMED: "held",
    OrderStage.SENT: "held", OrderStage.RECEIVED: "held", OrderStage.CONTROLLED: "held", OrderStage.RELEASED: "done",
    OrderStage.LAPSED: "done", OrderStage.WITHDRAWN: "owed"}


def incident_rows(incidents: Iterable[Incident], figures: Mapping[int, Figures], park: Park, at: datetime) -> list[dict[str, Any]]:
    """Each incident of a list with its figures and its clock."""
    rows = []
    for each in incidents:
        found = figures[each.pk]
        rows.append({
            "number": each.number, "tube": each.tube, "unit": str(each.unit or ""), "is_drill": each.drill_id is not None,
            "told": when(each.told_at, park), "url": reverse("incident", args=[park.uid, each.number]),
            "word": str(INCIDENT_WORDS[IncidentStage(each.stage)]),
            "state": "missing" if each.stage == IncidentStage.OPEN else "done", **vars(found),
            "clock": clock_face(each, found, at)})
    return rows


def clock_face(incident: Incident, found: Figures, at: datetime) -> dict[str, str]:
    """How the clock of an incident stands, in a few words: late, due, or how long it took."""
    if incident.stage == IncidentStage.OPEN and found.due_at:
        if at > found.due_at:
            return {"state": "late", "words": _("late by %(time)s") % {"time": span(at - found.due_at)}}
        return {"state": "missing", "words": _("%(time)s left") % {"time": span(found.due_at - at)}}
    if found.controlled_at:
        taken = span(found.controlled_at - incident.told_at)
        return {"state": "done", "words": _("under control after %(time)s") % {"time": taken}}
    return {"state": "", "words": ""}


def when(at: datetime | None, park: Park) -> str:
    """A moment in the park's time, without its year: 11-12 16:19."""
    return days.local(at, park.zone)[5:16] if at else ""


def span(lasted: timedelta) -> str:
    """A span in words: minutes, hours with minutes, or days."""
    minutes = max(0, int(lasted.total_seconds() // 60))
    if minutes <= MINUTES_IN_WORDS:
        return ngettext("%(count)s min", "%(count)s min", minutes) % {"count": minutes}
    hours, rest = divmod(minutes, 60)
    if hours < 2 * 24:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
    return ngettext("%(count)s day", "%(count)s days", hours // 24) % {"count": hours // 24}


def initials(name: str) -> str:
    """A name as a wall screen shows it: its first sign, the rest covered; of a foreign name the first letters."""
    words = name.split()
    if len(words) > 1:
        return "".join(f"{word[0]}." for word in words)
    return f"{name[:1]}某" if name[:1] > "\u2e80" else f"{name[:1]}."
