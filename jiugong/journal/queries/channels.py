"""The doors to channels and deliveries, and how well each channel is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from jiugong.journal.errors import ChannelUnknown, DeliveryUnknown
from jiugong.journal.models import Channel, Delivery, DeliveryStage
from jiugong.journal.queries.sending import open_channels
from jiugong.journal.stages import ARRIVED, FOR_A_PERSON
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park

TO_DECIDE = [stage.value for stage in FOR_A_PERSON]


@dataclass(frozen=True, kw_only=True)
class Health:
    """How well a channel is: when it last took something, how much waits, and how much a person has to decide."""

    last_sent: datetime | None
    last_failed: datetime | None
    waiting: int
    to_decide: int


def channels_of(actor: Actor, park: Park) -> QuerySet[Channel]:
    """The ways out of a park, for whoever keeps them."""
    actor.must(Can.KEEP_CHANNELS, over=park)
    return open_channels(park)


def channel_for(actor: Actor, park: Park, uid: UUID) -> Channel:
    """The door to a channel. Raises ChannelUnknown."""
    channel = channels_of(actor, park).filter(uid=uid).select_related("park").first()
    if channel is None:
        raise ChannelUnknown()
    return channel


def health_of(channels: Iterable[Channel]) -> dict[int, Health]:
    """How well each channel is, in one question."""
    arrived = [stage.value for stage in ARRIVED]
    failed = Q(receipts__stage__in=[*TO_DECIDE, DeliveryStage.WAITING])
    rows = Delivery.objects.filter(channel__in=list(channels)).order_by().values("channel_id")
    told: dict[int, Any] = {row["channel_id"]: row for row in rows.annotate(
        last=Max("sent_at", filter=Q(stage__in=arrived)), waiting=Count("pk", filter=Q(stage=DeliveryStage.WAITING)),
        deciding=Count("pk", filter=Q(stage__in=TO_DECIDE)))}
    last_failed = dict(rows.filter(failed).annotate(at=Max("receipts__at", filter=failed)).values_list("channel_id", "at"))
    return {each.pk: Health(last_sent=told[each.pk]["last"], last_failed=last_failed.get(each.pk), waiting=told[each.pk]["waiting"],
                            to_decide=told[each.pk]["deciding"]) if each.pk in told else
            Health(last_sent=None, last_failed=None, waiting=0, to_decide=0) for each in channels}


def deliveries_of(actor: Actor, park: Park) -> QuerySet[Delivery]:
    """What is on its way out of a park, or was, the newest first, for whoever keeps its channels."""
    actor.must(Can.KEEP_CHANNELS, over=park)
    return (Delivery.objects.filter(park=park).order_by("-written_at", "-pk")
            .select_related("park", "channel", "message__to_person", "message__to_user", "message__notice"))


def to_decide_in(park: Park) -> QuerySet[Delivery]:
    """What a person must decide in a park: what was given up, and what nobody knows."""
    return Delivery.objects.filter(park=park, stage__in=TO_DECIDE)


def delivery_for(actor: Actor, park: Park, key: UUID) -> Delivery:
    """The door to one delivery. Raises DeliveryUnknown."""
    delivery = deliveries_of(actor, park).filter(key=key).first()
    if delivery is None:
        raise DeliveryUnknown()
    return delivery
