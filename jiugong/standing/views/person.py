"""One person's page: who he is, what holds for him now and why, what he has done, who answers for him, who looked at him."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.duties.actions import excuse, withdraw
from jiugong.duties.queries import excuse_for
from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.queries.badges import badge_held
from jiugong.registry.queries.charges import answering_for_person
from jiugong.registry.queries.doors import park_for, person_for
from jiugong.registry.queries.people import assignments_of, posting_on, whereabouts
from jiugong.registry.views.lists import page_of
from jiugong.registry.words import BadgeKind
from jiugong.standing.forms import OneExcuseForm
from jiugong.standing.history import strands
from jiugong.standing.queries import standing_of
from jiugong.standing.wording import shown, titles_on

AT_FIRST = 8


@require_GET
def person(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """A person's page, or one strand of his past with `of=`. Opening it is a look, and is journalled."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    found = person_for(actor, person)
    if found.park_id != here.pk:
        raise NotHere()
    looked(actor=actor, park_id=here.pk, person_ids=[found.pk], fields=("page",), reason="opened the person's page",
           at=at)
    day = days.day_of(at, here.zone)
    titles, where = titles_on(here, day), whereabouts(found, day)
    past = strands(actor, found, where, here, at, titles)
    may = {"may_excuse": actor.may(Can.EXCUSE, over=where), "may_show": actor.may(Can.SHOW_IDENTITY, over=where),
           "may_issue": actor.may(Can.ISSUE_BADGES, over=where), "may_keep": actor.may(Can.KEEP_ROSTER, over=where),
           "may_trace": actor.may(Can.TRACE_CONTACTS, over=where)}
    excusing = OneExcuseForm(initial={"until": day})
    about = {"person": found, "zone": here.zone, "at": at, **may}
    one = next((each for each in past if each.key == request.GET.get("of")), None)
    if one:
        page = page_of(request, one.rows)
        return render(request, "standing/strand.html", {
            **about, "strand": one, "page": page, "lines": one.lines(page.object_list),
            "crumbs": [(_("People"), reverse("people", args=[here.uid])),
                       (found.name, reverse("person", args=[here.uid, found.uid])), (one.name, None)]})
    shown_first = [(each, list(each.rows[:AT_FIRST + 1])) for each in past]
    return render(request, "standing/person.html", {
        **about, "crumbs": [(_("People"), reverse("people", args=[here.uid])), (found.name, None)],
        "posting": posting_on(found, day), "assignments": assignments_of(found, day),
        "holds": [shown(each, titles) for each in standing_of(found, at)], "answering": answering_for_person(found, day),
        "past": [(each, each.lines(rows[:AT_FIRST]), len(rows) > AT_FIRST) for each, rows in shown_first],
        "excuse_form": excusing,
        "badge": badge_held(found, BadgeKind.CARD) if may["may_issue"] else None})


@require_POST
def excuse_person(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """Excuse one person from now through a day, with a reason."""
    actor = actor_of(request)
    here, found = park_for(actor, park), person_for(actor, person, Can.EXCUSE)
    if found.park_id != here.pk:
        raise NotHere()
    form = OneExcuseForm(request.POST)
    if form.is_valid() and form.cleaned_data["until"] >= days.day_of(clock.now(), here.zone):
        excuse(here, found, reason=form.cleaned_data["reason"], duty=form.cleaned_data["duty"], since_at=clock.now(),
               until_at=days.bounds(form.cleaned_data["until"], here.zone)[1], actor=actor)
        messages.success(request, _("%(name)s is excused.") % {"name": found.name})
    else:
        messages.error(request, _("Give a reason, and a day that is not over. Nobody was excused."))
    return redirect("person", park=park, person=person)


@require_POST
def end_excuse(request: HttpRequest, park: UUID, excuse: int) -> HttpResponse:
    """End an excuse now; what it excused until now stays excused."""
    actor = actor_of(request)
    here, given = park_for(actor, park), excuse_for(actor, excuse)
    if given.park_id != here.pk or given.person is None:
        raise NotHere()
    withdraw(given, actor=actor)
    messages.success(request, _("The excuse ends now."))
    return redirect("person", park=park, person=given.person.uid)
