"""What was done: evidence that was recorded, by whom it may be seen, and what waits to be checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from jiugong.duties.logic.advising import fever_from
from jiugong.duties.logic.cleaning import AT_ONCE, Log, doubts
from jiugong.duties.logic.kinds import KINDS
from jiugong.duties.models import Evidence
from jiugong.duties.queries.parameters import parameters_on
from jiugong.duties.queries.subjects import rooted, subject_of
from jiugong.lib import clock, days
from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person, Place, Unit
from jiugong.registry.queries.people import people_seen, within

WITH_SUBJECT = ("person", "unit__enterprise", "place__parent", "check_made")
CHECKED_KINDS = tuple(name for name, kind in KINDS.items() if kind.checked)


def evidence_of(person_id: int, until: datetime) -> QuerySet[Evidence]:
    """What one person has shown, newest first."""
    return Evidence.objects.filter(person_id=person_id, happened_at__lte=until).order_by("-happened_at")


def seen_by(actor: Actor, park: Park, power: Can) -> Q:
    """The evidence about people, units and places of a park over which the actor holds a power."""
    reach = actor.reach(power)
    if EVERYTHING in reach or all(branch.startswith(tuple(reach)) for branch in park.branches):
        return Q()
    return (Q(person__in=people_seen(actor, park, power).values("pk"))
            | (Q(unit__isnull=False) & within(reach, "unit__path"))
            | (Q(place__isnull=False) & within(reach, "place__path")))


@dataclass(frozen=True, kw_only=True)
class Sought:
    """How a list of evidence is narrowed; each may be missing. Days are park days, both included."""

    kind: str = ""
    first: date | None = None
    last: date | None = None
    text: str = ""
    state: str = ""                          # unchecked, passed, failed, invalid, unwell


STATES = {
    "unchecked": Q(check_made=None, kind__in=CHECKED_KINDS), "passed": Q(check_made__passed=True),
    "failed": Q(check_made__passed=False), "invalid": Q(valid=False),
}


UNWELL = "unwell"                            # of a health report or a temperature: a fever, or symptoms


def unwell(rows: QuerySet[Evidence], park: Park, day: date) -> QuerySet[Evidence]:
    """Of what was recorded, who reported a fever by the park's own limit, or any symptom."""
    fever = Q(data__temperature__gte=fever_from(parameters_on(park, day)))
    return rows.filter(fever | (Q(kind="health_report") & ~Q(data__symptoms=[])), kind__in=("health_report", "temperature"))


def unwell_on(actor: Actor, park: Park, day: date, at: datetime) -> QuerySet[Evidence]:
    """Reports of a day by people who are not well, as far as the actor may see them."""
    rows = Evidence.objects.filter(seen_by(actor, park, Can.SEE_PEOPLE), park=park, happened_at__lte=at,
                                   happened_at__gte=days.bounds(day, park.zone)[0])
    return unwell(rows, park, day)


def evidence_listed(actor: Actor, park: Park, sought: Sought, *, power: Can = Can.SEE_PEOPLE) -> QuerySet[Evidence]:
    """What was recorded in a park as far as the actor may see it, newest first. Raises NotAllowed."""
    actor.must_somewhere(power, within=park)
    rows = Evidence.objects.filter(seen_by(actor, park, power), park=park, happened_at__lte=clock.now())
    if sought.kind:
        rows = rows.filter(kind=sought.kind)
    if sought.first:
        rows = rows.filter(happened_at__gte=days.bounds(sought.first, park.zone)[0])
    if sought.last:
        rows = rows.filter(happened_at__lt=days.bounds(sought.last, park.zone)[1])
    if sought.state == UNWELL:
        rows = unwell(rows, park, sought.last or days.day_of(clock.now(), park.zone))
    elif sought.state:
        rows = rows.filter(STATES[sought.state])
    if sought.text:
        rows = rows.filter(_about_those_named(park, sought.text))
    return rows.select_related(*WITH_SUBJECT).order_by("-happened_at", "-pk")


def _about_those_named(park: Park, text: str) -> Q:
    """The evidence about whom or what a text names: they are few, so they are found first."""
    units = Unit.objects.filter(Q(name__icontains=text) | Q(enterprise__name__icontains=text), park=park)
    return (Q(person__in=Person.objects.filter(park=park, name__icontains=text).values("pk")) | Q(unit__in=units.values("pk"))
            | Q(place__in=Place.objects.filter(park=park, name__icontains=text).values("pk")))


def evidence_for(actor: Actor, park: Park, pk: int, power: Can = Can.RECORD_EVIDENCE) -> Evidence:
    """The only door from a number in a URL to a piece of evidence. Raises NotHere."""
    found = Evidence.objects.filter(pk=pk, park=park).select_related("park", "person__park", *WITH_SUBJECT).first()
    if found is None or not actor.may(power, over=rooted(subject_of(found))):
        raise NotHere()
    return found


def waiting_for_check(actor: Actor, park: Park, until: datetime) -> QuerySet[Evidence]:
    """What was done and nobody has checked, the oldest first, where the actor may check. Raises NotAllowed."""
    actor.must_somewhere(Can.RECORD_EVIDENCE, within=park)
    return (Evidence.objects.filter(seen_by(actor, park, Can.RECORD_EVIDENCE), park=park, kind__in=CHECKED_KINDS,
                                    check_made=None, valid=True, happened_at__lte=until)
            .select_related(*WITH_SUBJECT).order_by("happened_at", "pk"))


def doubts_about(rows: Iterable[Evidence]) -> dict[int, tuple[str, ...]]:
    """What is worth a look about some disinfections, beside everything else that was logged at the time: one query."""
    cleaned: Sequence[Evidence] = [row for row in rows if row.kind == "disinfection"]
    if not cleaned:
        return {}
    margin = AT_ONCE + timedelta(minutes=1)
    first, last = min(row.happened_at for row in cleaned) - margin, max(row.happened_at for row in cleaned) + margin
    wrote, written = min(row.received_at for row in cleaned) - margin, max(row.received_at for row in cleaned) + margin
    others = Evidence.objects.filter(
        Q(happened_at__range=(first, last)) | Q(received_at__range=(wrote, written), recorded_by__in={
            row.recorded_by for row in cleaned}), park_id=cleaned[0].park_id, kind="disinfection")
    logs = [Log(pk=each.pk, place_id=each.place_id, operator=str(each.data.get("operator", "")), received_at=each.received_at,
                happened_at=each.happened_at, recorded_by=each.recorded_by)
            for each in others.only("pk", "place_id", "data", "happened_at", "received_at", "recorded_by")]
    found, mine = doubts(logs), {row.pk for row in cleaned}
    return {pk: said for pk, said in found.items() if pk in mine}
