"""A person's last fourteen days: by permission, for a reason that is kept and that he reads on his own page."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiugong.http import actor_of, sentence_of
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person
from jiugong.registry.queries.doors import park_for, person_for
from jiugong.registry.queries.people import today_in
from jiugong.tracing.actions.looking import look_at_days, whom_he_met
from jiugong.tracing.whereabouts_faces import assigned_as_rows, days_as_rows, met_as_rows


@require_http_methods(["GET", "POST"])
def person_days(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """First the reason is asked; then his days, and with `met` whom he met in them."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = person_for(actor, person, Can.TRACE_CONTACTS)
    if found.park_id != here.pk:
        raise NotHere()
    last, reason = _last_day(request, here), request.POST.get("reason", "").strip()
    crumbs = [(_("People"), reverse("people", args=[here.uid])), (found.name, _page_of(actor, here, found)),
              (_("Last 14 days"), None)]
    shown: dict[str, Any] = {"person": found, "last": last, "today": today_in(here), "reason": reason, "crumbs": crumbs}
    if request.method == "GET":
        return render(request, "tracing/person_days.html", shown)
    try:
        history = look_at_days(found, last, reason=reason, actor=actor)
        shown |= {"days": days_as_rows(history, here), "assigned": assigned_as_rows(history), "history": history}
        if "met" in request.POST:
            traced = whom_he_met(found, last, reason=reason, actor=actor)
            shown |= {"met": met_as_rows(traced, here, named=True), "traced": traced.trace}
    except Refusal as refusal:
        return render(request, "tracing/person_days.html", shown | {"wrong": sentence_of(refusal)}, status=422)
    return render(request, "tracing/person_days.html", shown)


def _page_of(actor: Actor, park: Park, person: Person) -> str | None:
    return reverse("person", args=[park.uid, person.uid]) if actor.may_somewhere(Can.SEE_PEOPLE, within=park) else None


def _last_day(request: HttpRequest, park: Park) -> date:
    today = today_in(park)
    try:
        return min(date.fromisoformat(request.POST.get("last", "") or request.GET.get("last", "")), today)
    except ValueError:
        return today
