"""Specimens, tubes, results and retests of the period."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from jiugong.briefs.rows.line import A_HANDFUL, Line, found
from jiugong.briefs.scope import Scope
from jiugong.lib import days
from jiugong.lib.acting import EVERYTHING
from jiugong.registry.models import holds_on
from jiugong.screening.models import Result, Specimen, Tube
from jiugong.screening.queries import tubes as queries
from jiugong.screening.queries.flagged import Flagged, flagged_among
from jiugong.screening.queries.turn_round import LateTube, late_among


def _inside(scope: Scope, rows: QuerySet[Any], *, tubes: bool = False) -> QuerySet[Any]:
    """Only what people gave who stood within the reach on the day of the swab; the whole park needs no question."""
    if EVERYTHING in scope.reach or any(root in scope.park.branches for root in scope.reach):
        return rows
    branch = Q(pk__in=[])
    for root in scope.reach:
        branch |= Q(person__postings__unit__path__startswith=root)
    mine = Specimen.objects.annotate(sampled_on=TruncDate("sampled_at", tzinfo=scope.park.zone)).filter(
        branch & holds_on(F("sampled_on"), "person__postings__"), park=scope.park, sampled_at__gte=scope.start,
        sampled_at__lt=scope.end)
    return rows.filter(pk__in=mine.values("tube" if tubes else "pk"))


def specimens_of(scope: Scope) -> QuerySet[Specimen]:
    """The swabs of people that count in a period, within the reach."""
    return _inside(scope, queries.specimens_between(scope.park, scope.start, scope.end))


def _tubes(scope: Scope) -> QuerySet[Tube]:
    return _inside(scope, queries.tubes_between(scope.park, scope.start, scope.end), tubes=True)


def _specimen_line(specimen: Specimen, scope: Scope) -> Line:
    return Line(facts={
        "round": specimen.round.number, "tube": specimen.tube.code, "position": specimen.position,
        "name": specimen.person.name if specimen.person else "", "sampled_at": days.local(specimen.sampled_at, scope.park.zone),
        "point": specimen.tube.point.name, "scanner": specimen.scanner.name if specimen.scanner else "",
        "device": specimen.device}, whose=specimen.person or specimen)


def _listed(specimens: QuerySet[Specimen], scope: Scope) -> Iterable[Line]:
    found_here = found(scope, specimens, "person__name", "tube__code", "tube__point__name", "scanner__name", "device")
    rows = found_here.select_related("round", "tube__point", "person", "scanner")
    for specimen in rows.order_by("round__number", "tube__code", "position", "pk").iterator(chunk_size=A_HANDFUL):
        yield _specimen_line(specimen, scope)


def _counts(scope: Scope) -> dict[str, int]:
    """What is counted of the swabs of a period, in one question."""
    return scope.once("specimens", lambda: specimens_of(scope).order_by().aggregate(
        person_tests=Count("pk"), walk_ins=Count("pk", filter=Q(person__isnull=True)),
        unknown_scanners=Count("pk", filter=Q(scanner__isnull=True, scanner_index__isnull=False))))


def person_tests(scope: Scope) -> Iterable[Line]:
    return _listed(specimens_of(scope), scope)


def count_person_tests(scope: Scope) -> int:
    return _counts(scope)["person_tests"]


def _walk_ins(scope: Scope) -> QuerySet[Specimen]:
    return specimens_of(scope).filter(person=None)


def walk_ins(scope: Scope) -> Iterable[Line]:
    return _listed(_walk_ins(scope), scope)


def count_walk_ins(scope: Scope) -> int:
    return _counts(scope)["walk_ins"]


def _unknown_scanners(scope: Scope) -> QuerySet[Specimen]:
    return specimens_of(scope).filter(scanner=None, scanner_index__isnull=False)


def unknown_scanners(scope: Scope) -> Iterable[Line]:
    return _listed(_unknown_scanners(scope), scope)


def count_unknown_scanners(scope: Scope) -> int:
    return _counts(scope)["unknown_scanners"]


def _flagged(scope: Scope) -> list[Flagged]:
    return scope.once("flagged", lambda: flagged_among(specimens_of(scope), scope.park))


def flagged_scans(scope: Scope) -> Iterable[Line]:
    """Each scanner and day whose scans are flagged, with how many swabs: people by name first, then who is not known."""
    for each in sorted(_flagged(scope), key=lambda one: one.person is None):
        yield Line(facts={
            "scanner": each.who, "day": str(each.day), "flag": each.why.value, "value": each.swabs,
            "from": days.local(each.first_at, scope.park.zone), "until": days.local(each.last_at, scope.park.zone)},
            whose=each.person)


def count_flagged_scans(scope: Scope) -> int:
    return sum(each.swabs for each in _flagged(scope))


def _tube_lines(rows: QuerySet[Tube], scope: Scope) -> Iterable[Line]:
    listed = queries.with_last_result(found(scope, rows, "code", "point__name").select_related("round", "point"), scope.as_of)
    for tube in listed.order_by("round__number", "code"):
        reported = tube.reported
        yield Line(facts={
            "round": tube.round.number, "tube": tube.code, "point": tube.point.name, "capacity": tube.capacity,
            "specimens": tube.bound, "result": tube.value or "",
            "reported_at": days.local(reported, scope.park.zone) if reported else ""})


def tubes(scope: Scope) -> Iterable[Line]:
    return _tube_lines(_tubes(scope), scope)


def count_tubes(scope: Scope) -> int:
    return sum(_results(scope).values())


def _reported(scope: Scope) -> QuerySet[Any]:
    return queries.with_last_result(_tubes(scope), scope.as_of).filter(value__isnull=False)


def _results(scope: Scope) -> dict[str | None, int]:
    """How many tubes of the period have which last result, in one question; None has none yet."""
    last = Result.objects.filter(tube=OuterRef("pk"), reported_at__lte=scope.as_of).order_by("-reported_at", "-pk")
    tubes = _tubes(scope).order_by().annotate(said=Subquery(last.values("value")[:1]))
    return scope.once("results", lambda: dict(tubes.values_list("said").annotate(tubes=Count("pk"))))


def tubes_reported(scope: Scope) -> Iterable[Line]:
    return _tube_lines(_tubes(scope).filter(pk__in=_reported(scope).values("pk")), scope)


def count_tubes_reported(scope: Scope) -> int:
    return sum(tubes for value, tubes in _results(scope).items() if value)


def tubes_not_negative(scope: Scope) -> Iterable[Line]:
    return _tube_lines(_tubes(scope).filter(pk__in=_reported(scope).exclude(value="negative").values("pk")), scope)


def count_tubes_not_negative(scope: Scope) -> int:
    return sum(tubes for value, tubes in _results(scope).items() if value and value != "negative")


def _late(scope: Scope) -> list[LateTube]:
    return scope.once("tubes_late", lambda: late_among(_tubes(scope), scope.park, scope.as_of))


def tubes_late(scope: Scope) -> Iterable[Line]:
    """Tubes of the period whose result came after the hours of the contract, or is due and not there."""
    for each in _late(scope):
        yield Line(facts={
            "round": each.round, "tube": each.code, "point": each.point.name, "laboratory": each.laboratory.name,
            "start": each.start.value, "from": days.local(each.started_at, scope.park.zone), "hours": each.hours,
            "due_at": days.local(each.due_at, scope.park.zone),
            "reported_at": days.local(each.reported_at, scope.park.zone) if each.reported_at else ""})


def count_tubes_late(scope: Scope) -> int:
    return len(_late(scope))


def retests_open(scope: Scope) -> Iterable[Line]:
    """Who is to be sampled alone, because of which tube, since when."""
    for retest in queries.open_retests(scope.park, scope.as_of, scope.reach).order_by("opened_at", "specimen__position"):
        specimen = retest.specimen
        yield Line(facts={
            "tube": specimen.tube.code, "position": specimen.position, "result": retest.because.value,
            "name": specimen.person.name if specimen.person else "",
            "since": days.local(retest.opened_at, scope.park.zone)}, whose=specimen.person or specimen)


def count_retests_open(scope: Scope) -> int:
    return queries.open_retests(scope.park, scope.as_of, scope.reach).count()
