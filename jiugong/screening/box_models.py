"""Boxes of tubes on their way to the laboratory: what is in each, and who had it in hand when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiugong.registry.models import Park
from jiugong.screening.stages import ENDS
from jiugong.screening.words import BoxStage


class Box(models.Model):
    """One filling of one transport box: packed at a point, sealed, handed over until it is at a laboratory.

    The same box is used again the next day: its code is unique among those that are under way.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="boxes")
    client_id = models.CharField(max_length=64)                 # made on the device, so that sending twice is safe
    code = models.CharField(max_length=40)
    point = models.ForeignKey("screening.Point", on_delete=models.PROTECT, related_name="boxes")
    stage = models.CharField(max_length=10, choices=BoxStage)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    sealed_at = models.DateTimeField(null=True)                 # null: still open, or put away empty
    sealed_by = models.CharField(max_length=80, blank=True)
    holder = models.CharField(max_length=80)                    # who has it in hand: a user's key
    holder_name = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)                  # at the laboratory, or put away

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "client_id"], name="box_opened_once"),
            models.UniqueConstraint(
                fields=["park", "code"], condition=~Q(stage__in=[stage.value for stage in ENDS]),
                name="box_under_way_once",
                violation_error_message=_("A box of this code is still under way.")),
        ]
        indexes = [models.Index(fields=["park", "opened_at"], name="box_by_time"),
                   models.Index(fields=["park", "stage"], name="box_by_stage")]

    def __str__(self) -> str:
        return self.code

    @property
    def branches(self) -> tuple[str, ...]:
        return self.point.branches


class Packed(models.Model):
    """A tube in a box, by the code on its label: its scans may still wait in a phone. Taken out, the row stays.

    A tube is in one box at most.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="packed_tubes")
    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="packed")
    put_id = models.CharField(max_length=64)                    # made on the device
    code = models.CharField(max_length=40)
    put_at = models.DateTimeField()
    put_by = models.CharField(max_length=80)
    taken_at = models.DateTimeField(null=True)                  # null: it is in the box
    taken_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "put_id"], name="tube_put_once"),
            models.UniqueConstraint(fields=["park", "code"], condition=Q(taken_at=None), name="tube_in_one_box",
                                    violation_error_message=_("A tube is in one box at most.")),
        ]
        indexes = [models.Index(fields=["box", "code"], name="packed_by_box")]


class Leg(models.Model):
    """A box goes from one pair of hands to another: one side gives, the other receives, each signs as himself and counts.

    `differs` says that the two counts, or what was scanned, and what is on record did not agree; it stays until explained.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="legs")
    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="legs")
    leg_id = models.CharField(max_length=64)                    # made on the giver's device
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)
    given_by_name = models.CharField(max_length=80)
    gave = models.PositiveSmallIntegerField()                   # how many tubes he says he gives
    to_whom = models.CharField(max_length=80, blank=True)       # as he says it: a driver, a laboratory
    withdrawn_at = models.DateTimeField(null=True)              # taken back before anybody received it
    receipt_id = models.CharField(max_length=64, blank=True)    # made on the receiver's device
    received_at = models.DateTimeField(null=True)               # null: nobody has received it yet
    received_by = models.CharField(max_length=80, blank=True)
    received_by_name = models.CharField(max_length=80, blank=True)
    counted = models.PositiveSmallIntegerField(null=True)       # how many tubes he got
    scanned = models.JSONField(default=list)                    # the codes that he scanned; none: he only counted
    at_laboratory = models.BooleanField(default=False)
    differs = models.BooleanField(default=False)
    explanation = models.CharField(max_length=300, blank=True)
    explained_at = models.DateTimeField(null=True)
    explained_by = models.CharField(max_length=80, blank=True)
    explained_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "leg_id"], name="box_given_once"),
            models.UniqueConstraint(fields=["park", "receipt_id"], condition=~Q(receipt_id=""), name="box_received_once"),
            models.UniqueConstraint(fields=["box"], condition=Q(received_at=None, withdrawn_at=None), name="box_offered_once"),
            models.CheckConstraint(condition=~Q(received_by=F("given_by")), name="leg_has_two_sides",
                                   violation_error_message=_("Who gives a box does not also receive it.")),
        ]
        indexes = [models.Index(fields=["park", "differs", "explained_at"], name="leg_by_difference")]

    @property
    def branches(self) -> tuple[str, ...]:
        return self.box.branches
