"""From rows to what a page shows of them: rounds with their figures, tubes with their results, members in order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong.lib import days
from jiugong.registry.models import Park
from jiugong.registry.queries.coverage import Coverage
from jiugong.screening.models import Result, Round, Specimen
from jiugong.screening.queries.tubes import scanners_of
from jiugong.screening.words import ResultValue

# which of the six states of the design a result looks like; the word says which result it is
LOOKS = {ResultValue.NEGATIVE: "done", ResultValue.POSITIVE: "late", ResultValue.SUSPICIOUS: "missing",
         ResultValue.INVALID: "owed"}

SHOWN = ("owed", "done", "excused", "missing")


def round_rows(rounds: Iterable[Round], figures: Mapping[int, Coverage], park: Park,
               at: datetime, *, see_people: bool) -> list[dict[str, Any]]:
    """Each round with its hours in the park's time, whose roster it is, and how far it is."""
    rows, names = [], reverse("names", args=[park.uid])
    for each in rounds:
        figure = figures[each.number]
        opens, closes = (moment.astimezone(park.zone) for moment in (each.opens_at, each.closes_at))
        late = figure.missing if at > each.closes_at else 0
        today = f"{reverse('today', args=[park.uid])}?of=round:{each.number}"
        rows.append({
            "number": each.number, "day": f"{each.day}", "hours": f"{opens:%H:%M}–{closes:%H:%M}",
            "pool_size": each.pool_size,
            "over": str(each.unit or each.place or ""), "url": reverse("round", args=[park.uid, each.number]),
            "today_url": today, "phase": _phase(each, at), "is_open": each.opens_at <= at <= each.closes_at,
            "owed": figure.owed, "done": figure.done, "excused": figure.excused, "missing": figure.missing,
            "late": late, "percent": figure.percent,
            **{f"{show}_url": f"{names}?of=round:{each.number}&show={show}" for show in SHOWN if see_people}})
    return rows


def _phase(the_round: Round, at: datetime) -> str:
    if at < the_round.opens_at:
        return _("To come")
    return _("Under way") if at <= the_round.closes_at else _("Closed")


def tube_rows(tubes: Iterable[Any], park: Park, at: datetime) -> list[dict[str, Any]]:
    """Each tube of a list with how full it is, its last result, and who scanned."""
    listed = list(tubes)
    scanners = scanners_of(listed)
    return [{"code": tube.code, "url": reverse("tube", args=[park.uid, tube.code]), "point": tube.point.name,
             "bound": tube.bound, "capacity": tube.capacity, "opened": days.local(tube.opened_at, park.zone)[11:],
             "sealed": bool(tube.sealed_at and tube.sealed_at <= at),
             "result": result_face(tube.value) if tube.value else None,
             "reported": days.local(tube.reported, park.zone)[5:16] if tube.reported else "",
             "scanners": [name or _("unknown telephone") for name in scanners[tube.pk]]} for tube in listed]


def result_face(value: str) -> dict[str, str]:
    """A result as a word and as one of the states of the design."""
    return {"word": str(ResultValue(value).label), "state": LOOKS[ResultValue(value)]}


def result_rows(results: Iterable[Result], bound: int, park: Park) -> list[dict[str, Any]]:
    """What the laboratory said, newest first, and where it counted other swabs than we bound."""
    return [{**result_face(each.value), "at": days.local(each.reported_at, park.zone)[:16], "swabs": each.swabs,
             "differs": each.swabs is not None and each.swabs != bound} for each in results]


def member_rows(members: Sequence[Specimen], seen: set[int], park: Park) -> list[dict[str, Any]]:
    """The swabs of a tube in order; who may not see somebody sees only that a swab is there."""
    return [{"position": each.position, "at": days.local(each.sampled_at, park.zone)[5:], "again": each.again,
             "device": each.device, **(_whose(each, park) if each.pk in seen else _hidden()),
             **_retest(each, park)} for each in members]


def _whose(specimen: Specimen, park: Park) -> dict[str, Any]:
    person = specimen.person
    name = person.name if person else specimen.lot or str(specimen.place or "")
    stranger = not name
    scanner = specimen.scanner.name if specimen.scanner else _("unknown telephone") if specimen.scanner_index else ""
    return {"name": name or _("Walk-in"), "walk_in": stranger, "hidden": False, "scanner": scanner,
            "masked_id": specimen.masked_id if specimen.kind == "person" else "",
            "url": reverse("person", args=[park.uid, person.uid]) if person else ""}


def _hidden() -> dict[str, Any]:
    return {"name": _("Somebody of another part of the park"), "hidden": True, "walk_in": False, "scanner": "",
            "masked_id": "", "url": ""}


def _retest(specimen: Specimen, park: Park) -> dict[str, Any]:
    retest = getattr(specimen, "retest", None)
    closed = retest.closed_by if retest else None
    return {"retest": retest, "retest_result": result_face(closed.value) if closed else None,
            "retest_url": reverse("tube", args=[park.uid, closed.tube.code]) if closed else ""}
