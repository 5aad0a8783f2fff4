"""Who may report and who works at a point: laboratories, their accounts and contracts, the staff of points."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiugong.accounts.models import User
from jiugong.registry.models import Park, Person, Unit, in_order
from jiugong.screening.words import StaffRole


class Laboratory(models.Model):
    """A laboratory or clinic that says what is in a tube. A park that keeps none takes results as they come."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="laboratories")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, blank=True)
    contact = models.CharField(max_length=120, blank=True)      # whom to call, as the contract says it
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            in_order("laboratory_in_order"),
            models.UniqueConstraint(fields=["park", "key"], name="laboratory_named_once_in_a_park"),
        ]

    def __str__(self) -> str:
        return self.name


class LaboratoryAccount(models.Model):
    """A user who reports for a laboratory, since when: in one park for one laboratory at a time."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="laboratory_accounts")
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, related_name="accounts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="laboratory_accounts")
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["park", "user"], condition=Q(until_at=None),
                                               name="laboratory_account_one_open_per_user")]


class Contract(models.Model):
    """A laboratory may report for one point, for every point of an enterprise, or for the whole park, from a day on.

    What counts is the day of the round in which a tube was filled. `enterprise_opens`: the enterprise may open rounds of its own.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="contracts")
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, related_name="contracts")
    point = models.ForeignKey("screening.Point", on_delete=models.PROTECT, null=True, related_name="contracts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="contracts")
    hours = models.PositiveSmallIntegerField()                  # turn-round: from the hand-over to its first result
    enterprise_opens = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            in_order("contract_in_order"),
            models.CheckConstraint(condition=Q(point__isnull=True) | Q(unit__isnull=True), name="contract_over_one_thing",
                                   violation_error_message=_("A contract is for a point, an enterprise or the whole park.")),
            models.CheckConstraint(condition=Q(enterprise_opens=False) | Q(unit__isnull=False),
                                   name="contract_own_rounds_of_an_enterprise",
                                   violation_error_message=_("Only an enterprise with a contract opens rounds of its own.")),
            models.CheckConstraint(condition=Q(hours__gt=0), name="contract_hours_above_zero",
                                   violation_error_message=_("A turn-round is one hour or more.")),
        ]
        indexes: ClassVar = [models.Index(fields=["park", "since"], name="contract_by_day")]


class PointStaff(models.Model):
    """A person works at a point as sampling or scanning officer, since when."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="point_staff")
    point = models.ForeignKey("screening.Point", on_delete=models.PROTECT, related_name="staff")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="worked_at")
    role = models.CharField(max_length=12, choices=StaffRole)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            in_order("point_staff_in_order"),
            models.UniqueConstraint(fields=["point", "person", "role"], condition=Q(until=None),
                                    name="point_staff_once_in_a_role"),
        ]
