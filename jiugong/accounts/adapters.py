"""What django-allauth asks of the house: who may pass, what is written down, and our own sentences instead of its."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiugong.accounts.actions.factors import forget_secrets, keep_secret, read_secret
from jiugong.accounts.actions.sessions import begin_session, note_of
from jiugong.accounts.actions.waiting import attempt
from jiugong.accounts.backends import HERE, SignedInHere
from jiugong.accounts.came import came, keep_mark, mark_device
from jiugong.accounts.codes import svg_of
from jiugong.accounts.models import User
from jiugong.accounts.queries import actor_for
from jiugong.lib import clock

FRESH = 600                                  # seconds for which a sign-in is proof enough to change how one signs in
SAID = {
    "mfa/messages/totp_activated.txt": _("The codes of your app open the door from now on."),
    "mfa/messages/totp_deactivated.txt": _("The codes of the app open nothing any more."),
    "mfa/messages/webauthn_added.txt": _("The passkey is kept."),
    "mfa/messages/webauthn_removed.txt": _("The passkey opens nothing any more."),
    "socialaccount/messages/account_connected.txt": _("Connected. You may sign in this way from now on."),
    "socialaccount/messages/account_connected_updated.txt": _("This was connected already."),
    "socialaccount/messages/account_connected_other.txt": _("This identity belongs to another account here, so it was not "
                                                            "connected."),
    "socialaccount/messages/account_disconnected.txt": _("Nobody signs in this way any more."),
}
NOTED = {
    "mfa/email/totp_activated": "second_factor.app_added", "mfa/email/totp_deactivated": "second_factor.app_removed",
    "mfa/email/webauthn_added": "second_factor.passkey_added", "mfa/email/webauthn_removed": "second_factor.passkey_removed",
    "mfa/email/recovery_codes_generated": "second_factor.codes_made",
    "socialaccount/email/account_connected": "outside.connected",
    "socialaccount/email/account_disconnected": "outside.disconnected",
}


class AccountAdapter(DefaultAccountAdapter):                           # type: ignore[misc]
    """Nobody signs up by himself; every sign-in and every change of how somebody signs in is written down."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Judge a name and its password. Unknown, closed and wrong answer alike. Raises WaitFirst."""
        answer = attempt(credentials["username"], came(request))
        user = authenticate(request, **credentials)
        SignedInHere.unstash_authenticated_user()
        if not isinstance(user, User):
            return None
        answer.was_right()
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        user.backend = HERE
        mark_device(request)
        super().login(request, user)
        if not request.session.session_key:
            request.session.create()
        begun = begin_session(user, str(request.session.session_key), come=came(request), way=way_of(request, user))
        request.session["sign_in"] = begun.pk

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **how)
        keep_mark(request, answer)
        return answer

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, str(_("This sign-in did not work.")))
        return redirect("sign-in")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Somebody else at a screen left open cannot change how its owner signs in. In a demonstration nobody is anybody."""
        request = context.request
        records = get_authentication_records(request, request.user)
        is_fresh = bool(records) and clock.machine_time().timestamp() - records[-1]["at"] < FRESH
        return not (is_fresh or (settings.DEMO and request.user.is_demo))

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None,
                    message_context: dict[str, Any] | None = None, extra_tags: str = "", message: str | None = None) -> None:
        said = message or SAID.get(message_template or "", "")
        if said:
            messages.add_message(request, level if level == messages.ERROR else messages.SUCCESS, str(said))

    def send_notification_mail(self, template_prefix: str, user: User, context: dict[str, Any] | None = None,
                               email: str | None = None) -> None:
        """Where others write a mail, the journal keeps it."""
        if verb := NOTED.get(template_prefix):
            note_of(user, verb, actor=actor_for(user), at=clock.now())
        forget_secrets(user)


class FactorAdapter(DefaultMFAAdapter):                                # type: ignore[misc]
    """Seeds are kept sealed under the key ring of the house."""

    def get_totp_issuer(self) -> str:
        return f"九宫 {context.request.get_host()}"

    def build_totp_svg(self, url: str) -> str:
        return svg_of(url)

    def encrypt(self, text: str) -> str:
        return keep_secret(context.request.user, text)

    def decrypt(self, encrypted_text: str) -> str:
        return read_secret(encrypted_text)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        come = came(context.request)
        return come.browser or uuid4().hex[:6]


def way_of(request: HttpRequest, user: User) -> str:
    """How somebody signed in, as in password+totp, passkey, link or outside:wecom+webauthn."""
    ways = []
    for record in get_authentication_records(request, user):
        if record["method"] == "mfa":
            ways.append("passkey" if record.get("passwordless") else str(record.get("type", "")))
        elif record["method"] == "socialaccount":
            ways.append(f"outside:{record['provider']}")
        else:
            ways.append(str(record["method"]))
    return "+".join(dict.fromkeys(ways))[:60]
