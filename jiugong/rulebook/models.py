"""Adoptions: which release holds in a park from which day."""

from django.db import models

from jiugong.registry.models import Park


class Adoption(models.Model):
    """A release that a park adopted from a day on; the next adoption ends it. Fingerprints tell whether it changed."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="adoptions")
    release = models.CharField(max_length=60)                   # the pack's key, as in cn-2022-v9
    from_day = models.DateField()
    effect_fingerprint = models.CharField(max_length=64)
    words_fingerprint = models.CharField(max_length=64)
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "from_day"], name="adoption_one_per_park_and_day")]
