"""The quiet period: who must be where today and who has looked, and the arrivals of a day for whom it is proposed."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, day_asked, filter_by, page_of, wants_workbook, workbook_of
from jiugong.tracing.actions.quiet import check_quiet, decide_quiet, propose_quiet
from jiugong.tracing.models import Order
from jiugong.tracing.queries.quiet import (
    arrivals_on,
    is_at_site,
    lasts_on,
    order_seen,
    quiet_on,
    quiet_orders,
    unchecked,
    waiting,
)
from jiugong.tracing.quiet_faces import quiet_rows
from jiugong.tracing.risk_pages import crumbs_to, export_of


@require_GET
def quiet(request: HttpRequest, park: UUID) -> HttpResponse:
    """Who must keep quiet on a day: not yet checked first."""
    actor = actor_of(request)
    here = park_for(actor, park)
    today = today_in(here)
    day, state = day_asked(request, today), chosen_of(request, "state", ("missing", "checked"))
    text = request.GET.get("q", "").replace("\0", "").strip()
    everybody = quiet_on(actor, here, day)
    open_ones = unchecked(here, day, everybody)
    found = _narrowed(everybody, open_ones, state, text)
    if wants_workbook(request):
        rows = list(found)
        _look(actor, here, rows)
        headings = [_("Order"), _("Name"), _("Where"), _("From"), _("Last day"), _("Place"), _("Checked"), _("By"), _("Remark")]
        keys = ("number", "name", "unit", "first", "last", "place", "word", "by", "remark")
        told = quiet_rows(rows, here, day, today)
        return workbook_of(_("Quiet period"), headings, ([row[key] for key in keys] for row in told), day)
    page = page_of(request, found)
    _look(actor, here, list(page))
    counted = {"missing": open_ones.count(), "checked": everybody.count() - open_ones.count()}
    return render(request, "tracing/quiet.html", {
        "page": page, "rows": quiet_rows(page, here, day, today), "uid": here.uid, "day": day, "search": text,
        "filters": [filter_by("state", _("Stage"), (("missing", f"{_('Not checked')} {counted['missing']}"),
                                                    ("checked", f"{_('Checked')} {counted['checked']}")), state)],
        "clear_url": request.path if text or state or day != today else "", "export_url": export_of(request), "counted": counted,
        "may_check": actor.may_somewhere(Can.CARRY_OUT_ORDERS, within=here),
        "may_propose": actor.may(Can.TRACE_CONTACTS, over=here),
        "waiting": waiting(here).count() if actor.may(Can.DECIDE_ORDERS, over=here) else 0,
        "crumbs": crumbs_to(here, (_("Quiet period"), None))})


def _narrowed(everybody: QuerySet[Order], open_ones: QuerySet[Order], state: str, text: str) -> QuerySet[Order]:
    rows = open_ones if state == "missing" else everybody
    if state == "checked":
        rows = rows.exclude(pk__in=open_ones.values("pk"))
    return rows.filter(who__person__name__icontains=text) if text else rows


def _look(actor: Actor, park: Park, rows: list[Order]) -> None:
    looked(actor=actor, park_id=park.pk, fields=("list",), reason="opened the quiet periods", at=clock.now(),
           person_ids=[row.who.person_id for row in rows if row.who.person_id])


@require_POST
def check(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Was he where he stays?"""
    actor = actor_of(request)
    here = park_for(actor, park)
    order = order_seen(actor, here, number)
    if order is None:
        raise NotHere()
    day = request.POST.get("day", "")
    check_quiet(order, day=date.fromisoformat(day) if _is_day(day) else today_in(here), actor=actor,
                present=request.POST.get("present") == "yes", client_id=request.POST.get("check_id", ""),
                remark=request.POST.get("remark", ""))
    messages.success(request, _("%(name)s: it is kept.") % {"name": order.who.name})
    return redirect(f"{reverse('quiet', args=[here.uid])}{f'?day={day}' if _is_day(day) else ''}")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@require_http_methods(["GET", "POST"])
def arrivals(request: HttpRequest, park: UUID) -> HttpResponse:
    """Who came on a day, and for how long each is to keep quiet; one press proposes it for all."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.TRACE_CONTACTS, over=here)
    today = today_in(here)
    if request.method == "POST":
        asked = request.POST.get("day", "")
        made = propose_quiet(here, date.fromisoformat(asked) if _is_day(asked) else today, actor=actor)
        said = ngettext("%(count)s quiet period is proposed; two people decide.",
                        "%(count)s quiet periods are proposed; two people decide.", len(made))
        messages.success(request, said % {"count": len(made)})
        return redirect("quiet", park=here.uid)
    day = day_asked(request, today)
    page = page_of(request, arrivals_on(here, day))
    lasts = {at_site: lasts_on(here, day, at_site=at_site) for at_site in (False, True)}
    has_one = {order.who.person_id for order in quiet_orders(here) if order.evidence.get("arrived_on") == str(day)}
    looked(actor=actor, park_id=here.pk, fields=("list",), reason="opened the quiet periods", at=clock.now(),
           person_ids=[posting.person_id for posting in page])
    rows = [{"name": posting.person.name, "unit": " · ".join(dict.fromkeys((posting.enterprise.name, posting.unit.name))),
             "days": rule.days if (rule := lasts[is_at_site(posting)]) else None, "has_one": posting.person_id in has_one}
            for posting in page]
    return render(request, "tracing/quiet_arrivals.html", {
        "page": page, "rows": rows, "uid": here.uid, "day": day, "lasts": lasts[False], "at_sites": lasts[True],
        "left": max(page.paginator.count - len(has_one), 0),
        "crumbs": crumbs_to(here, (_("Quiet period"), reverse("quiet", args=[here.uid])), (_("Arrivals"), None))})


@require_POST
def decide_all(request: HttpRequest, park: UUID) -> HttpResponse:
    """Decide what waits: one of two, or the second of them."""
    actor = actor_of(request)
    here = park_for(actor, park)
    count = decide_quiet(here, actor=actor)
    messages.success(request, ngettext("%(count)s decision is kept. Two people decide each.",
                                       "%(count)s decisions are kept. Two people decide each.", count) % {"count": count})
    return redirect("quiet", park=here.uid)
