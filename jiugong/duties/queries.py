"""Who owes what at a moment, who has done it, who is excused, who is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiugong.duties import questions
from jiugong.duties.errors import DutyUnknown, SubjectUnclear, SubjectUnknown
from jiugong.duties.models import Evidence, Excuse
from jiugong.lib import days, secrets
from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.can import Can
from jiugong.lib.identifiers import folded
from jiugong.policy import Comparison, Condition, DutyInForce, Selector, Window
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Assignment, Park, Person, Place, Posting, Unit, holds_on, id_index
from jiugong.registry.queries.coverage import Asked
from jiugong.registry.queries.people import people_seen, whereabouts, within
from jiugong.registry.words import PlaceKind
from jiugong.rulebook import queries as rulebook

Subject = Person | Unit | Place
NO_ID = UUID(int=0)                          # what is no id at all finds nobody

# Where the facts that a rule may name stand in our tables; `in_dormitory` is a question of its own.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "person": {"status": "status", "shift": "shift", "post": "post", "key_post": "key_post",
               "enterprise_kind": "enterprise__enterprise_kind", "arrived_on": "arrived_on",
               "in_dormitory": "in_dormitory"},
    "unit": {"kind": "kind", "enterprise_kind": "enterprise_kind"},
    "place": {"kind": "kind"},
}
LOOK_UPS = {Comparison.IS: "", Comparison.IN: "__in", Comparison.AT_LEAST: "__gte", Comparison.AT_MOST: "__lte"}


@dataclass(frozen=True, kw_only=True)
class Due:
    """A rule in one of its windows: what is owed now."""

    rule: DutyInForce
    window: Window

    def is_late(self, at: datetime) -> bool:
        return at >= self.window.closes_at


def due_at(park: Park, at: datetime) -> list[Due]:
    """Every duty with the window that is open at a moment, or that closed last on that day."""
    today = days.day_of(at, park.zone)
    due: dict[str, Due] = {}
    for day in (today - timedelta(days=1), today):
        for rule in rulebook.duties_on(park, day):
            for window in rule.windows(park.zone):
                if window.start <= at and (day == today or at < window.closes_at):
                    due[rule.key] = Due(rule=rule, window=window)
    return sorted(due.values(), key=lambda each: each.rule.key)


def due_for(park: Park, key: str, at: datetime) -> Due | None:
    """One duty by key at a moment; None where it holds but no window of it has opened. Raises DutyUnknown."""
    found = next((each for each in due_at(park, at) if each.rule.key == key), None)
    if found is None:
        day = days.day_of(at, park.zone)
        known = [rule.key for rule in rulebook.duties_on(park, day)]
        if key not in known:
            raise DutyUnknown(duty=key, day=str(day), known=", ".join(known) or "-")
    return found


def asked_by(park: Park, due: Due, at: datetime, reach: tuple[str, ...] = (EVERYTHING,), **only: Any) -> Asked:
    """A duty as a question: who owes it in this window, who has done it by a moment, who is excused.

    `only` narrows the rows that owe, as in `enterprise=…`.
    """
    rule, subject = due.rule, due.rule.subject
    owed = _owing(park, rule, reach).filter(**only)
    done = _evidence(park, rule.evidence, due.window, at)
    excused = _excuses(park.pk, rule.key, min(max(at, due.window.start), due.window.end))
    if subject == "person":
        return Asked(owed=owed, done=done, excused=excused)
    return Asked(owed=owed, done=done, excused=excused, subject="pk",
                 subject_of_done=f"{subject}_id", subject_of_excused=f"{subject}_id")


def excused_people(park_id: int, duty: str, at: datetime) -> QuerySet[Excuse]:
    """Rows with a `person_id` of everybody who is excused from a duty at a moment."""
    return _excuses(park_id, duty, at).filter(person__isnull=False)


def excuses_of(person_id: int, at: datetime) -> QuerySet[Excuse]:
    """The excuses of one person that hold at a moment."""
    return Excuse.objects.filter(_holding(at), person_id=person_id).order_by("until_at")


def evidence_of(person_id: int, until: datetime) -> QuerySet[Evidence]:
    """What one person has shown, newest first."""
    return Evidence.objects.filter(person_id=person_id, happened_at__lte=until).order_by("-happened_at")


def subject_of(row: Evidence | Excuse) -> Subject:
    """The person, unit or place that a piece of evidence or an excuse is about."""
    subject = row.person or row.unit or row.place
    if subject is None:
        raise TypeError(row)
    return subject


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
        units = Unit.objects.filter(park=park, uid__in={each.unit for each in whom if each.unit})
        self.units = {unit.uid: unit for unit in units if actor.may(power, over=unit)}
        places = Place.objects.filter(park=park, pk__in={each.place for each in whom if each.place})
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


def excuse_for(actor: Actor, pk: int) -> Excuse:
    """The only door from a number in a URL to an Excuse. Raises NotHere."""
    given = Excuse.objects.filter(pk=pk).select_related("park", "person__park", "unit", "place").first()
    if given is None:
        raise NotHere()
    subject = subject_of(given)
    if not actor.may(Can.EXCUSE, over=whereabouts(subject) if isinstance(subject, Person) else subject):
        raise NotHere()
    return given


def _owing(park: Park, rule: DutyInForce, reach: tuple[str, ...]) -> QuerySet[Any]:
    if rule.subject == "person":
        rows: QuerySet[Any] = Posting.objects.filter(holds_on(rule.day), park=park)
        if any(one.fact == "in_dormitory" for one in rule.who.conditions):
            rows = rows.annotate(in_dormitory=_lives_in_dormitory(rule.day))
        branch = "unit__path"
    else:
        rows = (Unit if rule.subject == "unit" else Place).objects.filter(park=park)
        branch = "path"
    rows = rows.filter(as_query(rule.who, rule.subject))
    return rows.filter(within(reach, branch))


def as_query(who: Selector, subject: str) -> Q:
    """The conditions of a rule put to our tables. An absent fact meets only `exists: false`, as in the pack."""
    query = Q()
    for one in who.conditions:
        query &= _condition(one, COLUMNS[subject][one.fact])
    return query


def _condition(one: Condition, column: str) -> Q:
    absent = Q(**{f"{column}__isnull": True})
    if not isinstance(one.needed, bool | date) or one.comparison is Comparison.EXISTS:
        absent |= Q(**{column: ""}) if column not in ("arrived_on", "key_post", "in_dormitory") else Q()
    if one.comparison is Comparison.EXISTS:
        return ~absent if one.needed else absent
    if one.comparison in (Comparison.IS_NOT, Comparison.NOT_IN):
        opposite = Q(**{f"{column}{'__in' if one.comparison is Comparison.NOT_IN else ''}": one.needed})
        return ~opposite & ~absent
    return Q(**{f"{column}{LOOK_UPS[one.comparison]}": one.needed})


def _lives_in_dormitory(day: date) -> Exists:
    return Exists(Assignment.objects.filter(holds_on(day), kind=PlaceKind.DORM_ROOM, person=OuterRef("person")))


def _evidence(park: Park, kind: str, window: Window, at: datetime) -> QuerySet[Any]:
    end = min(window.closes_at, at + timedelta(microseconds=1))
    if questions.kept_elsewhere(kind):
        return questions.evidence_elsewhere(kind, park.pk, window.start, end)
    return Evidence.objects.filter(kind=kind, valid=True, happened_at__gte=window.start, happened_at__lt=end)


def _excuses(park_id: int, duty: str, at: datetime) -> QuerySet[Excuse]:
    return Excuse.objects.filter(_holding(at), Q(duty="") | Q(duty=duty), park_id=park_id)


def _holding(at: datetime) -> Q:
    return Q(since_at__lte=at, until_at__gt=at) & (Q(withdrawn_at=None) | Q(withdrawn_at__gt=at))
