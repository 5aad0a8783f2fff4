"""What holds for a person, and a team's entry, for programs and for phones that were without a connection."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import person_for, unit_for
from jiugong.standing.errors import EntryWrong, NotAllMeasured
from jiugong.standing.queries import standing_of
from jiugong.standing.team import MOST_IN_ONE_ENTRY, Said, enter_team, members_of

router = Router(tags=["standing"])


class MemberIn(Schema):
    """What a leader says of one member. Without a temperature he was measured and was below the park's fever limit."""

    person: UUID
    absent: bool = False
    temperature: str = Field("", max_length=10)
    symptoms: list[str] = Field([], max_length=20)


class EntryIn(Schema):
    batch: str = Field(min_length=1, max_length=40, description="An id that the device made: the same entry again changes nothing.")
    measured: bool = Field(False, description="Everybody who is not absent was measured.")
    members: list[MemberIn] = Field(max_length=MOST_IN_ONE_ENTRY)
    device_at: str = Field("", description="When it was entered, by the device's own clock: it may come hours later.")
    device_now: str = Field("", description="What that clock says when it is sent, so that a wrong one is set right.")


@router.get("/people/{uid}")
def person(request: HttpRequest, uid: str) -> dict[str, Any]:
    """What holds for a person now, and why. A look at a person is journalled."""
    actor, at = actor_of(request), clock.now()
    found = person_for(actor, uid)
    looked(actor=actor, park_id=found.park_id, person_ids=[found.pk], fields=("standing",), reason="api", at=at)
    return {"name": found.name, "resident_id": found.masked_id, "at": at.isoformat(), "holds": [
        {"what": each.what.value, "about": each.about, "late": each.late,
         "since": each.since.isoformat() if each.since else None, "until": each.until.isoformat() if each.until else None,
         "because": [{"fact": one.fact, "found": one.found, "needed": one.needed, "by": one.by, "met": one.met}
                     for one in each.because]} for each in standing_of(found, at)]}


@router.post("/teams/{uid}/entry", summary="A team's temperatures and symptoms: all of it, or nothing where a value cannot be one")
def team_entry(request: HttpRequest, uid: UUID, sent: EntryIn) -> dict[str, Any]:
    actor, now = actor_of(request), clock.now()
    unit = unit_for(actor, uid, Can.RECORD_EVIDENCE)
    at = days.set_right(sent.device_at, sent.device_now, now)
    known = {member.person.uid: member.person for member in members_of(unit, at)}
    said = [Said(person=known[each.person], absent=each.absent, temperature=each.temperature, symptoms=tuple(each.symptoms))
            for each in sent.members if each.person in known]
    if not sent.measured and any(not each.absent and not each.temperature.strip() for each in said):
        raise NotAllMeasured()
    entered = enter_team(unit, said, batch=sent.batch, actor=actor, at=at)
    if entered.wrong:
        names = {person.pk: person.name for person in known.values()}
        raise EntryWrong(wrong=" ".join(f"{names.get(key, '')}: {why}" for key, why in entered.wrong.items()))
    return {"recorded": entered.recorded, "already": entered.already, "absent": entered.absent, "now": now}
