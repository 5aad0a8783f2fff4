"""Objecting to an order, in the person's own words, and answering him. The order stands meanwhile."""

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.tracing.actions.orders import locked
from jiugong.tracing.errors import NothingToAnswer, WordsMissing
from jiugong.tracing.models import Order

LONGEST = 500


@transaction.atomic
def object_to(order: Order, *, words: str, actor: Actor) -> Order:
    """The person objects. The same words again change nothing; other words are another objection. Raises WordsMissing."""
    words = _written(words)
    order = locked(order)
    if order.objection == words:
        return order
    now = clock.now()
    order.objection, order.objected_at = words, now
    order.objection_answer, order.answered_at, order.answered_by, order.answered_by_name = "", None, "", ""
    order.save(update_fields=["objection", "objected_at", "objection_answer", "answered_at", "answered_by", "answered_by_name"])

    note("order.objected", actor=actor, at=now, park_id=order.park_id, subject=f"order:{order.pk}", kind=order.kind)
    return order


@transaction.atomic
def answer_objection(order: Order, *, words: str, actor: Actor) -> Order:
    """Answer an objection. The same words again change nothing. Raises WordsMissing, NothingToAnswer."""
    actor.must(Can.DECIDE_ORDERS, over=order)
    words = _written(words)
    order = locked(order)
    if order.objection_answer == words:
        return order
    if not order.objection:
        raise NothingToAnswer()
    now = clock.now()
    order.objection_answer, order.answered_at, order.answered_by, order.answered_by_name = words, now, actor.key, actor.name
    order.save(update_fields=["objection_answer", "answered_at", "answered_by", "answered_by_name"])

    note("order.answered", actor=actor, at=now, park_id=order.park_id, subject=f"order:{order.pk}", kind=order.kind)
    return order


def _written(words: str) -> str:
    words = "\n".join(line.strip() for line in words.strip().splitlines())
    if not words or len(words) > LONGEST or "\0" in words:
        raise WordsMissing(most=LONGEST)
    return words
