"""From conflicts to what a page, a workbook and a figure show of them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.screening.models import Settlement, Specimen
from jiugong.screening.queries.conflicts import Found, is_within
from jiugong.screening.words import ConflictKind, Verdict

SHOWN = 10                                   # swabs of one conflict that a page names; the others are counted


def conflict_rows(conflicts: Iterable[Found], park: Park, reach: Sequence[str], actor: Actor) -> list[dict[str, Any]]:
    """Each conflict in words, with its swabs; whoever sees a part of them sees that there are others."""
    return [{"kind": each.kind, "word": str(ConflictKind(each.kind).label), "says": says(each, park, reach),
             "round": each.swabs[0].round.number, "swabs": [swab_row(swab, park, reach) for swab in each.swabs[:SHOWN]],
             "more": max(len(each.swabs) - SHOWN, 0), "count": len(each.swabs), "settle_id": uuid4().hex,
             "scan_ids": "\n".join(swab.scan_id for swab in each.swabs),
             "may_settle": all(actor.may(Can.SETTLE_SAMPLING, over=point)
                               for point in {swab.tube.point_id: swab.tube.point for swab in each.swabs}.values())}
            for each in conflicts]


def says(found: Found, park: Park, reach: Sequence[str]) -> str:
    """What a conflict is, in one line."""
    first, count = found.swabs[0], len(found.swabs)
    if found.kind == ConflictKind.TWICE:
        seen = next((row for row in found.swabs if is_within(row.tube.point, reach)), first)
        return _("%(name)s: %(count)s swabs in round %(round)s") % {
            "name": whose(seen, reach), "count": count, "round": first.round.number}
    if found.kind == ConflictKind.OVERFULL:
        return _("Tube %(tube)s: %(count)s swabs, it holds %(capacity)s") % {
            "tube": first.tube.code, "count": count, "capacity": first.tube.capacity}
    if found.kind == ConflictKind.AFTER_SEAL:
        at = days.local(first.tube.sealed_at, park.zone)[5:16] if first.tube.sealed_at else ""
        return ngettext("Tube %(tube)s was sealed at %(at)s; %(count)s swab was taken later",
                        "Tube %(tube)s was sealed at %(at)s; %(count)s swabs were taken later", count) % {
                            "tube": first.tube.code, "at": at, "count": count}
    if found.kind == ConflictKind.TWO_ROUNDS:
        rounds = sorted({row.round.number for row in found.swabs})
        return _("Tube %(tube)s holds swabs of the rounds %(rounds)s") % {
            "tube": first.tube.code, "rounds": "、".join(map(str, rounds))}
    if found.kind == ConflictKind.CLOCK:
        most = max((row.skew_seconds or 0 for row in found.swabs), key=abs)
        return ngettext("%(device)s: its clock was off by %(minutes)s minutes; %(count)s swab",
                        "%(device)s: its clock was off by %(minutes)s minutes; %(count)s swabs", count) % {
                            "device": first.device or _("A device"), "minutes": round(-most / 60), "count": count}
    if found.kind == ConflictKind.LATE:
        return ngettext("%(device)s: %(count)s swab of round %(round)s arrived more than a day late, or says another day",
                        "%(device)s: %(count)s swabs of round %(round)s arrived more than a day late, or say another day",
                        count) % {"device": first.device or _("A device"), "count": count, "round": first.round.number}
    return _("%(number)s is not on the roster") % {"number": first.masked_id if is_within(first.tube.point, reach) else "…"}


def whose(row: Specimen, reach: Sequence[str]) -> str:
    """Whose swab it is, for who may see it."""
    if not is_within(row.tube.point, reach):
        return _("Somebody of another part of the park")
    if row.person:
        return row.person.name
    return row.lot or str(row.place or "") or _("Walk-in %(number)s") % {"number": row.masked_id}


def swab_row(row: Specimen, park: Park, reach: Sequence[str]) -> dict[str, Any]:
    """A swab of a conflict: whose, in which tube, when by which clock, by whom and with what."""
    mine = is_within(row.tube.point, reach)
    scanner = row.scanner.name if row.scanner else ""
    return {"scan_id": row.scan_id, "name": whose(row, reach), "tube": row.tube.code if mine else "…", "position": row.position,
            "point": row.tube.point.name, "at": days.local(row.sampled_at, park.zone)[5:],
            "by": " · ".join(filter(None, (scanner, row.device))) if mine else "",
            "tube_url": reverse("tube", args=[park.uid, row.tube.code]) if mine else ""}


def settled_rows(settlements: Iterable[Settlement], park: Park, reach: Sequence[str]) -> list[dict[str, Any]]:
    """What somebody settled: which swabs, what he said, why, when."""
    rows = []
    for each in settlements:
        swabs = [swab.specimen for swab in each.swabs.all()]
        struck = next((swab for swab in swabs if hasattr(swab, "undo")), None) if each.verdict == Verdict.STRUCK else None
        rows.append({
            "kind": each.kind, "word": str(ConflictKind(each.kind).label), "round": each.round.number, "reason": each.reason,
            "verdict": str(Verdict(each.verdict).label), "is_struck": struck is not None,
            "by": each.settled_by_name, "at": days.local(each.settled_at, park.zone)[5:16],
            "swabs": "、".join(f"{whose(swab, reach)} {swab.tube.code}-{swab.position}" for swab in swabs[:SHOWN]),
            "struck": f"{whose(struck, reach)} {struck.tube.code}-{struck.position}" if struck else ""})
    return rows
