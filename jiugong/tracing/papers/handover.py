"""The hand-over sheet for the district's centre for disease control: cases and contacts with whole numbers, for a reason.

Everybody on it is journalled as looked at, with the reason that was given.
"""

from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiugong.lib import clock, days, papers
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.logic.listing import list_workbook
from jiugong.tracing.actions.contacts import must_say_why
from jiugong.tracing.exports import line_list, people_of
from jiugong.tracing.models import Incident
from jiugong.tracing.queries.reporting import must_see_whole

TEMPLATE = Path(__file__).with_name("handover.typ")
FORMS = ("xlsx", "pdf")


def handover_of(incident: Incident, form: str, *, reason: str, actor: Actor) -> bytes:
    """The sheet as workbook or PDF. Raises ReasonMissing, NotAllowed."""
    actor.must(Can.SHOW_IDENTITY, over=incident.park)
    must_see_whole(actor, incident)
    found, at = people_of(actor, incident), clock.now()
    looked(actor=actor, park_id=incident.park_id, person_ids=found.person_ids, fields=("id_number", "phone"),
           reason=must_say_why(reason), at=at)
    headings, rows = line_list(found, in_full=True)
    title = _("Hand-over of incident %(number)s") % {"number": incident.number}
    if form == "xlsx":
        return list_workbook(title, headings, rows)
    made = days.local(at, incident.park.zone)[:16]
    return papers.pdf(TEMPLATE, {
        "language": "zh-hans" if (get_language() or "").startswith("zh") else "en", "title": title, "park": incident.park.name,
        "made": _("as of %(at)s") % {"at": made}, "foot": f"{incident.park.name} · {title} · {made}",
        "marks": [_("DRILL: this restricts nobody.")] if incident.drill_id else [], "head": headings,
        "rows": [[str(cell) for cell in row] for row in rows], "none": _("Nobody is a case or a contact."),
        "hands": [_("Handed over by, day and time"), _("Received by, day and time")],
        "warning": _("Whole numbers of people: for the authority only. Destroy it when it is no longer needed.")}, title=title)
