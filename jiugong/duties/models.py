"""Evidence, checks and excuses: what was done, whether it was good, and what need not be."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiugong.registry.models import Park, Person, Place, Unit


class Evidence(models.Model):
    """Something that was done, typed by its kind: a health report, an antigen result. Appended, never edited."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=32)
    client_id = models.CharField(max_length=64)                 # made by whoever sends it: sending twice is safe
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="evidence")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="evidence")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="evidence")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    valid = models.BooleanField(default=True)                   # an antigen read too late is kept and does not count
    data = models.JSONField(default=dict)                       # in the shape of its kind: `logic.py`
    recorded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "client_id"], name="evidence_taken_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=True, place__isnull=True)
                | Q(person__isnull=True, unit__isnull=False, place__isnull=True)
                | Q(person__isnull=True, unit__isnull=True, place__isnull=False),
                name="evidence_about_one_subject",
                violation_error_message=_("A piece of evidence is about one person, one unit or one place.")),
        ]
        indexes = [
            models.Index(fields=["person", "kind", "happened_at", "valid"], name="evidence_by_person"),
            models.Index(fields=["unit", "kind", "happened_at", "valid"], name="evidence_by_unit"),
            models.Index(fields=["place", "kind", "happened_at", "valid"], name="evidence_by_place"),
            models.Index(fields=["park", "kind", "happened_at"], name="evidence_by_day"),
            models.Index(fields=["park", "happened_at"], name="evidence_by_moment"),
        ]


class Check(models.Model):
    """Somebody else looked at what was done: good, or to be done again. One for each piece of evidence, never edited."""

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="check_made")
    passed = models.BooleanField()
    remark = models.CharField(max_length=300, blank=True)
    checked_by = models.CharField(max_length=80)
    checked_by_name = models.CharField(max_length=80)
    checked_at = models.DateTimeField()


class Excuse(models.Model):
    """Somebody need not do a duty for a while: why, on whose word, until when. It always ends."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="excuses")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="excuses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="excuses")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="excuses")
    duty = models.CharField(max_length=60, blank=True)          # a duty's key, or empty: every duty
    reason = models.CharField(max_length=300)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80)
    decided_by_name = models.CharField(max_length=80)
    decided_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("since_at")), name="excuse_in_order",
                                   violation_error_message=_("An excuse ends after it begins.")),
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=True, place__isnull=True)
                | Q(person__isnull=True, unit__isnull=False, place__isnull=True)
                | Q(person__isnull=True, unit__isnull=True, place__isnull=False),
                name="excuse_of_one_subject",
                violation_error_message=_("An excuse is for one person, one unit or one place.")),
        ]
        indexes = [models.Index(fields=["person", "since_at"], name="excuse_by_person"),
                   models.Index(fields=["park", "until_at"], name="excuse_by_end")]
