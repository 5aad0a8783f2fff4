"""Taking the charges of a roster: for each thing and role that the file speaks of, exactly the people it names."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from jiugong.lib import secrets
from jiugong.lib.sheets import name_key
from jiugong.registry.actions.enterprises import Change
from jiugong.registry.actions.trees import Trees
from jiugong.registry.logic.facts import ChargeRow, RosterFile
from jiugong.registry.models import Body, BodyMember, Charge, Person, Place, Unit, phone_index
from jiugong.registry.words import TIER_OF, BodyKind, Role


@dataclass(frozen=True)
class Seat:
    """What a charge is: over which thing, in which role, in which body."""

    place_id: int | None
    unit_id: int | None
    role: str
    body_id: int | None


Held = dict[Seat, list[Charge]]                                  # past ones too


def settle_charges(file: RosterFile, trees: Trees, *, at: date) -> list[Change]:
    """Put people in charge as the file says; who held the same charge and is not named any more is relieved.

    A charge that nobody ever held holds from the beginning, one that changes hands from `at`.
    """
    chiefs = [ChargeRow(row=row.row, sheet="", name=row.chief, phone=row.chief_phone, role=Role.ENTERPRISE_CHIEF.value,
                        over=("unit", row.key), body="") for row in file.enterprises if row.chief]
    rows = chiefs + file.charges
    if not rows:
        return []
    bodies = _bodies(rows, trees)
    held = _held(trees)
    things = {row.over: _over(row.over, trees) for row in rows}
    seats = [(row, _seat(things[row.over], row.role, bodies.get(name_key(row.body)))) for row in rows]
    people = _people(seats, held, trees)
    wanted: dict[Seat, dict[int, Person]] = defaultdict(dict)
    for row, seat in seats:
        person = people[row.name, row.phone, seat]
        wanted[seat][person.pk] = person
    known = {seat: things[row.over].name for row, seat in seats if trees.was_here(things[row.over])}
    return _replace(wanted, held, known, trees, at=at)


def _replace(wanted: dict[Seat, dict[int, Person]], held: Held, known: dict[Seat, str], trees: Trees, *,
             at: date) -> list[Change]:
    """End and begin charges. Only of `known` things, in a park where anybody ever answered, is that a change."""
    ended: list[Charge] = []
    begun: list[Charge] = []
    changes: list[Change] = []
    anybody = bool(held)
    for seat, people in wanted.items():
        ever = held.get(seat, [])
        now_on = {charge.person_id: charge for charge in ever if charge.until is None}
        if people.keys() == now_on.keys():
            continue
        ended += [charge for charge in ever if _goes_on(charge, at)
                  and not (charge.until is None and charge.person_id in people)]
        begun += [Charge(park=trees.park, person=person, role=seat.role, place_id=seat.place_id, unit_id=seat.unit_id,
                         body_id=seat.body_id, since=at if ever else None)
                  for key, person in people.items() if key not in now_on]
        if anybody and seat in known:
            changes.append((known[seat], "charge", "、".join(each.person.name for each in now_on.values()),
                            "、".join(person.name for person in people.values())))
    for charge in ended:
        charge.until = max(at, charge.since) if charge.since else at
    Charge.objects.bulk_update(ended, ["until"], batch_size=500)
    Charge.objects.bulk_create(begun, batch_size=1000)
    _seat_in_bodies(ended, begun, at=at)
    return changes


def _goes_on(charge: Charge, at: date) -> bool:
    return charge.until is None or charge.until > at and (charge.since is None or charge.until > charge.since)


def _seat_in_bodies(ended: list[Charge], begun: list[Charge], *, at: date) -> None:
    """A charge within a task group is a seat in it."""
    ending = {(charge.body_id, charge.person_id) for charge in ended if charge.body_id}
    seats = [seat for seat in BodyMember.objects.filter(until=None, body__in={body for body, _ in ending})
             if (seat.body_id, seat.person_id) in ending]
    for seat in seats:
        seat.until = max(at, seat.since) if seat.since else at
    BodyMember.objects.bulk_update(seats, ["until"], batch_size=500)
    BodyMember.objects.bulk_create(
        [BodyMember(body_id=charge.body_id, person_id=charge.person_id, tier=TIER_OF[Role(charge.role)],
                    since=charge.since) for charge in begun if charge.body_id])


def _people(seats: list[tuple[ChargeRow, Seat]], held: Held, trees: Trees) -> dict[tuple[str, str, Seat], Person]:
    """Everybody named, found among the park's people by name and phone, or entered without an ID number.

    A row without a phone means whoever of that name holds the charge already, or a stranger without a phone.
    """
    ring = secrets.ring()
    by_phone: dict[tuple[str, bytes | None], Person] = {}
    known = Person.objects.filter(park=trees.park, name__in={row.name for row, _ in seats}).order_by("pk")
    for person in sorted(known, key=lambda each: each.id_index is None):
        if person.phone_index or not person.id_index:
            by_phone.setdefault((person.name, bytes(person.phone_index) if person.phone_index else None), person)
    new: list[Person] = []
    found: dict[tuple[str, str, Seat], Person] = {}
    for row, seat in seats:
        key = row.name, phone_index(trees.park, row.phone, ring) if row.phone else None
        holders = [charge.person for charge in held.get(seat, ())
                   if not row.phone and charge.until is None and charge.person.name == row.name]
        if not holders and key not in by_phone:
            by_phone[key] = Person(park=trees.park, name=row.name).keep_phone(row.phone, ring)
            new.append(by_phone[key])
        found[row.name, row.phone, seat] = holders[0] if holders else by_phone[key]
    Person.objects.bulk_create(new, batch_size=1000)
    return found


def _bodies(rows: list[ChargeRow], trees: Trees) -> dict[str, Body]:
    named = {name_key(row.body): row.body for row in rows if row.body}
    bodies = {body.key: body for body in Body.objects.filter(park=trees.park, kind=BodyKind.TASK_GROUP)}
    for key in named.keys() - bodies.keys():
        bodies[key] = Body.objects.create(park=trees.park, kind=BodyKind.TASK_GROUP, name=named[key], key=key)
    return bodies


def _held(trees: Trees) -> Held:
    held: Held = defaultdict(list)
    for charge in Charge.objects.filter(park=trees.park).select_related("person").order_by("pk"):
        held[Seat(charge.place_id, charge.unit_id, charge.role, charge.body_id)].append(charge)
    return held


def _over(over: tuple[str, ...], trees: Trees) -> Place | Unit:
    kind, *keys = over
    if kind == "park":
        return trees.ground
    return trees.grid(keys[0]) if kind == "grid" else trees.down(tuple(keys))


def _seat(thing: Place | Unit, role: str, body: Body | None) -> Seat:
    place = thing.pk if isinstance(thing, Place) else None
    return Seat(place, None if place else thing.pk, role, body.pk if body else None)
