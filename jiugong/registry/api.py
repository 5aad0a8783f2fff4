"""The registry for programs: parks, rosters, people. An import answers as the command line does."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, JsonResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.registry.actions.rosters import Taken, import_roster, preview_roster, read_roster_file
from jiugong.registry.answers import taken_as_data
from jiugong.registry.errors import UploadTooLarge
from jiugong.registry.models import Person, Posting
from jiugong.registry.queries.charges import answering_for_person
from jiugong.registry.queries.doors import park_for, park_meant, parks_seen, person_for
from jiugong.registry.queries.listed import Narrowed, found_people, on_the_roster, postings_on
from jiugong.registry.queries.mappings import mapping_called
from jiugong.registry.queries.people import today_in

router = Router(tags=["registry"])
A_PAGE = 50
MEGABYTE = 1024 * 1024


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
    if (file.size or 0) > settings.MOST_UPLOAD_BYTES:
        raise UploadTooLarge(file=file.name, megabytes=-(-(file.size or 0) // MEGABYTE),
                             most=settings.MOST_UPLOAD_BYTES // MEGABYTE)
    headings = mapping_called(park, asked.mapping) if asked.mapping else {}
    read = read_roster_file(file.read(), name=file.name or "", park=park, park_name=park.name, mapping=headings)
    if read.errors and asked.bad_rows == "refuse":
        return JsonResponse(taken_as_data(Taken(file=read)), status=422, json_dumps_params={"ensure_ascii": False})
    take = preview_roster if asked.dry_run else import_roster
    return taken_as_data(take(park, read, actor=actor, at=asked.at))


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
