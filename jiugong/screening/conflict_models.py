"""What a person said of swabs that cannot all be right."""

from django.db import models

from jiugong.registry.models import Park
from jiugong.screening.words import ConflictKind, Verdict


class Settlement(models.Model):
    """A person settled a conflict: everything in it is as it is, or one swab did not happen. Appended, never edited."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="settlements")
    settle_id = models.CharField(max_length=64)                 # made on the device, so that sending twice is safe
    round = models.ForeignKey("screening.Round", on_delete=models.PROTECT, related_name="settlements")
    kind = models.CharField(max_length=12, choices=ConflictKind)
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.CharField(max_length=200)
    settled_at = models.DateTimeField()
    settled_by = models.CharField(max_length=80)
    settled_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "settle_id"], name="conflict_settled_once")]
        indexes = [models.Index(fields=["park", "settled_at"], name="settlement_by_time")]


class SettledSwab(models.Model):
    """A swab of which a settlement speaks. Another swab that arrives later opens the conflict again."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="swabs")
    specimen = models.ForeignKey("screening.Specimen", on_delete=models.PROTECT, related_name="settled")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["settlement", "specimen"], name="swab_named_once_in_a_settlement")]
