"""What a park decides about its rules: releases, its own supplements, plans, gradings of enterprises, levels of areas."""

from typing import TypeAlias

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiugong.registry.models import Park, Place, Unit, in_order
from jiugong.rulebook.stages import Stage
from jiugong.rulebook.words import AreaLevel, ParkPlanKind, PlanStage, Regime, Risk


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


class Supplement(models.Model):
    """A park's local rule: another value of a rule of the release, or a duty of its own, with the document that says so.

    `rule` is the rule as a pack would write it, without its dated values; `value` is what holds from `since` on.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="supplements")
    key = models.CharField(max_length=80)                       # of the rule, as in contacts.lookback_days
    rule = models.JSONField()
    value = models.JSONField()
    title = models.CharField(max_length=200)                    # of the document
    issuer = models.CharField(max_length=120)
    published = models.CharField(max_length=10)                 # a day, or a month where no day is known
    url = models.URLField(blank=True)
    note = models.CharField(max_length=500, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    decided_by = models.CharField(max_length=80)
    decided_by_name = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            in_order("supplement_in_order"),
            models.UniqueConstraint(fields=["park", "key"], condition=Q(until=None), name="supplement_one_open_per_rule"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(issuer="") & ~Q(published=""), name="supplement_is_cited",
                                   violation_error_message=_("A local rule names the document that says so.")),
        ]

    def __str__(self) -> str:
        return self.key


class Plan(models.Model):
    """What every version of a plan has: its text section by section, its stage, who wrote it and who let it hold."""

    version = models.PositiveIntegerField()
    stage = models.CharField(max_length=16, choices=PlanStage, default=Stage.DRAFT.value)
    sections = models.JSONField(default=dict)                   # section's key -> text, by the outline
    since = models.DateField(null=True)                         # null: as soon as it is approved
    until = models.DateField(null=True)
    release = models.CharField(max_length=60, blank=True)       # by which release it was written
    because = models.ForeignKey(Adoption, on_delete=models.PROTECT, null=True, related_name="%(class)ss")
    touched = models.JSONField(default=list)                    # the sections that the adoption touches
    due_on = models.DateField(null=True)
    drafted_by = models.CharField(max_length=80)
    drafted_by_name = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    returned_because = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Is it still being written or read?"""
        return self.stage != Stage.APPROVED


class EnterprisePlan(Plan):
    """One enterprise, one plan (一企一策): its regime by dates, and its answers to the outline. Versions are kept."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="enterprise_plans")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans")
    regime = models.CharField(max_length=16, choices=Regime)

    class Meta:
        constraints = [
            in_order("enterprise_plan_in_order"),
            models.UniqueConstraint(fields=["unit", "version"], name="enterprise_plan_numbered_once"),
            models.UniqueConstraint(fields=["unit"], condition=~Q(stage=Stage.APPROVED.value),
                                    name="enterprise_plan_one_open_per_unit"),
            models.UniqueConstraint(fields=["unit"], condition=Q(stage=Stage.APPROVED.value, until=None),
                                    name="enterprise_plan_one_in_force_per_unit"),
            models.CheckConstraint(condition=~Q(stage=Stage.APPROVED.value) | Q(since__isnull=False, decided_at__isnull=False),
                                   name="enterprise_plan_approved_from_a_day",
                                   violation_error_message=_("An approved plan says from which day it holds.")),
        ]

    def __str__(self) -> str:
        return self.unit.name

    @property
    def branches(self) -> tuple[str, ...]:
        return self.unit.branches


class ParkPlan(Plan):
    """The park's own control plan (防控方案) or emergency plan (处置预案). Versions are kept."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="park_plans")
    kind = models.CharField(max_length=12, choices=ParkPlanKind)

    class Meta:
        constraints = [
            in_order("park_plan_in_order"),
            models.UniqueConstraint(fields=["park", "kind", "version"], name="park_plan_numbered_once"),
            models.UniqueConstraint(fields=["park", "kind"], condition=~Q(stage=Stage.APPROVED.value),
                                    name="park_plan_one_open_per_kind"),
            models.UniqueConstraint(fields=["park", "kind"], condition=Q(stage=Stage.APPROVED.value, until=None),
                                    name="park_plan_one_in_force_per_kind"),
            models.CheckConstraint(condition=~Q(stage=Stage.APPROVED.value) | Q(since__isnull=False, decided_at__isnull=False),
                                   name="park_plan_approved_from_a_day",
                                   violation_error_message=_("An approved plan says from which day it holds.")),
        ]

    def __str__(self) -> str:
        return str(ParkPlanKind(self.kind).label)

    @property
    def branches(self) -> tuple[str, ...]:
        return self.park.branches


AnyPlan: TypeAlias = EnterprisePlan | ParkPlan


class Grading(models.Model):
    """How closely an enterprise is watched, since when and why. One without a grading is ordinary."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="gradings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="gradings")
    risk = models.CharField(max_length=12, choices=Risk)
    reason = models.CharField(max_length=300)
    since = models.DateField()
    until = models.DateField(null=True)
    decided_by = models.CharField(max_length=80)
    decided_by_name = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            in_order("grading_in_order"),
            models.UniqueConstraint(fields=["unit"], condition=Q(until=None), name="grading_one_open_per_unit"),
        ]


class Zoning(models.Model):
    """What a grid, a site or another place was declared to be, since when, and by which document."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="zonings")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="zonings")
    level = models.CharField(max_length=12, choices=AreaLevel)
    title = models.CharField(max_length=200)                    # of the document
    issuer = models.CharField(max_length=120)
    published = models.CharField(max_length=10)
    since = models.DateField()
    until = models.DateField(null=True)
    decided_by = models.CharField(max_length=80)
    decided_by_name = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            in_order("zoning_in_order"),
            models.UniqueConstraint(fields=["place"], condition=Q(until=None), name="zoning_one_open_per_place"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(issuer="") & ~Q(published=""), name="zoning_is_cited",
                                   violation_error_message=_("A level of an area names the document that declared it.")),
        ]
