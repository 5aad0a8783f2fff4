"""Identities of other houses: which are configured, the doors to them, and what stands before an account."""

from collections.abc import Callable
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.socialaccount.views import ConnectionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiugong.accounts.middleware import owes_second_factor
from jiugong.accounts.models import User
from jiugong.accounts.provider import DingTalkAdapter, FeishuAdapter, WeComAdapter

NAMES = {"openid_connect": "", "feishu": _("Feishu"), "dingtalk": _("DingTalk"), "wecom": _("WeCom")}
UNTIED = _("This identity opens no account here. Sign in with your name first, then connect it under “How I sign in”.")
FAILED = _("The other house did not answer as it should, so nobody was signed in. Try again, or sign in with your name.")
View = Callable[..., HttpResponse]


def outside_ways(request: HttpRequest) -> list[dict[str, Any]]:
    """The configured ways: a name, and the address that begins them. Without a setting there is none."""
    return [{"id": way, "name": settings.OIDC_NAME if way == "openid_connect" else NAMES[way], "url": reverse(f"{way}_login")}
            for way in NAMES if way in settings.SOCIALACCOUNT_PROVIDERS]


class OutsideAdapter(DefaultSocialAccountAdapter):                     # type: ignore[misc]
    """An outside identity opens the account to which its owner tied it, and never makes one. Only its id is kept."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        told = sociallogin.account.extra_data
        if isinstance(told.get("userinfo"), dict) and isinstance(told.get("id_token"), dict) and (
                told["userinfo"].get("sub") != told["id_token"].get("sub")):
            raise ImmediateHttpResponse(_back(request, FAILED))        # two answers about two people
        sociallogin.account.extra_data = {}
        if sociallogin.account.pk:
            SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})
        is_tying = sociallogin.state.get("process") == "connect"
        if is_tying and isinstance(request.user, User) and owes_second_factor(request, request.user):
            raise ImmediateHttpResponse(redirect("mfa_index"))         # a password alone ties nothing
        if not sociallogin.is_existing and not is_tying:
            raise ImmediateHttpResponse(_back(request, UNTIED))

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None,
                                extra_context: Any = None) -> None:
        raise ImmediateHttpResponse(_back(request, FAILED))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("mfa_index")


class Connections(ConnectionsView):                                    # type: ignore[misc]
    """Let an outside identity open an account no longer; the list stands on the page of how one signs in."""

    def get_success_url(self) -> str:
        return reverse("mfa_index")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("mfa_index")

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, str(_("This stays: without it and without a password nobody could sign in.")))
        return redirect("mfa_index")


def _back(request: HttpRequest, said: Any) -> HttpResponse:
    messages.error(request, str(said))
    return redirect("mfa_index" if request.user.is_authenticated else "sign-in")


def _to(view: View) -> View:
    """The way there: only by a form of ours, and only where it is configured. The page that leads on is left by itself."""
    @login_not_required
    def handle(request: HttpRequest, **named: str) -> HttpResponse:
        if request.method != "POST":
            return redirect("sign-in")
        answer = _asked(view, request, **named)
        address = answer.headers.get("Location", "")
        if not address.startswith(("https://", "http://")):
            return answer
        return render(request, "accounts/go_on.html", {"address": address})        # a form may not leave our own pages (CSP)
    return handle


def _from(view: View) -> View:
    """The way back: whatever the other house says, nobody is signed in by an answer that is not whole."""
    @login_not_required
    def handle(request: HttpRequest, **named: str) -> HttpResponse:
        try:
            return _asked(view, request, **named)
        except (KeyError, TypeError, ValueError, AttributeError):
            return _back(request, FAILED)
    return handle


def _asked(view: View, request: HttpRequest, **named: str) -> HttpResponse:
    try:
        return view(request, **named)
    except SocialApp.DoesNotExist as reason:
        raise Http404 from reason


to_oidc, from_oidc = _to(oidc.login), _from(oidc.callback)
to_feishu, from_feishu = _to(OAuth2LoginView.adapter_view(FeishuAdapter)), _from(OAuth2CallbackView.adapter_view(FeishuAdapter))
to_dingtalk, from_dingtalk = (_to(OAuth2LoginView.adapter_view(DingTalkAdapter)),
                              _from(OAuth2CallbackView.adapter_view(DingTalkAdapter)))
to_wecom, from_wecom = _to(OAuth2LoginView.adapter_view(WeComAdapter)), _from(OAuth2CallbackView.adapter_view(WeComAdapter))
