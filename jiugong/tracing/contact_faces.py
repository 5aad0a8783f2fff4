"""From contacts to what lists and papers show: class, every ground with place, times, source and rule, and how far the order is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.registry.models import Park
from jiugong.registry.queries.choosing import way_to
from jiugong.registry.queries.listed import postings_on
from jiugong.registry.queries.people import today_in
from jiugong.tracing.chain_faces import ground_words, names_seen, people_urls, rule_url, who_face
from jiugong.tracing.faces import ORDER_LOOKS, when
from jiugong.tracing.models import Contact, Ground, Incident, Order
from jiugong.tracing.sentences import ended_in_words
from jiugong.tracing.stages import OrderStage
from jiugong.tracing.words import ContactClass, OrderStageWord, Source

CLASS_LOOKS = {ContactClass.CLOSE_CONTACT: "late", ContactClass.CONTACT_OF_CONTACT: "missing",
               ContactClass.GENERAL_CONTACT: "owed", ContactClass.VENUE_EXPOSURE: "owed"}


def contact_rows(contacts: Iterable[Contact], incident: Incident, actor: Actor) -> list[dict[str, Any]]:
    """Each contact of a list with all its reasons; a flat number of questions."""
    park, listed, words = incident.park, list(contacts), ground_words(incident)
    people = [each.who.person for each in listed if each.who.person]
    urls, posted = people_urls(actor, park, [each.who for each in listed]), postings_on(park, people, today_in(park))
    called = names_seen(actor, park, [each.case.who for each in listed] + [each.through.who for each in listed if each.through])
    rows = []
    for each in listed:
        posting = posted.get(each.who.person_id or 0)
        rows.append({
            **who_face(each.who, urls), "pk": each.pk, "class": each.contact_class,
            "url": reverse("contact", args=[park.uid, incident.number, each.pk]),
            "word": str(ContactClass(each.contact_class).label), "state": CLASS_LOOKS[ContactClass(each.contact_class)],
            "where": way_to(posting.unit) if posting else "", "case": called[each.case.who_id],
            "through": called[each.through.who_id] if each.through else "",
            "last": when(each.last_at, park), "first": when(each.first_at, park),
            "grounds": together(each.grounds.all(), incident, words), "order": order_face(each.orders.all(), park),
            "ended": ended_in_words(each.ended_because) if each.ended_at else ""})
    return rows


def together(grounds: Iterable[Ground], incident: Incident, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """The grounds of a contact, meetings on one ground together: how often, and the last one."""
    found: dict[str, dict[str, Any]] = {}
    for each in grounds:
        row = found.setdefault(each.ground, {"ground": each.ground, "word": words.get(each.ground, each.ground), "count": 0,
                                             "url": rule_url(incident.park, each.release, each.rule)})
        row |= {"count": row["count"] + 1, "place": str(each.spot or ""), "last": when(each.since, incident.park)}
    return list(found.values())


def ground_rows(grounds: Iterable[Ground], incident: Incident) -> list[dict[str, Any]]:
    """Each meeting: ground, place, from when to when, for how many minutes, by which source and rule."""
    park, words = incident.park, ground_words(incident)
    return [{"word": words.get(each.ground, each.ground), "place": str(each.spot or ""), "since": when(each.since, park),
             "until": days.local(each.until, park.zone)[11:16], "minutes": int((each.until - each.since).total_seconds() // 60),
             "source": str(Source(each.source).label) if each.source in Source.values else each.source, "assumed": each.assumed,
             "rule": each.rule, "release": each.release, "rule_url": rule_url(park, each.release, each.rule),
             "reason": each.reason, "by": each.added_by_name} for each in grounds]


def order_face(orders: Iterable[Order], park: Park) -> dict[str, Any] | None:
    """How far the order over somebody is; None where nothing was proposed."""
    order = next(iter(orders), None)
    if order is None:
        return None
    return {"word": str(OrderStageWord(order.stage).label), "state": ORDER_LOOKS[OrderStage(order.stage)],
            "url": reverse("order", args=[park.uid, order.uid]), "until": when(order.until, park), "number": order.number}


def as_table(rows: Iterable[dict[str, Any]]) -> tuple[list[str], Iterable[list[Any]]]:
    """The list of contacts as a workbook holds it."""
    headings = [_("Name"), _("ID number"), _("Where he works"), _("Class"), _("Case"), _("Through"), _("Grounds"), _("Places"),
                _("First exposed"), _("Last exposed"), _("Control order"), _("Until")]
    return headings, ([
        row["name"], row["number"], row["where"], row["word"], row["case"], row["through"],
        "、".join(each["word"] for each in row["grounds"]), "、".join(each["place"] for each in row["grounds"] if each["place"]),
        row["first"], row["last"], row["order"]["word"] if row["order"] else "", row["order"]["until"] if row["order"] else ""]
        for row in rows)
