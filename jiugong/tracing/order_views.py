"""Orders on pages: who is restricted until when, one order with everything that it rests on, and every signature under it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in, whereabouts
from jiugong.registry.views.keeping import asked
from jiugong.registry.views.lists import A_PAGE, chosen_of, filter_by, wants_workbook, workbook_of
from jiugong.tracing.actions.orders import decide, inform, receive, send, settle_down, withdraw
from jiugong.tracing.chain_faces import GROUP_WORDS
from jiugong.tracing.chain_forms import DeedForm, WhyForm
from jiugong.tracing.incident_views import both, exporting
from jiugong.tracing.models import Order
from jiugong.tracing.order_faces import as_table, order_face, order_rows, what_may_follow
from jiugong.tracing.queries.incidents import incident_for, incidents_of
from jiugong.tracing.queries.orders import narrowed_orders, order_for, orders_of, with_lateness
from jiugong.tracing.words import OrderKind

OPENED, EXPORTED = "opened a list of orders", "exported a list of orders"
MOST_INCIDENTS = 50                          # of which one can be chosen in the list of orders
A_PART = 1_000


@require_GET
def orders(request: HttpRequest, park: UUID) -> HttpResponse:
    """Who is restricted, until when; late ones first. Without a choice those that stand."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    number = request.GET.get("incident", "")
    of_one = incident_for(actor, here, int(number)) if number.isdecimal() and len(number) < 10 else None
    states = ("standing", *GROUP_WORDS, "late", "all")
    state, kind, text = chosen_of(request, "state", states), chosen_of(request, "kind", OrderKind.values), request.GET.get(
        "q", "").strip()
    every = with_lateness(orders_of(actor, here, incident=of_one), at)
    group = {"": "standing", "late": "standing", "all": ""}.get(state, state)
    found = narrowed_orders(every, actor, here, group=group, kind=kind, text=text, late=state == "late")
    rows = found.select_related("who__person", "incident")
    if wants_workbook(request):
        return _as_file(rows, actor, here)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    listed = list(page)
    looked(actor=actor, park_id=here.pk, fields=("list",), reason=OPENED, at=at, person_ids={
        each.who.person_id for each in listed if each.who.person_id})
    words = [("standing", _("Standing")), ("late", _("Late")), *((name, words) for name, (_look, words) in GROUP_WORDS.items()),
             ("all", _("All, also those that are over"))]
    incidents = [(str(each.number), _("Incident %(number)s") % {"number": each.number})
                 for each in incidents_of(actor, here)[:MOST_INCIDENTS]]
    filters = [filter_by("state", _("Stage"), words[1:], state), filter_by("kind", _("Kind"), OrderKind.choices, kind),
               filter_by("incident", _("Incident"), incidents, number if of_one else "")]
    filters[0].options[0] = filters[0].options[0].__class__("", _("Standing"), not state)
    return render(request, "tracing/orders.html", {
        "page": page, "rows": order_rows(listed, actor, here), "uid": here.uid, "search": text, "filters": filters,
        "clear_url": request.path if text or state or kind or of_one else "", "export_url": exporting(request),
        "crumbs": [(_("Incidents"), reverse("incidents", args=[here.uid])), (_("Orders"), None)]})


@require_GET
def order(request: HttpRequest, park: UUID, order: UUID) -> HttpResponse:
    """One order: rule, reason, evidence, phases with the days of tests, who signed, and what may follow."""
    actor, here, found = _at_order(request, park, order)
    if found.who.person_id:
        looked(actor=actor, park_id=here.pk, person_ids=(found.who.person_id,), fields=("order",), reason=OPENED, at=clock.now())
    over = whereabouts(found.who.person) if found.who.person else here
    return render(request, "tracing/order.html", {
        "order": found, "uid": here.uid, **order_face(found, actor, here), "may": what_may_follow(found, actor, over),
        "incident": found.incident, "seen_by": found.seen_by_name, "contact": found.contact,
        "person": found.who.person, "form": DeedForm(zone=here.zone),
        "may_show": found.who.person and actor.may(Can.SHOW_IDENTITY, over=over),
        "crumbs": [(_("Incidents"), reverse("incidents", args=[here.uid])), (_("Orders"), reverse("orders", args=[here.uid])),
                   (str(found.number), None)]})


@require_POST
def signed(request: HttpRequest, park: UUID, order: UUID) -> HttpResponse:
    """Decide an order: as the first of two, or as the second."""
    actor, here, found = _at_order(request, park, order)
    decided = decide(found, actor=actor)
    if decided.ordered_at:
        messages.success(request, _("Order %(number)s is decided by two people. Inform the person next.") % {
            "number": decided.number})
    else:
        messages.success(request, _("You have signed as the first of two. Another person signs next."))
    return _to(here, found)


def deed(act: Callable[..., Order], done: Any, *, with_place: bool = True) -> Callable[..., HttpResponse]:
    """A page that enters one deed: informed, handed over, received, under control."""
    @require_POST
    def entered(request: HttpRequest, park: UUID, order: UUID) -> HttpResponse:
        actor, here, found = _at_order(request, park, order)
        form = DeedForm(request.POST, zone=here.zone)
        given = form.cleaned_data if form.is_valid() else {"place": "", "at": None}
        more = {"place": given["place"]} if with_place else {}
        act(found, actor=actor, at=given["at"], **more)
        messages.success(request, done)
        return _to(here, found)
    return entered


@both
def taken_back(request: HttpRequest, park: UUID, order: UUID) -> HttpResponse:
    """Take an order back, with the reason."""
    actor, here, found = _at_order(request, park, order)
    actor.must(Can.DECIDE_ORDERS, over=found)
    form = WhyForm(request.POST or None)
    if form.is_valid():
        withdraw(found, reason=form.cleaned_data["reason"], actor=actor)
        messages.success(request, _("Order %(number)s is taken back, with your reason and your name.") % {"number": found.number})
        return _to(here, found)
    return asked(request, form, heading=_("Take order %(number)s back") % {"number": found.number}, submit=_("Take it back"),
                 danger=True, back=reverse("order", args=[here.uid, found.uid]),
                 lead=_("The person is free from this order at once, and is told why."))


def _at_order(request: HttpRequest, park: UUID, order: UUID) -> tuple[Actor, Park, Order]:
    actor = actor_of(request)
    here = park_for(actor, park)
    return actor, here, order_for(actor, here, order)


def _to(park: Park, found: Order) -> HttpResponse:
    return redirect("order", park=park.uid, order=found.uid)


def _as_file(rows: Any, actor: Actor, here: Park) -> HttpResponse:
    """The list as a workbook; whoever is on it is journalled."""
    listed, people = list[dict[str, Any]](), set[int]()
    for at in range(0, rows.count(), A_PART):
        part = list(rows[at:at + A_PART])
        people |= {each.who.person_id for each in part if each.who.person_id}
        listed += order_rows(part, actor, here)
    looked(actor=actor, park_id=here.pk, person_ids=people, fields=("list",), reason=EXPORTED, at=clock.now())
    return workbook_of(_("Orders"), *as_table(listed), today_in(here))


informed = deed(inform, gettext_lazy("Entered: the person was told of rule, reason, until when, and how to object."),
                with_place=False)
sent = deed(send, gettext_lazy("Entered: handed over. The other side signs when it has received the person."))
received = deed(receive, gettext_lazy("Entered: received."))
settled = deed(settle_down, gettext_lazy("Entered: under control."))
