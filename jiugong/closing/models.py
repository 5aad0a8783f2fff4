"""A closed day: when it was begun to be closed, its seal, its counts and misses, and what came afterwards."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiugong.registry.models import Park, Person, Place, Unit


class Closing(models.Model):
    """A day that somebody began to close: from this moment on, what arrives for it is late. Its seal follows."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="closings")
    day = models.DateField()
    began_at = models.DateTimeField()
    begun_by = models.CharField(max_length=80)
    begun_by_name = models.CharField(max_length=80)
    seal_row = models.BigIntegerField(null=True)                # the number of its seal's row; null: it is not sealed yet
    mac = models.BinaryField(max_length=32)                     # that it was the house which began

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "day"], name="day_closed_once")]


class Seal(models.Model):
    """The seal of a day: what it covers, in one line, under a key that is not in the database. Each follows the last."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="seals")
    closing = models.OneToOneField(Closing, on_delete=models.PROTECT, related_name="seal")
    day = models.DateField()
    number = models.PositiveIntegerField()                      # 1, 2, 3 … in the order of closing
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="next")
    release = models.CharField(max_length=60, blank=True)       # by which release its misses were settled
    sealed_at = models.DateTimeField()
    sealed_by = models.CharField(max_length=80)
    sealed_by_name = models.CharField(max_length=80)
    content = models.TextField()                                # what it says: `actions/sealing.py`
    mac = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "number"], name="seal_numbered_once"),
                       models.UniqueConstraint(fields=["park", "day"], name="seal_one_for_a_day")]

    @property
    def short(self) -> str:
        """How people compare it: twelve signs."""
        text = bytes(self.mac).hex()[:12]
        return f"{text[:4]}-{text[4:8]}-{text[8:]}"


class SealedTable(models.Model):
    """One table in a seal: a digest of each of its rows of that day."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="tables")
    table = models.CharField(max_length=63)
    rows = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    blob = models.BinaryField()                                 # numbers and digests: `logic/sealing.py`

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "table"], name="table_sealed_once")]


class CountKind(models.TextChoices):
    ROUND = "round", _("Round")
    DUTY = "duty", _("Duty")


class Count(models.Model):
    """What one duty or round came to on a closed day: owed = done + excused + missed."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="counts")
    kind = models.CharField(max_length=8, choices=CountKind)
    key = models.CharField(max_length=80)                       # of the duty, or the number of the round
    window = models.CharField(max_length=40, blank=True)        # as in 2022-07-22/1
    subject = models.CharField(max_length=8)                    # person, unit or place
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    owed = models.PositiveIntegerField()
    done = models.PositiveIntegerField()
    excused = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seal", "kind", "key", "window"], name="day_counted_once"),
            models.CheckConstraint(condition=Q(owed=models.F("done") + models.F("excused") + models.F("missed")),
                                   name="day_adds_up",
                                   violation_error_message=_("What is owed is done, excused or missed.")),
        ]


class Miss(models.Model):
    """Somebody or something that owed and neither did it nor was excused when the day was closed."""

    count = models.ForeignKey(Count, on_delete=models.PROTECT, related_name="misses")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="misses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="misses")     # of the person, or itself
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="misses")


class AfterwordKind(models.TextChoices):
    LATE = "late", _("Late")                        # arrived for a day that was closed
    CHANGED = "changed", _("Changed")               # the house changed it afterwards, as in naming a walk-in
    REMOVED = "removed", _("Removed")
    ERASED = "erased", _("Erased")                  # all rows of a table and a day, at the end of their purpose


class Afterword(models.Model):
    """What the house itself wrote of a closed day afterwards, under the key that is not in the database."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="afterwords")
    table = models.CharField(max_length=63)
    row = models.BigIntegerField()                              # 0: every row of the day
    what = models.CharField(max_length=8, choices=AfterwordKind)
    day = models.DateField(null=True)                           # null: a row that holds on many days
    digest = models.BinaryField(max_length=12)                  # of the row as it was written then
    at = models.DateTimeField()
    mac = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["park", "day", "what"], name="afterword_by_day"),
                   models.Index(fields=["park", "table", "row"], name="afterword_by_row")]


class Check(models.Model):
    """Somebody verified the park's closed days: how many, and what differed."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="seal_checks")
    at = models.DateTimeField()
    checked_by = models.CharField(max_length=80)
    checked_by_name = models.CharField(max_length=80)
    days = models.PositiveIntegerField()
    differs = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["park", "at"], name="seal_check_by_time")]
