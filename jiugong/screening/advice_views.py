"""The two advisers' pages: what is asked stands in the address, the answer beside the form."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.screening.advice import THINGS, ground_as_data, pool_as_data, sizing_as_data
from jiugong.screening.advice_forms import PoolAdviceForm, SizingForm
from jiugong.screening.queries.advising import ground_of
from jiugong.screening.queries.rounds import latest_first, reach_into, rounds_of

MOST_ROUNDS, MOST_ENTERPRISES = 20, 20


@require_GET
def pool_advice(request: HttpRequest, park: UUID) -> HttpResponse:
    """Which tubes: tests against people held, size by size."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    form = PoolAdviceForm(request.GET if "prevalence" in request.GET else None)
    told = pool_as_data(form.asked) if form.is_valid() else None
    return render(request, "screening/pool_advice.html", {
        "form": form, "told": told, "uid": here.uid, "ticked": request.GET.getlist("sizes"),
        "crumbs": _crumbs(here, _("Which tubes"))}, status=422 if form.errors else 200)


@require_GET
def points_advice(request: HttpRequest, park: UUID) -> HttpResponse:
    """How many points, desks and samplers; for a round, what is there and what is lacking."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    rounds = list(latest_first(rounds_of(actor, here), clock.now())[:MOST_ROUNDS])
    reach = reach_into(actor, Can.SEE_BOARD, here)
    form = SizingForm(request.GET if request.GET.keys() & {"round", "people", "hours"} else None, rounds=rounds, reach=reach)
    shown: dict[str, Any] = {"form": form, "uid": here.uid, "crumbs": _crumbs(here, _("Points needed"))}
    if form.is_valid():
        told = sizing_as_data(form.asked)
        names = {"points": _("Sampling points"), "desks": _("Sampling desks"), "samplers": _("Samplers")}
        shown |= {"told": told, "needs": [told["because"][name] | {"name": names[name]} for name in THINGS]}
        if the_round := form.the_round:
            ground = ground_as_data(ground_of(the_round, reach), form.asked)
            shown |= {"ground": ground, "round": the_round.number, "enterprises": ground["enterprises"][:MOST_ENTERPRISES],
                      "more": max(len(ground["enterprises"]) - MOST_ENTERPRISES, 0)}
    return render(request, "screening/points_advice.html", shown, status=422 if form.errors else 200)


def _crumbs(park: Park, title: str) -> list[tuple[str, str | None]]:
    return [(_("Rounds"), reverse("rounds", args=[park.uid])), (title, None)]
