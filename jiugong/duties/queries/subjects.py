"""Whom a piece of evidence or an excuse is about, and who may say so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from jiugong.duties.errors import SubjectUnclear, SubjectUnknown
from jiugong.duties.models import Evidence, Excuse
from jiugong.lib import secrets
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.identifiers import folded
from jiugong.registry.models import Park, Person, Place, Unit, id_index
from jiugong.registry.queries.people import Whereabouts, people_seen, whereabouts, within
from jiugong.registry.words import PlaceKind, UnitKind

Subject = Person | Unit | Place
NO_ID = UUID(int=0)                          # what is no id at all finds nobody


def subject_of(row: Evidence | Excuse) -> Subject:
    """The person, unit or place that a piece of evidence or an excuse is about."""
    subject = row.person or row.unit or row.place
    if subject is None:
        raise TypeError(row)
    return subject


def rooted(subject: Subject) -> Unit | Place | Whereabouts:
    """Where a subject stands, as powers ask for it."""
    return whereabouts(subject) if isinstance(subject, Person) else subject


def about(subject: Subject) -> dict[str, Subject]:
    """The column of a subject and the subject, as a piece of evidence or an excuse keeps it."""
    for name, kind in (("person", Person), ("unit", Unit), ("place", Place)):
        if isinstance(subject, kind):
            return {name: subject}
    raise TypeError(subject)


@dataclass(frozen=True, kw_only=True)
class Whom:
    """Whom or what a program means: exactly one of these is given."""

    resident_id: str = ""
    person: UUID | None = None
    unit: UUID | None = None
    place: int | None = None


class Subjects:
    """The people, units and places of a park that a request speaks of and over which the actor holds a power."""

    def __init__(self, actor: Actor, park: Park, power: Can, whom: Iterable[Whom]) -> None:
        whom, ring = list(whom), secrets.ring()
        self.indexes = {each.resident_id: id_index(park, folded(each.resident_id).upper(), ring)
                        for each in whom if each.resident_id}
        named = Q(id_index__in=self.indexes.values()) | Q(uid__in={each.person for each in whom if each.person})
        people = list(people_seen(actor, park, power).filter(named)) if any(
            each.resident_id or each.person for each in whom) else []
        self.by_number = {bytes(person.id_index): person for person in people if person.id_index}
        self.people = {person.uid: person for person in people}
        units = Unit.objects.filter(park=park, uid__in={each.unit for each in whom if each.unit}).select_related("enterprise")
        self.units = {unit.uid: unit for unit in units if actor.may(power, over=unit)}
        places = Place.objects.filter(park=park, pk__in={each.place for each in whom if each.place}).select_related("parent")
        self.places = {place.pk: place for place in places if actor.may(power, over=place)}

    def one(self, whom: Whom) -> Subject:
        """The one who is meant. Raises SubjectUnclear, SubjectUnknown; hidden and absent look the same."""
        if sum(map(bool, (whom.resident_id, whom.person, whom.unit, whom.place))) != 1:
            raise SubjectUnclear()
        found = (self.by_number.get(self.indexes.get(whom.resident_id, b"")) or self.people.get(whom.person or NO_ID)
                 or self.units.get(whom.unit or NO_ID) or self.places.get(whom.place or 0))
        if found is None:
            raise SubjectUnknown()
        return found


def subjects_found(actor: Actor, park: Park, about: str, text: str) -> QuerySet[Any]:
    """The people, units or places over which the actor records evidence, by a part of the name."""
    reach = actor.reach(Can.RECORD_EVIDENCE)
    if about == "person":
        people = people_seen(actor, park, Can.RECORD_EVIDENCE)
        return (people.filter(name__icontains=text) if text else people).order_by("name", "pk")
    rows: QuerySet[Any] = (Unit.objects.exclude(kind=UnitKind.PARK_OFFICE).select_related("enterprise") if about == "unit"
                           else Place.objects.exclude(kind__in=(PlaceKind.CANTEEN_TABLE, PlaceKind.PARK)).select_related("parent"))
    rows = rows.filter(within(reach, "path"), park=park)
    named = Q(name__icontains=text) | (Q(enterprise__name__icontains=text) if about == "unit" else Q(parent__name__icontains=text))
    return (rows.filter(named) if text else rows).order_by("path")
