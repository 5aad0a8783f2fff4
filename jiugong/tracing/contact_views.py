"""The contacts of an incident on pages: ranked and reasoned, each with every ground; added and struck by people with a reason."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiugong.journal.words import actor_in_words
from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.choosers import Chosen
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.keeping import asked
from jiugong.registry.views.lists import A_PAGE, Filter, chosen_of, filter_by, workbook_of
from jiugong.tracing.actions.contacts import add_contact, must_say_why, strike_contact
from jiugong.tracing.actions.pseudonyms import pseudonym_of
from jiugong.tracing.chain_faces import GROUP_WORDS, ground_words, names_seen, people_urls, who_face
from jiugong.tracing.chain_forms import ContactForm, WhyForm
from jiugong.tracing.contact_faces import CLASS_LOOKS, as_table, contact_rows, ground_rows, order_face
from jiugong.tracing.faces import when
from jiugong.tracing.incident_views import at_incident, both, crumbs, exporting
from jiugong.tracing.models import Incident, Order
from jiugong.tracing.queries.contacts import (
    case_for,
    contact_for,
    contacts_of,
    enterprises_in,
    for_page,
    grounds_of,
    narrowed_contacts,
    ranked,
)
from jiugong.tracing.sentences import ended_in_words
from jiugong.tracing.stages import IncidentStage
from jiugong.tracing.words import ContactClass

OPENED, EXPORTED = "opened a list of contacts", "exported a list of contacts"
A_PART = 1_000                               # contacts that are read at once for a file


@require_GET
def contacts(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Everybody who met a case, the closest class first, each with all reasons."""
    actor, here, found = at_incident(request, park, number)
    struck = request.GET.get("state") == "struck"
    every = contacts_of(actor, found, struck=struck)
    firms, grounds_by_contact = enterprises_in(actor, found), grounds_of(actor, found)
    grounds = sorted({each for his in grounds_by_contact.values() for each in his})
    asked_for = {
        "contact_class": chosen_of(request, "class", ContactClass.values), "ground": chosen_of(request, "ground", grounds),
        "enterprise": chosen_of(request, "enterprise", [str(each.uid) for each in firms]),
        "group": "" if struck else chosen_of(request, "state", (*GROUP_WORDS, "none")), "case": request.GET.get("case", ""),
        "text": request.GET.get("q", "").strip()}
    rows = ranked(narrowed_contacts(every, actor, here, **asked_for), grounds_by_contact)
    if request.GET.get("as") in ("xlsx", "csv"):
        return _as_file(request, actor, found, rows, EXPORTED)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    listed = for_page(list(page.object_list))
    looked(actor=actor, park_id=here.pk, fields=("list",), reason=OPENED, at=clock.now(), person_ids={
        each.who.person_id for each in listed if each.who.person_id})
    words = ground_words(found)
    chosen = asked_for | {"group": "struck" if struck else asked_for["group"]}
    return render(request, "tracing/contacts.html", {
        "incident": found, "page": page, "rows": contact_rows(listed, found, actor), "uid": here.uid, "search": asked_for["text"],
        "filters": _filters(chosen, [(each, words.get(each, each)) for each in grounds], [(str(each.uid), each.name)
                                                                                          for each in firms]),
        "clear_url": request.path if any(chosen.values()) else "", "export_url": exporting(request),
        "csv_url": exporting(request).replace("as=xlsx", "as=csv"), "cases": _to_add_to(actor, found),
        "may_show": actor.may(Can.SHOW_IDENTITY, over=here), "crumbs": crumbs(here, found, (_("Contacts"), None))})


@require_GET
def contact(request: HttpRequest, park: UUID, number: int, contact: int) -> HttpResponse:
    """One contact: every meeting that makes him one, and the orders over him."""
    actor, here, found = at_incident(request, park, number)
    one = contact_for(actor, found, contact)
    if one.who.person_id:
        looked(actor=actor, park_id=here.pk, person_ids=(one.who.person_id,), fields=("whereabouts",), reason=OPENED,
               at=clock.now())
    met = [one.case.who, *([one.through.who] if one.through else [])]
    urls, called = people_urls(actor, here, [one.who, *met]), names_seen(actor, here, met)
    orders = Order.objects.filter(contact=one).order_by("-pk")
    return render(request, "tracing/contact.html", {
        "incident": found, "uid": here.uid, "contact": one, **who_face(one.who, urls), "case": called[one.case.who_id],
        "word": ContactClass(one.contact_class).label, "state": CLASS_LOOKS[ContactClass(one.contact_class)],
        "grounds": ground_rows(one.grounds.select_related("spot").order_by("since", "pk"), found),
        "case_url": urls.get(one.case.who.person_id or 0, ""), "through": called[one.through.who_id] if one.through else "",
        "orders": [order_face([each], here) for each in orders], "ended": ended_in_words(one.ended_because) if one.ended_at else "",
        "first": when(one.first_at, here), "last": when(one.last_at, here),
        "may_strike": one.ended_at is None and actor.may(Can.TRACE_CONTACTS, over=one), "trace": one.trace,
        "asked_by": actor_in_words(one.trace.asked_by, one.trace.asked_by_name) if one.trace else "",
        "traced": when(one.trace.asked_at, here) if one.trace else "",
        "may_show": one.who.person_id and actor.may(Can.SHOW_IDENTITY, over=here),
        "crumbs": crumbs(here, found, (_("Contacts"), reverse("contacts", args=[here.uid, found.number])),
                         (one.who.name or one.who.masked_id, None))})


@both
def add(request: HttpRequest, park: UUID, number: int, case: int) -> HttpResponse:
    """Add somebody to the contacts of a case by judgment."""
    actor, here, found = at_incident(request, park, number)
    one = case_for(actor, found, case)
    actor.must(Can.TRACE_CONTACTS, over=one)
    form = ContactForm(request.POST or None, park=here, actor=actor, initial={"person": Chosen()})
    if form.is_valid():
        given = form.cleaned_data
        added = add_contact(one, pseudonym_of(given["person"]), contact_class=ContactClass(given["contact_class"]),
                            since=given["since"], until=given["until"], reason=given["reason"], place=given["place"], actor=actor)
        messages.success(request, _("%(name)s is on the list, with your reason and your name.") % {"name": given["person"].name})
        return redirect("contact", park=here.uid, number=found.number, contact=added.pk)
    return asked(request, form, heading=_("Add a contact of %(name)s") % {"name": one.who.name or one.who.masked_id},
                 submit=_("Add"), back=reverse("contacts", args=[here.uid, found.number]),
                 lead=_("Logs do not see everything. Who is added by judgment stands on the list with your reason."))


@both
def strike(request: HttpRequest, park: UUID, number: int, contact: int) -> HttpResponse:
    """Strike somebody from the list, with a reason."""
    actor, here, found = at_incident(request, park, number)
    one = contact_for(actor, found, contact)
    actor.must(Can.TRACE_CONTACTS, over=one)
    form = WhyForm(request.POST or None)
    if form.is_valid():
        strike_contact(one, reason=form.cleaned_data["reason"], actor=actor)
        messages.success(request, _("Struck from the list, with your reason and your name. The row stays on record."))
        return redirect("contacts", park=here.uid, number=found.number)
    return asked(request, form, heading=_("Strike %(name)s from the list") % {"name": one.who.name or one.who.masked_id},
                 submit=_("Strike"), danger=True, back=reverse("contact", args=[here.uid, found.number, one.pk]))


@both
def in_full(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """The list with whole ID numbers, for a reason; everybody on it is journalled."""
    actor, here, found = at_incident(request, park, number)
    actor.must(Can.SHOW_IDENTITY, over=here)
    form = WhyForm(request.POST or None)
    if form.is_valid():
        every = ranked(contacts_of(actor, found), grounds_of(actor, found))
        return _as_file(request, actor, found, every, must_say_why(form.cleaned_data["reason"]), in_full=True)
    return asked(request, form, heading=_("The list with whole numbers"), submit=_("Excel"),
                 back=reverse("contacts", args=[here.uid, found.number]),
                 lead=_("Everybody on it is journalled as looked at, with your reason."))


def _to_add_to(actor: Actor, found: Incident) -> list[dict[str, Any]]:
    """The cases to whose contacts the reader may add somebody."""
    if found.stage != IncidentStage.OPEN or not actor.may(Can.TRACE_CONTACTS, over=found):
        return []
    standing = found.cases.filter(stage__in=("suspected", "confirmed")).select_related("who__person").order_by("pk")
    return [{"pk": each.pk, "name": each.who.name or each.who.masked_id} for each in standing]


def _filters(chosen: dict[str, str], grounds: Iterable[tuple[str, str]], firms: Iterable[tuple[str, str]]) -> list[Filter]:
    states = [*((group, words) for group, (_look, words) in GROUP_WORDS.items()), ("none", _("No order")), ("struck", _("Struck"))]
    return [filter_by("class", _("Class"), ContactClass.choices, chosen["contact_class"]),
            filter_by("ground", _("Ground"), grounds, chosen["ground"]),
            filter_by("enterprise", _("Enterprise"), firms, chosen["enterprise"]),
            filter_by("state", _("Control order"), states, chosen["group"])]


def _as_file(request: HttpRequest, actor: Actor, found: Incident, rows: list[int], reason: str, *,
             in_full: bool = False) -> HttpResponse:
    """The whole list as a workbook or as CSV; whoever is on it is journalled."""
    listed: list[dict[str, Any]] = []
    people: set[int] = set()
    for at in range(0, len(rows), A_PART):
        part = for_page(rows[at:at + A_PART])
        people |= {each.who.person_id for each in part if each.who.person_id}
        faces = contact_rows(part, found, actor)
        if in_full:
            ring = secrets.ring()
            faces = [{**row, "number": each.who.open_id_number(ring)} for row, each in zip(faces, part, strict=True)]
        listed += faces
    looked(actor=actor, park_id=found.park_id, person_ids=people, reason=reason, at=clock.now(),
           fields=("id_number",) if in_full else ("list",))
    headings, table = as_table(listed)
    title = _("Contacts of incident %(number)s") % {"number": found.number}
    if request.GET.get("as") == "csv":
        return _csv(title, headings, table)
    return workbook_of(title, headings, table, today_in(found.park))


def _csv(title: str, headings: list[str], table: Iterable[list[Any]]) -> HttpResponse:
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(headings)
    writer.writerows([_plain(cell) for cell in row] for row in table)
    return HttpResponse("\ufeff" + stream.getvalue(), content_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(title)}.csv"})


def _plain(cell: Any) -> Any:
    """No cell is a formula to whatever opens the file."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
