"""Who works at a point on a day: those who were assigned to it, and at an enterprise's point its sampling and scanning officers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Charge, Park, Person, holds_on
from jiugong.screening import questions
from jiugong.screening.logic.training import Trained, by_person, trained
from jiugong.screening.models import Point, PointStaff
from jiugong.screening.words import PointKind, StaffRole


@dataclass(frozen=True, kw_only=True)
class Working:
    """Somebody who works at a point: since when, until when, whether trained on the day; `assigned` is the row that says so,
    None for an officer of the enterprise.
    """

    person: Person
    role: StaffRole
    since: date | None
    until: date | None
    trained: Trained
    assigned: PointStaff | None = None


def staff_of(point: Point, day: date) -> list[Working]:
    """Everybody who works at a point on a day or is assigned from a later one, with the training that counts on the day."""
    assigned = list(PointStaff.objects.filter(point=point).exclude(until__lte=day).select_related("person", "point")
                    .order_by("role", "person__name", "pk"))
    charges = _charges(point, day)
    people = {each.person_id for each in assigned} | {each.person_id for each in charges}
    known = by_person(questions.trainings(point.park_id, people))
    rows = [Working(person=each.person, role=StaffRole(each.role), since=each.since, until=each.until, assigned=each,
                    trained=trained(known, each.person_id, each.role, max(day, each.since))) for each in assigned]
    named = {(each.person.pk, each.role) for each in rows}
    rows += [Working(person=each.person, role=StaffRole(each.role), since=each.since, until=each.until,
                     trained=trained(known, each.person_id, each.role, day))
             for each in charges if (each.person_id, each.role) not in named]
    return sorted(rows, key=lambda each: (each.role != StaffRole.SAMPLER, each.person.name, each.person.pk))


def _charges(point: Point, day: date) -> list[Charge]:
    if point.kind != PointKind.ENTERPRISE or point.unit is None:
        return []
    return list(Charge.objects.filter(holds_on(day), park=point.park_id, unit__path__startswith=point.unit.path,
                                      role__in=StaffRole.values).select_related("person").order_by("pk"))


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """What a point lacks on a day: roles in which nobody works, who is not trained, and how many desks nobody is at."""

    nobody: tuple[StaffRole, ...]
    untrained: tuple[Working, ...]
    at_work: dict[StaffRole, int]
    desks: int

    def __bool__(self) -> bool:
        return bool(self.nobody or self.untrained)

    @property
    def desks_without(self) -> int:
        """For how many desks there is no pair of a sampling and a scanning officer."""
        return max(self.desks - min(self.at_work.values()), 0)


def gaps_in(working: Iterable[Working], desks: int | None, day: date) -> Gaps:
    """The gaps among those who work on the day itself."""
    now = [each for each in working if each.since is None or each.since <= day]
    at_work = {role: len({each.person.pk for each in now if each.role is role}) for role in StaffRole}
    return Gaps(nobody=tuple(role for role in StaffRole if not at_work[role]), at_work=at_work, desks=desks or 0,
                untrained=tuple(each for each in now if each.trained is not Trained.YES))


def staff_for(actor: Actor, park: Park, pk: int) -> PointStaff:
    """The only door from a number in a URL to an assignment, for who keeps the roster where the point stands. Raises NotHere."""
    found = (PointStaff.objects.filter(park=park, pk=pk)
             .select_related("park", "person", "point__park", "point__unit", "point__place").first())
    if found is None or not actor.may(Can.KEEP_ROSTER, over=found.point):
        raise NotHere()
    return found
