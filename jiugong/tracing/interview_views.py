"""The interview of a case on one page: the checklist, his tracks beside the logs, who was with him, which record holds."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiugong.http import actor_of, sentence_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, NotAllowed, looked
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.tracing.actions.interviews import add_companion, decide_track, tell_track, write_interview
from jiugong.tracing.actions.pseudonyms import pseudonym_of, pseudonyms_of
from jiugong.tracing.interview_forms import CompanionForm, DecideForm, InterviewForm, TrackForm
from jiugong.tracing.models import Case, Contact, Presence, Pseudonym
from jiugong.tracing.queries.incidents import incident_for
from jiugong.tracing.queries.interviews import Told, case_to_interview, told_tracks, track_for


@require_http_methods(["GET", "POST"])
def interview(request: HttpRequest, park: UUID, number: int, case: int) -> HttpResponse:
    """The interview; posting the checklist keeps it. Opening it is a look at the person's whereabouts, and is journalled."""
    actor, here, found = _case(request, park, number, case)
    if request.method == "GET":
        if found.who.person_id:
            looked(actor=actor, park_id=here.pk, person_ids=[found.who.person_id], fields=("whereabouts",),
                   reason="opened a case's interview", at=clock.now())
        return _page(request, actor, found)
    form = InterviewForm(request.POST)
    return _kept(request, actor, found, form, "interview", lambda: write_interview(found, form.told(), actor=actor))


@require_POST
def track(request: HttpRequest, park: UUID, number: int, case: int) -> HttpResponse:
    """One place more where he says that he was."""
    actor, here, found = _case(request, park, number, case)
    form = TrackForm(request.POST)
    return _kept(request, actor, found, form, "track", lambda: tell_track(found, form.track(here), actor=actor))


@require_POST
def decide(request: HttpRequest, park: UUID, number: int, case: int, track: int) -> HttpResponse:
    """Which holds: what he told, or the log."""
    actor, _here, found = _case(request, park, number, case)
    told, form = track_for(found, track), DecideForm(request.POST)
    return _kept(request, actor, found, form, "decide", lambda: decide_track(
        told, form.cleaned_data["holds"], reason=form.cleaned_data["reason"], actor=actor))


@require_POST
def companion(request: HttpRequest, park: UUID, number: int, case: int, track: int) -> HttpResponse:
    """Who was with him there becomes a contact by judgment."""
    actor, here, found = _case(request, park, number, case)
    told, form = track_for(found, track), CompanionForm(request.POST, actor=actor, park=here)
    return _kept(request, actor, found, form, "companion", lambda: add_companion(
        told, _who(form, here), reason=form.cleaned_data["reason"], actor=actor))


def _case(request: HttpRequest, park: UUID, number: int, case: int) -> tuple[Actor, Park, Case]:
    actor = actor_of(request)
    here = park_for(actor, park)
    return actor, here, case_to_interview(actor, incident_for(actor, here, number), case)


def _who(form: CompanionForm, park: Park) -> Pseudonym:
    person = form.cleaned_data.get("person")
    if person:
        return pseudonym_of(person)
    number = form.cleaned_data["resident_id"].strip().upper()
    return pseudonyms_of(park, [number])[number]


def _kept(request: HttpRequest, actor: Actor, case: Case, form: forms.Form, name: str, act: Callable[[], object]) -> HttpResponse:
    """Was it done? What the house refuses and the reader can mend stands above the page."""
    wrong = ""
    if form.is_valid():
        try:
            act()
        except NotAllowed:
            raise
        except Refusal as refusal:
            wrong = sentence_of(refusal)
        else:
            messages.success(request, _("It is kept."))
            return redirect("interview", park=case.incident.park.uid, number=case.incident.number, case=case.pk)
    wrong = wrong or "；".join(str(text) for errors in form.errors.values() for text in errors)
    return _page(request, actor, case, wrong=wrong, **({name: form} if name in ("interview", "track") else {}))


def _page(request: HttpRequest, actor: Actor, case: Case, *, wrong: str = "", interview: forms.Form | None = None,
          track: forms.Form | None = None) -> HttpResponse:
    park, incident = case.incident.park, case.incident
    return render(request, "tracing/interview.html", {
        "case": case, "incident": incident, "uid": park.uid, "wrong": wrong, "zone": park.zone,
        "form": interview or InterviewForm.of(case), "track_form": track or TrackForm.fresh(),
        "decide_form": DecideForm(auto_id=False), "companion_form": CompanionForm(actor=actor, park=park),
        "tracks": [_row(each, park) for each in told_tracks(case)],
        "contacts": Contact.objects.filter(case=case, ended_at=None).count(),
        "since": case.since, "until": case.until,
        "crumbs": [(_("Incidents"), reverse("incidents", args=[park.uid])),
                   (_("Incident %(number)s") % {"number": incident.number}, reverse("incident", args=[park.uid, incident.number])),
                   (_("Interview"), None)]},
        status=422 if wrong else 200)


def _row(told: Told, park: Park) -> dict[str, Any]:
    """One thing that he told, with what the logs say of that time."""
    stay = told.track
    return {"pk": stay.pk, "place": stay.spot.name, "kind": stay.spot.get_kind_display(), "hours": _span(stay, park),
            "told": {key: value for key, value in stay.told.items() if key != "decided"}, "remark": stay.remark,
            "agrees": f"{told.agrees.said_by} {_span(told.agrees, park)}" if told.agrees else "",
            "against": [f"{each.spot.name} {_span(each, park)} · {each.said_by}" for each in told.against],
            "is_open": told.is_open, "decided": stay.told.get("decided")}


def _span(stay: Presence, park: Park) -> str:
    first, last = (at.astimezone(park.zone) for at in (stay.entered_at, stay.left_at))
    return f"{first:%m-%d %H:%M}–{last:%H:%M}" if first.date() == last.date() else f"{first:%m-%d %H:%M} – {last:%m-%d %H:%M}"


