"""Who must show a second thing at the door, and who has one."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from jiugong.accounts.models import User
from jiugong.accounts.queries import memberships_of
from jiugong.accounts.roles import SECOND_FACTOR

PROVES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)      # codes on paper help out; they are not enough alone


def must_have_second_factor(user: User, at: datetime) -> bool:
    """Does what somebody holds now ask for a second factor? A role that begins while he is signed in asks from then on."""
    return user.is_operator or memberships_of(user, at).filter(role__in=SECOND_FACTOR).exists()


def factors_of(user: User) -> QuerySet[Authenticator]:
    """The app and the passkeys with which a user proves that it is he."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk, type__in=PROVES)
    return found.order_by("created_at")


def is_last_factor(user: User, factor: Authenticator) -> bool:
    return not factors_of(user).exclude(pk=factor.pk).exists()
