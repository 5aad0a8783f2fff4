"""The duty roster of a week, what is handed over, and the operator's session."""

from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.accounts.actions.operators import end_operator_session, open_operator_session
from jiugong.accounts.actions.shifts import hand_over, plan_shift, take_over, withdraw_shift
from jiugong.accounts.backends import HERE
from jiugong.accounts.duty_forms import OperatorForm, ShiftForm
from jiugong.accounts.logic import Span
from jiugong.accounts.models import Shift, User
from jiugong.accounts.queries import users_of
from jiugong.accounts.queries.shifts import Line, in_line, lines_of, shift_for, shifts_seen, span_of, user_of
from jiugong.accounts.roles import AccountRole
from jiugong.accounts.views import grantable
from jiugong.http import actor_of, sentence_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, NotAllowed
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import day_asked, wants_workbook, workbook_of

A_WEEK, STILL_HANDING_OVER = timedelta(days=7), timedelta(hours=12)
AROUND_THE_CLOCK = AccountRole.DUTY_OFFICER    # assumption: somebody of the park office is on duty at every hour


@require_GET
def week(request: HttpRequest, park: UUID) -> HttpResponse:
    """Who is on duty in a week, which hours nobody covers, what was handed over."""
    actor = actor_of(request)
    return _week(request, actor, park_for(actor, park))


@require_POST
def plan(request: HttpRequest, park: UUID) -> HttpResponse:
    """Put somebody on duty, for a day or some days."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.GRANT_ROLES, within=here)
    form = _form(actor, here, request.POST)
    if not form.is_valid():
        return _week(request, actor, here, form)
    role, place, unit = form.chosen
    try:
        with transaction.atomic():
            for client_id, start, end in form.spans(here):
                plan_shift(form.who, role, park=here, since_at=start, until_at=end, client_id=client_id, actor=actor,
                           place=place, unit=unit)
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(None, sentence_of(refusal))
        return _week(request, actor, here, form)
    number = form.cleaned_data["days"]
    messages.success(request, ngettext("%(user)s is on duty for %(count)s shift.", "%(user)s is on duty for %(count)s shifts.",
                                       number) % {"user": form.who.name, "count": number})
    return _back(here, form.cleaned_data["day"])


@require_POST
def withdraw(request: HttpRequest, park: UUID, shift: int) -> HttpResponse:
    """Take a shift back, or end it now."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = shift_for(actor, here, shift)
    withdraw_shift(found, actor=actor)
    messages.success(request, _("The shift of %(user)s is taken back.") % {"user": found.membership.user.name})
    return _back(here, days.day_of(found.membership.since_at, here.zone))


@require_POST
def handed_over(request: HttpRequest, park: UUID, shift: int) -> HttpResponse:
    """Write down what the next must know."""
    actor = actor_of(request)
    here = park_for(actor, park)
    hand_over(shift_for(actor, here, shift), request.POST.get("text", ""), actor=actor)
    messages.success(request, _("It is written down for the next."))
    return redirect("shifts", park=here.uid)


@require_POST
def taken(request: HttpRequest, park: UUID, shift: int) -> HttpResponse:
    """Say that I have read what was handed over."""
    actor = actor_of(request)
    here = park_for(actor, park)
    take_over(shift_for(actor, here, shift), user=User.objects.get(pk=int(request.user.pk or 0)), actor=actor)
    messages.success(request, _("Noted: you have read it."))
    return redirect("shifts", park=here.uid)


def _week(request: HttpRequest, actor: Actor, park: Park, form: ShiftForm | None = None) -> HttpResponse:
    today = today_in(park)
    day = day_asked(request, today)
    first = day - timedelta(days=day.weekday())
    within = Span(days.bounds(first, park.zone)[0], days.bounds(first + A_WEEK - timedelta(days=1), park.zone)[1])
    shifts = list(shifts_seen(actor, park, within))
    may_plan = actor.may_somewhere(Can.GRANT_ROLES, within=park)
    lines = lines_of(shifts, within, always=[(AROUND_THE_CLOCK, park)] if actor.may(Can.GRANT_ROLES, over=park) else [])
    if wants_workbook(request):
        return _workbook(lines, park, first)
    return render(request, "accounts/shifts.html", {
        "days": [_day(first + timedelta(days=number), lines, park, today) for number in range(7)],
        "first": first, "last": first + A_WEEK - timedelta(days=1), "before": first - A_WEEK, "after": first + A_WEEK,
        "hours_uncovered": sum(_hours(gap) for line in lines for gap in line.uncovered), "zone": park.zone, "may_plan": may_plan,
        "form": form or (_form(actor, park, None, day=max(first, today)) if may_plan else None), **_handing_over(actor, park)},
        status=422 if form else 200)


def _day(day: date, lines: list[Line], park: Park, today: date) -> dict[str, Any]:
    """What one day shows: the shifts that begin on it, the hours that nobody or that two cover."""
    start, end = days.bounds(day, park.zone)
    now, rows = clock.now(), []
    for line in lines:
        rows += [{"span": span_of(each), "shift": each, "line": line, "is_now": span_of(each).start <= now < span_of(each).end,
                  "is_over": span_of(each).end <= now} for each in line.shifts if start <= span_of(each).start < end]
        for kind, spans in (("uncovered", line.uncovered), ("doubled", line.doubled)):
            rows += [{"span": cut, "line": line, kind: True} for each in spans
                     if (cut := Span(max(each.start, start), min(each.end, end))).start < cut.end]
    for row in rows:
        last = cast(Span, row["span"]).end
        row["until"] = "24:00" if last == end else f"{last.astimezone(park.zone):%H:%M}"
    return {"day": day, "is_today": day == today, "rows": sorted(rows, key=lambda row: (row["span"], "shift" not in row))}


def _handing_over(actor: Actor, park: Park) -> dict[str, Any]:
    """My shift that runs or has just ended, and what was left for me by whoever was before me in its line."""
    now = clock.now()
    mine = (Shift.objects.filter(membership__park=park, membership__user=user_of(actor), membership__since_at__lte=now,
                                 membership__until_at__gt=now - STILL_HANDING_OVER)
            .select_related("membership").order_by("-membership__since_at").first())
    if mine is None:
        return {}
    before = (in_line(mine).filter(since_at__lte=mine.membership.since_at, shift__handed_over_at__isnull=False)
              .select_related("shift", "user").order_by("-since_at").first())
    return {"mine": mine, "left_for_me": before}


def _form(actor: Actor, park: Park, sent: Any, *, day: date | None = None) -> ShiftForm:
    users = list(users_of(actor, park, clock.now()).filter(is_active=True))
    return ShiftForm(sent, users=users, initial={"day": day}, **grantable(actor, park))


def _workbook(lines: list[Line], park: Park, first: date) -> HttpResponse:
    def local(at: datetime) -> str:
        return f"{at.astimezone(park.zone):%Y-%m-%d %H:%M}"
    rows: list[list[object]] = []
    for line in lines:
        head = [str(line.role.label), str(line.over)]
        rows += [[*head, local(span_of(each).start), local(span_of(each).end), each.membership.user.name, each.handover]
                 for each in line.shifts]
        rows += [[*head, local(gap.start), local(gap.end), _("nobody"), ""] for gap in line.uncovered]
    headings = [_("Role"), _("Over what"), _("From"), _("Until"), _("Who"), _("Hand-over")]
    return workbook_of(_("Duty roster"), headings, rows, first)


def _hours(span: Span) -> float:
    return span.length.total_seconds() / 3600


def _back(park: Park, day: date) -> HttpResponse:
    answer = redirect("shifts", park=park.uid)
    answer.headers["Location"] += f"?day={day.isoformat()}"
    return answer


# the operator -------------------------------------------------------------------------------------------------------

@require_http_methods(["GET", "POST"])
def operator(request: HttpRequest) -> HttpResponse:
    """Open an operator's session, where somebody has just shown that it is he; a screen left open opens none."""
    signed_in_here = request.session.get(BACKEND_SESSION_KEY) == HERE
    answer: HttpResponse = (reauthentication_required(app="accounts")(_operator) if signed_in_here else _operator)(request)
    return answer


def _operator(request: HttpRequest) -> HttpResponse:
    """Every power, for a while, for a reason."""
    me = User.objects.get(pk=int(request.user.pk or 0))
    form = OperatorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        opened = open_operator_session(me, form.cleaned_data["reason"], actor=actor_of(request))
        request.session["operator"] = opened.pk
        return redirect("home")
    return render(request, "accounts/operator.html", {"form": form, "may": me.is_operator}, status=422 if form.is_bound else 200)


@require_POST
def operator_end(request: HttpRequest) -> HttpResponse:
    """Lay the powers down."""
    actor_of(request).reach(Can.RUN_SERVER)                            # makes the actor, and with it finds the session
    opened = getattr(request, "operator_session", None)
    request.session.pop("operator", None)
    if opened:
        end_operator_session(opened, actor=actor_of(request))
        messages.success(request, _("The operator's session has ended."))
    return redirect("home")
