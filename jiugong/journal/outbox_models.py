"""What leaves the house: channels, what is on its way through them, and what came back. Addresses and keys stand sealed."""

import json
import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiugong.journal.stages import Stage
from jiugong.lib import secrets
from jiugong.registry.models import Park


class ChannelKind(models.TextChoices):
    MAIL = "mail", _("Mail")
    SMS = "sms", _("SMS")
    WECOM = "wecom", _("WeCom robot")
    DINGTALK = "dingtalk", _("DingTalk robot")
    FEISHU = "feishu", _("Feishu robot")


ROBOTS = (ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU)


class DeliveryStage(models.TextChoices):
    WAITING = Stage.WAITING.value, _("Waiting")
    SENDING = Stage.SENDING.value, _("Being sent")
    UNCERTAIN = Stage.UNCERTAIN.value, _("Uncertain")
    SENT = Stage.SENT.value, _("Sent")
    DELIVERED = Stage.DELIVERED.value, _("Delivered")
    DEAD = Stage.DEAD.value, _("Not sent")
    NO_ADDRESS = Stage.NO_ADDRESS.value, _("No address")


class Channel(models.Model):
    """A way out of the house that a park keeps: mail, one SMS gateway, the robots of its groups. Its settings stand sealed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="channels")
    kind = models.CharField(max_length=12, choices=ChannelKind)
    name = models.CharField(max_length=60)
    settings_sealed = models.BinaryField()
    kinds = models.JSONField(default=list)                      # which kinds of messages go this way
    knows_keys = models.BooleanField(default=False)             # the gateway does a thing once for one Idempotency-Key
    failures = models.PositiveIntegerField(default=0)           # in a row
    paused_until = models.DateTimeField(null=True)              # the gateway asked for time, or does not answer
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "name"], condition=Q(closed_at=None),
                                               name="channel_named_once_in_a_park")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_robot(self) -> bool:
        """Does it speak to a group and not to one person?"""
        return self.kind in ROBOTS

    def keep_settings(self, settings: dict[str, Any]) -> None:
        self.settings_sealed = secrets.ring().seal(json.dumps(settings), where=f"journal_channel.settings.{self.uid}")

    def settings(self) -> dict[str, Any]:
        """Address, secret, template: opened when something is sent, or somebody who may changes them."""
        opened: dict[str, Any] = json.loads(
            secrets.ring().open(bytes(self.settings_sealed), where=f"journal_channel.settings.{self.uid}"))
        return opened


class MessageRules(models.Model):
    """How a park sends: when it is quiet, which kinds are urgent, in which words. Without a row the installation's values hold."""

    park = models.OneToOneField(Park, on_delete=models.PROTECT, related_name="message_rules")
    quiet_from = models.TimeField()                             # the park's time of day; the same as until: never quiet
    quiet_until = models.TimeField()
    urgent = models.JSONField(default=list)
    words_zh = models.CharField(max_length=300, blank=True)     # empty: the house's own
    words_en = models.CharField(max_length=300, blank=True)


class Delivery(models.Model):
    """One message on its way through one channel. The address is looked up when it is sent, and stands nowhere in it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)      # sent along: the gateway may know it again
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="deliveries")
    message = models.ForeignKey("journal.Message", on_delete=models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    stage = models.CharField(max_length=12, choices=DeliveryStage, default=DeliveryStage.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)               # until when whoever took it may send it
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=40, blank=True)        # why it is where it is, as a word of `words.py`

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_by_channel")]
        indexes = [models.Index(fields=["stage", "not_before"], name="delivery_by_turn"),
                   models.Index(fields=["park", "stage", "written_at"], name="delivery_by_park"),
                   models.Index(fields=["channel", "provider_id"], name="delivery_by_provider")]


class Receipt(models.Model):
    """What came of one try, what the gateway told later, what a person decided. Append-only; no address, no body."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="receipts")
    at = models.DateTimeField()
    stage = models.CharField(max_length=12, choices=DeliveryStage)
    reason = models.CharField(max_length=40, blank=True)
    status = models.PositiveSmallIntegerField(null=True)        # of HTTP or SMTP
    code = models.CharField(max_length=40, blank=True)          # the gateway's own
    by = models.CharField(max_length=80)                        # the keeper, a gateway, or whoever decided

    class Meta:
        indexes = [models.Index(fields=["delivery", "at"], name="receipt_by_delivery")]
