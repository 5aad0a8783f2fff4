"""Entries and look-ups: append-only."""

from django.db import models

from jiugong.registry.models import Park, Person


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
        indexes = [models.Index(fields=["person", "at"], name="look_up_by_person")]
