"""From rows to what a page or a paper shows of boxes: where each is, how long its swabs wait, who signed for it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiugong.lib import days
from jiugong.registry.models import Park
from jiugong.screening.logic.custody import Counts, Way
from jiugong.screening.models import Box, Leg, Packed, Tube
from jiugong.screening.queries.boxes import counts_of, legs_of, packed_in, ways_of
from jiugong.screening.stages import ENDS, Stage
from jiugong.screening.words import BoxStage

LOOKS = {Stage.OPEN: "owed", Stage.SEALED: "missing", Stage.OFFERED: "missing", Stage.CARRIED: "missing",
         Stage.DELIVERED: "done", Stage.DROPPED: "owed"}
WARNS_BEFORE = timedelta(minutes=30)


def box_rows(boxes: Sequence[Box], park: Park, at: datetime) -> list[dict[str, Any]]:
    """Each box of a list: its stage, how many tubes, who has it, and until when it must be at the laboratory."""
    packed, legs = packed_in(boxes), legs_of(boxes)
    ways = ways_of(park, boxes, packed)
    return [{"code": box.code, "url": reverse("box", args=[park.uid, box.pk]), "point": box.point.name,
             "tubes": len(packed.get(box.pk, ())), "holder": "" if box.stage in ENDS else box.holder_name,
             "opened": days.local(box.opened_at, park.zone)[5:16], **stage_face(box), "way": way_face(ways[box.pk], box, park, at),
             "differs": any(leg.differs and not leg.explained_at and not leg.withdrawn_at for leg in legs.get(box.pk, ()))}
            for box in boxes]


def stage_face(box: Box) -> dict[str, str]:
    """The stage of a box as a word and as one of the states of the design."""
    return {"stage": box.stage, "word": str(BoxStage(box.stage).label), "state": LOOKS[Stage(box.stage)]}


def way_face(way: Way, box: Box, park: Park, at: datetime) -> dict[str, Any]:
    """How long the swabs have been on their way, in words and as a state; nothing of a box that was put away."""
    if box.stage == Stage.DROPPED:
        return {"words": "", "state": "", "is_late": False, "lasted": ""}
    lasted, late = in_hours(way.lasted(at)), way.is_late(at)
    words, state = lasted, "owed"
    if way.arrived:
        words = (_("took %(time)s, late") if late else _("took %(time)s")) % {"time": lasted}
        state = "late" if late else "done"
    elif way.limit_at:
        until = days.local(way.limit_at, park.zone)[5:16]
        words = (_("late since %(time)s") if late else _("until %(time)s")) % {"time": until}
        state = "late" if late else "missing" if way.limit_at - at <= WARNS_BEFORE else "owed"
    return {"words": words, "state": state, "is_late": late, "lasted": lasted}


def in_hours(span: timedelta) -> str:
    """A span of time in hours and minutes."""
    minutes = max(int(span.total_seconds() // 60), 0)
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": f"{minutes % 60:02}"}


def tube_faces(packed: Iterable[Packed], tubes: Mapping[str, Tube], park: Park, *, opens: bool) -> list[dict[str, Any]]:
    """What is in a box: each tube's code, how full it is, and what somebody should look at. `opens`: may they be opened?"""
    rows = []
    for each in packed:
        tube = tubes.get(each.code)
        note = "" if tube and tube.sealed_at else _("still open") if tube else _("no scan arrived yet")
        rows.append({"code": each.code, "put_at": days.local(each.put_at, park.zone)[5:16], "note": note,
                     "bound": getattr(tube, "bound", ""), "capacity": tube.capacity if tube else "",
                     "round": tube.round.number if tube else "",
                     "url": reverse("tube", args=[park.uid, each.code]) if tube and opens else ""})
    return rows


def leg_rows(legs: Sequence[Leg], packed: Sequence[Packed], park: Park, at: datetime) -> list[dict[str, Any]]:
    """Every hand-over of a box with both signatures, both counts, what does not agree, and how long each side had it."""
    rows: list[dict[str, Any]] = []
    until = [leg.received_at for leg in legs if leg.received_at and not leg.withdrawn_at]
    for leg in legs:
        following = next((moment for moment in until if leg.received_at and moment > leg.received_at), None)
        ends = leg.received_at or leg.withdrawn_at or at
        rows.append({
            "pk": leg.pk, "giver": leg.given_by_name, "given_at": days.local(leg.given_at, park.zone)[5:16], "gave": leg.gave,
            "to_whom": leg.to_whom, "receiver": leg.received_by_name, "counted": leg.counted, "at_laboratory": leg.at_laboratory,
            "received_at": days.local(leg.received_at, park.zone)[5:16] if leg.received_at else "",
            "waited": in_hours(ends - leg.given_at), "withdrawn": bool(leg.withdrawn_at),
            "kept": "" if not leg.received_at or leg.at_laboratory else in_hours((following or at) - leg.received_at),
            "differences": in_words(counts_of(leg, packed)) if leg.differs and not leg.withdrawn_at else [],
            "waits": bool(leg.differs and leg.received_at and not leg.explained_at and not leg.withdrawn_at),
            "explanation": leg.explanation, "explained_by": leg.explained_by_name,
            "explained_at": days.local(leg.explained_at, park.zone)[5:16] if leg.explained_at else ""})
    return rows


def in_words(counts: Counts) -> list[str]:
    """What does not agree, each in a sentence; the tubes by their codes, as far as they are known."""
    said = []
    if counts.gave != counts.packed:
        said.append(_("%(packed)s tubes are on record, %(gave)s were handed over") % {
            "packed": counts.packed, "gave": counts.gave})
    if counts.counted is not None and counts.counted != counts.gave:
        said.append(_("%(gave)s were handed over, %(counted)s were counted") % {"gave": counts.gave, "counted": counts.counted})
    elif counts.counted is not None and counts.counted != counts.packed:
        said.append(_("%(packed)s tubes are on record, %(counted)s were counted") % {
            "packed": counts.packed, "counted": counts.counted})
    if counts.missing:
        said.append(_("missing: %(tubes)s") % {"tubes": "、".join(counts.missing)})
    if counts.extra:
        said.append(_("too many: %(tubes)s") % {"tubes": "、".join(counts.extra)})
    if counts.unknown_which:
        said.append(ngettext("%(count)s is missing; which one is not known, nobody scanned them all",
                             "%(count)s are missing; which ones is not known, nobody scanned them all",
                             counts.unknown_which) % {"count": counts.unknown_which})
    return said
