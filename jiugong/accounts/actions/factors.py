"""Second factors: a code judged once and never again, a secret kept sealed, and what an officer may take away."""

from uuid import UUID

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction

from jiugong.accounts.actions import refuse_beyond
from jiugong.accounts.actions.sessions import end_keys
from jiugong.accounts.models import Secret, User
from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park

WHERE = "accounts_secret.sealed"


def keep_secret(user: User, text: str) -> str:
    """Keep what proves a factor, sealed, and answer under which name."""
    kept = Secret(user=user)
    kept.sealed = secrets.ring().seal(text, where=f"{WHERE}.{kept.uid}")
    kept.save()
    return str(kept.uid)


def read_secret(name: str) -> str:
    kept = Secret.objects.get(uid=UUID(name))
    return secrets.ring().open(bytes(kept.sealed), where=f"{WHERE}.{kept.uid}")


def forget_secrets(user: User) -> None:
    """Let go of what no factor of a user names any more."""
    named = {str(name) for data in Authenticator.objects.filter(user_id=user.pk).values_list("data", flat=True)
             for name in (data.get("secret"), data.get("seed")) if name}
    for kept in Secret.objects.filter(user=user):
        if str(kept.uid) not in named:
            kept.delete()


def code_is_right(factor: Authenticator, code: str) -> bool:
    """Judge a code, of the app or on paper. Each is taken once, also when two processes are shown it at one moment."""
    if factor.type != Authenticator.Type.TOTP:
        return bool(factor.wrap().validate_code(code))
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=factor.pk)
        secret = decrypt(row.data["secret"])
        step = next((counter for counter in yield_hotp_counters_from_time()
                     if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter)))), 0)
        if step <= row.data.get("last_step", 0):
            return False
        row.data["last_step"] = step
        row.save(update_fields=["data"])
    return True


@transaction.atomic
def reset_second_factor(user: User, *, actor: Actor, park: Park) -> None:
    """Take somebody's factors away who has lost them; at the next sign-in he sets up new ones. Raises UserBeyondYours."""
    actor.must(Can.GRANT_ROLES, over=park)
    refuse_beyond(user, actor)

    Authenticator.objects.filter(user_id=user.pk).delete()
    Secret.objects.filter(user=user).delete()
    end_keys(user, actor=actor)

    note("second_factor.reset", actor=actor, at=clock.now(), park_id=park.pk, subject=f"user:{user.pk}")
