"""The registry for programs: parks, rosters, people. An import answers as the command line does."""

import json
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, JsonResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.registry.actions.grids import preview_ground, take_ground
from jiugong.registry.actions.postings import Left, change_person, hire, leave, move
from jiugong.registry.actions.rosters import Taken, import_roster, preview_roster, read_roster_file
from jiugong.registry.answers import ground_as_data, taken_as_data
from jiugong.registry.forms import content_of
from jiugong.registry.grounds_in_words import GroundWrong
from jiugong.registry.logic.entries import Beds, Changes, Who, Work
from jiugong.registry.logic.ground import read_geojson
from jiugong.registry.models import Person, Posting
from jiugong.registry.queries.charges import answering_for_person
from jiugong.registry.queries.doors import park_for, park_meant, parks_seen, person_for, unit_for
from jiugong.registry.queries.grids import ground_of
from jiugong.registry.queries.listed import Narrowed, found_people, on_the_roster, postings_on
from jiugong.registry.queries.mappings import mapping_called
from jiugong.registry.queries.people import posting_on, today_in

router = Router(tags=["registry"])
A_PAGE = 50


class RosterIn(Schema):
    """How a roster is to be taken: `bad_rows` report takes the good rows, refuse takes nothing if any row is bad."""

    park: str
    bad_rows: Literal["report", "refuse"] = "refuse"
    at: date | None = None
    mapping: str = ""
    dry_run: bool = False


@router.get("/parks")
def parks(request: HttpRequest) -> list[dict[str, Any]]:
    """The parks in which the caller may do anything at all."""
    return [{"uid": str(park.uid), "name": park.name, "timezone": park.timezone}
            for park in parks_seen(actor_of(request))]


@router.post("/rosters", response={200: dict[str, Any], 422: dict[str, Any]})
def rosters(request: HttpRequest, file: File[UploadedFile], asked: Form[RosterIn]) -> Any:
    """Take a roster workbook into a park that exists. 422 with the bad cells where nothing was taken."""
    actor = actor_of(request)
    park = park_for(actor, asked.park)
    actor.must(Can.IMPORT_ROSTERS, over=park)
    content = content_of(file)
    headings = mapping_called(park, asked.mapping) if asked.mapping else {}
    read = read_roster_file(content, name=file.name or "", park=park, park_name=park.name, mapping=headings)
    if read.errors and asked.bad_rows == "refuse":
        return JsonResponse(taken_as_data(Taken(file=read)), status=422, json_dumps_params={"ensure_ascii": False})
    take = preview_roster if asked.dry_run else import_roster
    return taken_as_data(take(park, read, actor=actor, at=asked.at))


class GroundIn(Schema):
    """Outlines and points as GeoJSON, and the day from which sites are counted so."""

    park: str = ""
    geojson: dict[str, Any]
    on: date | None = None
    dry_run: bool = False


@router.get("/ground")
def ground(request: HttpRequest, park: str = "", day: date | None = None) -> dict[str, Any]:
    """The outlines of grids and the points of sites, as GeoJSON in WGS 84; in which grid each site is counted that day."""
    actor = actor_of(request)
    here = park_meant(actor, park)
    return ground_of(actor, here, day or today_in(here))


@router.post("/ground")
def draw(request: HttpRequest, asked: GroundIn) -> dict[str, Any]:
    """Take outlines and points; 422 with everything that is wrong where nothing was taken. The same again changes nothing."""
    actor = actor_of(request)
    here = park_meant(actor, asked.park)
    take = preview_ground if asked.dry_run else take_ground
    taken = take(here, read_geojson(json.dumps(asked.geojson)), actor=actor, on=asked.on)
    if taken.wrong:
        raise GroundWrong(taken.wrong)
    return ground_as_data(taken)


@router.get("/people")
def people(request: HttpRequest, q: str = "", day: date | None = None, page: int = 1,
           park: str = "") -> dict[str, Any]:
    """Whom a search finds, or the roster of a day; numbers are masked. `park` may be left out by who has one only."""
    actor = actor_of(request)
    here = park_meant(actor, park)
    on = day or today_in(here)
    if q:
        found = Paginator(found_people(actor, here, q, on, Narrowed()), A_PAGE).get_page(page)
        posted = postings_on(here, found.object_list, on)
        rows = [_person(person, posted.get(person.pk)) for person in found.object_list]
        return _paged(found, rows)
    listed = Paginator(on_the_roster(actor, here, on, Narrowed()), A_PAGE).get_page(page)
    return _paged(listed, [_person(posting.person, posting) for posting in listed.object_list])


class HireIn(Schema):
    """Somebody to be added to a roster; `unit` is the id of an enterprise, a workshop or a team."""

    unit: UUID
    since: date
    name: str
    id_number: str
    phone: str = ""
    remark: str = ""
    post: str = ""
    shift: Literal["", "day", "night", "middle", "regular_day"] = ""
    status: Literal["on_duty", "on_leave", "off_post", "isolated"] = "on_duty"
    key_post: bool = False
    dorm_room: str = ""
    bed: str = ""
    canteen_table: str = ""
    bus: str = ""


class ChangeIn(Schema):
    """What is to be different from a day on; what is left out stays as it is."""

    since: date
    name: str | None = None
    phone: str | None = None
    remark: str | None = None
    post: str | None = None
    shift: Literal["", "day", "night", "middle", "regular_day"] | None = None
    status: Literal["on_duty", "on_leave", "off_post", "isolated"] | None = None
    key_post: bool | None = None
    dorm_room: str | None = None
    bed: str | None = None
    canteen_table: str | None = None
    bus: str | None = None


class MoveIn(Schema):
    """Where somebody goes, from which day; post and shift where they differ."""

    unit: UUID
    since: date
    post: str | None = None
    shift: Literal["", "day", "night", "middle", "regular_day"] | None = None


class LeaveIn(Schema):
    """The first day on which somebody is on no roster any more."""

    on: date


@router.post("/people")
def add_person(request: HttpRequest, asked: HireIn) -> dict[str, Any]:
    """Add somebody to a roster from a day on. The same again answers as the first time."""
    actor = actor_of(request)
    unit = unit_for(actor, asked.unit, Can.KEEP_ROSTER)
    person = hire(unit, Who(name=asked.name, id_number=asked.id_number, phone=asked.phone, remark=asked.remark),
                  Work(post=asked.post, shift=asked.shift, key_post=asked.key_post, status=asked.status), actor=actor,
                  since=asked.since, beds=Beds(dorm_room=asked.dorm_room, bed=asked.bed, canteen_table=asked.canteen_table,
                                               bus=asked.bus))
    return _person(person, posting_on(person, asked.since))


@router.patch("/people/{uid}")
def change(request: HttpRequest, uid: UUID, asked: ChangeIn) -> dict[str, Any]:
    """Change what is known of somebody: name, phone and remark at once, work and beds from the day."""
    actor = actor_of(request)
    given = asked.dict(exclude_none=True)
    beds: dict[str, str] = {name: given.pop(name) for name in ("dorm_room", "bed", "canteen_table", "bus") if name in given}
    since = given.pop("since")
    person = change_person(person_for(actor, uid, Can.KEEP_ROSTER), Changes(**given, beds=beds), actor=actor, since=since)
    return _person(person, posting_on(person, since))


@router.post("/people/{uid}/move")
def move_person(request: HttpRequest, uid: UUID, asked: MoveIn) -> dict[str, Any]:
    """Post somebody to another unit from a day on."""
    actor = actor_of(request)
    person, unit = person_for(actor, uid, Can.KEEP_ROSTER), unit_for(actor, asked.unit, Can.KEEP_ROSTER)
    left = move(person, unit, actor=actor, since=asked.since, changes=Changes(post=asked.post, shift=asked.shift))
    return _person(person, posting_on(person, asked.since)) | _laid_down(left)


@router.post("/people/{uid}/leave")
def person_leaves(request: HttpRequest, uid: UUID, asked: LeaveIn) -> dict[str, Any]:
    """From this day on somebody is on no roster; bed, table, bus and the charges there end with it."""
    actor = actor_of(request)
    person = person_for(actor, uid, Can.KEEP_ROSTER)
    left = leave(person, actor=actor, on=asked.on)
    return _person(person, posting_on(person, asked.on)) | _laid_down(left)


def _laid_down(left: Left) -> dict[str, Any]:
    """Which charges ended with it, and which only the park office can end."""
    return {name: [{"role": charge.role, "over": str(charge.unit)} for charge in charges]
            for name, charges in (("charges_ended", left.ended), ("charges_kept", left.kept))}


@router.get("/people/{uid}/answering")
def answering(request: HttpRequest, uid: UUID, day: date | None = None) -> dict[str, Any]:
    """Who answers for a person on a day: the nearest first, the park last."""
    person = person_for(actor_of(request), uid)
    chain = answering_for_person(person, day or today_in(person.park))
    return {"person": str(person.uid), "name": person.name, "answering": [
        {"person": str(each.person.uid), "name": each.person.name, "role": each.role.value, "over": each.over,
         "tier": each.tier.value, "phone": each.person.masked_phone} for each in chain]}


def _paged(page: Page[Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": page.paginator.count, "page": page.number, "pages": page.paginator.num_pages, "people": rows}


def _person(person: Person, posting: Posting | None) -> dict[str, Any]:
    return {"uid": str(person.uid), "name": person.name, "id_number": person.masked_id, "phone": person.masked_phone,
            "enterprise": posting.enterprise.name if posting else "", "unit": posting.unit.name if posting else "",
            "post": posting.post if posting else "", "shift": posting.shift if posting else "",
            "status": posting.status if posting else "", "since": posting.since.isoformat() if posting else None}
