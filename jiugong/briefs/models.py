"""What was published and what was filed: briefs as they were, and the figures that each body put its name to."""

import uuid
from datetime import time

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiugong.lib import days
from jiugong.registry.models import Body, Park

DUE = time(18, 0)                                               # when a day's figures are due, where nobody chose otherwise


class Language(models.TextChoices):
    CHINESE = "zh-hans", _("Chinese")
    ENGLISH = "en", _("English")


class Brief(models.Model):
    """A brief as it was published: its number, its figures, its whole text in both languages. Never edited.

    Whoever finds a mistake publishes again; the new brief has a number of its own and says which one it corrects.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="briefs")
    client_id = models.CharField(max_length=80)                 # made by whoever publishes: sending twice is safe
    year = models.PositiveSmallIntegerField()                   # of the park's day on which it was published
    number = models.PositiveIntegerField()                      # 1, 2, 3 … within the park and the year
    first = models.DateField()
    last = models.DateField()
    language = models.CharField(max_length=8, choices=Language)
    figures = models.JSONField()                                # key -> value
    before = models.JSONField()                                 # key -> value of the day before
    texts = models.JSONField()                                  # language -> the document: title, sections, clauses
    fingerprint = models.CharField(max_length=64)               # SHA-256 over all of the above
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    published_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "year", "number"], name="brief_numbered_once_in_a_year"),
            models.UniqueConstraint(fields=["park", "client_id"], name="brief_published_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="brief_in_order",
                                   violation_error_message=_("A brief ends on its first day or later.")),
        ]
        indexes = [models.Index(fields=["park", "last"], name="brief_by_day")]

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


class Remit(models.Model):
    """Which figures a body files every day, and by when. Without one, its kind decides."""

    body = models.OneToOneField(Body, on_delete=models.CASCADE, related_name="remit")
    keys = models.JSONField(default=list)                       # of figures, in the order in which they are asked
    due = models.TimeField(default=DUE)                         # the park's time of day
    chosen_at = models.DateTimeField()
    chosen_by_name = models.CharField(max_length=80)


class Filing(models.Model):
    """The figures of one body for one day, as somebody filed them. Filed again, the last one counts and all are kept."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="filings")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="filings")
    client_id = models.CharField(max_length=80)                 # made by whoever files: sending twice is safe
    day = models.DateField()
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=80)
    filed_by_name = models.CharField(max_length=80)
    late = models.BooleanField()                                # after the time that was asked of the body
    replaced_at = models.DateTimeField(null=True)               # null: this one counts

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "client_id"], name="filing_taken_once"),
            models.UniqueConstraint(fields=["body", "day"], condition=Q(replaced_at=None),
                                    name="filing_one_counts_for_a_day"),
        ]
        indexes = [models.Index(fields=["park", "day"], name="filing_by_day")]

    @property
    def filed_at_local(self) -> str:
        """When it was filed, in the park's own time."""
        return days.local(self.filed_at, self.park.zone)


class FiledFigure(models.Model):
    """One figure of a filing: what was filed, what the system counted at that moment, and why they differ."""

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="figures")
    key = models.CharField(max_length=80)
    value = models.BigIntegerField()
    counted = models.BigIntegerField()                          # by the system, when it was filed
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "key"], name="filed_figure_once_in_a_filing"),
            models.CheckConstraint(condition=Q(value=F("counted")) | ~Q(why=""), name="filed_figure_says_why",
                                   violation_error_message=_("A figure that differs from the system's says why.")),
            models.CheckConstraint(condition=Q(value__gte=0), name="filed_figure_not_negative",
                                   violation_error_message=_("A figure is zero or more.")),
        ]

    @property
    def off(self) -> int:
        """By how much it differs from what the system counted."""
        return self.value - self.counted
