"""Accounts for programs: which person of the roster a user is."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.accounts.actions import tie_person
from jiugong.accounts.queries import user_named
from jiugong.http import actor_of
from jiugong.registry.queries.doors import park_meant, person_for

router = Router(tags=["accounts"])


class TieIn(Schema):
    park: str = Field("", description="Name or id. May be absent where you see exactly one park.")
    person: UUID = Field(description="Somebody of the roster, by the id of his page.")


@router.post("/{username}/person", summary="Say which person of the roster a user is; the same again changes nothing")
def post_person(request: HttpRequest, username: str, sent: TieIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    tied = tie_person(user_named(actor, park, username), person_for(actor, sent.person), park=park, actor=actor)
    return {"user": tied.username, "person": str(sent.person)}
