"""The outbox: laid out with the message, taken by one sender at a time, and its end written down.

Nothing is sent for a change that was rolled back, because the row is written in its transaction. Nothing is sent twice,
because a row is taken by compare-and-set for as long as a lease lasts, and whoever took it alone may write what came of it.
A sender that dies in between leaves a lease: where the gateway knows keys it is asked again with the same key; else nobody
knows whether it was sent, and a person decides.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from jiugong.journal.logic.answers import Outcome
from jiugong.journal.logic.outside import carries_key
from jiugong.journal.logic.pausing import MOST_TRIES, pause_after
from jiugong.journal.models import Channel, Delivery, DeliveryStage, Message, Receipt
from jiugong.journal.queries.sending import due_at, first_of_each_matter, heavy, open_channels, reached, rules_of
from jiugong.journal.stages import Stage
from jiugong.lib import clock
from jiugong.registry.models import Park

LEASE = timedelta(minutes=3)                 # longer than any sender waits for a gateway
AT_ONCE, A_HANDFUL = 2000, 20
KEEPER = "keeper"


def lay_out(park: Park, once: Sequence[str]) -> int:
    """Write what of these messages leaves the house, in the transaction in which they are written. Returns how many rows."""
    channels = list(open_channels(park)) if once else []
    if not channels:
        return 0
    rules, now, laid = rules_of(park), clock.now(), 0
    spoken: set[tuple[int, str, str]] = set()                # what a group has heard in this very change
    for start in range(0, len(once), AT_ONCE):
        written = (Message.objects.filter(park=park, client_id__in=once[start:start + AT_ONCE])
                   .select_related("notice", "to_user").defer(*heavy("notice")).order_by("pk"))
        messages = [each for each in written if not carries_key(each.about)]
        ways = reached(messages) if any(not each.is_robot for each in channels) else {}
        rows = []
        for channel in channels:
            going = [each for each in messages if each.sort in channel.kinds]
            if channel.is_robot:
                going = [each for each in first_of_each_matter(going) if (channel.pk, each.about, each.kind) not in spoken]
                spoken |= {(channel.pk, each.about, each.kind) for each in going}
            else:
                going = [each for each in going if ways[each.pk].is_reached_by(channel.kind)]
            rows += [Delivery(park=park, message=each, channel=channel, written_at=now,
                              not_before=rules.waits_until(each.sort, now, park) or now) for each in going]
        Delivery.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        laid += len(rows)
    return laid


def lay_out_test(message: Message, channel: Channel) -> Delivery:
    """Send one message through one channel, whatever its rules say: somebody wants to see whether it works."""
    now = clock.now()
    return Delivery.objects.create(park=channel.park, message=message, channel=channel, written_at=now, not_before=now)


def lay_out_key(park: Park, once: str, channel: Channel) -> None:
    """Lay out a message that carries a key: through this one channel, whatever its rules say, in quiet hours too."""
    now = clock.now()
    Delivery.objects.create(park=park, message=Message.objects.get(park=park, client_id=once), channel=channel, written_at=now,
                            not_before=now)


def take_one() -> Delivery | None:
    """Take the next thing that is due, so that no other sender has it too; None where nothing is."""
    now = clock.now()
    for each in due_at(now).select_related("park", "message__notice", "channel").defer(*heavy("message__notice"))[:A_HANDFUL]:
        waits = rules_of(each.park).waits_until(each.message.sort, now, each.park)
        if waits and not (each.message.about.startswith("test:") or carries_key(each.message.about)):
            _still(each).update(not_before=waits)
        elif _still(each).update(stage=DeliveryStage.SENDING, tries=F("tries") + 1, lease_until=now + LEASE):
            return (Delivery.objects.select_related("park", "channel", "message__park", "message__notice", "message__to_user")
                    .defer(*heavy("message__notice")).get(pk=each.pk))
    return None


def _still(delivery: Delivery) -> QuerySet[Delivery]:
    """The row, if it stands as it was read."""
    return Delivery.objects.filter(pk=delivery.pk, stage=delivery.stage, tries=delivery.tries, not_before=delivery.not_before)


def take_up_again() -> int:
    """What a sender had in hand whose lease is over: asked again where the gateway knows keys, else uncertain."""
    now, found = clock.now(), 0
    for each in Delivery.objects.filter(stage=DeliveryStage.SENDING, lease_until__lte=now).select_related("channel")[:AT_ONCE]:
        stage = Stage.WAITING if each.channel.knows_keys else Stage.UNCERTAIN
        with transaction.atomic():
            if Delivery.objects.filter(pk=each.pk, stage=DeliveryStage.SENDING, tries=each.tries).update(
                    stage=stage, lease_until=None, not_before=now, reason="sender_gone"):
                Receipt.objects.create(delivery=each, at=now, stage=stage, reason="sender_gone", by=KEEPER)
                found += 1
    return found


@transaction.atomic
def write_down(delivery: Delivery, outcome: Outcome) -> Stage:
    """Write what came of a try, by whoever took it. An answer after the lease is over still counts where it says: sent."""
    now = clock.now()
    stage, reason = _becomes(delivery, outcome)
    changes: dict[str, object] = {"stage": stage, "reason": reason, "lease_until": None}
    if stage is Stage.WAITING:
        changes["not_before"] = now + pause_after(delivery.tries, key=str(delivery.key), asked_for=outcome.asked_for)
    if stage is Stage.SENT:
        changes |= {"sent_at": now, "provider_id": outcome.provider_id}
    mine = Delivery.objects.filter(pk=delivery.pk, stage=DeliveryStage.SENDING, tries=delivery.tries,
                                   lease_until=delivery.lease_until)
    if not mine.update(**changes) and stage is Stage.SENT:
        late = (DeliveryStage.UNCERTAIN, DeliveryStage.WAITING, DeliveryStage.DEAD)
        Delivery.objects.filter(pk=delivery.pk, stage__in=late).update(**changes)
    Receipt.objects.create(delivery=delivery, at=now, stage=stage, reason=reason, status=outcome.status, code=outcome.code[:40],
                           by=KEEPER)
    _tell_channel(delivery.channel, outcome, now)
    return stage


def _becomes(delivery: Delivery, outcome: Outcome) -> tuple[Stage, str]:
    stage, reason = outcome.stage, outcome.reason
    if stage is Stage.UNCERTAIN and delivery.channel.knows_keys:
        stage = Stage.WAITING                                # the same key again: it is done once
    if stage is Stage.WAITING and delivery.tries >= MOST_TRIES:
        stage = Stage.UNCERTAIN if outcome.stage is Stage.UNCERTAIN else Stage.DEAD
    return stage, reason


def _tell_channel(channel: Channel, outcome: Outcome, now: datetime) -> None:
    """A gateway that asks for time, or does not answer, is left alone as a whole; one that has taken something is well."""
    if outcome.stage is Stage.SENT:
        Channel.objects.filter(pk=channel.pk, failures__gt=0).update(failures=0, paused_until=None)
    elif outcome.holds_all:
        failures = Channel.objects.values_list("failures", flat=True).get(pk=channel.pk) + 1
        Channel.objects.filter(pk=channel.pk).update(
            failures=failures, paused_until=now + pause_after(failures, key=str(channel.uid), asked_for=outcome.asked_for))
