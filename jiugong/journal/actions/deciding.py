"""What a person decides about a delivery, and what a gateway tells later: sent again, known to have arrived, a receipt."""

import hmac
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from jiugong.journal.errors import DeliveryNotYours, ReceiptUnknown
from jiugong.journal.logic.answers import at_path, kept_code
from jiugong.journal.models import Channel, Delivery, DeliveryStage, Receipt
from jiugong.journal.stages import NEXT, Stage
from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can

MAY_GO_AGAIN = (Stage.DEAD, Stage.UNCERTAIN, Stage.NO_ADDRESS)
GATEWAY = "gateway"


def send_again(delivery: Delivery, *, actor: Actor) -> bool:
    """Let what could not be sent wait for its turn again, with its own key. Pressed twice, it is sent once.

    Returns whether something was changed. Raises DeliveryNotYours for what was sent.
    """
    return _decide(delivery, Stage.WAITING, "again", MAY_GO_AGAIN, actor=actor)


def say_arrived(delivery: Delivery, *, actor: Actor) -> bool:
    """Somebody knows that it arrived: it is not sent again. Raises DeliveryNotYours."""
    return _decide(delivery, Stage.SENT, "arrived", (Stage.DEAD, Stage.UNCERTAIN), actor=actor)


@transaction.atomic
def _decide(delivery: Delivery, stage: Stage, reason: str, of: tuple[Stage, ...], *, actor: Actor) -> bool:
    actor.must(Can.KEEP_CHANNELS, over=delivery.park)
    now = clock.now()
    more: dict[str, Any] = {"tries": 0, "not_before": now} if stage is Stage.WAITING else {"sent_at": now}
    here = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if stage is Stage.WAITING and here.reason == "receipt_failed":
        more |= {"key": uuid4(), "sent_at": None}            # the gateway took it and failed: under its key it would do nothing
    changed = Delivery.objects.filter(pk=here.pk, stage__in=[each.value for each in of]).update(stage=stage, reason=reason, **more)
    if not changed:
        if here.stage == stage or (stage is Stage.WAITING and here.stage == DeliveryStage.SENDING):
            return False                                     # pressed before
        raise DeliveryNotYours(stage=str(DeliveryStage(here.stage).label))
    Receipt.objects.create(delivery=delivery, at=now, stage=stage, reason=reason, by=actor.key)
    note(f"delivery.{reason}", actor=actor, at=now, park_id=delivery.park_id, subject=f"delivery:{delivery.message.about}",
         channel=delivery.channel.name)
    return True


def channel_called(uid: UUID, secret: str) -> Channel:
    """The channel whose receipts come to this address. Raises ReceiptUnknown, whatever of it is wrong."""
    channel = Channel.objects.filter(uid=uid, closed_at=None).first()
    wanted = str(channel.settings().get("receipt_secret", "")) if channel else ""
    if channel is None or not wanted or not hmac.compare_digest(wanted.encode(), secret.encode()):
        raise ReceiptUnknown()
    return channel


@transaction.atomic
def take_receipt(channel: Channel, told: Mapping[str, Any] | list[Any]) -> Delivery:
    """Note what a gateway tells of something that it took: it arrived, or it did not. Told twice, it is noted once.

    Raises ReceiptUnknown.
    """
    kept = channel.settings()
    which = at_path(told, str(kept.get("receipt_key_path") or "key"))
    said = at_path(told, str(kept.get("receipt_status_path") or "status"))
    delivery = _delivery_of(channel, which)
    if delivery is None:
        raise ReceiptUnknown()
    stage = Stage.DELIVERED if said == str(kept.get("receipt_status_ok") or "delivered") else Stage.DEAD
    if Stage(delivery.stage) is stage or stage not in NEXT[Stage(delivery.stage)]:
        return delivery
    now, reason = clock.now(), "receipt" if stage is Stage.DELIVERED else "receipt_failed"
    Delivery.objects.filter(pk=delivery.pk).update(
        stage=stage, reason=reason, lease_until=None, **({"delivered_at": now, "sent_at": delivery.sent_at or now}
                                                         if stage is Stage.DELIVERED else {}))
    Receipt.objects.create(delivery=delivery, at=now, stage=stage, reason=reason, code=kept_code(said), by=GATEWAY)
    return delivery


def _delivery_of(channel: Channel, which: str) -> Delivery | None:
    """By our key, or by the number that the gateway gave it."""
    if not which:
        return None
    of_channel = Delivery.objects.select_for_update().filter(channel=channel)
    try:
        return of_channel.filter(key=UUID(which)).first() or of_channel.filter(provider_id=which[:120]).first()
    except ValueError:
        return of_channel.filter(provider_id=which[:120]).first()
