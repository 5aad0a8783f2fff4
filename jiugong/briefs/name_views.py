"""The people, units and places at the end of every drill-down; reminding them, and excusing them."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from jiugong.briefs import board
from jiugong.briefs.errors import QuestionUnknown
from jiugong.briefs.faces import groups_of, truth_of
from jiugong.briefs.forms import ExcuseForm
from jiugong.briefs.reminding import Reminded, remind, sent_to
from jiugong.briefs.things import thing_faces, things
from jiugong.briefs.views import asking, crumbs, grid_crumb, of_park, page_of, with_changes
from jiugong.duties.actions import excuse
from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person
from jiugong.registry.queries.doors import park_for, place_for, unit_for
from jiugong.registry.queries.people import people_seen, within
from jiugong.registry.queries.units import grids_on
from jiugong.registry.words import UnitKind

MOST_PICKED = 500
Crumbs = list[tuple[str, str | None]]


def names(request: HttpRequest, park: UUID) -> HttpResponse:
    """The people at the end of a drill-down: who is missing, done, excused or owes, by team."""
    actor, at, here = actor_of(request), clock.now(), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    questions = board.questions_of(actor, here, at)
    question = board.question_for(actor, here, request.GET.get("of", ""), at, among=questions)
    if question is None:
        return redirect("today", park=here.uid)
    if question.subject != "person":
        return redirect(f"{reverse('things', args=[here.uid])}?of={question.of}")
    show = _shown(request)
    only, way_up = _narrowed(request.GET, here, actor, question)
    listed = board.names(question, show, **only).filter(within(actor.reach(Can.SEE_PEOPLE)))
    if text := request.GET.get("q", "").strip():
        listed = listed.filter(person__name__icontains=text)
    page = page_of(request, listed)
    people = [posting.person_id for posting in page]
    looked(actor=actor, park_id=here.pk, person_ids=people, fields=("list",), reason="opened a list of names", at=at)
    may_remind = actor.may_somewhere(Can.REMIND, within=here) and at >= question.opens_at and show in ("missing", "owed")
    return render(request, "briefs/names.html", {
        **asking(request, here, question, questions), "show": show, "page": page, "crumbs": way_up, "may_remind": may_remind,
        "groups": groups_of(page, question, show, here, actor, sent_to(here, question, people)),
        "entry_url": _entry_url(request, here, actor),
        "shows": _shows(request, question, show), "search": text, "filters": [], "clear_url": _cleared(request) if text else "",
        "kept": [(key, value) for key, value in request.GET.items() if key not in ("q", "page")],
        "truth": truth_of(question, here, actor, question.asked(**only).coverage(), **_where(request)),
        "may_excuse": actor.may_somewhere(Can.EXCUSE, within=here) and show in ("missing", "owed"),
        "excuse_form": ExcuseForm(initial={"of": question.of, "until": days.day_of(at, here.zone)})})


def _entry_url(request: HttpRequest, here: Park, actor: Actor) -> str:
    """Where a leader enters for the whole team whose names these are; nothing for who may not, and for a list of many teams."""
    unit = unit_for(actor, request.GET["unit"]) if "unit" in request.GET else None
    if unit is None or unit.kind == UnitKind.ENTERPRISE or not actor.may(Can.RECORD_EVIDENCE, over=unit):
        return ""
    return reverse("team-entry", args=[here.uid, unit.uid])


def list_things(request: HttpRequest, park: UUID) -> HttpResponse:
    """The units or places that owe a duty: which are missing, done or excused, and who answers for each."""
    actor, at, here = actor_of(request), clock.now(), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    questions = board.questions_of(actor, here, at)
    question = board.question_for(actor, here, request.GET.get("of", ""), at, among=questions)
    if question is None or question.subject == "person":
        return redirect("today", park=here.uid)
    show = _shown(request)
    page = page_of(request, things(question, show))
    return render(request, "briefs/things.html", {
        **asking(request, here, question, [each for each in questions if each.subject != "person"]), "show": show, "page": page,
        "things": thing_faces(page.object_list, question, here, show), "shows": _shows(request, question, show),
        "crumbs": crumbs(here, question, (question.title, None)), "truth": truth_of(question, here, actor)})


@require_POST
def remind_names(request: HttpRequest, park: UUID) -> HttpResponse:
    """Remind those who were ticked, or everybody who is missing here; the steps up the chain that are due are taken."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    actor.must_somewhere(Can.REMIND, within=here)
    question = board.question_for(actor, here, request.POST.get("of", ""), clock.now())
    target = _back(request, here)
    if question is None or question.subject != "person":
        raise QuestionUnknown(of=request.POST.get("of", ""))
    if request.POST.get("all"):
        only, _way_up = _narrowed(request.POST, here, actor, question)
    else:
        picked = _picked(request, here, actor, Can.REMIND)
        if not picked:
            messages.error(request, _("Tick the people who are to be reminded."))
            return target
        only = {"person__in": [person.pk for person in picked]}
    done = remind(here, question, actor=actor, only=only)
    messages.success(request, " ".join(said_of(done, here)))
    return target


def said_of(done: Reminded, park: Park) -> list[str]:
    """What a press did, in sentences."""
    said = [ngettext("%(count)s person was reminded.", "%(count)s people were reminded.", done.people) % {"count": done.people}]
    if done.before:
        said.append(ngettext("%(count)s had been reminded before and gets no second message.",
                             "%(count)s had been reminded before and get no second message.", done.before) % {"count": done.before})
    if done.told:
        said.append(_("Told up the chain: %(names)s.") % {
            "names": "、".join(f"{name} ({count})" for name, count in done.told.items())})
    if done.nobody:
        said.append(_("For %(count)s nobody stands on the next step.") % {"count": done.nobody})
    if done.next_at:
        said.append(_("The next step is due at %(clock)s.") % {"clock": done.next_at.astimezone(park.zone).strftime("%m-%d %H:%M")})
    return said


@require_POST
def excuse_names(request: HttpRequest, park: UUID) -> HttpResponse:
    """Excuse the people that were ticked, with a reason and an end."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    actor.must_somewhere(Can.EXCUSE, within=here)
    form, target = ExcuseForm(request.POST), _back(request, here)
    if not form.is_valid() or not request.POST.getlist("person"):
        messages.error(request, _("Tick the people, and give a reason and an end."))
        return target
    question = board.question_for(actor, here, form.cleaned_data["of"], clock.now())
    start = question.opens_at if question else clock.now()
    end = days.bounds(form.cleaned_data["until"], here.zone)[1]
    if end <= start:
        messages.error(request, _("The end lies before what is asked. Nobody was excused; choose a later day."))
        return target
    people = _picked(request, here, actor, Can.EXCUSE)
    with transaction.atomic():
        for person in people:
            excuse(here, person, reason=form.cleaned_data["reason"], since_at=start, until_at=end,
                   duty=_duty_key(form.cleaned_data["of"]), actor=actor)
    messages.success(request, ngettext("%(count)s person is excused.", "%(count)s people are excused.", len(people)) % {
        "count": len(people)})
    return target


def _picked(request: HttpRequest, park: Park, actor: Actor, power: Can) -> list[Person]:
    """The people that were ticked, each within the actor's reach. Raises NotHere; hidden and absent look the same."""
    wanted = set()
    for text in request.POST.getlist("only") or request.POST.getlist("person")[:MOST_PICKED]:
        try:
            wanted.add(UUID(text))
        except ValueError:
            raise NotHere() from None
    found = list(people_seen(actor, park, power).filter(uid__in=wanted).select_related("park")) if wanted else []
    if len(found) != len(wanted):
        raise NotHere()
    return found


def _back(request: HttpRequest, here: Park) -> HttpResponseRedirect:
    """Where the form stood: Today or a list of names; from a grid or an enterprise to the names of its missing."""
    said, stood = request.POST, request.POST.get("from", "")
    if stood == "today":
        return HttpResponseRedirect(f"{reverse('today', args=[here.uid])}?{said.get('back', '')}")
    where = {key: said[key] for key in ("of", "unit", "grid") if said.get(key)}
    query = said.get("back", "") if stood in ("", "names") else ""
    return HttpResponseRedirect(f"{reverse('names', args=[here.uid])}?{query or urlencode({**where, 'show': 'missing'})}")


def _duty_key(of: str) -> str:
    """Under which key an excuse names what the board asks."""
    kind, _colon, key = of.partition(":")
    return f"screening.round.{key}" if kind == "round" else key


def _shown(request: HttpRequest) -> str:
    show = request.GET.get("show", "missing")
    return show if show in board.SHOWN else "missing"


def _cleared(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("q", None)
    kept.pop("page", None)
    return f"?{kept.urlencode()}"


def _where(request: HttpRequest) -> dict[str, str]:
    return {key: request.GET[key] for key in ("unit", "grid") if key in request.GET}


def _narrowed(asked: Any, here: Park, actor: Actor, question: board.Question) -> tuple[dict[str, Any], Crumbs]:
    """To which unit or grid a list of names is narrowed, and the way back up."""
    if "unit" in asked:
        found = of_park(here, unit_for(actor, asked["unit"]))
        firm = found.enterprise or found
        grid = grids_on(here, question.day).get(firm.pk)
        above = [] if firm == found else [(firm.name, f"{reverse('unit', args=[here.uid, firm.uid])}?of={question.of}")]
        only = {"enterprise": found} if firm == found else {"unit": found}
        return only, crumbs(here, question, *grid_crumb(here, grid, question), *above, (found.name, None))
    number = asked.get("grid", "")
    if number.isdecimal() and len(number) <= board.LONGEST_NUMBER:
        place = of_park(here, place_for(actor, int(number)))
        inside = [each.pk for each in board.inside(here, place, question.day)]
        return {"enterprise__in": inside}, crumbs(here, question, *grid_crumb(here, place, question), (_("Names"), None))
    if number == "none":
        return {"enterprise__in": [each.pk for each in board.inside(here, None, question.day)]}, crumbs(
            here, question, (_("In no grid"), None))
    return {}, crumbs(here, question, (_("Names"), None))


def _shows(request: HttpRequest, question: board.Question, show: str) -> list[dict[str, Any]]:
    if question.is_duty:
        words = {"missing": pgettext("duty", "Missing"), "done": pgettext("duty", "Done"), "excused": pgettext("duty", "Excused"),
                 "owed": pgettext("duty", "Owed")}
    else:
        words = {"missing": _("Missing"), "done": _("Done"), "excused": _("Excused"), "owed": _("Owed")}
    return [{"label": words[each], "url": f"?{with_changes(request, show=each)}", "selected": each == show} for each in words]
