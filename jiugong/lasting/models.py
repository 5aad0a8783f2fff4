"""What was backed up and whether it was proved; what ended, who decided it, and the proof of it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiugong.lasting.stages import Stage
from jiugong.registry.models import Park, Person


class Backup(models.Model):
    """One file that this installation wrote: where it is, what it holds, which key opens it, and when it was destroyed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    path = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    key = models.CharField(max_length=16)                      # the fingerprint of the key that opens it
    has_keys = models.BooleanField(default=False)              # a passphrase opens it anywhere
    erased_at = models.DateTimeField(null=True)
    erased_because = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="backup_by_time")]


class Drill(models.Model):
    """A backup was restored somewhere else to see whether it holds what it says."""

    backup = models.ForeignKey(Backup, on_delete=models.PROTECT, null=True, related_name="drills")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    seconds = models.FloatField()
    passed = models.BooleanField()
    found = models.JSONField(default=dict)                     # rows, what the doctor and the seals said


class Ending(models.Model):
    """The emergency of a park has ended: said by one person, confirmed by another. From that day on the clock of erasing runs."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="endings")
    ended_on = models.DateField()
    reason = models.CharField(max_length=300)
    proposed_by = models.CharField(max_length=80)
    proposed_by_name = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_by_name = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)              # taken back: it goes on, or was proposed by mistake

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park"], condition=Q(withdrawn_at=None), name="ending_one_at_a_time"),
            models.CheckConstraint(condition=Q(confirmed_at=None) | ~Q(confirmed_by_name=F("proposed_by_name")),
                                   name="ending_by_two", violation_error_message=_("Two different people end an emergency.")),
        ]


class ErasureStage(models.TextChoices):
    PROPOSED = Stage.PROPOSED.value, _("Proposed")
    WITHDRAWN = Stage.WITHDRAWN.value, _("Withdrawn")
    RELEASED = Stage.RELEASED.value, _("Released, being done")
    DONE = Stage.DONE.value, pgettext_lazy("an erasure", "Done")


class Erasure(models.Model):
    """What was kept of a park's people is erased: the list, who proposed and who released it, how far it is, and the report."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="erasures")
    stage = models.CharField(max_length=12, choices=ErasureStage, default=ErasureStage.PROPOSED)
    listed = models.JSONField()
    list_sha256 = models.CharField(max_length=64)
    proposed_by = models.CharField(max_length=80)
    proposed_by_name = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    released_by = models.CharField(max_length=80, blank=True)
    released_by_name = models.CharField(max_length=80, blank=True)
    released_at = models.DateTimeField(null=True)
    auditor = models.CharField(max_length=120, blank=True)      # who stood by: a person, an office, a notary
    steps = models.JSONField(default=list)                      # those that are done
    done = models.JSONField(default=dict)                       # what they did, in counts
    ended_at = models.DateTimeField(null=True)
    report = models.JSONField(null=True)                        # signed; it stays

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park"], condition=Q(stage__in=["proposed", "released"]), name="erasure_one_at_a_time"),
            models.CheckConstraint(condition=Q(released_at=None) | ~Q(released_by_name=F("proposed_by_name")),
                                   name="erasure_by_two", violation_error_message=_("Two different people erase.")),
        ]

    @property
    def branches(self) -> tuple[str, ...]:
        return self.park.branches


class Objection(models.Model):
    """Somebody objects to what is kept about him: a numbered matter with a day until which it is answered, with a reason."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="objections")
    number = models.PositiveIntegerField()
    client_id = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="objections")
    purpose = models.CharField(max_length=20)                   # to what: a purpose of lib/keeping.py
    text = models.CharField(max_length=1000)
    written_at = models.DateTimeField()
    due_on = models.DateField()
    granted = models.BooleanField(null=True)                    # null: not answered yet
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "number"], name="objection_numbered_once"),
            models.UniqueConstraint(fields=["park", "client_id"], name="objection_written_once"),
            models.CheckConstraint(condition=Q(granted=None) | ~Q(answer=""), name="objection_answered_with_a_reason",
                                   violation_error_message=_("An objection is answered with a reason."))]
        indexes = [models.Index(fields=["park", "written_at"], name="objection_by_time")]
