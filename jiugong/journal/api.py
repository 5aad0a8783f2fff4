"""What a device tells the journal: what was refused, and that somebody let it go; and where a person is reached."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.journal.actions import LetGo, keep_letting_go
from jiugong.journal.actions.ways import set_ways
from jiugong.journal.queries.ways import face_of
from jiugong.lib import clock, days
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_meant, person_for

router = Router(tags=["journal"])


class LetGoIn(Schema):
    """One thing that was refused and is not sent any more: of which kind, refused with which code, why it was let go."""

    let_go_id: str = Field(pattern=r"^[0-9A-Za-z_-]{6,64}$", description="The id that the device made for what it lets go.")
    kind: str = Field(pattern=r"^[a-z_-]{1,40}$")
    code: str = Field("", pattern=r"^[a-z_.]{0,80}$", description="The code of the refusal.")
    reason: Literal["entered_wrongly", "done_again", "on_paper", "something_else"] = "something_else"
    device: str = Field("", pattern=r"^(web-[0-9a-f]{1,12})?$", description="The name that the device gave itself.")
    device_at: str = ""
    device_now: str = ""

    def thing(self) -> LetGo:
        """What the action takes."""
        return LetGo(let_go_id=self.let_go_id, kind=self.kind, code=self.code, reason=self.reason, device=self.device)


class LetGoInPark(LetGoIn):
    park: str = ""


@router.post("/let-go", url_name="let_go", summary="Tell that something refused was let go; the same id again changes nothing")
def post_let_go(request: HttpRequest, sent: LetGoInPark) -> dict[str, Any]:
    actor, now = actor_of(request), clock.now()
    kept = keep_letting_go(park_meant(actor, sent.park), sent.thing(), at=days.set_right(sent.device_at, sent.device_now, now),
                           actor=actor)
    return {"let_go_id": sent.let_go_id, "status": "accepted" if kept else "repeat", "now": now}


class WaysIn(Schema):
    """Where somebody is reached: what is absent stays as it is, what is empty is forgotten."""

    mail: str | None = Field(None, max_length=200)
    phone: str | None = Field(None, max_length=30)
    language: str | None = Field(None, max_length=10)


class WayOut(Schema):
    """One address, masked. `waits`: nothing but the question whether it is his goes there before he has said yes."""

    kind: str
    masked: str
    waits: bool


@router.post("/people/{uid}/ways", response=list[WayOut], summary="Enter where a person is reached; he is asked about mail")
def post_ways(request: HttpRequest, uid: UUID, sent: WaysIn) -> list[dict[str, Any]]:
    actor = actor_of(request)
    person = person_for(actor, uid, Can.KEEP_ROSTER)
    return face_of(set_ways(person, park=person.park, actor=actor, **sent.dict()))
