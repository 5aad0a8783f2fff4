"""The closed lists of the rulebook, as they are stored and as pages name them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiugong.rulebook.stages import Stage


class Regime(models.TextChoices):
    """How an enterprise works for a while."""

    OPEN = "open", _("Open (not closed)")
    SEMI_CLOSED = "semi_closed", _("Semi-closed")
    CLOSED_LOOP = "closed_loop", _("Closed loop")
    POINT_STYLE = "point_style", _("Point-style")


class Risk(models.TextChoices):
    """How closely an enterprise is watched."""

    ORDINARY = "ordinary", _("Ordinary")
    KEY = "key", _("Key")


class AreaLevel(models.TextChoices):
    """What an authority or the park declared a place to be."""

    SEALED = "sealed", _("Sealed area")
    CONTROLLED = "controlled", _("Controlled area")
    PRECAUTION = "precaution", _("Precaution area")
    HIGH = "high", _("High-risk area")
    MEDIUM = "medium", _("Medium-risk area")
    LOW = "low", _("Low-risk area")


class ParkPlanKind(models.TextChoices):
    """The park's own two plans."""

    CONTROL = "control", _("Control plan")
    EMERGENCY = "emergency", _("Emergency plan")


class PlanStage(models.TextChoices):
    """The stages of `stages.py` in words."""

    DRAFT = Stage.DRAFT.value, _("Draft")
    REVISION_DUE = Stage.REVISION_DUE.value, _("Revision due")
    IN_REVIEW = Stage.IN_REVIEW.value, _("In review")
    RETURNED = Stage.RETURNED.value, _("Returned")
    APPROVED = Stage.APPROVED.value, _("Approved")
