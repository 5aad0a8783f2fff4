"""A park's roster going out: everybody who is on it or will be, as the park last knew them."""

from collections import defaultdict

from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.errors import ReasonNeeded
from jiugong.registry.logic.exporting import Line, Roster, roster_workbook
from jiugong.registry.models import Assignment, Charge, Park, Posting, Siting, Unit
from jiugong.registry.queries.units import enterprises_of, steps
from jiugong.registry.words import BodyKind, PlaceKind, Role, UnitKind

COLUMNS = {PlaceKind.DORM_ROOM: "dorm_room", PlaceKind.CANTEEN_TABLE: "canteen_table", PlaceKind.BUS: "bus"}


def export_roster(actor: Actor, park: Park, *, reason: str) -> bytes:
    """The roster as a workbook with all numbers in full; the reason is kept for everybody on it. Raises ReasonNeeded.

    Importing it again changes nothing. Charges over things that the workbook has no word for stay inside.
    """
    actor.must(Can.EXPORT_ROSTERS, over=park)
    if not reason.strip():
        raise ReasonNeeded()
    postings = list(Posting.objects.filter(park=park, until=None).order_by("pk")
                    .select_related("person", "unit__parent", "enterprise"))
    grids = {siting.site_id: siting.grid for siting in
             Siting.objects.filter(site__park=park, until=None).select_related("grid")}
    enterprises = list(enterprises_of(park))
    charges = _charges(park, {grid.pk for grid in grids.values()}, postings)
    chiefs = _chiefs(charges)

    looked(actor=actor, park_id=park.pk, fields=("id_number", "phone"), reason=reason, at=clock.now(), person_ids={
        *(posting.person_id for posting in postings), *(charge.person_id for charge in charges)})
    return roster_workbook(Roster(
        park=park.name,
        enterprises=[_enterprise(unit, str(grids.get(unit.site_id or 0, "")), chiefs.get(unit.pk))
                     for unit in enterprises],
        people=_people(park, postings),
        charges=[_charge(charge) for charge in charges if chiefs.get(charge.unit_id or 0) is not charge]))


def _charges(park: Park, grid_ids: set[int], postings: list[Posting]) -> list[Charge]:
    """The charges that the workbook can say: over the park, its grids, its enterprises, and units with people."""
    peopled = {step for posting in postings for step in steps(posting.unit.path)}
    sayable = []
    for charge in (Charge.objects.filter(park=park, until=None).order_by("pk")
                   .select_related("person", "place", "unit__parent", "unit__enterprise", "body")):
        place, unit, body = charge.place, charge.unit, charge.body
        says_body = body is None or body.kind == BodyKind.TASK_GROUP
        says_place = place is not None and (place.kind == PlaceKind.PARK or place.pk in grid_ids)
        says_unit = unit is not None and (unit.kind == UnitKind.ENTERPRISE or unit.pk in peopled)
        if says_body and (says_place or says_unit):
            sayable.append(charge)
    return sayable


def _chiefs(charges: list[Charge]) -> dict[int, Charge]:
    """The chief who stands beside each enterprise on the first sheet; further ones stand on the third."""
    chiefs: dict[int, Charge] = {}
    for charge in charges:
        if charge.unit and charge.unit.kind == UnitKind.ENTERPRISE and charge.role == Role.ENTERPRISE_CHIEF \
                and charge.body is None:
            chiefs.setdefault(charge.unit.pk, charge)
    return chiefs


def _enterprise(unit: Unit, grid: str, chief: Charge | None) -> Line:
    return {"name": unit.name, "credit_code": unit.credit_code, "grid": grid,
            "address": unit.site.address if unit.site else "", "kind": unit.enterprise_kind or "enterprise",
            "chief": chief.person.name if chief else "",
            "chief_phone": chief.person.open_phone(secrets.ring()) if chief else "", "remark": unit.remark}


def _people(park: Park, postings: list[Posting]) -> list[Line]:
    ring = secrets.ring()
    assigned: dict[int, dict[str, str]] = defaultdict(dict)
    for each in Assignment.objects.filter(person__park=park, until=None).select_related("place"):
        kind = PlaceKind(each.kind)
        if kind in COLUMNS:
            assigned[each.person_id][COLUMNS[kind]] = each.place.name
        if kind == PlaceKind.DORM_ROOM:
            assigned[each.person_id]["bed"] = each.bed
    return [{"name": each.person.name, "id_number": each.person.open_id_number(ring),
             "phone": each.person.open_phone(ring), "enterprise": each.enterprise.name, **_way(each.unit),
             "shift": each.shift, "post": each.post, "key_post": each.key_post, **assigned[each.person_id],
             "status": each.status, "arrived_on": each.arrived_on, "remark": each.person.remark} for each in postings]


def _way(unit: Unit) -> Line:
    """The workshop and the team that a unit stands for."""
    if unit.kind == UnitKind.WORKSHOP:
        return {"workshop": unit.name}
    if unit.kind != UnitKind.TEAM:
        return {}
    workshop = unit.parent.name if unit.parent and unit.parent.kind == UnitKind.WORKSHOP else ""
    return {"workshop": workshop, "team": unit.name}


def _charge(charge: Charge) -> Line:
    unit = charge.unit
    names = [] if unit is None or unit.kind == UnitKind.ENTERPRISE else list(_way(unit).values())
    over = [charge.place] if unit is None else [unit.enterprise, *names]
    return {"name": charge.person.name, "phone": charge.person.open_phone(secrets.ring()), "role": charge.role,
            "over": "/".join(str(each) for each in over if each), "body": charge.body or ""}
