"""From orders to what pages show: what it is and why, phases with their test days, every signature, until when."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiugong.journal.words import actor_in_words
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.choosing import way_to
from jiugong.registry.queries.listed import postings_on
from jiugong.registry.queries.people import today_in
from jiugong.rulebook.wording import MODES
from jiugong.tracing.chain_faces import ground_words, people_urls, rule_url, who_face
from jiugong.tracing.faces import ORDER_LOOKS, when
from jiugong.tracing.models import Order
from jiugong.tracing.sentences import ended_in_words, reason_in_words
from jiugong.tracing.stages import OrderStage
from jiugong.tracing.words import OrderKind, OrderStageWord

SIGNATURES = (
    ("proposed", gettext_lazy("Proposed")), ("seen", gettext_lazy("Decided, first of two")),
    ("ordered", gettext_lazy("Decided, second of two")), ("informed", gettext_lazy("Informed")),
    ("sent", gettext_lazy("Handed over")), ("received", gettext_lazy("Received")),
    ("controlled", gettext_lazy("Under control")), ("ended", gettext_lazy("Over")))


def order_rows(orders: Iterable[Order], actor: Actor, park: Park) -> list[dict[str, Any]]:
    """Each order of a list: over whom, how far, until when, late or not. Needs `with_lateness`."""
    listed = list(orders)
    urls = people_urls(actor, park, [each.who for each in listed])
    posted = postings_on(park, [each.who.person for each in listed if each.who.person], today_in(park))
    rows = []
    for each in listed:
        posting = posted.get(each.who.person_id or 0)
        rows.append({
            **who_face(each.who, urls), **order_words(each, park), "url": reverse("order", args=[park.uid, each.uid]),
            "where": way_to(posting.unit) if posting else "", "incident": each.incident.number if each.incident else "",
            "late": bool(getattr(each, "is_late", False)), "must_by": when(getattr(each, "must_by", None), park),
            "seen_by": each.seen_by_name if each.stage == OrderStage.SEEN else "", "drill": bool(each.incident and
                                                                                         each.incident.drill_id)})
    return rows


def order_words(order: Order, park: Park) -> dict[str, Any]:
    """What an order is, in words."""
    return {"number_of": order.number, "kind_word": str(OrderKind(order.kind).label),
            "word": str(OrderStageWord(order.stage).label), "state": ORDER_LOOKS[OrderStage(order.stage)],
            "since": when(order.since, park), "until": when(order.until, park),
            "place": order.place}


def order_face(order: Order, actor: Actor, park: Park) -> dict[str, Any]:
    """Everything of one order: rule, reason, evidence, phases, signatures, objection."""
    urls = people_urls(actor, park, [order.who])
    return {
        **who_face(order.who, urls), **order_words(order, park), "order_uid": order.uid,
        "rule": order.rule, "release": order.release, "rule_url": rule_url(park, order.release, order.rule),
        "reason": reason_in_words(order.reason), "evidence": evidence_rows(order, park), "phases": phase_rows(order),
        "signatures": signature_rows(order, park), "ended": ended_in_words(order.ended_because) if order.ended_at else "",
        "objection": order.objection, "objected": when(order.objected_at, park),
        "from": days.local(order.since, park.zone)[:16], "to": days.local(order.until, park.zone)[:16]}


def evidence_rows(order: Order, park: Park) -> list[tuple[str, str]]:
    """What an order rests on, in words."""
    said = order.evidence
    words = ground_words(order.incident) if order.incident and said.get("grounds") else {}
    known = {
        "tube": (_("Tube"), str(said.get("tube", ""))), "incident": (_("Incident"), str(said.get("incident", ""))),
        "grounds": (_("Grounds"), "、".join(words.get(each, each) for each in said.get("grounds", ()))),
        "last_exposed_on": (_("Last exposed"), str(said.get("last_exposed_on", ""))),
        "sampled_at": (_("Sampled"), str(said.get("sampled_at", ""))[:16]),
        "areas": (_("Areas"), "、".join(map(str, said.get("areas", ()))))}
    return [known[name] for name in known if said.get(name)]


def phase_rows(order: Order) -> list[dict[str, Any]]:
    """The phases as the pack counted them, the days of tests as dates."""
    return [{"mode": str(MODES.get(each.get("mode", ""), each.get("mode", ""))), "first": each.get("first_day", ""),
             "last": each.get("last_day", ""), "tests": each.get("tests_on", [])} for each in order.phases]


def signature_rows(order: Order, park: Park) -> list[dict[str, str]]:
    """Every hand that signed, in order; a hold is decided by one."""
    rows = []
    for what, word in SIGNATURES:
        at = getattr(order, f"{what}_at")
        if at:
            single = what == "ordered" and order.kind == OrderKind.HOLD
            rows.append({"word": _("Confirmed") if single else str(word), "at": when(at, park),
                         "by": actor_in_words(getattr(order, f"{what}_by"), getattr(order, f"{what}_by_name"))})
    return rows


def what_may_follow(order: Order, actor: Actor, over: Any) -> dict[str, bool]:
    """What the reader may do with an order now. `over` is where its person stands."""
    stage = OrderStage(order.stage)
    carries, decides = actor.may(Can.CARRY_OUT_ORDERS, over=over), actor.may(Can.DECIDE_ORDERS, over=order)
    is_hold = order.kind == OrderKind.HOLD
    return {
        "decide": decides and not is_hold and (stage is OrderStage.PROPOSED or (
            stage is OrderStage.SEEN and order.seen_by != actor.key)),
        "waits_for_another": decides and stage is OrderStage.SEEN and order.seen_by == actor.key,
        "inform": carries and stage is OrderStage.ORDERED, "send": carries and stage in (OrderStage.ORDERED, OrderStage.INFORMED),
        "receive": carries and stage is OrderStage.SENT and order.sent_by != actor.key,
        "waits_for_receiver": carries and stage is OrderStage.SENT and order.sent_by == actor.key,
        "control": carries and stage in (OrderStage.ORDERED, OrderStage.INFORMED, OrderStage.RECEIVED),
        "withdraw": decides and not order.is_over}


def as_table(rows: Iterable[dict[str, Any]]) -> tuple[list[str], Iterable[list[Any]]]:
    """The list of orders as a workbook holds it."""
    headings = [_("Control order"), _("Name"), _("ID number"), _("Where he works"), _("Kind"), _("Stage"), _("From"), _("Until"),
                _("Place"), _("Incident"), _("Late")]
    return headings, ([row["number_of"], row["name"], row["number"], row["where"], row["kind_word"], row["word"], row["since"],
                       row["until"], row["place"], row["incident"], _("late") if row["late"] else ""] for row in rows)
