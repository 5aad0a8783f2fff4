"""The sampling points of a park: which there are, and setting one up."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_for
from jiugong.screening.actions.points import set_up_point
from jiugong.screening.forms import PointForm
from jiugong.screening.queries.points import points_with_specimens
from jiugong.screening.queries.rounds import must_see_rounds
from jiugong.screening.words import PointKind

A_PAGE = 50


@require_http_methods(["GET", "POST"])
def points(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every point, its kind, whose roster it works down, and how many swabs it took; who may, sets one up here."""
    actor = actor_of(request)
    here = park_for(actor, park)
    if request.method == "POST":
        actor.must_somewhere(Can.OPEN_ROUNDS, within=here)
    must_see_rounds(actor, here)
    form = PointForm(request.POST if request.method == "POST" else None, park=here, actor=actor)
    if form.is_valid():
        point = set_up_point(here, form.cleaned_data["name"], kind=PointKind(form.cleaned_data["kind"]), actor=actor,
                             **form.over())
        messages.success(request, _("%(point)s is set up.") % {"point": point.name})
        return redirect("points", park=here.uid)
    page = Paginator(points_with_specimens(here, clock.now()), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "screening/points.html", {
        "page": page, "uid": here.uid, "form": form if actor.may_somewhere(Can.OPEN_ROUNDS, within=here) else None,
        "crumbs": [(_("Rounds"), reverse("rounds", args=[here.uid])), (_("Sampling points"), None)],
    }, status=422 if form.is_bound else 200)
