"""People flagged by other places: the list with its clock, one of them on a phone, a file taken in."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, filter_by, page_of, wants_workbook, workbook_of
from jiugong.tracing.actions.area_orders import control_on
from jiugong.tracing.actions.flag_deeds import act_on, confirm_match, mark_found, refuse_match, return_unmatched
from jiugong.tracing.actions.flagged import import_flagged, read_flagged_file
from jiugong.tracing.flagged_faces import flagged_rows, told_rows
from jiugong.tracing.models import Flagged
from jiugong.tracing.queries.flagged import (
    STATES,
    counts,
    flagged_for,
    flagged_seen,
    in_order,
    may_act,
    of_state,
    sees_everybody,
    that_say,
    told_of,
)
from jiugong.tracing.risk_pages import crumbs_to, export_of, take_list
from jiugong.tracing.words import FlagDeed
from jiugong.work.answering import may_take_long

OPENED = "opened the people flagged by other places"
LARGE = 256 * 1024


@require_GET
def flagged(request: HttpRequest, park: UUID) -> HttpResponse:
    """Everybody flagged whom the reader may see: what is late first."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    seen = flagged_seen(actor, here)
    state, text = chosen_of(request, "state", STATES), request.GET.get("q", "").replace("\0", "").strip()
    found = in_order(that_say(seen.filter(of_state(state, at)) if state else seen, here, text), at)
    if wants_workbook(request):
        return _workbook(found, here, actor)
    page = page_of(request, found)
    _look(actor, here, list(page))
    numbers = counts(seen, at)
    return render(request, "tracing/flagged.html", {
        "page": page, "rows": flagged_rows(page, here, at), "uid": here.uid, "search": text, "counts": numbers,
        "filters": [filter_by("state", _("Stage"), _states(numbers, sees_everybody(actor, here)), state)],
        "clear_url": request.path if text or state else "", "export_url": export_of(request),
        "may_import": actor.may(Can.IMPORT_RECORDS, over=here), "may_return": actor.may(Can.TRACE_CONTACTS, over=here),
        "until": at.isoformat(), "crumbs": crumbs_to(here, (_("Flagged people"), None))})


def _states(numbers: dict[str, int], sees_all: bool) -> list[tuple[str, str]]:
    named = {"late": _("Late"), "open": _("Open"), "confirm": _("To be confirmed"), "unmatched": _("To be returned"),
             "acted": _("Acted on"), "returned": _("Returned")}
    return [(state, f"{words} {numbers[state]}") for state, words in named.items()
            if sees_all or state not in ("confirm", "unmatched", "returned")]


def _workbook(found: "object", park: Park, actor: Actor) -> HttpResponse:
    rows = list(found)                                                                            # type: ignore[call-overload]
    _look(actor, park, rows)
    headings = [_("Name"), _("ID number"), _("Phone"), _("On our roster"), _("Where"), _("Told by"), _("Told at"), _("Reason"),
                _("Left on"), _("Stage"), _("Due"), _("Found at"), _("Acted on"), _("What was done"), _("By")]
    keys = ("name", "masked_id", "masked_phone", "person", "unit", "pushed_by", "pushed_at", "reason", "left_on", "word", "due",
            "found", "acted", "outcome", "by")
    return workbook_of(_("Flagged people"), headings, ([row[key] for key in keys] for row in flagged_rows(rows, park, clock.now())),
                       today_in(park))


@require_GET
def one(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """One of them: whom the line means, its clock, who was told and has read it, and what to do now."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    found = flagged_for(actor, here, number)
    _look(actor, here, [found])
    today = today_in(here)
    periods = control_on(here, "high", found.left_on, today) if found.left_on else ()
    can_control = bool(periods) and today <= periods[-1].last_day
    return render(request, "tracing/flagged_one.html", {
        "row": flagged_rows([found], here, at)[0], "told": told_rows(told_of(found), here), "uid": here.uid, "found": found,
        "person_url": (reverse("person", args=[here.uid, found.person.uid]) if found.person
                       and actor.may_somewhere(Can.SEE_PEOPLE, within=here) else ""),
        "phone": found.person.masked_phone if found.person else "",
        "may_act": may_act(actor, found), "may_confirm": actor.may(Can.TRACE_CONTACTS, over=here),
        "deeds": [(value, words) for value, words in FlagDeed.choices if value != FlagDeed.ORDER_PROPOSED or can_control],
        "until": str(periods[-1].last_day) if can_control else "", "due_local": days.local(found.due_at, here.zone)[:16],
        "crumbs": crumbs_to(here, (_("Flagged people"), reverse("flagged", args=[here.uid])), (str(found.pk), None))})


def _look(actor: Actor, park: Park, rows: list[Flagged]) -> None:
    looked(actor=actor, park_id=park.pk, fields=("list",), reason=OPENED, at=clock.now(),
           person_ids={row.person_id for row in rows if row.person_id})


def _done(request: HttpRequest, park: UUID, number: int, do: Callable[[Flagged, Actor], Flagged], said: str) -> HttpResponse:
    actor = actor_of(request)
    here = park_for(actor, park)
    do(flagged_for(actor, here, number), actor)
    messages.success(request, said)
    return redirect("flagged-one", park=here.uid, number=number)


@require_POST
def confirm(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Name and phone mean this person."""
    return _done(request, park, number, lambda row, actor: confirm_match(row, actor=actor),
                 _("Confirmed. Who answers for him is told."))


@require_POST
def refuse(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """It is somebody else."""
    return _done(request, park, number, lambda row, actor: refuse_match(row, actor=actor),
                 _("It is nobody of ours. The line stands among those to be returned."))


@require_POST
def mark(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """He was found."""
    return _done(request, park, number, lambda row, actor: mark_found(row, actor=actor), _("Found. Now say what was done."))


@require_POST
def act(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """What was done with him."""
    deed, words = request.POST.get("deed", ""), request.POST.get("words", "")
    return _done(request, park, number, lambda row, actor: act_on(row, deed, words=words, actor=actor),
                 _("It is kept, with your name and the time."))


@require_POST
def return_all(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every line that found nobody, with one press and one reason; what came in after the page was opened stays."""
    actor = actor_of(request)
    here = park_for(actor, park)
    try:
        until = days.moment(request.POST.get("until", ""), here.zone)
    except ValueError:
        until = clock.now()
    count = return_unmatched(here, reason=request.POST.get("reason", ""), actor=actor, until=until)
    messages.success(request, ngettext("%(count)s line is returned.", "%(count)s lines are returned.", count) % {"count": count})
    return redirect("flagged", park=here.uid)


def _file_name(request: HttpRequest, park: UUID) -> str:
    return ", ".join(file.name or "" for file in request.FILES.getlist("file"))


def _is_large_file(request: HttpRequest, park: UUID) -> bool:
    return request.method == "POST" and any((file.size or 0) > LARGE for file in request.FILES.getlist("file"))


@require_http_methods(["GET", "POST"])
@may_take_long(_file_name, _is_large_file)
def take(request: HttpRequest, park: UUID) -> HttpResponse:
    """Take in a list: who is found, who is to be confirmed, who is nobody of ours."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    return take_list(
        request, here, kind="flagged", title=_("Take in flagged people"), button=_("Take in these people"),
        lead=_("A CSV or Excel list with the headings 姓名, 身份证号, 手机号, 推送单位, 推送时间, 风险原因 and 离开日期. "
               "Numbers find at once, names with a phone wait for a person, and the same list again changes nothing."),
        take=lambda content, name: import_flagged(here, read_flagged_file(content, name=name, park=here), actor=actor),
        counted=lambda told: [(_("New lines"), told["created"]["flagged"]), (_("On our roster"), told["matched"]),
                              (_("To be confirmed by a person"), told["to_confirm"]), (_("Not found"), told["unmatched"])],
        back=(_("Flagged people"), reverse("flagged", args=[here.uid])))
