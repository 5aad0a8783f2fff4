"""From rows to what a page shows of them: rounds with their figures, tubes with their results, members in order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key
from jiugong.registry.models import Park, Posting, Unit
from jiugong.registry.queries.coverage import Coverage
from jiugong.registry.words import Shift, UnitKind
from jiugong.screening.logic.reading import PointRow
from jiugong.screening.logic.reading_points import hours_in_words
from jiugong.screening.logic.training import Trained
from jiugong.screening.models import Point, Result, Round, Specimen
from jiugong.screening.queries.staff import Working
from jiugong.screening.queries.tubes import scanners_of
from jiugong.screening.words import ResultValue

# which of the six states of the design a result looks like; the word says which result it is
LOOKS = {ResultValue.NEGATIVE: "done", ResultValue.POSITIVE: "late", ResultValue.SUSPICIOUS: "missing",
         ResultValue.INVALID: "owed"}

NAMED = 3                                    # enterprises of a targeted round that are named; the others are counted
SHOWN = ("owed", "done", "excused", "missing")


def round_rows(rounds: Iterable[Round], figures: Mapping[int, Coverage], park: Park,
               at: datetime, *, see_people: bool) -> list[dict[str, Any]]:
    """Each round with its hours in the park's time, whose roster it is, and how far it is."""
    rows, names = [], reverse("names", args=[park.uid])
    for each in rounds:
        figure = figures.get(each.number, Coverage())
        opens, closes = (moment.astimezone(park.zone) for moment in (each.opens_at, each.closes_at))
        late = figure.missing if at > each.closes_at else 0
        today = f"{reverse('today', args=[park.uid])}?of=round:{each.number}"
        rows.append({
            "number": each.number, "day": f"{each.day}", "hours": f"{opens:%H:%M}–{closes:%H:%M}",
            "pool_size": each.pool_size,
            "over": str(each.unit or each.place or ""), "whom": _whom(each), "reason": each.reason,
            "figures_url": "" if each.number in figures else reverse("round-figures", args=[park.uid, each.number]),
            "url": reverse("round", args=[park.uid, each.number]),
            "today_url": today, "phase": _phase(each, at), "is_open": each.opens_at <= at <= each.closes_at,
            "owed": figure.owed, "done": figure.done, "excused": figure.excused, "missing": figure.missing,
            "late": late, "percent": figure.percent,
            **{f"{show}_url": f"{names}?of=round:{each.number}&show={show}" for show in SHOWN if see_people}})
    return rows


def _whom(the_round: Round) -> str:
    """For whom a targeted round is, in words; empty where it is for everybody of its roster."""
    chosen = [each.name for each in the_round.enterprises.all()]
    parts = [ngettext("%(count)s enterprise: %(names)s", "%(count)s enterprises: %(names)s", len(chosen)) % {
        "count": len(chosen), "names": "、".join(chosen[:NAMED]) + ("…" if len(chosen) > NAMED else "")}] if chosen else []
    if the_round.posts:
        parts.append(_("posts: %(posts)s") % {"posts": "、".join(the_round.posts)})
    if the_round.key_posts_only:
        parts.append(_("key posts only"))
    return "; ".join(parts)


def _phase(the_round: Round, at: datetime) -> str:
    if at < the_round.opens_at:
        return _("To come")
    return _("Under way") if at <= the_round.closes_at else _("Closed")


def enterprise_rows(covered: Iterable[tuple[Unit, Coverage]], the_round: Round, park: Park, at: datetime, *, text: str,
                    see_people: bool) -> list[dict[str, Any]]:
    """How far each enterprise is in a round; each figure leads to its names for those who may see them."""
    of, key = f"of=round:{the_round.number}", name_key(text)
    names, is_late = reverse("names", args=[park.uid]), at > the_round.closes_at
    return [{
        "name": firm.name, "url": f"{reverse('unit', args=[park.uid, firm.uid])}?{of}", "owed": one.owed, "done": one.done,
        "excused": one.excused, "missing": one.missing, "late": one.missing if is_late else 0, "percent": one.percent,
        **{f"{show}_url": f"{names}?{of}&unit={firm.uid}&show={show}" for show in SHOWN if see_people}}
        for firm, one in covered if key in firm.key]


def hour_rows(hours: Sequence[tuple[datetime, int]]) -> list[dict[str, Any]]:
    """Hour by hour, as `parts/curve.html` takes it."""
    most = max((count for _hour, count in hours), default=0)
    return [{"label": f"{hour:%H}", "count": count, "percent": count * 100 // most if most else 0, "url": ""}
            for hour, count in hours]


def stage_options(stages: Mapping[str, int]) -> list[tuple[Any, ...]]:
    """The stages of a round's tubes to choose from, with how many stand in each."""
    words = [("open", _("Open")), ("sealed", _("Sealed, no result yet")), *((value, str(label)) for value, label in
                                                                             ResultValue.choices)]
    return [("", _("All"), sum(stages.values())), *((value, word, stages.get(value, 0)) for value, word in words)]


def missing_rows(postings: Iterable[Posting]) -> list[list[str]]:
    """Who is missing, as a workbook lists him: where he belongs, his name, his number masked."""
    rows = []
    for each in postings:
        unit = each.unit
        workshop = unit if unit.kind == UnitKind.WORKSHOP else unit.parent
        rows.append([
            each.enterprise.name, workshop.name if workshop and workshop.kind == UnitKind.WORKSHOP else "",
            unit.name if unit.kind == UnitKind.TEAM else "", each.person.name, each.person.masked_id,
            each.post, str(Shift(each.shift).label) if each.shift else ""])
    return rows


def point_as_row(point: Point) -> PointRow:
    """A point as a list of points writes it down."""
    return PointRow(row=0, name=point.name, kind=point.kind, enterprise=str(point.unit or ""), grid=str(point.place or ""),
                    opens=point.opens, closes=point.closes, desks=point.desks, since=point.since, until=point.until)


def point_rows(points: Iterable[Point], taken: Mapping[int, int], park: Park, today: date) -> list[dict[str, Any]]:
    """Each point with its hours, desks and today's swabs, and the way to its page."""
    return [{"name": each.name, "kind": each.get_kind_display(), "over": str(each.unit or each.place or ""),
             "hours": hours_in_words(each.opens, each.closes).replace("-", "–"), "desks": each.desks,
             "taken": taken.get(each.pk, 0), "days": _days(each, today),
             "url": reverse("point", args=[park.uid, each.pk])} for each in points]


# how a training looks on a page: one of the states of the design, and its word
TRAINING = {Trained.YES: ("done", gettext_lazy("trained")), Trained.NEVER: ("missing", gettext_lazy("not trained")),
            Trained.EXPIRED: ("late", gettext_lazy("training expired")),
            Trained.LATER: ("missing", gettext_lazy("trained only later"))}


def training_face(stands: Trained) -> dict[str, str]:
    """How somebody stands, as a state and a word."""
    state, word = TRAINING[stands]
    return {"state": state, "word": str(word)}


def staff_rows(working: Iterable[Working], park: Park, actor: Actor, today: date) -> list[dict[str, Any]]:
    """Who works at a point; whom the reader may see has the way to his page, and who keeps the roster may end it."""
    sees = actor.may_somewhere(Can.SEE_PEOPLE, within=park)
    return [{"name": each.person.name, "url": reverse("person", args=[park.uid, each.person.uid]) if sees else "",
             "role": str(each.role.label), "training": training_face(each.trained), "since": each.since, "until": each.until,
             "to_come": bool(each.since and each.since > today), "of_enterprise": each.assigned is None,
             "end_url": reverse("staff-end", args=[park.uid, each.assigned.pk])
             if each.assigned and actor.may(Can.KEEP_ROSTER, over=each.assigned.point) else ""} for each in working]


def _days(point: Point, today: date) -> str:
    """Since when a point stands or until when; nothing where it simply stands."""
    if point.since and point.since > today:
        return _("from %(day)s") % {"day": point.since}
    if point.until:
        return (_("closed since %(day)s") if point.until <= today else _("closed from %(day)s")) % {"day": point.until}
    return ""


def tube_rows(tubes: Iterable[Any], park: Park, at: datetime) -> list[dict[str, Any]]:
    """Each tube of a list with how full it is, its last result, and who scanned."""
    listed = list(tubes)
    scanners = scanners_of(listed)
    return [{"code": tube.code, "url": reverse("tube", args=[park.uid, tube.code]), "point": tube.point.name,
             "bound": tube.bound, "capacity": tube.capacity, "opened": days.local(tube.opened_at, park.zone)[11:],
             "sealed": bool(tube.sealed_at and tube.sealed_at <= at),
             "after_seal": tube.after_seal,
             "result": result_face(tube.value) if tube.value else None,
             "reported": days.local(tube.reported, park.zone)[5:16] if tube.reported else "",
             "scanners": [name or _("unknown telephone") for name in scanners[tube.pk]]} for tube in listed]


def result_face(value: str) -> dict[str, str]:
    """A result as a word and as one of the states of the design."""
    return {"word": str(ResultValue(value).label), "state": LOOKS[ResultValue(value)]}


def result_rows(results: Iterable[Result], bound: int, park: Park) -> list[dict[str, Any]]:
    """What the laboratory said, newest first, and where it counted other swabs than we bound."""
    return [{**result_face(each.value), "at": days.local(each.reported_at, park.zone)[:16], "swabs": each.swabs,
             "laboratory": str(each.laboratory or ""), "differs": each.swabs is not None and each.swabs != bound}
            for each in results]


def member_rows(members: Sequence[Specimen], seen: set[int], park: Park) -> list[dict[str, Any]]:
    """The swabs of a tube in order; who may not see somebody sees only that a swab is there."""
    return [{"position": each.position, "at": days.local(each.sampled_at, park.zone)[5:], "again": each.again,
             "device": each.device, "after_seal": came_after_seal(each), **(_whose(each, park) if each.pk in seen else _hidden()),
             **_retest(each, park)} for each in members]


def came_after_seal(specimen: Specimen) -> bool:
    """Did it arrive when its tube was sealed already? Imported history arrived later than everything."""
    tube = specimen.tube
    return bool(tube.sealed_at and specimen.received_at > tube.sealed_at and not tube.round.imported)


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


def scannable_rows(rounds: Iterable[Round], park: Park, at: datetime) -> list[dict[str, Any]]:
    """The rounds to choose from where somebody scans: which one, for whom, and whether it is under way."""
    rows = []
    for each in rounds:
        opens, closes = (moment.astimezone(park.zone) for moment in (each.opens_at, each.closes_at))
        parts = [_("Round %(number)s") % {"number": each.number}, f"{each.day:%m-%d} {opens:%H:%M}–{closes:%H:%M}",
                 str(each.unit or each.place or "") or (_("chosen people only") if each.is_targeted else "")]
        rows.append({"number": str(each.number), "pool_size": each.pool_size, "label": " · ".join(filter(None, parts)),
                     "is_open": each.opens_at <= at <= each.closes_at})
    return rows
