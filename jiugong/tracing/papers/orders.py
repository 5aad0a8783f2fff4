"""An order as a paper in official form: what, why, by which rule, until when, how to object, who signed, and a receipt.

It goes into the hand of its person. It names nobody else: meetings are told by ground, place and time, and what an investigator
typed beside a meeting stays on the page.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiugong.journal.words import actor_in_words
from jiugong.lib import clock, days, papers
from jiugong.lib.acting import Actor, looked
from jiugong.registry.models import Park, Posting
from jiugong.registry.queries.choosing import way_to
from jiugong.registry.queries.listed import postings_on
from jiugong.registry.queries.people import today_in
from jiugong.tracing.chain_faces import ground_words
from jiugong.tracing.models import Ground, Incident, Order
from jiugong.tracing.order_faces import phase_rows
from jiugong.tracing.paper_errors import NoOrderToPrint
from jiugong.tracing.papers.rules import Documents
from jiugong.tracing.queries.orders import orders_of
from jiugong.tracing.sentences import ended_in_words, reason_in_words
from jiugong.tracing.stages import RESTRICTS
from jiugong.tracing.words import OrderKind, Source

TEMPLATE = Path(__file__).with_name("order.typ")
PRINTED = "printed orders"
MOST = 500                                   # orders in one file; a page or two each


def papers_of(orders: Iterable[Order], park: Park, *, actor: Actor) -> bytes:
    """These orders in one PDF, in the reader's language; each look is journalled. Raises NoOrderToPrint."""
    listed = list(orders)
    if not listed:
        raise NoOrderToPrint()
    looked(actor=actor, park_id=park.pk, fields=("order",), reason=PRINTED, at=clock.now(),
           person_ids={each.who.person_id for each in listed if each.who.person_id})
    return papers.pdf(TEMPLATE, as_data(listed, park), title=_title(listed[0]))


def to_print(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with everything that their papers say, in a flat number of questions."""
    meetings = Ground.objects.select_related("spot").order_by("since", "pk")
    return rows.select_related("who__person", "incident__park", "contact").prefetch_related(
        Prefetch("contact__grounds", queryset=meetings)).order_by("number")


def orders_to_hand_out(actor: Actor, incident: Incident, kind: str = "") -> QuerySet[Order]:
    """The decided orders of an incident that stand, over people whom the actor sees; of one kind where one is named."""
    rows = orders_of(actor, incident.park, incident=incident).filter(stage__in=RESTRICTS)
    return to_print(rows.filter(kind=kind) if kind in OrderKind.values else rows)[:MOST]


def as_data(orders: Sequence[Order], park: Park) -> dict[str, Any]:
    """Everything that stands on the papers."""
    zh = (get_language() or "").startswith("zh")
    documents, posted = Documents(park), postings_on(park, [each.who.person for each in orders if each.who.person], today_in(park))
    words: dict[int, dict[str, str]] = {}
    for each in orders:
        if each.incident and each.incident_id not in words:
            words[each.incident.pk] = ground_words(each.incident)
    return {"language": "zh-hans" if zh else "en", "park": park.name, "title": _title(orders[0]), "words": _words(),
            "orders": [_order(each, park, documents, posted.get(each.who.person_id or 0), words.get(each.incident_id or 0, {}))
                       for each in orders]}


def _title(order: Order) -> str:
    return _("Notice of a temporary hold") if order.kind == OrderKind.HOLD else _("Decision on a measure of control")


def _order(order: Order, park: Park, documents: Documents, posting: Posting | None, words: dict[str, str]) -> dict[str, Any]:
    number = _("No. %(number)s") % {"number": order.number}
    grounds = list(order.contact.grounds.all()) if order.contact else []
    return {
        "title": _title(order), "number": number, "foot": number, "marks": _marks(order, park),
        "facts": _facts(order, park, posting),
        "reason": reason_in_words(order.reason), "grounds": [_ground(each, park, words) for each in grounds],
        "rules": _rules(order, grounds, park, documents), "hands": _hands(order, park),
        "phases": [(each["mode"], f"{each['first']} – {each['last']}", "、".join(each["tests"]) or "–")
                   for each in phase_rows(order)]}


def _marks(order: Order, park: Park) -> list[str]:
    """What whoever holds the paper must not miss."""
    marks = []
    if order.incident and order.incident.drill_id:
        marks.append(_("DRILL: this restricts nobody."))
    if order.ended_at:
        marks.append(_("Over since %(at)s: %(because)s") % {"at": _at(order.ended_at, park),
                                                          "because": ended_in_words(order.ended_because)})
    elif not order.ordered_at:
        marks.append(_("DRAFT: not decided yet. This restricts nobody."))
    return marks


def _facts(order: Order, park: Park, posting: Posting | None) -> list[tuple[str, str]]:
    facts = [(_("Name"), order.who.name or _("Not on the roster")), (_("ID number"), order.who.masked_id),
             (_("Where he works"), way_to(posting.unit) if posting else ""), (_("Measure"), str(OrderKind(order.kind).label)),
             (_("Incident"), str(order.incident.number) if order.incident else ""),
             (_("Tube"), str(order.evidence.get("tube", ""))),
             (_("Areas"), "、".join(map(str, order.evidence.get("areas", ())))),
             (_("From"), _at(order.since, park)), (_("Until"), _at(order.until, park)), (_("Where he stays"), order.place)]
    return [(name, said) for name, said in facts if said]


def _ground(each: Ground, park: Park, words: dict[str, str]) -> tuple[str, str, str, str]:
    source = str(Source(each.source).label) if each.source in Source.values else each.source
    if each.assumed:
        source = _("%(source)s; the end is assumed") % {"source": source}
    return (words.get(each.ground, each.ground), str(each.spot or "–"),
            f"{_at(each.since, park)} – {days.local(each.until, park.zone)[11:16]}", source or _("judged by people"))


def _rules(order: Order, grounds: Sequence[Ground], park: Park, documents: Documents) -> list[str]:
    """The rule of the measure first, then the rules by which he is a contact, each once."""
    day = days.day_of(order.since, park.zone)
    said = [documents.said(order.release, order.rule, day, title=str(OrderKind(order.kind).label))]
    for release, rule in dict.fromkeys((each.release, each.rule) for each in grounds if each.rule):
        said.append(documents.said(release, rule, day))
    return said


def _hands(order: Order, park: Park) -> list[tuple[str, str, str]]:
    """Who decided, by name and moment: one of a hold, two of everything longer. What is not signed yet has an open place."""
    first = (_("Decided, first of two"), order.seen_by, order.seen_by_name, order.seen_at)
    second = (_("Decided, second of two"), order.ordered_by, order.ordered_by_name, order.ordered_at)
    if order.kind == OrderKind.HOLD:
        signed = [(_("Confirmed"), *second[1:])]
    else:
        signed = [first, second]
    return [(role, actor_in_words(by, name) if at else "________________", _at(at, park) if at else "")
            for role, by, name, at in signed]


def _words() -> dict[str, Any]:
    return {
        "reason": _("Reason and evidence"), "grounds": [_("Ground"), _("Place"), _("When"), _("Source")],
        "rule": _("Rule"), "phases": _("Phases and days of tests"),
        "phase_heads": [_("Phase"), _("First and last day"), _("Days of tests")],
        "object": _("How to object"), "object_lines": [
            _("You may object at any time, in your own words: on your own page, or to whoever hands you this paper, who writes it "
              "down. People answer it; the measure stands meanwhile."),
            _("You may also turn to the authority of the district for the control of the epidemic: %(line)s Telephone: "
              "%(phone)s") % {"line": "________________________", "phone": "________________"}],
        "receipt": _("Receipt"), "receipt_line": _("I have received this paper. My signature does not mean that I agree."),
        "receipt_hands": [_("Signature of the person, day and time"), _("Handed over by, day and time")]}


def _at(moment: datetime, park: Park) -> str:
    return days.local(moment, park.zone)[:16]
