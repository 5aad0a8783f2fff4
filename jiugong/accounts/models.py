"""Users, what they hold and when they are on duty; how they sign in, and what was tried at the door."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiugong.accounts.roles import AccountRole
from jiugong.registry.models import Park, Person, Place, Unit


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """Somebody who signs in. A user is not a superuser of anything: powers come from memberships alone."""

    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="users")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)              # may be entered with one click while JIUGONG_DEMO=1
    is_operator = models.BooleanField(default=False)          # may open an operator's session; said at the command line alone

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Membership(models.Model):
    """A user's role over a place or a unit, and everything below it, since when."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=AccountRole)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="memberships")
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(
            condition=Q(place__isnull=True) | Q(unit__isnull=True), name="membership_over_one_branch",
            violation_error_message=_("A role is held over a place or over a unit; over neither means the whole park."))]


class Token(models.Model):
    """What a program shows instead of a password. Only its hash is kept; the token itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)              # about: noted every few minutes


# signing in ---------------------------------------------------------------------------------------------------------

class SignIn(models.Model):
    """A session on a device: how somebody signed in, from where roughly, and when it was last used."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40)
    device = models.BinaryField(max_length=32)                  # the blind index of the device's mark
    browser = models.CharField(max_length=60)                   # as in Chrome, Android
    network = models.CharField(max_length=60)                   # roughly: the first half of the address
    way = models.CharField(max_length=60)                       # as in password+totp, passkey, link, outside:wecom
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)                  # null: it has not been ended; it may have run out

    class Meta:
        indexes = [models.Index(fields=["user", "last_at"], name="sign_in_by_user"),
                   models.Index(fields=["user", "device"], name="sign_in_by_device")]


class SignInTry(models.Model):
    """A wrong answer at the door. It is counted for a day, so that guessing takes longer and longer; no name or address is kept."""

    name = models.BinaryField(max_length=32)                    # the blind index of what was given as a name, known or not
    address = models.BinaryField(max_length=32)
    device = models.BinaryField(max_length=32, default=b"")     # of a device on which this name has signed in; empty for a stranger
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "at"], name="sign_in_try_by_name"),
                   models.Index(fields=["address", "at"], name="sign_in_try_by_address")]


class SignInLink(models.Model):
    """A link that signs somebody in once without a password. Its hash is kept; the link itself is shown once, or sent."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    park = models.ForeignKey(Park, on_delete=models.CASCADE, related_name="sign_in_links")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    nonce = models.UUIDField(null=True, unique=True)            # of one that was asked for: the key ring makes its text of it


class LinkWish(models.Model):
    """Somebody at the door wants a link. What he typed stands sealed until the worker has looked whom it means."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    typed_sealed = models.BinaryField()
    asked_at = models.DateTimeField()


class Secret(models.Model):
    """What proves a second factor, sealed: the seed of an app's codes, and of the codes on paper."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.BinaryField()


class OperatorSession(models.Model):
    """An operator holds every power on pages for a while, for a reason that everybody may read afterwards."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="operator_sessions")
    reason = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()                           # by itself; earlier when its operator ends it

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="operator_session_says_why",
                                              violation_error_message=_("An operator says why."))]


# on duty ------------------------------------------------------------------------------------------------------------

class Shift(models.Model):
    """Somebody on duty: a role that begins and ends with the shift, and what is handed over to the next."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="shift")
    client_id = models.CharField(max_length=64, unique=True)    # made by whoever plans, so that planning twice is safe
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=80)
    handover = models.TextField(blank=True)
    handed_over_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)                  # the next has read it
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="handovers_taken")


class AccessReview(models.Model):
    """Somebody went through who may see what, and says so. It is kept as it was."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="access_reviews")
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_reviews")
    found = models.JSONField()                                  # how many accounts, roles, never used, over
    remark = models.CharField(max_length=300, blank=True)
