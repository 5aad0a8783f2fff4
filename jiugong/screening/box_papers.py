"""The paper of a box: its label to cut off, what is in it, and lines on which both sides of every hand-over sign."""

from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiugong.lib import clock, days, papers
from jiugong.registry.logic.badge_sheets import qr_picture
from jiugong.registry.models import Park
from jiugong.screening.box_faces import leg_rows, tube_faces
from jiugong.screening.models import Box
from jiugong.screening.queries.boxes import legs_of, packed_in, tubes_called, ways_of

TEMPLATE = Path(__file__).resolve().parent / "papers" / "box.typ"
LINES = 4                                    # hand-overs that a sheet has room for


def box_sheet(park: Park, box: Box) -> bytes:
    """The label and the hand-over sheet of a box as a PDF, in the reader's language."""
    now = clock.now()
    packed, legs = packed_in([box]).get(box.pk, []), legs_of([box]).get(box.pk, [])
    signed = [each for each in leg_rows(legs, packed, park, now) if not each["withdrawn"]]
    way = ways_of(park, [box], {box.pk: packed})[box.pk]
    tubes = tube_faces(packed, tubes_called(park, [each.code for each in packed]), park, opens=False)
    facts = [(_("Point"), box.point.name), (_("Tubes"), str(len(packed))),
             (_("Box sealed"), days.local(box.sealed_at, park.zone)[:16] if box.sealed_at else "____________"),
             (_("Oldest swab"), days.local(way.since, park.zone)[:16]),
             (_("At the laboratory by"), days.local(way.limit_at, park.zone)[:16] if way.limit_at else "____________")]
    return papers.pdf(TEMPLATE, {
        "language": get_language() or "en", "title": _("Box %(box)s") % {"box": box.code}, "park": park.name, "code": box.code,
        "picture": qr_picture(box.code), "facts": facts,
        "tubes": [[str(at), each["code"], f"{each['bound']}" if each["bound"] != "" else "", each["note"]]
                  for at, each in enumerate(tubes, start=1)],
        "legs": [[each["giver"], str(each["gave"]), each["given_at"], each["receiver"],
                  "" if each["counted"] is None else str(each["counted"]), each["received_at"]] for each in signed],
        "lines": max(LINES - len(signed), 1), "words": {
            "sheet": _("Hand-over sheet"), "head": [_("No."), _("Tube"), _("Swabs"), _("Note")],
            "given": _("Handed over by"), "received": _("Received by"), "tubes": _("Tubes"), "time": _("Time"),
            "signature": _("Signature"), "printed": _("Printed %(at)s") % {"at": days.local(now, park.zone)[:16]},
            "rule": _("Both sides count and sign as themselves. Counts that differ stay open until somebody explains them."),
            "cut": _("Cut here and put the label on the box")}}, title=f"{park.name} {box.code}")
