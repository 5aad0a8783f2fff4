"""A tube that is not negative, as another room is told of it: whose swabs are in it, and when each was negative last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from jiugong.lib import secrets
from jiugong.registry.models import Park, Unit
from jiugong.screening.models import Result, Retest, Specimen, Tube
from jiugong.screening.words import ResultValue


@dataclass(frozen=True, kw_only=True)
class Swabbed:
    """One member: a person of the park, or the number of a walk-in."""

    person_id: int | None
    id_number: str
    position: int
    sampled_at: datetime
    last_negative_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PositiveTube:
    """The tube, the unit at whose point it was filled, and its members in order."""

    park: Park
    code: str
    unit: Unit | None
    members: list[Swabbed]
    is_retest: bool


def positive_tube(tube_id: int) -> PositiveTube:
    """A tube with its members. One that answers somebody's retest says so: it opens nothing new."""
    tube = Tube.objects.select_related("park", "point__unit__enterprise").get(pk=tube_id)
    swabs = list(Specimen.objects.filter(tube=tube, kind="person").select_related("person").order_by("position", "pk"))
    ring, once = secrets.ring(), {swab.whose: swab for swab in reversed(swabs) if swab.whose}
    last = _last_negative([swab.person_id for swab in once.values() if swab.person_id],
                          min((swab.sampled_at for swab in swabs), default=tube.opened_at))
    members = [Swabbed(person_id=swab.person_id, id_number="" if swab.person_id else swab.open_number(ring), position=swab.position,
                       sampled_at=swab.sampled_at, last_negative_at=last.get(swab.person_id or 0))
               for swab in sorted(once.values(), key=lambda each: each.position)]
    unit = tube.point.unit
    return PositiveTube(park=tube.park, code=tube.code, unit=unit.enterprise or unit if unit else None, members=members,
                        is_retest=len(once) == 1 and _answers_a_retest(next(iter(once.values()))))


def number_in(specimen_id: int) -> str:
    """The number with which a walk-in was scanned; the house asks it for itself, nobody sees it."""
    return Specimen.every.get(pk=specimen_id).open_number(secrets.ring())


def _answers_a_retest(alone: Specimen) -> bool:
    waiting = Retest.objects.filter(park=alone.park_id, opened_at__lte=alone.sampled_at).exclude(specimen=alone.pk)
    if alone.person_id:
        return waiting.filter(specimen__person=alone.person_id).exists()
    return waiting.filter(specimen__id_index=alone.id_index).exists()


def _last_negative(person_ids: list[int], before: datetime) -> dict[int, datetime]:
    """When each was sampled last before a moment into a tube that is negative."""
    value = Result.objects.filter(tube=OuterRef("tube")).order_by("-reported_at", "-pk").values("value")[:1]
    rows = (Specimen.objects.filter(person__in=person_ids, sampled_at__lt=before).annotate(value=Subquery(value))
            .filter(value=ResultValue.NEGATIVE).order_by("sampled_at").values_list("person_id", "sampled_at"))
    return {person: at for person, at in rows if person}


def tests_taken(person_ids: Iterable[int], since: datetime) -> Iterable[tuple[int, datetime, str, datetime | None]]:
    """When each of these people was sampled since a moment, and what the laboratory says last of the tube.

    A pool that is not negative says nothing of one of its members: his own retest does.
    """
    last = Result.objects.filter(tube=OuterRef("tube")).order_by("-reported_at", "-pk")
    rows = (Specimen.objects.filter(person__in=list(person_ids), sampled_at__gte=since).order_by("sampled_at", "pk")
            .annotate(value=Subquery(last.values("value")[:1]), reported=Subquery(last.values("reported_at")[:1])))
    columns = ("person_id", "sampled_at", "value", "reported", "tube__capacity")
    for person, sampled_at, value, reported, size in rows.values_list(*columns):
        if person and (size == 1 or value in (None, ResultValue.NEGATIVE)):
            yield person, sampled_at, value or "", reported
