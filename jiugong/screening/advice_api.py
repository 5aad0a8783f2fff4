"""Advice for programs: the same documents as `jiugong advise pool` and `jiugong advise points`."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_meant
from jiugong.screening.advice import ground_as_data, pool_as_data, sizing_as_data
from jiugong.screening.queries.advising import ground_of, pool_question, sizing_question
from jiugong.screening.queries.rounds import reach_into, round_for

router = Router(tags=["screening"])


@router.get("/advice/pool", summary="Which pool size: tests and people held for each, the one that is recommended, and why")
def get_pool(request: HttpRequest, prevalence: str, clustering: str = "", sizes: str = "", people: str = "",
             park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    actor.must_somewhere(Can.SEE_BOARD, within=park_meant(actor, park))
    chosen = [size.strip() for size in sizes.split(",")] if sizes else []
    return pool_as_data(pool_question(prevalence, clustering=clustering, sizes=chosen, people=people))


@router.get("/advice/points", summary="Points, desks and samplers for so many people in so many hours, or for a round")
def get_points(request: HttpRequest, people: str = "", hours: str = "", round: int | None = None,
               park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    the_round = round_for(actor, here, round) if round is not None else None
    reach = reach_into(actor, Can.SEE_BOARD, here)
    asked = sizing_question(people, hours, the_round, reach)
    told = sizing_as_data(asked)
    if the_round:
        told["park"] = {"name": here.name, "round": the_round.number, **ground_as_data(ground_of(the_round, reach), asked)}
    return told
