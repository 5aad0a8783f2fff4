"""Who answers for what on a day; putting somebody in charge, and relieving him."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiugong.http import actor_of
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.actions.charges import put_in_charge, relieve
from jiugong.registry.forms import ChargeForm, EndForm
from jiugong.registry.models import Charge, Park, Person
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.listed import charge_for, charges_on, things_over
from jiugong.registry.queries.people import people_seen, search_people, today_in
from jiugong.registry.views.lists import chosen_of, day_asked, filter_by, page_of
from jiugong.registry.words import Role

MOST_FOUND = 8


@require_http_methods(["GET", "POST"])
def charges(request: HttpRequest, park: UUID) -> HttpResponse:
    """The charges of a day; who may, puts somebody in charge here."""
    actor = actor_of(request)
    here = park_for(actor, park)
    if request.method == "POST":
        actor.must_somewhere(Can.IMPORT_ROSTERS, within=here)
    today = today_in(here)
    form, found = _asked(request, actor, here, today), list[Person]()
    if form is not None and form.is_bound and form.is_valid():
        found = _people_of(form, actor, here)
        if len(found) == 1:
            charge = put_in_charge(found[0], form.cleaned_data["over"], Role(form.cleaned_data["role"]), actor=actor,
                                   since=form.cleaned_data["since"])
            messages.success(request, _("%(person)s is %(role)s from %(day)s.") % {
                "person": found[0].name, "role": Role(charge.role).label, "day": form.cleaned_data["since"]})
            return redirect(request.get_full_path())
        form.add_error("who", _("Several people are meant. Choose one below.") if found else
                       _("Nobody is found by this. Import the roster first, or look under another name."))
    return _page(request, actor, here, today, {"form": form, "found": found[:MOST_FOUND]},
                 status=422 if form is not None and form.is_bound else 200)


def _page(request: HttpRequest, actor: Actor, park: Park, today: date, shown: dict[str, Any], *,
          status: int) -> HttpResponse:
    day, text = day_asked(request, today), request.GET.get("q", "").strip()
    role = chosen_of(request, "role", Role.values)
    page = page_of(request, _narrowed(charges_on(actor, park, day), role, text))
    mine = [charge.pk for charge in page.object_list
            if charge.until is None and actor.may(Can.IMPORT_ROSTERS, over=charge.place or charge.unit or park)]
    return render(request, "registry/charges.html", shown | {
        "page": page, "mine": mine, "day": day, "today": today, "text": text,
        "is_set": bool(role or text or day != today),
        "filters": [filter_by("role", _("Role"), Role.choices, role)],
        "may_see_people": actor.may_somewhere(Can.SEE_PEOPLE, within=park),
        "may_show": actor.may_somewhere(Can.SHOW_IDENTITY, within=park),
    }, status=status)


def _narrowed(rows: QuerySet[Charge], role: str, text: str) -> QuerySet[Charge]:
    if role:
        rows = rows.filter(role=role)
    if text:
        named = rows.filter(person__name__icontains=text)
        rows = named | rows.filter(unit__name__icontains=text) | rows.filter(place__name__icontains=text)
    return rows


def _asked(request: HttpRequest, actor: Actor, park: Park, today: date) -> ChargeForm | None:
    """The form for whoever may put people in charge of anything here."""
    if not actor.may_somewhere(Can.IMPORT_ROSTERS, within=park):
        return None
    places, units = things_over(actor, park, Can.IMPORT_ROSTERS)
    return ChargeForm(request.POST if request.method == "POST" else None, places=places, units=units,
                      initial={"since": today, "who": request.GET.get("who", "")})


def _people_of(form: ChargeForm, actor: Actor, park: Park) -> list[Person]:
    """Whom the form means: the one who was chosen, else everybody who is found."""
    if form.cleaned_data["person"]:
        return list(people_seen(actor, park).filter(uid=form.cleaned_data["person"]))
    return list(search_people(actor, park, form.cleaned_data["who"])[:MOST_FOUND + 1])


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, park: UUID, charge: int) -> HttpResponse:
    """Relieve somebody from a day on."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = charge_for(actor, here, charge)
    actor.must(Can.IMPORT_ROSTERS, over=found.place or found.unit or here)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"on": today_in(here)})
    if form.is_valid():
        relieve(found, actor=actor, on=form.cleaned_data["on"])
        messages.success(request, _("%(person)s no longer answers for %(over)s from %(day)s on.") % {
            "person": found.person.name, "over": str(found.place or found.unit), "day": form.cleaned_data["on"]})
        return redirect("charges", park=here.uid)
    return render(request, "registry/charge_end.html", {"charge": found, "form": form},
                  status=422 if form.is_bound else 200)
