"""Reports of an incident that were sent: which, when, to whom, and the figures that stood on it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportKind(models.TextChoices):
    """The reports that the authority of the district is sent."""

    FIRST = "first", _("First report")
    FOLLOW_UP = "follow_up", _("Follow-up report")
    FINAL = "final", _("Final report")


class SentReport(models.Model):
    """Somebody says that a report was sent. Appended: a report that was wrong is followed by another."""

    incident = models.ForeignKey("tracing.Incident", on_delete=models.PROTECT, related_name="sent_reports")
    kind = models.CharField(max_length=12, choices=ReportKind)
    client_id = models.CharField(max_length=64)                 # made where it was said, so that it may be sent twice
    sent_at = models.DateTimeField()
    sent_to = models.CharField(max_length=120)
    sent_by = models.CharField(max_length=80)
    sent_by_name = models.CharField(max_length=80)
    figures = models.JSONField(default=dict)                    # counts as they stood when it was said

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "client_id"], name="report_sent_once")]
        indexes = [models.Index(fields=["incident", "sent_at"], name="sent_report_by_time")]
