"""What a scanner's device carries of a round, so that it knows people without asking: `queries/rosters.py` says what."""

import gzip
import json
from base64 import b64encode

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from ninja import Router

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_meant
from jiugong.screening.queries.rosters import roster_for_a_device
from jiugong.screening.queries.rounds import reach_into, round_for

router = Router(tags=["screening"])


@router.get("/rounds/{number}/roster", summary="Who owes a specimen in a round, for a scanner's device: names, hashes of badges")
def get_roster(request: HttpRequest, number: int, park: str = "") -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    here = park_meant(actor, park)
    reach = reach_into(actor, Can.BIND_SPECIMENS, here)
    if not reach:
        actor.must(Can.BIND_SPECIMENS, over=here)
    the_round = round_for(actor, here, number)
    session = request.session.session_key or f"token of {actor.key}"
    key, match = (salted_hmac(f"jiugong.roster.{what}", f"{session} {here.uid} {number}", algorithm="sha256").digest()
                  for what in ("key", "match"))
    found = roster_for_a_device(the_round, reach, match_key=match, at=at)
    looked(actor=actor, park_id=here.pk, person_ids=found.person_ids, fields=("list",), at=at,
           reason=f"took the roster of round {number} onto a device")
    told = {"round": number, "now": at.isoformat(), "until": found.until.isoformat(), "key": b64encode(key).decode(),
            "match": b64encode(match).decode(), "teams": found.teams, "people": found.people}
    return _packed(request, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())


def _packed(request: HttpRequest, content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/json")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.content = gzip.compress(content, 5)
        answer.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ("Accept-Encoding",))
    return answer
