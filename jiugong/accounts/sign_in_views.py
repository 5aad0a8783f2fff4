"""The door: name and password, then the second factor; a passkey alone; a link alone. And how somebody signs in from now on."""

import json
from typing import Any

from allauth.account.internal.flows.login import perform_login, perform_password_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from jiugong.accounts import sign_in_forms as ask
from jiugong.accounts.actions.links import ask_for_link, link_for, use_link
from jiugong.accounts.adapters import AccountAdapter
from jiugong.accounts.came import came
from jiugong.accounts.errors import LastFactor, LinkGone, WaitFirst
from jiugong.accounts.middleware import owes_second_factor
from jiugong.accounts.models import User
from jiugong.accounts.outside import outside_ways
from jiugong.accounts.queries import nobody_yet
from jiugong.accounts.queries.second_factor import factors_of, is_last_factor, must_have_second_factor
from jiugong.accounts.session_views import house_zone
from jiugong.http import GONE, TOO_MANY, UNPROCESSABLE, sentence_of
from jiugong.lib import clock


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask who somebody is. Whoever is nobody, is closed, or has another password, hears the same."""
    if request.user.is_authenticated:
        return redirect(get_next_redirect_url(request) or "home")
    form, status, seconds = ask.SignInForm(request.POST if request.method == "POST" else None), 200, 0
    if form.is_valid():
        given = form.cleaned_data
        try:
            user = AccountAdapter(request).authenticate(request, username=given["username"], password=given["password"])
        except WaitFirst as refusal:
            status, seconds = TOO_MANY, int(refusal.facts["seconds"])
            form.add_error(None, sentence_of(refusal))
        else:
            if user:
                answer: HttpResponse = perform_password_login(request, {"username": user.username}, Login(
                    user=user, redirect_url=get_next_redirect_url(request)))
                return answer
            form.add_error(None, str(ask.WRONG))
    shown = render(request, "sign_in.html", {"form": form, "next": get_next_redirect_url(request), "nobody_yet": nobody_yet,
                                             "outside_ways": outside_ways(request), "links": bool(settings.ADDRESS)},
                   status=status)
    if seconds:
        shown.headers["Retry-After"] = str(seconds)
    return shown


@login_not_required
@never_cache
@sensitive_post_parameters("who")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_link(request: HttpRequest) -> HttpResponse:
    """Ask for a link that signs in once. Whatever was typed, the answer is the same: whom it means is looked up by the worker."""
    form, status, seconds = ask.AskLinkForm(request.POST if request.method == "POST" else None), 200, 0
    if form.is_valid() and settings.ADDRESS:
        try:
            ask_for_link(form.cleaned_data["who"], come=came(request))
            return render(request, "accounts/ask_link.html", {"asked": True})
        except WaitFirst as refusal:
            status, seconds = TOO_MANY, int(refusal.facts["seconds"])
            form.add_error(None, sentence_of(refusal))
    elif form.is_bound:
        status = UNPROCESSABLE
    shown = render(request, "accounts/ask_link.html", {"form": form, "links": bool(settings.ADDRESS)}, status=status)
    if seconds:
        shown.headers["Retry-After"] = str(seconds)
    return shown


class _ToTheDevice:
    """What the device is asked about a passkey, as its script reads it; an answer that is none signs nobody in."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().dispatch(request, *args, **kwargs)      # type: ignore[misc]
            return answer
        except (KeyError, TypeError, ValueError, AttributeError):
            messages.error(request, _("This passkey opens nothing here."))
            return redirect("mfa_index" if request.user.is_authenticated else "sign-in")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_context_data(**kwargs)      # type: ignore[misc]
        asked = list(shown.get("js_data", {}).values())
        return shown | ({"options": json.dumps(asked[0], cls=DjangoJSONEncoder)} if asked else {})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, text: str) -> HttpResponse:
    """A link that signs in once. To look at it uses nothing up: mail programs look at links before people do."""
    try:
        if request.method == "POST":
            user = use_link(text)
            record_authentication(request, user, "link")
            answer: HttpResponse = perform_login(request, Login(user=user))
            return answer
        return render(request, "accounts/link.html", {"link": link_for(text)})
    except LinkGone:
        return render(request, "accounts/link.html", {}, status=GONE)


@method_decorator(login_not_required, name="dispatch")
class SecondStep(_ToTheDevice, AuthenticateView):                                    # type: ignore[misc]
    """The second factor, after the password was right."""

    template_name = "accounts/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = factors_of(self.stage.login.user).filter(type=Authenticator.Type.WEBAUTHN)
        return super().get_context_data(**kwargs) | {"has_passkey": keys.exists()}        # nobody is offered what he has not


@method_decorator(login_not_required, name="dispatch")
class PasskeySignIn(_ToTheDevice, LoginWebAuthnView):                                # type: ignore[misc]
    """A passkey alone: the device has asked who holds it, so that it is two factors at once."""

    template_name = "sign_in.html"


# how I sign in ------------------------------------------------------------------------------------------------------

class HowISignIn(IndexView):                                           # type: ignore[misc]
    """The factors, the codes on paper, the outside identities of whoever looks at them: nobody else sees this page."""

    template_name = "accounts/how_i_sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
        return dict(super().get_context_data(**kwargs)) | {
            "zone": house_zone(), "must": must_have_second_factor(user, clock.now()),
            "owes": owes_second_factor(self.request, user),
            "factors": [{"pk": each.pk, "is_app": each.type == Authenticator.Type.TOTP, "at": each.created_at,
                         "used_at": each.last_used_at, "name": "" if each.type == Authenticator.Type.TOTP else each.wrap().name}
                        for each in factors_of(user)],
            "has_app": any(each.type == Authenticator.Type.TOTP for each in factors_of(user)),
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
            "outside_ways": outside_ways(self.request), "connected": user.socialaccount_set.order_by("pk")}


def _proved(request: HttpRequest, factor: Authenticator) -> None:
    """Whoever has just set a factor up has shown it."""
    record_authentication(request, request.user, "mfa", id=factor.pk, type=factor.type)


class AddApp(ActivateTOTPView):                                        # type: ignore[misc]
    """The codes of an app: scan the square, type the first code."""

    template_name = "accounts/app.html"

    def form_valid(self, form: ask.AppForm) -> HttpResponse:
        factor, _codes = activate_totp(self.request, form)
        _proved(self.request, factor)
        return redirect("mfa_view_recovery_codes")


def _refuse_last(user: User, factor: Authenticator) -> None:
    if is_last_factor(user, factor) and must_have_second_factor(user, clock.now()):
        raise LastFactor()


class RemoveApp(DeactivateTOTPView):                                   # type: ignore[misc]
    """Let the codes of an app open nothing any more."""

    template_name = "accounts/remove_factor.html"

    def form_valid(self, form: Any) -> HttpResponse:
        _refuse_last(self.request.user, self.authenticator)
        answer: HttpResponse = super().form_valid(form)
        return answer


class AddPasskey(_ToTheDevice, AddWebAuthnView):                                     # type: ignore[misc]
    """A passkey of this device, or a key that is held to it."""

    template_name = "accounts/passkey.html"

    def form_valid(self, form: ask.PasskeyForm) -> HttpResponse:
        super().form_valid(form)
        newest = factors_of(User.objects.get(pk=int(self.request.user.pk or 0))).last()
        if newest:
            _proved(self.request, newest)
        return redirect("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_index")


class RemovePasskey(RemoveWebAuthnView):                               # type: ignore[misc]
    """Let a passkey open nothing any more."""

    template_name = "accounts/remove_factor.html"

    def form_valid(self, form: Any) -> HttpResponse:
        _refuse_last(self.request.user, self.get_object())
        super().form_valid(form)
        return redirect("mfa_index")


class PaperCodes(ViewRecoveryCodesView):                               # type: ignore[misc]
    """The codes on paper, shown once: each opens the door once when phone and key are lost."""

    template_name = "accounts/paper_codes.html"


class NewPaperCodes(GenerateRecoveryCodesView):                        # type: ignore[misc]
    """Make new codes on paper; the old ones open nothing any more."""

    template_name = "accounts/new_paper_codes.html"


class PasswordAgain(ReauthenticateView):                               # type: ignore[misc]
    template_name = "accounts/again.html"


class CodeAgain(CodeAgainView):                                        # type: ignore[misc]
    template_name = "accounts/again.html"


class PasskeyAgain(_ToTheDevice, ReauthenticateWebAuthnView):                        # type: ignore[misc]
    template_name = "accounts/again.html"
