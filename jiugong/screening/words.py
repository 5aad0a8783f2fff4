"""The closed lists of screening, as they are stored and as pages name them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PointKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("At an enterprise")
    PUBLIC = "public", _("Public point")
    DOOR_TO_DOOR = "door_to_door", _("Door to door")


class StaffRole(models.TextChoices):
    """What somebody does at a point: the same words as for an enterprise's officers, so that training fits both."""

    SAMPLER = "sampler", _("Sampling officer")
    SCANNER = "scanner", _("Scanning officer")


class SubjectKind(models.TextChoices):
    PERSON = "person", _("Person")
    PLACE = "place", _("Place")
    LOT = "lot", _("Lot of goods")


class ResultValue(models.TextChoices):
    NEGATIVE = "negative", _("Negative")
    POSITIVE = "positive", _("Positive")
    SUSPICIOUS = "suspicious", _("Suspicious")
    INVALID = "invalid", _("Invalid")


class BoxStage(models.TextChoices):
    OPEN = "open", _("Being packed")
    SEALED = "sealed", _("Sealed, at its point")
    OFFERED = "offered", _("Handed over, not yet received")
    CARRIED = "carried", _("On its way")
    DELIVERED = "delivered", _("At the laboratory")
    DROPPED = "dropped", _("Put away empty")
