"""Single retests for programs: who of a tube waits, and what the laboratory says of a member's own swab. May be sent twice."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import secrets
from jiugong.lib.identifiers import folded
from jiugong.registry.models import Park, Person, id_index
from jiugong.registry.queries.doors import park_meant
from jiugong.screening.actions.retests import record_retest
from jiugong.screening.errors import NotInTube, ResultMisshapen
from jiugong.screening.logic.reading import VALUES
from jiugong.screening.moments import moment_said
from jiugong.screening.words import ResultValue

router = Router(tags=["retests"])


class RetestIn(Schema):
    """What the laboratory says of one member's swab of his own."""

    park: str = ""
    tube: str = Field(description="The code of the tube that was not negative.")
    id_number: str = Field(description="The ID number of the member.")
    value: str
    reported_at: str
    sampled_at: str = ""


@router.post("/retests", summary="Record a member's single retest; the same again is answered as the first time")
def post_retest(request: HttpRequest, sent: RetestIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    value = VALUES.get(sent.value, sent.value)
    if value not in ResultValue.values:
        raise ResultMisshapen(field="value")
    person = _member(here, sent)
    result = record_retest(here, tube=sent.tube.strip(), person=person, value=value, at=moment_said(sent.reported_at, here),
                           sampled_at=moment_said(sent.sampled_at, here) if sent.sampled_at else None, actor=actor)
    return {"tube": result.tube.code, "value": result.value, "reported_at": result.reported_at}


def _member(park: Park, sent: RetestIn) -> Person:
    """Somebody of the park by his number; whom nobody knows is in no tube, too. Raises NotInTube."""
    number = folded(sent.id_number).lstrip("'").upper()
    person = Person.objects.filter(park=park, id_index=id_index(park, number, secrets.ring())).first()
    if person is None:
        raise NotInTube(tube=sent.tube)
    return person
