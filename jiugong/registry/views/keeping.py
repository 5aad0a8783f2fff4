"""Keeping the roster person by person: add, change, move, leave, and what was before."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of, sentence_of
from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.actions.postings import Left, change_person, hire, leave, move
from jiugong.registry.choosers import chosen_unit
from jiugong.registry.errors import (
    ChargeNeedsOffice,
    DatesOutOfOrder,
    EntryWrong,
    NameDiffers,
    NotHere,
    NotOnRoster,
    PersonElsewhere,
    PersonKnown,
    RosterChanged,
    UnitEnded,
    UnitWrong,
)
from jiugong.registry.keeping_forms import ChangeForm, HireForm, LeaveForm, MoveForm, today_first
from jiugong.registry.logic.entries import Beds, Changes, Who, Work, strange_region
from jiugong.registry.models import Park, Person, Unit
from jiugong.registry.queries.doors import park_for, person_for, unit_for
from jiugong.registry.queries.history import history_of
from jiugong.registry.queries.people import assignments_of, posting_on, today_in, whereabouts
from jiugong.registry.views.lists import day_asked
from jiugong.registry.words import PlaceKind

MENDABLE = (EntryWrong, DatesOutOfOrder, NameDiffers, NotOnRoster, PersonElsewhere, UnitEnded, UnitWrong,
            ChargeNeedsOffice, RosterChanged)
Done = TypeVar("Done")


def tried(form: forms.Form, act: Callable[[], Done]) -> Done | None:
    """Do it; what the house refuses and the reader can mend is said where he typed it."""
    try:
        return act()
    except EntryWrong as refusal:
        field = str(refusal.facts["field"])
        form.add_error(field if field in form.fields else None, str(refusal.facts["sentence"]))
    except MENDABLE as refusal:
        form.add_error(None, sentence_of(refusal))
    return None


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Was it done? What was refused stands in the form."""
    return tried(form, act) is not None


def asked(request: HttpRequest, form: forms.Form, **shown: Any) -> HttpResponse:
    """A page with one form, as `registry/form.html` shows it: heading, lead, submit, back, and what else it says."""
    return render(request, "registry/form.html", {"form": form, **shown}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, park: UUID) -> HttpResponse:
    """Add somebody to a roster; whom the park has already can be moved instead."""
    actor, here = _keeper(request, park)
    unit = _unit_asked(request, actor, here)
    form = HireForm(request.POST or None, actor=actor, park=here,
                    initial=today_first(today_in(here), unit=chosen_unit(unit), status="on_duty"))
    known = None
    if form.is_valid():
        try:
            person = tried(form, lambda: _hired(form, actor))
        except PersonKnown as refusal:
            form.add_error("id_number", sentence_of(refusal))
            known = person_for(actor, str(refusal.facts["person"]))
        else:
            if person:
                _say_added(request, person, form)
                return redirect(_after(request, here, person, form.cleaned_data["unit"]))
    return asked(request, form, heading=_("Add somebody to the roster"), submit=_("Add"), known=known,
                 back=reverse("people", args=[here.uid]), again=_("Add, and the next one"), crumb=_("People"),
                 move_url=_move_url(here, known, form))


def _hired(form: HireForm, actor: Actor) -> Person:
    given = form.cleaned_data
    return hire(given["unit"], Who(name=given["name"], id_number=given["id_number"], phone=given["phone"],
                                   remark=given["remark"]),
                Work(post=given["post"], shift=given["shift"], key_post=given["key_post"], status=given["status"]),
                actor=actor, since=given["since"], beds=Beds(**form.beds()))


def _say_added(request: HttpRequest, person: Person, form: HireForm) -> None:
    messages.success(request, _("%(person)s is on the roster of %(unit)s from %(day)s.") % {
        "person": person.name, "unit": form.cleaned_data["unit"], "day": form.cleaned_data["since"]})
    if region := strange_region(person.open_id_number(secrets.ring())):
        messages.warning(request, _("Region code %(region)s in the ID number is on no list of GB/T 2260. Look whether it is "
                                    "right.") % {"region": region})


def _after(request: HttpRequest, park: Park, person: Person, unit: Unit) -> str:
    if request.POST.get("next") == "again":
        return f"{reverse('person-add', args=[park.uid])}?unit={unit.uid}"
    return reverse("person-record", args=[park.uid, person.uid])


def _move_url(park: Park, known: Person | None, form: HireForm) -> str:
    if known is None:
        return ""
    given = form.cleaned_data
    return (f"{reverse('person-move', args=[park.uid, known.uid])}?unit={given['unit'].uid}"
            f"&since={given['since'].isoformat()}")


@require_GET
def record(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """Where somebody was and is posted, sleeps, eats, rides and answers, with all days. Opening it is a look."""
    actor, here, found = _person(request, park, person, Can.SEE_PEOPLE)
    _look(actor, found)
    return render(request, "registry/record.html", {
        "person": found, "history": history_of(found), "today": today_in(here),
        "may_keep": actor.may(Can.KEEP_ROSTER, over=whereabouts(found)), "posting": posting_on(found, today_in(here)),
        "crumbs": [(_("People"), reverse("people", args=[here.uid])), (found.name, reverse("person", args=[here.uid, found.uid])),
                   (_("Roster line"), None)]})


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """Change what is known of somebody, from a day on."""
    actor, here, found = _person(request, park, person)
    _look(actor, found)
    day = day_asked(request, today_in(here), "since")
    posting = posting_on(found, day)
    form = ChangeForm(request.POST or None, on_roster=posting is not None,
                      initial=today_first(day, **_as_it_is(found, here, day)))
    if form.is_valid() and done(form, lambda: change_person(
            found, _changes(form), actor=actor, since=form.cleaned_data["since"])):
        messages.success(request, _("%(person)s: kept.") % {"person": found.name})
        return redirect("person-record", park=here.uid, person=found.uid)
    return asked(request, form, heading=_("Change %(name)s") % {"name": found.name}, submit=_("Keep"), back=_back(here, found),
                 lead=_("What was before stays in the record. To undo a change, say from the same day what is right."))


def _as_it_is(person: Person, park: Park, day: Any) -> dict[str, Any]:
    """What holds for somebody on a day, as the form begins."""
    posting = posting_on(person, day)
    places = {PlaceKind(each.kind): each for each in assignments_of(person, day)}
    shown: dict[str, Any] = {"name": person.name, "remark": person.remark}
    if posting:
        shown |= {"post": posting.post, "shift": posting.shift, "status": posting.status, "key_post": posting.key_post}
    for kind, field in ((PlaceKind.DORM_ROOM, "dorm_room"), (PlaceKind.CANTEEN_TABLE, "canteen_table"), (PlaceKind.BUS, "bus")):
        shown[field] = places[kind].place.name if kind in places else ""
    return shown | {"bed": places[PlaceKind.DORM_ROOM].bed if PlaceKind.DORM_ROOM in places else ""}


def _changes(form: ChangeForm) -> Changes:
    """What the form says differently from how it began: what nobody touched is left as it is."""
    touched = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
    beds: dict[str, str] = {name: touched[name] for name in ("dorm_room", "bed", "canteen_table", "bus") if name in touched}
    facts = {name: touched[name] for name in ("name", "remark", "post", "shift", "status", "key_post") if name in touched}
    return Changes(phone=form.cleaned_data["phone"] or None, beds=beds, **facts)


@require_http_methods(["GET", "POST"])
def go(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """Move somebody to another unit from a day on."""
    actor, here, found = _person(request, park, person)
    _look(actor, found)
    day = day_asked(request, today_in(here), "since")
    form = MoveForm(request.POST or None, actor=actor, park=here,
                    initial=today_first(day, unit=chosen_unit(_unit_asked(request, actor, here))))
    if form.is_valid():
        given = form.cleaned_data
        left = tried(form, lambda: move(found, given["unit"], actor=actor, since=given["since"], changes=Changes(
            post=given["post"] or None, shift=given["shift"] or None)))
        if left:
            messages.success(request, _("%(person)s is posted to %(unit)s from %(day)s.") % {
                "person": found.name, "unit": given["unit"], "day": given["since"]})
            _say_left(request, found, left)
            return redirect("person-record", park=here.uid, person=found.uid)
    posting = posting_on(found, day)
    return asked(request, form, heading=_("Move %(name)s") % {"name": found.name}, submit=_("Move"), back=_back(here, found),
                 lead=_("Now in %(unit)s. In another enterprise bed, table and bus are given up, and what he answers for.") % {
                     "unit": posting.unit} if posting else "")


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """Somebody leaves from a day on."""
    actor, here, found = _person(request, park, person)
    _look(actor, found)
    form = LeaveForm(request.POST or None, initial=today_first(today_in(here)))
    left = tried(form, lambda: leave(found, actor=actor, on=form.cleaned_data["on"])) if form.is_valid() else None
    if left:
        messages.success(request, _("%(person)s is on no roster from %(day)s on.") % {
            "person": found.name, "day": form.cleaned_data["on"]})
        _say_left(request, found, left)
        return redirect("person-record", park=here.uid, person=found.uid)
    return asked(request, form, heading=_("%(name)s leaves") % {"name": found.name}, submit=_("Leaves"), back=_back(here, found),
                 lead=_("From the chosen day on nothing is owed here any more; bed, table, bus and charges end. The record stays."))


def _say_left(request: HttpRequest, person: Person, left: Left) -> None:
    if left.ended:
        messages.info(request, _("No longer in charge of: %(things)s.") % {
            "things": "、".join(f"{charge.unit} ({charge.get_role_display()})" for charge in left.ended)})
    if left.kept:
        messages.warning(request, _("%(person)s still is, and only the park office can end it: %(things)s.") % {
            "person": person.name, "things": "、".join(f"{charge.unit} ({charge.get_role_display()})" for charge in left.kept)})


def _keeper(request: HttpRequest, park: UUID) -> tuple[Actor, Park]:
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.KEEP_ROSTER, within=here)
    return actor, here


def _person(request: HttpRequest, park: UUID, person: UUID, power: Can = Can.KEEP_ROSTER) -> tuple[Actor, Park, Person]:
    actor = actor_of(request)
    here = park_for(actor, park)
    found = person_for(actor, person, power)
    if found.park_id != here.pk:
        raise NotHere()
    return actor, here, found


def _unit_asked(request: HttpRequest, actor: Actor, park: Park) -> Unit | None:
    wanted = request.GET.get("unit", "")
    unit = unit_for(actor, wanted, Can.KEEP_ROSTER) if wanted else None
    if unit and unit.park_id != park.pk:
        raise NotHere()
    return unit


def _look(actor: Actor, person: Person) -> None:
    looked(actor=actor, park_id=person.park_id, person_ids=[person.pk], fields=("page",), reason="opened the person's page",
           at=clock.now())


def _back(park: Park, person: Person) -> str:
    return reverse("person-record", args=[park.uid, person.uid])
