"""Tube sheets as PDF: a page for each tube, with its code and numbered lines, or with a team's names and badges."""

from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiugong.lib import days, papers
from jiugong.lib.acting import Actor
from jiugong.registry.actions.badges import MOST_BADGES
from jiugong.registry.logic.badge_sheets import qr_picture
from jiugong.registry.queries.badges import text_of
from jiugong.screening.actions.tube_sheets import badges_for
from jiugong.screening.logic.tube_codes import code_of
from jiugong.screening.models import SheetRun
from jiugong.screening.queries.paper import people_owing

TEMPLATE = Path(__file__).resolve().parent / "papers" / "tube_sheets.typ"


def sheets_pdf(run: SheetRun, *, actor: Actor) -> bytes:
    """The sheets of a run, as they were printed the first time; a roster is that of the round's day as it is known now."""
    park, the_round = run.park, run.round
    names = _names(run, actor) if run.unit else []
    pages = []
    for at in range(run.sheets):
        code = code_of(run.first + at) if run.first else ""
        mine = names[at * the_round.pool_size:(at + 1) * the_round.pool_size]
        pages.append({"code": code, "picture": qr_picture(code) if code else "", "people": mine})
    opens, closes = (moment.astimezone(park.zone) for moment in (the_round.opens_at, the_round.closes_at))
    return papers.pdf(TEMPLATE, {
        "language": get_language() or "en", "park": park.name, "lines": the_round.pool_size, "pages": pages,
        "facts": [(_("Round"), str(the_round.number)), (_("Date"), str(the_round.day)),
                  (_("Hours"), f"{opens:%H:%M}–{closes:%H:%M}"), (_("Point"), run.point.name),
                  *([(_("Team"), run.unit.name)] if run.unit else [])],
        "words": {"title": _("Tube sheet"), "label": _("Stick the tube’s label here"), "tube": _("Tube"),
                  "head": [_("No."), _("Name"), _("Last four of the ID"), _("Time"), _("Signature")],
                  "sampler": _("Sampled by"), "began": _("From"), "ended": _("Until"), "sealed": _("Sealed at"),
                  "tick": _("Tick whose swab is in the tube, in this order. Scan the badge where there is a phone."),
                  "rule": _("One line for each swab, in the order in which they go into the tube."),
                  "printed": _("Printed %(at)s") % {"at": days.local(run.printed_at, park.zone)[:16]}}},
        title=f"{park.name} {the_round.number}")


def _names(run: SheetRun, actor: Actor) -> list[dict[str, Any]]:
    people = people_owing(run.round, run.unit)[:MOST_BADGES] if run.unit else []
    return [{"name": badge.person.name, "number": badge.person.masked_id, "picture": qr_picture(text_of(badge))}
            for badge in badges_for(run.park, people, actor=actor)]
