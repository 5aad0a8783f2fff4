"""The bodies of a park: leading groups, task forces, task groups, inspection teams, with members on three tiers."""

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.registry.actions.bodies import change_body, create_body, end_body, seat, unseat
from jiugong.registry.keeping_forms import BodyChangeForm, BodyForm, EndedForm, SeatForm, today_first
from jiugong.registry.models import Body, BodyMember
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.listed import bodies_on, body_for, seat_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.keeping import asked, done, tried
from jiugong.registry.views.lists import chosen_of, day_asked, filter_by, page_of, wants_workbook, workbook_of
from jiugong.registry.words import BodyKind, Tier

TIERS = [tier.value for tier in Tier]


@require_GET
def bodies(request: HttpRequest, park: UUID) -> HttpResponse:
    """The bodies of a day by kind, each with its duties and members."""
    actor = actor_of(request)
    here = park_for(actor, park)
    today = today_in(here)
    day, text = day_asked(request, today), request.GET.get("q", "").strip()
    kind = chosen_of(request, "kind", BodyKind.values)
    found = bodies_on(actor, here, day, kind=kind, text=text)
    if wants_workbook(request):
        headings = [_("Group"), _("Kind"), pgettext("a group", "Duties"), _("Tier"), _("Name"), _("Phone"),
                    pgettext("a group", "Duty"), _("Since")]
        return workbook_of(_("Groups"), headings, (cells for body in found for cells in _cells(body)), day)
    page = page_of(request, found)
    return render(request, "registry/bodies.html", {
        "page": page, "bodies": [(body, str(BodyKind(body.kind).label), _tiers(body)) for body in page.object_list],
        "day": day, "today": today, "text": text, "is_set": bool(kind or text or day != today),
        "filters": [filter_by("kind", _("Kind"), BodyKind.choices, kind)], "may_keep": actor.may(Can.KEEP_ROSTER, over=here),
        "may_see_people": actor.may_somewhere(Can.SEE_PEOPLE, within=here),
        "may_show": actor.may_somewhere(Can.SHOW_IDENTITY, within=here)})


def _sitting(body: Body) -> list[BodyMember]:
    """The members, the highest tier first."""
    return sorted(body.sitting, key=lambda member: (TIERS.index(member.tier), member.pk))     # type: ignore[attr-defined]


def _tiers(body: Body) -> list[tuple[str, list[BodyMember]]]:
    return [(str(Tier(tier).label), list(seats)) for tier, seats in groupby(_sitting(body), lambda member: member.tier)]


def _cells(body: Body) -> list[list[object]]:
    """A body as lines of the workbook, one for each member."""
    about: list[object] = [body.name, str(BodyKind(body.kind).label), body.duties]
    return [[*about, str(Tier(each.tier).label), each.person.name, each.person.masked_phone, each.duty, each.since]
            for each in _sitting(body)] or [about]


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, park: UUID) -> HttpResponse:
    """Set up a body with its duties."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.KEEP_ROSTER, over=here)
    form = BodyForm(request.POST or None, initial=today_first(today_in(here), kind=BodyKind.TASK_GROUP.value))
    if form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: create_body(here, BodyKind(given["kind"]), given["name"], actor=actor, duties=given["duties"],
                                               since=given["since"]))
        if made:
            messages.success(request, _("%(unit)s is here from %(day)s.") % {"unit": made.name, "day": given["since"]})
            return redirect("body-seat", park=here.uid, body=made.pk)
    return asked(request, form, heading=_("Set up a group"), submit=_("Set up"), back=reverse("bodies", args=[here.uid]))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, park: UUID, body: int) -> HttpResponse:
    """Another name or other duties."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = body_for(actor, here, body)
    form = BodyChangeForm(request.POST or None, initial={"name": found.name, "duties": found.duties})
    if form.is_valid() and done(form, lambda: change_body(found, actor=actor, name=form.cleaned_data["name"],
                                                           duties=form.cleaned_data["duties"])):
        return redirect("bodies", park=here.uid)
    return asked(request, form, heading=_("Change %(name)s") % {"name": found.name}, submit=_("Keep"),
                 back=reverse("bodies", args=[here.uid]))


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, park: UUID, body: int) -> HttpResponse:
    """A body is no more from a day on; its seats end with it."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = body_for(actor, here, body)
    form = EndedForm(request.POST or None, initial=today_first(today_in(here)))
    if form.is_valid() and done(form, lambda: end_body(found, actor=actor, on=form.cleaned_data["on"])):
        messages.success(request, _("%(unit)s ended on %(day)s.") % {"unit": found.name, "day": form.cleaned_data["on"]})
        return redirect("bodies", park=here.uid)
    seats = found.members.filter(until=None).count()
    return asked(request, form, heading=_("End %(unit)s") % {"unit": found.name}, submit=_("End it"), danger=True,
                 back=reverse("bodies", args=[here.uid]), concerns=[
                     ngettext("%(count)s seat ends with it.", "%(count)s seats end with it.", seats) % {"count": seats}])


@require_http_methods(["GET", "POST"])
def add_seat(request: HttpRequest, park: UUID, body: int) -> HttpResponse:
    """Give somebody a seat, on a tier and with a duty."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = body_for(actor, here, body)
    form = SeatForm(request.POST or None, actor=actor, park=here,
                    initial=today_first(today_in(here), tier=Tier.IMPLEMENTER.value))
    if form.is_valid():
        given = form.cleaned_data
        if done(form, lambda: seat(given["who"], found, Tier(given["tier"]), actor=actor, duty=given["duty"],
                                    since=given["since"])):
            messages.success(request, _("%(person)s sits in %(body)s from %(day)s.") % {
                "person": given["who"].name, "body": found.name, "day": given["since"]})
            again = request.POST.get("next") == "again"
            return redirect("body-seat", park=here.uid, body=found.pk) if again else redirect("bodies", park=here.uid)
    return asked(request, form, heading=_("Seat somebody in %(body)s") % {"body": found.name}, submit=_("Seat"),
                 again=_("Seat, and the next one"), back=reverse("bodies", args=[here.uid]))


@require_http_methods(["GET", "POST"])
def end_seat(request: HttpRequest, park: UUID, seat: int) -> HttpResponse:
    """End a seat on a day."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = seat_for(actor, here, seat)
    form = EndedForm(request.POST or None, initial=today_first(today_in(here)))
    if form.is_valid() and done(form, lambda: unseat(found, actor=actor, on=form.cleaned_data["on"])):
        messages.success(request, _("%(person)s sits in %(body)s until %(day)s.") % {
            "person": found.person.name, "body": found.body.name, "day": form.cleaned_data["on"]})
        return redirect("bodies", park=here.uid)
    return asked(request, form, heading=_("End the seat of %(name)s") % {"name": found.person.name}, submit=_("End it"),
                 lead=found.body.name, back=reverse("bodies", args=[here.uid]))
