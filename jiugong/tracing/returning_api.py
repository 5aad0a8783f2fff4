"""Returnees for programs: where they were, what the rules say, and the decision of a person."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.forms import content_of
from jiugong.registry.queries.doors import park_meant, person_for
from jiugong.registry.queries.people import today_in, whereabouts
from jiugong.tracing.actions.returning import decide_return
from jiugong.tracing.actions.stays import import_stays, read_stay_file, tell_stay, withdraw_stay
from jiugong.tracing.models import Stay
from jiugong.tracing.queries.returnees import returnees_on
from jiugong.tracing.returning_faces import as_data, returnee_rows

router = Router(tags=["returnees"])


class StayIn(Schema):
    park: str = ""
    person: str = Field(description="The person's id.")
    area: str = Field(description="Where, down to the street or the estate.")
    first_day: date
    last_day: date = Field(description="The day on which he left.")
    client_id: str = Field(description="An id that the device made; the same again is answered as the first time.")


class ReturnIn(Schema):
    park: str = ""
    person: str
    reason: str


@router.get("/returnees", summary="Who comes back around a day, what the rules say of each, without a verdict first")
def get_returnees(request: HttpRequest, park: str = "", day: date | None = None) -> dict[str, Any]:
    actor, at = actor_of(request), clock.now()
    here = park_meant(actor, park)
    asked = min(day or today_in(here), today_in(here))
    found = returnees_on(actor, here, asked, at)
    looked(actor=actor, park_id=here.pk, fields=("list",), reason="opened the returnees", at=at,
           person_ids=[row.person.pk for row in found if row.person])
    return {"day": asked, "returnees": [as_data(row) for row in returnee_rows(found, here, asked)]}


@router.post("/returnees", summary="Decide of a returnee, today; control by the rules is proposed, two people decide")
def post_return(request: HttpRequest, sent: ReturnIn) -> dict[str, Any]:
    actor = actor_of(request)
    person = _person(request, sent.park, sent.person)
    row = decide_return(person, reason=sent.reason, actor=actor)
    return {"on": row.on, "outcome": row.outcome, "reason": row.reason, "because": row.because, "decided_at": row.decided_at,
            "decided_by": row.decided_by_name}


@router.post("/stays", summary="Say where somebody was; the same id again is answered as the first time")
def post_stay(request: HttpRequest, sent: StayIn) -> dict[str, Any]:
    person = _person(request, sent.park, sent.person)
    return _told(tell_stay(person, area=sent.area, first_day=sent.first_day, last_day=sent.last_day, client_id=sent.client_id,
                           actor=actor_of(request)))


@router.post("/stays/{number}/withdraw", summary="A stay was told wrongly: it stays on record and counts nowhere")
def post_withdraw(request: HttpRequest, number: int, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    stay = Stay.objects.filter(park=here, pk=number).select_related("person__park").first()
    if stay is None or not actor.may(Can.SEE_INCIDENTS, over=whereabouts(stay.person)):
        raise NotHere()
    return _told(withdraw_stay(stay, actor=actor))


@router.post("/files/stays", summary="Take a list of where people were, as `jiugong import stays` does")
def post_stay_file(request: HttpRequest, file: File[UploadedFile], park: Form[str] = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    return import_stays(here, read_stay_file(content_of(file), name=file.name or "", park=here), actor=actor).as_data()


def _person(request: HttpRequest, named: str, uid: str) -> Any:
    """Somebody of the park that is meant. Raises NotHere."""
    actor = actor_of(request)
    here = park_meant(actor, named)
    person = person_for(actor, uid, Can.SEE_INCIDENTS)
    if person.park_id != here.pk:
        raise NotHere()
    return person


def _told(stay: Stay) -> dict[str, Any]:
    return {"number": stay.pk, "area": stay.area, "first_day": stay.first_day, "last_day": stay.last_day,
            "client_id": stay.client_id, "told_at": stay.told_at, "withdrawn_at": stay.withdrawn_at}
