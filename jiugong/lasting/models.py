"""What was backed up and whether it was proved."""

import uuid

from django.db import models


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
