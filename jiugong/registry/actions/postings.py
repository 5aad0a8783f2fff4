"""Keeping the roster by hand: somebody is added, changed, moved to another unit, or leaves, each from a day on.

Whoever keeps the roster of a unit does it for that unit: to move somebody away one must keep both rosters. Nothing past
is rewritten: what holds is ended on the day, what is said begins on it, and the same said twice changes nothing.
A change leaves what is planned for later; a move and a leaving put an end to it. A mistake is undone by saying what is
right from the same day: the wrong row then never holds, and is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model

from jiugong.lib import clock, days, secrets
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.registry.actions.beds import end_beds, lay_in_beds
from jiugong.registry.actions.charges import may_settle, relieve
from jiugong.registry.errors import (
    DatesOutOfOrder,
    NameDiffers,
    NotOnRoster,
    PersonElsewhere,
    PersonKnown,
    UnitEnded,
    UnitWrong,
    faults_told,
)
from jiugong.registry.happenings import PersonHired
from jiugong.registry.logic import entries
from jiugong.registry.logic.entries import Changes, Who, Work
from jiugong.registry.models import Charge, Park, Person, Posting, Unit, id_index, phone_index, reaches
from jiugong.registry.queries.people import whereabouts
from jiugong.registry.words import Role, UnitKind

WORK = ("post", "shift", "key_post", "status")
NO_CHANGES = Changes()


@dataclass(frozen=True, kw_only=True)
class Left:
    """What became of somebody who left or moved away: which charges ended with it, and which only the office can end."""

    ended: list[Charge]
    kept: list[Charge]


@transaction.atomic
def hire(unit: Unit, who: Who, work: Work, *, actor: Actor, since: date, beds: entries.Beds | None = None) -> Person:
    """Add somebody to the roster of a unit from a day on. Who is there already, as described, is the answer again.

    Raises EntryWrong, NameDiffers, PersonKnown (move him), PersonElsewhere (not yours to move), UnitEnded, UnitWrong.
    """
    actor.must(Can.KEEP_ROSTER, over=unit)
    park = _lock(unit)
    now = clock.now()
    with faults_told():
        since = entries.read_day("since", since)
        who = entries.read_who(who, today=days.day_of(now, park.zone))
        work = entries.read_work(work)
    _must_take(unit, since)
    person = _known(park, who)
    rows = _reaching(person, since) if person.pk else []
    held = _held_on(rows, since)
    if held and held.unit_id == unit.pk and all(getattr(held, name) == getattr(work, name) for name in WORK):
        return person
    if rows:
        raise _already(person, rows, actor)

    _describe(person, Changes(phone=who.phone or None, remark=who.remark or None), actor=actor)
    person.save()
    Posting.objects.create(park=park, person=person, unit=unit, enterprise=_firm(unit), arrived_on=since, since=since,
                           **{name: getattr(work, name) for name in WORK})
    if beds:
        with faults_told():
            lay_in_beds(person, _firm(unit), vars(beds), since=since)

    note("person.hired", actor=actor, at=now, park_id=park.pk, subject=f"person:{person.pk}", over=unit.name,
         since=since.isoformat())
    tell(PersonHired(park_id=park.pk, person_id=person.pk, at=now))
    return person


@transaction.atomic
def change_person(person: Person, changes: Changes, *, actor: Actor, since: date) -> Person:
    """Change what is known of somebody. Name, phone and remark have no dates; work and beds hold from the day.

    Raises EntryWrong, NotOnRoster.
    """
    rows = _must_keep(person, actor, since)
    with faults_told():
        since = entries.read_day("since", since)
        changes = entries.read_changes(changes)
    wanted = {name: value for name in WORK if (value := getattr(changes, name)) is not None}
    held = _held_on(rows, since)
    if held is None and (wanted or changes.beds):
        raise NotOnRoster(name=person.name, day=since.isoformat())

    told = _describe(person, changes, actor=actor)
    if told:
        person.save()
    if held:
        told += [(name, str(getattr(held, name)), str(value)) for name, value in wanted.items()
                 if getattr(held, name) != value]
        if any(getattr(held, name) != value for name, value in wanted.items()):
            _follow(held, since=since, until=held.until, **wanted)
        with faults_told():
            told += lay_in_beds(person, held.enterprise, changes.beds, since=since)

    for name, before, after in told:
        note("person.changed", actor=actor, at=clock.now(), park_id=person.park_id, subject=f"person:{person.pk}",
             field=name, before=before, after=after, since=since.isoformat())
    return person


@transaction.atomic
def move(person: Person, unit: Unit, *, actor: Actor, since: date, changes: Changes = NO_CHANGES) -> Left:
    """Post somebody to another unit from a day on, with another post or shift if one is said.

    In another enterprise he leaves bed, table and bus, and what he was in charge of where he was.
    Raises EntryWrong, NotOnRoster, UnitEnded, UnitWrong.
    """
    actor.must(Can.KEEP_ROSTER, over=unit)
    rows = _must_keep(person, actor, since)
    with faults_told():
        since = entries.read_day("since", since)
        changes = entries.read_changes(changes)
    _must_take(unit, since)
    held = _held_on(rows, since)
    if held is None:
        raise NotOnRoster(name=person.name, day=since.isoformat())
    wanted = {name: value for name in WORK if (value := getattr(changes, name)) is not None}
    same = held.unit_id == unit.pk and all(getattr(held, name) == value for name, value in wanted.items())
    if same and len(rows) == 1:
        return Left(ended=[], kept=[])

    firm, moved_away = _firm(unit), held.enterprise_id != unit.enterprise_id
    _end(row for row in rows if row.pk != held.pk)
    _follow(held, since=since, until=None, unit=unit, enterprise=firm, **wanted,
            **({"arrived_on": since} if moved_away else {}))
    left = Left(ended=[], kept=[])
    if moved_away:
        end_beds(person, on=since)
        left = _lay_down(person, held.enterprise, actor=actor, on=since)

    note("person.moved", actor=actor, at=clock.now(), park_id=person.park_id, subject=f"person:{person.pk}",
         before=held.unit.name, after=unit.name, since=since.isoformat())
    return left


@transaction.atomic
def leave(person: Person, *, actor: Actor, on: date) -> Left:
    """From this day on somebody is on no roster: he leaves bed, table and bus, and what he was in charge of there.

    Charges that only the park office settles stay, and are named. Leaving earlier than was planned is a new leaving.
    Raises DatesOutOfOrder, EntryWrong, NotOnRoster.
    """
    rows = _must_keep(person, actor, on)
    with faults_told():
        on = entries.read_day("on", on)
    if not rows:
        last = Posting.objects.filter(person=person, until__isnull=False).order_by("-until").first()
        if last and last.until == on:
            return Left(ended=[], kept=[])
        raise NotOnRoster(name=person.name, day=on.isoformat())
    first = min(rows, key=lambda row: row.since)
    if on < first.since:
        raise DatesOutOfOrder(since=first.since.isoformat(), until=on.isoformat())

    for row in rows:
        row.until = max(on, row.since)
        row.save(update_fields=["until"])
    end_beds(person, on=on)
    left = _lay_down(person, first.enterprise, actor=actor, on=on)

    note("person.left", actor=actor, at=clock.now(), park_id=person.park_id, subject=f"person:{person.pk}",
         on=on.isoformat())
    return left


# who it is, and who may ---------------------------------------------------------------------------------------------

def _lock(unit: Unit) -> Park:
    """One import or hire of a park at a time: two never make one person twice."""
    unit.park.one_at_a_time()
    return unit.park


def _known(park: Park, who: Who) -> Person:
    """Known by ID number, or until now by name and phone only, or new and not yet saved. Raises NameDiffers."""
    ring = secrets.ring()
    person = Person.objects.filter(park=park, id_index=id_index(park, who.id_number, ring)).first()
    if person and person.name != who.name:
        raise NameDiffers()
    if person is None and who.phone:
        person = Person.objects.filter(park=park, name=who.name, id_index__isnull=True,
                                       phone_index=phone_index(park, who.phone, ring)).first()
    if person and person.id_index:
        return person
    return (person or Person(park=park, name=who.name)).keep_id_number(who.id_number, ring)


def _already(person: Person, rows: list[Posting], actor: Actor) -> PersonKnown | PersonElsewhere:
    if all(actor.may(Can.KEEP_ROSTER, over=row.unit) for row in rows):
        return PersonKnown(name=person.name, where=str(rows[0].unit.enterprise), person=str(person.uid))
    return PersonElsewhere()


def _must_keep(person: Person, actor: Actor, day: date) -> list[Posting]:
    """Every posting that reaches past the day, all of them on rosters that the actor keeps. Raises NotAllowed."""
    _lock_person(person)
    rows = _reaching(person, day)
    for row in rows:
        actor.must(Can.KEEP_ROSTER, over=row.unit)
    if not rows:
        actor.must(Can.KEEP_ROSTER, over=whereabouts(person, day))
    return rows


def _lock_person(person: Person) -> None:
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _reaching(person: Person, day: date) -> list[Posting]:
    return list(Posting.objects.filter(reaches(day), person=person).order_by("since", "pk")
                .select_related("unit__enterprise", "enterprise__site"))


def _held_on(rows: Iterable[Posting], day: date) -> Posting | None:
    return next((row for row in rows if row.since <= day and (row.until is None or row.until > day)), None)


def _must_take(unit: Unit, day: date) -> None:
    """Can somebody be posted to this unit from that day on? Raises UnitEnded, UnitWrong."""
    if unit.kind == UnitKind.PARK_OFFICE:
        raise UnitWrong(unit=unit.name)
    for each in (unit, _firm(unit)):
        if each.until and each.until <= day:
            raise UnitEnded(unit=each.name, until=each.until.isoformat())


def _firm(unit: Unit) -> Unit:
    return unit.enterprise or unit


# what changes -------------------------------------------------------------------------------------------------------

def _describe(person: Person, changes: Changes, *, actor: Actor) -> list[tuple[str, str, str]]:
    """Name, phone and remark as they are said; phones are told masked."""
    told: list[tuple[str, str, str]] = []
    for name in ("name", "remark"):
        value = getattr(changes, name)
        if value is not None and value != getattr(person, name):
            told.append((name, getattr(person, name), value))
            setattr(person, name, value)
    if changes.phone is not None and changes.phone != person.open_phone(secrets.ring()):
        before = person.masked_phone
        told.append(("phone", before, person.keep_phone(changes.phone, secrets.ring()).masked_phone))
    return told


def _follow(held: Posting, *, since: date, until: date | None, **different: Any) -> Posting:
    """End a posting on a day, and let one that differs follow it."""
    held.until = since
    held.save(update_fields=["until"])
    facts = {name: getattr(held, name) for name in ("park_id", "person_id", "unit", "enterprise", "arrived_on", *WORK)}
    return Posting.objects.create(**{**facts, **different, "since": since, "until": until})


def _end(rows: Iterable[Any]) -> None:
    """Rows that were planned for later never begin."""
    for row in rows:
        row.until = row.since
        _save_until(row)


def _save_until(row: Model) -> None:
    row.save(update_fields=["until"])


def _lay_down(person: Person, firm: Unit, *, actor: Actor, on: date) -> Left:
    """Who is gone answers for nothing in that enterprise; what only the office settles is left to it."""
    charges = list(Charge.objects.filter(reaches(on), person=person, unit__path__startswith=firm.path)
                   .select_related("unit", "park", "person"))
    mine = [each for each in charges if may_settle(actor, Role(each.role), each.unit or each.park)]
    for each in mine:
        relieve(each, actor=actor, on=max(on, each.since) if each.since else on)
    return Left(ended=mine, kept=[each for each in charges if each not in mine])
