"""Entries and look-ups, append-only; messages, which wait here until they are read or sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiugong.accounts.models import User
from jiugong.journal.notice_models import Notice, NoticeKind
from jiugong.journal.outbox_models import (
    ROBOTS,
    Channel,
    ChannelKind,
    Delivery,
    DeliveryStage,
    MessageRules,
    Receipt,
)
from jiugong.journal.way_models import ContactWays, PersonWays, WayProof
from jiugong.registry.models import Park, Person

__all__ = ["ROBOTS", "Channel", "ChannelKind", "ContactWays", "Delivery", "DeliveryStage", "Entry", "LookUp", "Message",
           "MessageKind", "MessageRules", "Notice", "NoticeKind", "PersonWays", "Receipt", "WayProof"]


class Entry(models.Model):
    """One thing that was done: a verb such as `tube.sealed`, about what, by whom, when, with which facts."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, null=True, related_name="entries")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=160, blank=True)
    actor = models.CharField(max_length=80)                    # the actor's key, as in user:12 or operator
    actor_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["park", "at"], name="entry_by_time")]


class LookUp(models.Model):
    """Somebody looked at a person's data: which fields, and why."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="look_ups")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="look_ups")
    fields = models.CharField(max_length=160)                  # comma-separated, as in id_number,phone
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="look_up_by_person"),
                   models.Index(fields=["park", "at", "actor"], name="look_up_by_time"),
                   models.Index(fields=["park", "actor", "actor_name"], name="look_up_by_actor")]


class MessageKind(models.TextChoices):
    REMINDER = "reminder", _("Reminder")             # you owe something, or somebody for whom you answer does
    TASK = "task", _("Task")                         # there is something for you to do
    NOTICE = "notice", _("Notice")                   # something that you should know


class Message(models.Model):
    """A word to one person or one user: what about, whom it concerns, when it was read. Written with the change it tells of."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="messages")
    client_id = models.CharField(max_length=120)                # what makes it one message, so that writing twice is safe
    kind = models.CharField(max_length=12, choices=MessageKind)
    about = models.CharField(max_length=160)                    # as in round:3, duty:health_report, release:cn-2022-20
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="messages")
    to_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="messages")
    concerns = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="concerning_messages")
    step = models.PositiveSmallIntegerField(default=0)          # 0: the person himself; then up the chain
    facts = models.JSONField(default=dict)                      # what its sentence needs
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=80)
    written_by_name = models.CharField(max_length=80)
    read_at = models.DateTimeField(null=True)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="messages")
    acknowledged_at = models.DateTimeField(null=True)           # of a notice that asks for it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "client_id"], name="message_written_once"),
            models.CheckConstraint(condition=Q(to_person__isnull=True) ^ Q(to_user__isnull=True), name="message_to_one",
                                   violation_error_message=_("A message is to one person or to one user.")),
        ]
        indexes = [models.Index(fields=["to_person", "written_at"], name="message_by_person"),
                   models.Index(fields=["to_user", "written_at"], name="message_by_user"),
                   models.Index(fields=["park", "about", "concerns"], name="message_by_matter")]

    @property
    def sort(self) -> str:
        """By what a park says which way it goes: what kind of notice it is, else what kind of message."""
        return self.notice.kind if self.notice and self.kind == MessageKind.NOTICE else self.kind
