"""Conflicts between scans, for programs: the open ones with their swabs, and the two ways to settle one."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import looked
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_meant
from jiugong.screening.actions.settling import keep_all, strike
from jiugong.screening.conflict_faces import says, swab_row
from jiugong.screening.models import Settlement
from jiugong.screening.queries.conflicts import RECENT, open_conflicts, reach_of, rounds_between
from jiugong.screening.queries.rounds import must_see_rounds, round_for

router = Router(tags=["conflicts"])


class KeepIn(Schema):
    park: str = ""
    settle_id: str = Field(description="An id that the device made for this decision.")
    kind: str
    scan_ids: list[str] = Field(max_length=5_000, description="All the scans of the conflict, as the list told them.")
    reason: str


class StrikeIn(KeepIn):
    struck: str = Field(description="The scan that did not happen.")


@router.get("/conflicts", summary="What needs a person's decision among the scans of the last days, or of one round")
def get_conflicts(request: HttpRequest, park: str = "", round: int | None = None) -> dict[str, Any]:
    actor, at = actor_of(request), clock.now()
    here = park_meant(actor, park)
    must_see_rounds(actor, here)
    today, reach = days.day_of(at, here.zone), reach_of(actor, here)
    rounds = [round_for(actor, here, round)] if round is not None else list(rounds_between(here, today - RECENT, today))
    found = open_conflicts(here, rounds, reach)
    looked(actor=actor, park_id=here.pk, fields=("list",), reason="opened the conflicts between scans", at=at, person_ids={
        row.person_id for each in found for row in each.swabs if row.person_id})
    return {"conflicts": [{"kind": each.kind, "round": each.swabs[0].round.number, "says": says(each, here, reach), "swabs": [
        {"scan_id": swab.scan_id, "round": swab.round.number, "sampled_at": swab.sampled_at, "device_at": swab.device_at,
         "skew_seconds": swab.skew_seconds, **{key: value for key, value in swab_row(swab, here, reach).items()
                                               if key in ("name", "tube", "position", "point", "by")}}
        for swab in each.swabs]} for each in found]}


@router.post("/conflicts/keep", summary="Every swab of a conflict is real; the same again is answered as the first time")
def post_keep(request: HttpRequest, sent: KeepIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    return _told(keep_all(here, sent.kind, sent.scan_ids, settle_id=sent.settle_id, reason=sent.reason, actor=actor), here)


@router.post("/conflicts/strike", summary="One swab of a conflict did not happen: it stays on record and counts nowhere")
def post_strike(request: HttpRequest, sent: StrikeIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    return _told(strike(here, sent.kind, sent.scan_ids, struck=sent.struck, settle_id=sent.settle_id, reason=sent.reason,
                        actor=actor), here)


def _told(settlement: Settlement, park: Park) -> dict[str, Any]:
    return {"settle_id": settlement.settle_id, "kind": settlement.kind, "verdict": settlement.verdict,
            "reason": settlement.reason, "settled_at": settlement.settled_at, "settled_by": settlement.settled_by_name}
