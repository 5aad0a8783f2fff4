"""Risk areas by day, where people say they were, and people of whom other places told."""

from django.db import models
from django.db.models import Q

from jiugong.lib import secrets
from jiugong.registry.models import Park, Person, in_order
from jiugong.tracing.words import FlagStage, RiskLevel


class RiskArea(models.Model):
    """An area was declared at risk, from a day to another, by a document. It belongs to no park: the list is the nation's."""

    name = models.CharField(max_length=200)                     # as the list names it: 内蒙古自治区包头市昆都仑区某小区
    key = models.CharField(max_length=200)                      # sheets.name_key of the name
    code = models.CharField(max_length=12, blank=True)          # its code of the administrative divisions, where the list gives one
    level = models.CharField(max_length=8, choices=RiskLevel)
    since = models.DateField()
    until = models.DateField(null=True)                         # the first day on which it is no longer
    source = models.CharField(max_length=200, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [in_order("risk_area_in_order"),
                       models.UniqueConstraint(fields=["key", "level", "since"], name="risk_area_declared_once")]

    def __str__(self) -> str:
        return self.name


class Stay(models.Model):
    """Somebody says where he was outside the park, from a day to another: what a returnee is asked."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="stays")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stays")
    area = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    client_id = models.CharField(max_length=64)
    told_at = models.DateTimeField()
    told_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)              # told wrongly; the row stays

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "client_id"], name="stay_told_once")]
        indexes = [models.Index(fields=["person", "last_day"], name="stay_by_person")]


class Returned(models.Model):
    """What an officer decided of a returnee: on post, tested first, or controlled, with the reason that he saw."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="returns")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="returns")
    on = models.DateField()
    outcome = models.CharField(max_length=12)                   # words of `logic/returning.py`
    reason = models.CharField(max_length=300)
    because = models.JSONField(default=list)                    # areas and days that matched
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80)
    decided_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "on"], name="return_decided_once_a_day")]


class Flagged(models.Model):
    """Somebody of whom another place told (外地推送), and what became of it, on one clock."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="flagged")
    line_key = models.CharField(max_length=64)                  # what makes the same line the same, in whichever file it stands
    name_sealed = models.BinaryField()                          # as the list writes it: he may be nobody of ours
    id_sealed = models.BinaryField(null=True)
    id_index = models.BinaryField(null=True, max_length=32)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True, max_length=32)
    pushed_by = models.CharField(max_length=120)
    pushed_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    left_on = models.DateField(null=True)
    stage = models.CharField(max_length=8, choices=FlagStage)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="flags")
    matched_by = models.CharField(max_length=12, blank=True)    # id_number, or a person confirmed name and phone
    imported_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_by_name = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=300, blank=True)      # what was done, or why it is returned

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "line_key"], name="flagged_told_once")]
        indexes = [models.Index(fields=["park", "stage", "due_at"], name="flagged_by_stage"),
                   models.Index(fields=["park", "id_index"], condition=Q(id_index__isnull=False), name="flagged_by_number")]

    def keep(self, ring: secrets.KeyRing, *, name: str, id_number: str, phone: str) -> None:
        self.name_sealed = ring.seal(name, where=f"tracing_flagged.name.{self.line_key}")
        self.id_sealed = ring.seal(id_number, where=f"tracing_flagged.id_number.{self.line_key}") if id_number else None
        self.phone_sealed = ring.seal(phone, where=f"tracing_flagged.phone.{self.line_key}") if phone else None

    def open_name(self, ring: secrets.KeyRing) -> str:
        return ring.open(bytes(self.name_sealed), where=f"tracing_flagged.name.{self.line_key}")

    def open_id_number(self, ring: secrets.KeyRing) -> str:
        """The ID number in full. Journal the look first."""
        return ring.open(bytes(self.id_sealed), where=f"tracing_flagged.id_number.{self.line_key}") if self.id_sealed else ""

    def open_phone(self, ring: secrets.KeyRing) -> str:
        """The phone in full. Journal the look first."""
        return ring.open(bytes(self.phone_sealed), where=f"tracing_flagged.phone.{self.line_key}") if self.phone_sealed else ""


class QuietCheck(models.Model):
    """Somebody looked on a day whether a person in his quiet period was where he stays. The latest of a day counts."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="quiet_checks")
    order = models.ForeignKey("tracing.Order", on_delete=models.PROTECT, related_name="quiet_checks")
    day = models.DateField()
    present = models.BooleanField()
    remark = models.CharField(max_length=200, blank=True)
    client_id = models.CharField(max_length=64)
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=80)
    checked_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "client_id"], name="quiet_check_sent_once")]
        indexes = [models.Index(fields=["order", "day"], name="quiet_check_by_day")]
