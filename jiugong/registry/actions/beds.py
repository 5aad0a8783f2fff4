"""Where somebody sleeps, eats and rides, from a day on: rooms, tables and buses are named below an enterprise's site."""

from collections.abc import Mapping
from datetime import date

from jiugong.lib.sheets import name_key
from jiugong.registry.logic import entries
from jiugong.registry.models import Assignment, Person, Place, Unit, reaches
from jiugong.registry.words import PlaceKind

KINDS = {"dorm_room": PlaceKind.DORM_ROOM, "canteen_table": PlaceKind.CANTEEN_TABLE, "bus": PlaceKind.BUS}
Told = tuple[str, str, str]                                      # field, before, after


def lay_in_beds(person: Person, firm: Unit, beds: Mapping[str, str], *, since: date) -> list[Told]:
    """Give somebody the room and bed, table and bus that are named; an empty name takes it away. Raises Unfit."""
    told = []
    for field, kind in KINDS.items():
        if field in beds or (field == "dorm_room" and "bed" in beds):
            told += _lay(person, firm, field, kind, beds, since)
    return told


def end_beds(person: Person, *, on: date) -> None:
    """From this day on he has no bed, table or bus here."""
    for row in Assignment.objects.filter(reaches(on), person=person):
        _end(row, on)


def _lay(person: Person, firm: Unit, field: str, kind: PlaceKind, beds: Mapping[str, str], since: date) -> list[Told]:
    rows = list(Assignment.objects.filter(reaches(since), person=person, kind=kind).select_related("place").order_by("since"))
    held = next((row for row in rows if row.since <= since), None)
    name = entries.read_title(field, beds.get(field, held.place.name if held else ""), needed=False)
    sleeps = field == "dorm_room" and name
    bed = entries.read_text("bed", beds.get("bed", held.bed if held else ""), longest="bed") if sleeps else ""
    before = (held.place.key, held.bed) if held else ("", "")
    if before == (name_key(name), bed) or (not held and not name):
        return []
    if held:
        _end(held, since)
    if name:
        until = min((row.since for row in rows if row.since > since), default=None)         # what is planned for later stays
        Assignment.objects.create(person=person, place=place_below(_site(firm), kind, name), kind=kind, bed=bed, since=since,
                                  until=until)
    return [(field, f"{held.place} {held.bed}".strip() if held else "", f"{name} {bed}".strip())]


def _end(row: Assignment, on: date) -> None:
    row.until = max(on, row.since)
    row.save(update_fields=["until"])


def _site(firm: Unit) -> Place:
    """The site of an enterprise; one that was never given one gets it now."""
    if firm.site is None:
        ground = Place.objects.get(park=firm.park_id, kind=PlaceKind.PARK)
        firm.site = place_below(ground, PlaceKind.SITE, firm.name)
        firm.save(update_fields=["site"])
    return firm.site


def place_below(parent: Place, kind: PlaceKind, name: str) -> Place:
    """The place of this kind and name below another, made if it is not there."""
    known = Place.objects.filter(parent=parent, kind=kind, key=name_key(name)).first()
    if known:
        return known
    made = Place.objects.create(park_id=parent.park_id, parent=parent, kind=kind, name=name, key=name_key(name),
                                path=f"{parent.path}new/{kind}/{name_key(name)[:60]}")
    made.path = f"{parent.path}{made.pk}/"
    made.save(update_fields=["path"])
    return made
