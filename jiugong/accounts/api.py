"""Accounts for programs: which person of the roster a user is; a link to sign in with, for whoever is nobody yet."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.accounts.actions import tie_person
from jiugong.accounts.actions.links import ask_for_link
from jiugong.accounts.came import came
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


class AskIn(Schema):
    who: str = Field(min_length=1, max_length=200, description="The name of an account, or a mail address or phone that its owner "
                                                               "has shown to be his.")


class AskOut(Schema):
    asked: bool = Field(True, description="The same whether there is such an account or not.")


@router.post("/sign-in-links", response=AskOut, auth=None, summary="Ask for a link that signs in once")
def post_sign_in_link(request: HttpRequest, sent: AskIn) -> dict[str, bool]:
    ask_for_link(sent.who, come=came(request))
    return {"asked": True}
