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


class Lacking(models.TextChoices):
    """What an enterprise lacks that should have a point and trained officers."""

    POINT = "point", _("no sampling point")
    PREVENTION_OFFICER = "prevention_officer", _("no prevention officer")
    SAMPLER = "sampler", _("no sampling officer")
    SCANNER = "scanner", _("no scanning officer")
    PREVENTION_OFFICER_UNTRAINED = "prevention_officer_untrained", _("prevention officer not trained")
    SAMPLER_UNTRAINED = "sampler_untrained", _("sampling officer not trained")
    SCANNER_UNTRAINED = "scanner_untrained", _("scanning officer not trained")


class Flag(models.TextChoices):
    """Why a scan is flagged: who made it is not known, or was not trained on that day."""

    UNKNOWN_PHONE = "unknown_phone", _("telephone of nobody on record")
    NOBODY = "nobody", _("not said who scanned")
    NEVER = "never", _("never trained as scanning officer")
    LATER = "later", _("trained only after that day")
    EXPIRED = "expired", _("training had expired")


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


class Start(models.TextChoices):
    """From when a laboratory's hours run."""

    HAND_OVER = "hand_over", _("Hand-over to the laboratory")
    SEAL = "seal", _("Seal (in no box)")


class ConflictKind(models.TextChoices):
    TWICE = "twice", _("Swabbed twice in one round")
    OVERFULL = "overfull", _("More swabs than the tube holds")
    AFTER_SEAL = "after_seal", _("Swabbed after the tube was sealed")
    TWO_ROUNDS = "two_rounds", _("One tube in two rounds")
    CLOCK = "clock", _("Clock of a device wrong")
    WALK_IN = "walk_in", _("Not on the roster")
    LATE = "late", _("Arrived long after its round")


class Verdict(models.TextChoices):
    REAL = "real", _("All of it is real")
    STRUCK = "struck", _("One swab did not happen")
