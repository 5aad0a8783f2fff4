"""An enterprise, a workshop or a team: what it is, who answers, who works there; added, changed and ended here."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.actions.units import add_enterprise, add_part, change_unit, end_unit, lie_in
from jiugong.registry.errors import NotHere
from jiugong.registry.keeping_forms import EndUnitForm, EnterpriseForm, PartForm, RenameForm, today_first
from jiugong.registry.models import Park, Unit
from jiugong.registry.queries.charges import answering_for_unit
from jiugong.registry.queries.doors import park_for, unit_for
from jiugong.registry.queries.history import sitings_of
from jiugong.registry.queries.listed import Narrowed, on_the_roster
from jiugong.registry.queries.people import today_in
from jiugong.registry.queries.units import Staff, below, people_from, staff_of
from jiugong.registry.views.keeping import asked, done, tried
from jiugong.registry.views.lists import chosen_of, day_asked, filter_by, page_of
from jiugong.registry.views.people import Listed
from jiugong.registry.words import EnterpriseKind, Shift, Status, UnitKind


@dataclass(frozen=True)
class Part:
    """A workshop or team as the page lists it: how deep it stands, how many work there, who leads it."""

    unit: Unit
    deep: bool
    people: int
    leaders: list[str]


@require_GET
def page(request: HttpRequest, park: UUID, unit: UUID) -> HttpResponse:
    """Facts, who answers, the parts and the people of a unit on a day. Its squares of today are the board's."""
    actor, here, found = _unit(request, park, unit, Can.SEE_BOARD)
    day, text = day_asked(request, today_in(here)), request.GET.get("q", "").strip()
    staff = staff_of(found, day)
    chain = answering_for_unit(found, day)
    return render(request, "registry/unit.html", {
        "unit": found, "firm": found.enterprise or found, "is_firm": found.kind == UnitKind.ENTERPRISE, "day": day,
        "today": today_in(here), "staff": staff, "chain": chain, "parts": _parts(found, staff),
        "sitings": sitings_of(found) if found.kind == UnitKind.ENTERPRISE else [], "crumbs": _crumbs(here, found),
        "ended": found.until is not None and found.until <= day,
        "may_keep": actor.may(Can.KEEP_ROSTER, over=found), "may_settle": actor.may(Can.KEEP_ROSTER, over=found.parent or here),
        "may_show": actor.may(Can.SHOW_IDENTITY, over=found), **_people(request, actor, here, found, text)})


def _people(request: HttpRequest, actor: Actor, park: Park, unit: Unit, text: str) -> dict[str, Any]:
    """The people of the unit, team by team, for who may see them. A list of names is a look."""
    if not actor.may(Can.SEE_PEOPLE, over=unit):
        return {"may_see_people": False}
    day = day_asked(request, today_in(park))
    status, shift = chosen_of(request, "status", Status.values), chosen_of(request, "shift", Shift.values)
    rows = on_the_roster(actor, park, day, Narrowed(unit=unit, status=status, shift=shift))
    found = page_of(request, rows.filter(person__name__icontains=text) if text else rows)
    looked(actor=actor, park_id=park.pk, person_ids=[row.person_id for row in found], fields=("list",),
           reason="opened a list of names", at=clock.now())
    return {"may_see_people": True, "page": found, "rows": [Listed(row.person, row) for row in found], "text": text,
            "is_set": bool(text or status or shift or day != today_in(park)),
            "filters": [filter_by("status", _("Status"), Status.choices, status),
                        filter_by("shift", _("Shift"), Shift.choices, shift)]}


def _parts(unit: Unit, staff: Staff) -> list[Part]:
    """The workshops and teams below, the way down; only the leading posts of each are named here."""
    return [Part(each, each.parent_id != unit.pk, staff.by_unit.get(each.pk, 0), staff.leaders.get(each.pk, []))
            for each in below(unit)]


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, park: UUID) -> HttpResponse:
    """Add an enterprise. Only the park office does."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.KEEP_ROSTER, over=here)
    form = EnterpriseForm(request.POST or None, park=here, initial=today_first(today_in(here), kind="enterprise"))
    if form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: add_enterprise(
            here, given["name"], actor=actor, since=given["since"], kind=given["kind"], credit_code=given["credit_code"],
            address=given["address"], remark=given["remark"], grid=given["grid"]))
        if made:
            messages.success(request, _("%(unit)s is here from %(day)s.") % {"unit": made.name, "day": given["since"]})
            return redirect("unit-page", park=here.uid, unit=made.uid)
    return asked(request, form, heading=_("Add an enterprise"), submit=_("Add"), back=reverse("units", args=[here.uid]),
                 lead=_("Many at once come with the roster workbook. One that had ended goes on when it is added again."))


@require_http_methods(["GET", "POST"])
def add_below(request: HttpRequest, park: UUID, unit: UUID) -> HttpResponse:
    """Add a workshop or a team."""
    actor, here, found = _unit(request, park, unit, Can.KEEP_ROSTER)
    form = PartForm(request.POST or None, below=found.kind, initial=today_first(today_in(here), kind=UnitKind.TEAM.value))
    if form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: add_part(found, UnitKind(given["kind"]), given["name"], actor=actor, since=given["since"]))
        if made:
            messages.success(request, _("%(unit)s is here from %(day)s.") % {"unit": made.name, "day": given["since"]})
            return redirect("unit-page", park=here.uid, unit=made.uid)
    return asked(request, form, heading=_("Add a workshop or team to %(unit)s") % {"unit": found.name}, submit=_("Add"),
                 back=_address(here, found))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, park: UUID, unit: UUID) -> HttpResponse:
    """Rename a unit; of an enterprise also kind, credit code, address, grid and remark."""
    actor, here, found = _unit(request, park, unit, Can.KEEP_ROSTER)
    actor.must(Can.KEEP_ROSTER, over=found.parent or here)
    if found.kind == UnitKind.ENTERPRISE:
        return _change_enterprise(request, actor, here, found)
    form = RenameForm(request.POST or None, initial={"name": found.name})
    if form.is_valid() and done(form, lambda: change_unit(found, actor=actor, name=form.cleaned_data["name"])):
        return redirect("unit-page", park=here.uid, unit=found.uid)
    return asked(request, form, heading=_("Rename %(unit)s") % {"unit": found.name}, submit=_("Keep"), back=_address(here, found))


def _change_enterprise(request: HttpRequest, actor: Actor, park: Park, unit: Unit) -> HttpResponse:
    today = today_in(park)
    lies = next((each for each in sitings_of(unit) if each.until is None), None)
    form = EnterpriseForm(request.POST or None, park=park, initial=today_first(
        today, name=unit.name, kind=unit.enterprise_kind or EnterpriseKind.ENTERPRISE.value, credit_code=unit.credit_code,
        address=unit.site.address if unit.site else "", remark=unit.remark, grid=str(lies.grid_id) if lies else ""))
    if form.is_valid() and done(form, lambda: _kept(form.cleaned_data, actor, unit)):
        messages.success(request, _("%(person)s: kept.") % {"person": form.cleaned_data["name"]})
        return redirect("unit-page", park=park.uid, unit=unit.uid)
    return asked(request, form, heading=_("Change %(name)s") % {"name": unit.name}, submit=_("Keep"), back=_address(park, unit),
                 lead=_("The name is kept in the journal; the grid holds from the day."))


def _kept(given: dict[str, Any], actor: Actor, unit: Unit) -> Unit:
    kept = change_unit(unit, actor=actor, name=given["name"], kind=given["kind"], credit_code=given["credit_code"],
                       address=given["address"], remark=given["remark"])
    if given["grid"]:
        lie_in(unit, given["grid"], actor=actor, since=given["since"])
    return kept


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, park: UUID, unit: UUID) -> HttpResponse:
    """End a unit from a day on, once somebody has seen how many people it concerns."""
    actor, here, found = _unit(request, park, unit, Can.KEEP_ROSTER)
    actor.must(Can.KEEP_ROSTER, over=found.parent or here)
    day = day_asked(request, today_in(here), "on")
    data = request.POST.copy() if request.method == "POST" else None
    form = EndUnitForm(data, initial=today_first(day, people=people_from(found, day).count()))
    if form.is_valid():
        given = form.cleaned_data
        if done(form, lambda: end_unit(found, actor=actor, on=given["on"], people=given["people"])):
            messages.success(request, _("%(unit)s ended on %(day)s.") % {"unit": found.name, "day": given["on"]})
            return redirect("unit-page", park=here.uid, unit=found.uid)
        day = given["on"]
    people = people_from(found, day).count()
    if data is not None:
        data["people"] = str(people)
    return asked(request, form, heading=_("End %(unit)s") % {"unit": found.name}, submit=_("End it"), danger=True,
                 back=_address(here, found), concerns=[_concern(found, people)],
                 confirm=_("End %(unit)s, with %(count)s people?") % {"unit": found.name, "count": people})


def _concern(unit: Unit, people: int) -> str:
    if unit.kind == UnitKind.ENTERPRISE:
        return ngettext("%(count)s person leaves on that day, and nobody answers for it any more.",
                        "%(count)s people leave on that day, and nobody answers for it any more.", people) % {"count": people}
    return ngettext("%(count)s person goes on in %(above)s from that day.",
                    "%(count)s people go on in %(above)s from that day.", people) % {"count": people, "above": unit.parent}


def _unit(request: HttpRequest, park: UUID, unit: UUID, power: Can) -> tuple[Actor, Park, Unit]:
    actor = actor_of(request)
    here = park_for(actor, park)
    found = unit_for(actor, unit, power)
    if found.park_id != here.pk or found.kind == UnitKind.PARK_OFFICE:
        raise NotHere()
    return actor, here, found


def _address(park: Park, unit: Unit) -> str:
    return reverse("unit-page", args=[park.uid, unit.uid])


def _crumbs(park: Park, unit: Unit) -> list[tuple[str, str | None]]:
    way: list[tuple[str, str | None]] = [(unit.name, None)]
    above = unit.parent
    while above and above.kind != UnitKind.PARK_OFFICE:
        way.insert(0, (above.name, _address(park, above)))
        above = above.parent
    return [(_("Enterprises"), reverse("units", args=[park.uid])), *way]
