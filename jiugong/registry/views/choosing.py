"""What choosers ask for while somebody types: units, places and units, people. Each answer is a few lines of a list."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.choosers import Offer, PersonChoice, ThingChoice, UnitChoice
from jiugong.registry.queries.choosing import POSTED_TO
from jiugong.registry.queries.doors import park_for

POWERS = {power.value: power for power in Can}


@require_GET
def units(request: HttpRequest, park: UUID) -> HttpResponse:
    """Enterprises, workshops and teams; `kinds` narrows them, `power` says over which of them the actor must hold it."""
    actor = actor_of(request)
    here = park_for(actor, park)
    power = POWERS.get(request.GET.get("power", ""), Can.SEE_BOARD)
    asked = [kind for kind in request.GET.get("kinds", "").split(",") if kind in POSTED_TO]
    return _offered(request, UnitChoice(actor, here, power, asked or POSTED_TO).found(_typed(request)))


@require_GET
def things(request: HttpRequest, park: UUID) -> HttpResponse:
    """The park, its grids and its units: what somebody may be put in charge of."""
    actor = actor_of(request)
    here = park_for(actor, park)
    return _offered(request, ThingChoice(actor, here).found(_typed(request)))


@require_GET
def people(request: HttpRequest, park: UUID) -> HttpResponse:
    """People by a part of the name, or the whole ID number or phone. To be offered somebody is to look at him."""
    actor = actor_of(request)
    here = park_for(actor, park)
    offers = PersonChoice(actor, here).found(_typed(request))
    looked(actor=actor, park_id=here.pk, person_ids=[offer.thing.pk for offer in offers], fields=("list",),
           reason="opened a list of names", at=clock.now())
    return _offered(request, offers)


def _typed(request: HttpRequest) -> str:
    """What stands in the box, under whatever name its field has."""
    names = (name for name in request.GET if name == "q" or name.endswith("-text"))
    return request.GET.get(next(names, "q"), "").strip()[:80]


def _offered(request: HttpRequest, offers: list[Offer]) -> HttpResponse:
    return render(request, "registry/choices.html", {"offers": offers, "text": _typed(request)})
