"""Users, what they hold, and the tokens of programs that act for them."""

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
