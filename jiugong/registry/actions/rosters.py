"""Taking a roster: the whole workbook in one transaction, or nothing of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models.functions import Length

from jiugong.lib import clock, days, progress, secrets
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.lib.pausing import collector_paused
from jiugong.lib.sheets import name_key, read_workbook
from jiugong.registry.actions.enterprises import Change, settle_enterprises, site_of
from jiugong.registry.actions.people import PLACES, Roll, Settled
from jiugong.registry.actions.sealing import Sealed, sealed
from jiugong.registry.actions.settling_charges import settle_charges
from jiugong.registry.actions.trees import Trees
from jiugong.registry.actions.trying import tried_out
from jiugong.registry.errors import NoRosterInFile
from jiugong.registry.happenings import RosterImported
from jiugong.registry.logic.facts import Absence, Known, RosterFile, WorkerRow
from jiugong.registry.logic.reading import read_roster
from jiugong.registry.models import Park, Person, Unit, id_index, phone_index
from jiugong.registry.words import PlaceKind, UnitKind

STEPS = 6                                    # read, trees, the roll, rows, written, told


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What an import did, or would do: counts as people read them, and the changes one by one."""

    file: RosterFile
    created_people: int = 0
    created_enterprises: int = 0
    changed: int = 0
    unchanged: int = 0
    left: int = 0
    changes: list[Change] = field(default_factory=list)
    leavers: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return self.file.bad_rows


def read_roster_file(content: bytes, *, name: str, park: Park | None, park_name: str,
                     mapping: Mapping[str, Mapping[str, str]]) -> RosterFile:
    """Understand a roster workbook in the light of what the park already has. Writes nothing.

    Raises NotASheet, NoRosterInFile.
    """
    known = _known(park) if park else Known(park_name)
    with collector_paused():
        file = read_roster(read_workbook(content, name=name), known=known, mapping=mapping, today=clock.now().date())
    if not file.headings:
        raise NoRosterInFile(file=name)
    return file


def import_roster(park: Park, file: RosterFile, *, actor: Actor, at: date | None = None, numbers: Sealed | None = None) -> Taken:
    """Take the good rows of a roster that was read; what changes holds from `at`, else from today.

    Its numbers are sealed before anything is locked, by whoever calls this in a transaction of his own, else here.
    """
    actor.must(Can.IMPORT_ROSTERS, over=park)
    numbers = numbers or sealed(park, file)
    with transaction.atomic():
        return _take(park, file, numbers, actor, at)


def _take(park: Park, file: RosterFile, numbers: Sealed, actor: Actor, at: date | None) -> Taken:
    now = clock.now()
    at = at or days.day_of(now, park.zone)
    park.one_at_a_time()                                             # while it lasts, phones go on reporting
    if not numbers.holds():                                          # the keys were turned since
        numbers = sealed(park, file)

    with collector_paused():
        progress.step(1, STEPS)
        trees = Trees(park)
        new_enterprises, enterprise_changes = settle_enterprises(file, trees, at=at)
        people = _settle_people(file, trees, numbers, at=at)
        charge_changes = settle_charges(file, trees, at=at)

    taken = Taken(
        file=file, created_people=people.created, created_enterprises=len(new_enterprises),
        changed=len(people.changed) + len({change[0] for change in enterprise_changes}) + len(charge_changes),
        unchanged=len(file.workers) - people.created - len(people.changed), left=len(people.leavers),
        changes=people.changes + enterprise_changes + charge_changes,
        leavers=[person.name for person in people.leavers])
    for name, what, before, after in taken.changes:
        note("roster.changed", actor=actor, at=now, park_id=park.pk, subject=name,
             field=what, before=before, after=after)
    for person in people.leavers:
        note("person.left", actor=actor, at=now, park_id=park.pk, subject=f"person:{person.pk}", on=at.isoformat())
    note("roster.imported", actor=actor, at=now, park_id=park.pk, created=taken.created_people, changed=taken.changed,
         left=taken.left, refused=taken.refused, holds_from=at.isoformat())
    tell(RosterImported(park_id=park.pk, at=now))
    return taken


def preview_roster(park: Park, file: RosterFile, *, actor: Actor, at: date | None = None) -> Taken:
    """What taking the file would change: it is tried out and given back, so the answer is exactly what a yes will do."""
    with tried_out():
        return import_roster(park, file, actor=actor, at=at)


def _known(park: Park) -> Known:
    ways: dict[int, tuple[str, ...]] = {}
    units = list(Unit.objects.filter(park=park).order_by(Length("path"), "path"))
    for unit in units:
        ways[unit.pk] = (*ways[unit.parent_id], unit.key) if unit.parent_id else ()
    enterprises = [unit for unit in units if unit.kind == UnitKind.ENTERPRISE]
    return Known(
        park_name=park.name, enterprises=frozenset(unit.key for unit in enterprises),
        units=frozenset(way for way in ways.values() if way),
        grids=frozenset(park.places.filter(kind=PlaceKind.GRID).values_list("key", flat=True)),
        codes={unit.credit_code: unit.key for unit in enterprises if unit.credit_code},
        names={unit.key: unit.name for unit in enterprises})


def _settle_people(file: RosterFile, trees: Trees, numbers: Sealed, *, at: date) -> Settled:
    _grow(file.workers, trees)
    progress.step(2, STEPS)
    roll = Roll(trees, numbers, at=at)
    progress.step(3, STEPS)
    for row in file.workers:
        enterprise = trees.down((row.enterprise,))
        posted_to = _unit(row, enterprise, trees)
        for each in (enterprise, posted_to):
            trees.go_on(each, at)
        roll.take(row, posted_to, site_of(enterprise))
    spoken_for = {unit.pk for key in file.spoken_for if (unit := trees.enterprise(key))}
    for person in _absent(file, roll, numbers, spoken_for):
        roll.leave(person, spoken_for)
    progress.step(4, STEPS)
    roll.write()
    progress.step(5, STEPS)
    return roll.settled


def _grow(workers: list[WorkerRow], trees: Trees) -> None:
    """Workshops, teams, dormitory rooms, tables and buses that the rows name: each level before the one below it."""
    at_home = [(row, enterprise) for row in workers if (enterprise := trees.enterprise(row.enterprise))]
    trees.grow_units((enterprise, UnitKind.WORKSHOP.value, row.workshop) for row, enterprise in at_home)
    trees.grow_units((_unit(row, enterprise, trees, down_to="workshop"), UnitKind.TEAM.value, row.team)
                     for row, enterprise in at_home)
    trees.grow_places((enterprise.site, kind, getattr(row, column)) for row, enterprise in at_home if enterprise.site
                      for kind, column in PLACES.items())


def _unit(row: WorkerRow, enterprise: Unit, trees: Trees, *, down_to: str = "team") -> Unit:
    """The lowest unit that a row names."""
    unit = trees.unit(enterprise, UnitKind.WORKSHOP.value, row.workshop) or enterprise
    if down_to == "team" and row.team:
        return trees.unit(unit, UnitKind.TEAM.value, row.team) or unit
    return unit


def _absent(file: RosterFile, roll: Roll, numbers: Sealed, spoken_for: set[int]) -> list[Person]:
    """People of the enterprises that the file speaks for who are neither on a good row nor on a bad one."""
    if not roll.postings:
        return []
    here = {roll.by_id[numbers.id_index(row.id_number)].pk for row in file.workers}
    ids, phones, names = _on_bad_rows(file.not_absent, roll)
    absent = []
    for person_key, postings in roll.postings.items():
        posting = next((each for each in postings if each.until is None), None)
        if posting is None or posting.enterprise_id not in spoken_for or person_key in here:
            continue
        person = posting.person
        if (bytes(person.id_index or b"") in ids or bytes(person.phone_index or b"") in phones
                or (posting.enterprise_id, name_key(person.name)) in names):
            continue
        absent.append(person)
    return absent


def _on_bad_rows(rows: list[Absence], roll: Roll) -> tuple[set[bytes], set[bytes], set[tuple[int, str]]]:
    ring = secrets.ring()
    units = {row.enterprise: unit for row in rows if (unit := roll.trees.enterprise(row.enterprise))}
    names = {(units[row.enterprise].pk, name_key(row.name)) for row in rows if row.name and row.enterprise in units}
    return ({id_index(roll.park, row.id_number, ring) for row in rows if row.id_number},
            {phone_index(roll.park, row.phone, ring) for row in rows if row.phone}, names)
