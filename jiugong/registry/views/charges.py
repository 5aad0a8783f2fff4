"""Who answers for what on a day; putting somebody in charge, and relieving him."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiugong.http import actor_of
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.actions.charges import may_settle, put_in_charge, relieve
from jiugong.registry.choosers import Chosen, ThingChoice
from jiugong.registry.forms import EndForm
from jiugong.registry.keeping_forms import ChargeForm
from jiugong.registry.models import Charge, Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.listed import charge_for, charges_on
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.keeping import done, tried
from jiugong.registry.views.lists import chosen_of, day_asked, filter_by, page_of, wants_workbook, workbook_of
from jiugong.registry.words import Role


@require_http_methods(["GET", "POST"])
def charges(request: HttpRequest, park: UUID) -> HttpResponse:
    """The charges of a day; who keeps a roster puts somebody in charge here."""
    actor = actor_of(request)
    here = park_for(actor, park)
    if request.method == "POST":
        actor.must_somewhere(Can.KEEP_ROSTER, within=here)
    today = today_in(here)
    form = _asked(request, actor, here, today)
    if form is not None and form.is_bound and form.is_valid():
        given = form.cleaned_data
        charge = tried(form, lambda: put_in_charge(given["who"], given["over"], Role(given["role"]), actor=actor,
                                                   since=given["since"]))
        if charge:
            messages.success(request, _("%(person)s is %(role)s from %(day)s.") % {
                "person": given["who"].name, "role": Role(charge.role).label, "day": given["since"]})
            return redirect(request.get_full_path())
    return _page(request, actor, here, today, form)


def _page(request: HttpRequest, actor: Actor, park: Park, today: date, form: ChargeForm | None) -> HttpResponse:
    day, text = day_asked(request, today), request.GET.get("q", "").strip()
    role = chosen_of(request, "role", Role.values)
    listed = _narrowed(charges_on(actor, park, day), role, text)
    if wants_workbook(request):
        headings = [_("Name"), _("Phone"), _("Role"), _("Answers for"), _("Enterprise"), _("Group"), _("Since"), _("Until")]
        return workbook_of(_("Who answers"), headings, (_cells(charge) for charge in listed), day)
    page = page_of(request, listed)
    mine = [charge.pk for charge in page.object_list
            if charge.until is None and may_settle(actor, Role(charge.role), charge.place or charge.unit or park)]
    return render(request, "registry/charges.html", {
        "form": form, "page": page, "mine": mine, "day": day, "today": today, "text": text,
        "is_set": bool(role or text or day != today),
        "filters": [filter_by("role", _("Role"), Role.choices, role)],
        "may_see_people": actor.may_somewhere(Can.SEE_PEOPLE, within=park),
        "may_show": actor.may_somewhere(Can.SHOW_IDENTITY, within=park),
    }, status=422 if form is not None and form.is_bound else 200)


def _cells(charge: Charge) -> list[object]:
    """A charge as a line of the workbook."""
    unit = charge.unit
    return [charge.person.name, charge.person.masked_phone, str(Role(charge.role).label), str(charge.place or unit),
            str(unit.enterprise) if unit and unit.enterprise else "", str(charge.body or ""), charge.since, charge.until]


def _narrowed(rows: QuerySet[Charge], role: str, text: str) -> QuerySet[Charge]:
    if role:
        rows = rows.filter(role=role)
    if text:
        rows = rows.filter(Q(person__name__icontains=text) | Q(unit__name__icontains=text) | Q(place__name__icontains=text)
                           | Q(unit__enterprise__name__icontains=text))
    return rows


def _asked(request: HttpRequest, actor: Actor, park: Park, today: date) -> ChargeForm | None:
    """The form for whoever may put people in charge of anything here."""
    if not actor.may_somewhere(Can.KEEP_ROSTER, within=park):
        return None
    over = ThingChoice(actor, park).one(request.GET.get("over", ""))
    return ChargeForm(request.POST if request.method == "POST" else None, actor=actor, park=park, initial={
        "since": today, "who": Chosen(text=request.GET.get("who", "")),
        "over": Chosen(over.value, over.text) if over else Chosen()})


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, park: UUID, charge: int) -> HttpResponse:
    """Relieve somebody from a day on."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = charge_for(actor, here, charge)
    actor.must(Can.KEEP_ROSTER, over=found.place or found.unit or here)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"on": today_in(here)})
    if form.is_valid() and done(form, lambda: relieve(found, actor=actor, on=form.cleaned_data["on"])):
        messages.success(request, _("%(person)s no longer answers for %(over)s from %(day)s on.") % {
            "person": found.person.name, "over": str(found.place or found.unit), "day": form.cleaned_data["on"]})
        return redirect("charges", park=here.uid)
    return render(request, "registry/charge_end.html", {"charge": found, "form": form},
                  status=422 if form.is_bound else 200)
