"""Runs of tube sheets that were printed, so that no code is ever printed twice."""

from django.db import models
from django.db.models import F, Q

from jiugong.registry.models import Park, Unit


class SheetRun(models.Model):
    """Sheets printed for a round and a point, with codes from the park's series, or blank for labels that are stuck on."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="sheet_runs")
    run_id = models.CharField(max_length=64)                    # made by the form: pressed twice, printed once
    round = models.ForeignKey("screening.Round", on_delete=models.PROTECT, related_name="sheet_runs")
    point = models.ForeignKey("screening.Point", on_delete=models.PROTECT, related_name="sheet_runs")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="sheet_runs")   # whose roster stands on them
    sheets = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField(null=True)              # numbers of the park's series; null: no codes on them
    last = models.PositiveIntegerField(null=True)
    printed_at = models.DateTimeField()
    printed_by = models.CharField(max_length=80)
    printed_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "run_id"], name="sheets_run_once"),
            models.UniqueConstraint(fields=["park", "first"], name="sheet_code_printed_once"),
            models.CheckConstraint(condition=Q(first=None, last=None) | Q(last__gte=F("first")), name="sheet_codes_in_order"),
        ]

    @property
    def branches(self) -> tuple[str, ...]:
        return self.point.branches
