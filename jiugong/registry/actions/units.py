"""Enterprises, workshops and teams by hand: added, changed and ended, each from a day on.

What a unit is called and whether it exists is settled by whoever keeps the roster of the unit above it: the park office
for enterprises, a prevention officer for the workshops and teams of his own. Where several people changed the same
thing, the journal says who did what; names and codes have no dates of their own.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import F

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key
from jiugong.registry.actions.beds import place_below
from jiugong.registry.errors import DatesOutOfOrder, RosterChanged, UnitEnded, UnitWrong, faults_told
from jiugong.registry.logic import entries
from jiugong.registry.logic.entries import Unfit
from jiugong.registry.logic.words import ENTERPRISE_KINDS
from jiugong.registry.models import Assignment, Charge, Park, Place, Posting, Siting, Unit, reaches
from jiugong.registry.queries.units import people_from
from jiugong.registry.words import PlaceKind, UnitKind

ABOVE = {UnitKind.WORKSHOP: (UnitKind.ENTERPRISE,), UnitKind.TEAM: (UnitKind.ENTERPRISE, UnitKind.WORKSHOP)}
Told = tuple[str, str, str]                                      # field, before, after


@transaction.atomic
def add_enterprise(park: Park, name: str, *, actor: Actor, since: date, kind: str = "enterprise", credit_code: str = "",
                   address: str = "", remark: str = "", grid: Place | None = None) -> Unit:
    """Add an enterprise with its site. One that had ended goes on from the day. The same again is the answer again.

    Raises EntryWrong: also for a name or a credit code that the park has.
    """
    actor.must(Can.KEEP_ROSTER, over=park)
    park.one_at_a_time()
    with faults_told():
        since = entries.read_day("since", since)
        name, credit_code = entries.read_title("name", name), entries.read_credit_code("credit_code", credit_code)
        office = Unit.objects.get(park=park, kind=UnitKind.PARK_OFFICE)
        known = Unit.objects.filter(parent=office, kind=UnitKind.ENTERPRISE, key=name_key(name)).first()
        if known and known.until is None:
            if known.credit_code == credit_code:
                return known
            raise Unfit("name", "enterprise_known")
        unit = known or Unit(park=park, parent=office, kind=UnitKind.ENTERPRISE, name=name, key=name_key(name))
        _describe(unit, kind=kind, credit_code=credit_code, remark=remark)
    _begin(unit, since, actor)
    with faults_told():
        site = unit.site or place_below(Place.objects.get(park=park, kind=PlaceKind.PARK), PlaceKind.SITE, name)
        site.address = entries.read_prose("address", address, longest="address") or site.address
    site.save(update_fields=["address"])
    unit.site = site
    unit.save(update_fields=["site"])
    if grid:
        lie_in(unit, grid, actor=actor, since=since)
    return unit


@transaction.atomic
def add_part(parent: Unit, kind: UnitKind, name: str, *, actor: Actor, since: date) -> Unit:
    """Add a workshop to an enterprise, or a team to an enterprise or workshop. One that had ended goes on.

    Raises EntryWrong, UnitEnded, UnitWrong.
    """
    actor.must(Can.KEEP_ROSTER, over=parent)
    if parent.kind not in ABOVE.get(kind, ()):
        raise UnitWrong(unit=parent.name)
    with faults_told():
        since, name = entries.read_day("since", since), entries.read_title("name", name)
    if parent.until and parent.until <= since:
        raise UnitEnded(unit=parent.name, until=parent.until.isoformat())
    parent.park.one_at_a_time()
    known = Unit.objects.filter(parent=parent, kind=kind, key=name_key(name)).first()
    if known and (known.until is None or known.until > since):
        return known
    unit = known or Unit(park_id=parent.park_id, parent=parent, kind=kind, name=name, key=name_key(name),
                         enterprise=parent.enterprise)
    return _begin(unit, since, actor)


@transaction.atomic
def change_unit(unit: Unit, *, actor: Actor, name: str, kind: str = "", credit_code: str = "", address: str = "",
                remark: str = "") -> Unit:
    """Rename a unit; of an enterprise also kind, credit code, address and remark. Raises EntryWrong."""
    _must_settle(unit, actor)
    with faults_told():
        name = entries.read_title("name", name)
        if Unit.objects.filter(parent_id=unit.parent_id, kind=unit.kind, key=name_key(name)).exclude(pk=unit.pk).exists():
            raise Unfit("name", "enterprise_known" if unit.kind == UnitKind.ENTERPRISE else "part_known")
        told = [("name", unit.name, name)] if name != unit.name else []
        unit.name, unit.key = name, name_key(name)
        if unit.kind == UnitKind.ENTERPRISE:
            told += _describe(unit, kind=kind or unit.enterprise_kind,
                              credit_code=entries.read_credit_code("credit_code", credit_code), remark=remark)
            told += _site_says(unit, entries.read_prose("address", address, longest="address"))

    unit.save(update_fields=["name", "key", "enterprise_kind", "credit_code", "remark"])

    for field, before, after in told:
        note("unit.changed", actor=actor, at=clock.now(), park_id=unit.park_id, subject=f"unit:{unit.pk}", over=name,
             field=field, before=before, after=after)
    return unit


@transaction.atomic
def lie_in(unit: Unit, grid: Place, *, actor: Actor, since: date) -> Siting:
    """Say in which grid an enterprise's site lies from a day on. Raises EntryWrong."""
    _must_settle(unit, actor)
    with faults_told():
        since = entries.read_day("since", since)
        if unit.site is None or grid.kind != PlaceKind.GRID or grid.park_id != unit.park_id:
            raise Unfit("grid", "unit_unknown")
    rows = list(Siting.objects.filter(reaches(since), site=unit.site).select_related("grid"))
    current = next((row for row in rows if row.until is None), None)
    if current and current.grid_id == grid.pk and (current.since is None or current.since <= since):
        return current

    ever = Siting.objects.filter(site=unit.site).exists()
    for row in rows:
        row.until = max(since, row.since) if row.since else since
        row.save(update_fields=["until"])
    siting = Siting.objects.create(site=unit.site, grid=grid, since=since if ever or unit.since else None)

    note("unit.changed", actor=actor, at=clock.now(), park_id=unit.park_id, subject=f"unit:{unit.pk}", over=unit.name,
         field="grid", before=str(current.grid) if current else "", after=grid.name, since=since.isoformat())
    return siting


@transaction.atomic
def end_unit(unit: Unit, *, actor: Actor, on: date, people: int) -> Unit:
    """End a unit from a day on. `people` is how many the actor was told it concerns; if it is another number by now, nothing
    is done.

    With an enterprise everybody on its roster leaves, and nobody answers for it or its parts any more. The people of a
    workshop or team go on in the unit above. Raises DatesOutOfOrder, EntryWrong, RosterChanged.
    """
    _must_settle(unit, actor)
    unit.park.one_at_a_time()
    with faults_told():
        on = entries.read_day("on", on)
    if unit.since and on < unit.since:
        raise DatesOutOfOrder(since=unit.since.isoformat(), until=on.isoformat())
    if unit.until and unit.until <= on:
        return unit
    concerned = people_from(unit, on)
    if concerned.count() != people:
        raise RosterChanged(count=concerned.count(), said=people)

    if unit.kind == UnitKind.ENTERPRISE:
        _everybody_leaves(unit, list(concerned.values_list("pk", flat=True)), actor, on)
    else:
        _everybody_goes_up(unit, on)
    _until(Charge.objects.filter(reaches(on), unit__path__startswith=unit.path), on)
    Unit.objects.filter(path__startswith=unit.path, until=None).update(until=on)
    unit.until = on
    unit.save(update_fields=["until"])

    note("unit.ended", actor=actor, at=clock.now(), park_id=unit.park_id, subject=f"unit:{unit.pk}", over=unit.name,
         until=on.isoformat(), people=people)
    return unit


def _must_settle(unit: Unit, actor: Actor) -> None:
    """Whoever keeps the roster of the unit above settles a unit. Raises NotAllowed."""
    actor.must(Can.KEEP_ROSTER, over=unit.parent or unit.park)


def _begin(unit: Unit, since: date, actor: Actor) -> Unit:
    """Write a new unit with its path; of one that had ended, with the parts that ended with it, take back the end."""
    if unit.pk:
        Unit.objects.filter(path__startswith=unit.path, until=unit.until).update(until=None)
        unit.until = None
        unit.save()
        verb = "unit.reopened"
    else:
        parent = unit.parent or unit
        unit.since, unit.path = since, f"{parent.path}new/{unit.key[:60]}"
        unit.save()
        unit.path = f"{parent.path}{unit.pk}/"
        if unit.kind == UnitKind.ENTERPRISE:
            unit.enterprise = unit
        unit.save(update_fields=["path", "enterprise"])
        verb = "unit.added"
    note(verb, actor=actor, at=clock.now(), park_id=unit.park_id, subject=f"unit:{unit.pk}", over=unit.name,
         kind=unit.kind, since=since.isoformat())
    return unit


def _describe(unit: Unit, *, kind: str, credit_code: str, remark: str) -> list[Told]:
    """Kind, credit code and remark of an enterprise. Raises Unfit."""
    taken = Unit.objects.filter(park_id=unit.park_id, credit_code=credit_code).exclude(pk=unit.pk).first() if credit_code else None
    if taken:
        raise Unfit("credit_code", "credit_code_taken", enterprise=taken.name)
    wanted = {"enterprise_kind": ("kind", entries.read_word("kind", kind, ENTERPRISE_KINDS, "kind_unknown")),
              "credit_code": ("credit_code", credit_code),
              "remark": ("remark", entries.read_prose("remark", remark, longest="remark"))}
    told = []
    for attribute, (field, value) in wanted.items():
        if getattr(unit, attribute) != value:
            told.append((field, getattr(unit, attribute), value))
            setattr(unit, attribute, value)
    return told


def _site_says(unit: Unit, address: str) -> list[Told]:
    """The site of an enterprise carries its name, where no other place does, and its address."""
    site = unit.site
    if site is None:
        return []
    told = [("address", site.address, address)] if site.address != address else []
    site.address = address
    if not Place.objects.filter(parent_id=site.parent_id, kind=site.kind, key=unit.key).exclude(pk=site.pk).exists():
        site.name, site.key = unit.name, unit.key
    site.save(update_fields=["name", "key", "address"])
    return told


def _everybody_leaves(unit: Unit, people: list[int], actor: Actor, on: date) -> None:
    _until(Posting.objects.filter(reaches(on), enterprise=unit), on)
    _until(Assignment.objects.filter(reaches(on), person__in=people), on)
    for person in people:
        note("person.left", actor=actor, at=clock.now(), park_id=unit.park_id, subject=f"person:{person}", on=on.isoformat())


def _everybody_goes_up(unit: Unit, on: date) -> None:
    """Who is posted below goes on in the unit above with the same work, from the day on."""
    rows = list(Posting.objects.filter(reaches(on), unit__path__startswith=unit.path))
    _until(Posting.objects.filter(pk__in=[row.pk for row in rows]), on)
    Posting.objects.bulk_create(_above(rows, unit, on), batch_size=1000)


def _above(rows: Iterable[Posting], unit: Unit, on: date) -> list[Posting]:
    return [Posting(park_id=row.park_id, person_id=row.person_id, unit=unit.parent, enterprise_id=row.enterprise_id,
                    post=row.post, shift=row.shift, key_post=row.key_post, status=row.status, arrived_on=row.arrived_on,
                    since=max(on, row.since), until=row.until) for row in rows]


def _until(rows: object, on: date) -> None:
    """End rows on a day; those that begin later never do."""
    rows.filter(since__gt=on).update(until=F("since"))                                  # type: ignore[attr-defined]
    rows.exclude(since__gt=on).update(until=on)                                         # type: ignore[attr-defined]
