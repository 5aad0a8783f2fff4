"""Which closed days lie in the history's files, and what each file is like."""

from django.db import models
from django.db.models import F, Q

from jiugong.registry.models import Park


class HistoryDay(models.Model):
    """The stays that began on a closed day, as one file of Parquet; written again when something came late.

    Each write to a closed day counts `touched` up in its own transaction. Where it is not what `as_of` says, the file is behind
    and the store answers for the day.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="history_days")
    day = models.DateField()
    opened_at = models.DateTimeField()
    touched = models.PositiveIntegerField(default=0)
    as_of = models.PositiveIntegerField(null=True)              # as of which touch the file is; null: not written yet
    written_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)               # 0: nobody was anywhere, and there is no file
    first = models.BigIntegerField(default=0)                   # seconds: when the first stay began
    last = models.BigIntegerField(default=0)                    # when the last one ended: on which later day it may be asked for
    sha256 = models.CharField(max_length=64, blank=True)
    mac = models.BinaryField(max_length=32, default=bytes)      # that the house wrote it, under the key of the seal

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "day"], name="history_day_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="history_day_in_order"),
        ]

    @property
    def is_behind(self) -> bool:
        return self.as_of != self.touched
