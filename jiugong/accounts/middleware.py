"""At the door of every request: whose it is, and which actor that makes."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, get_user
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from jiugong.accounts.actions.sessions import note_use
from jiugong.accounts.backends import HERE
from jiugong.accounts.errors import SecondFactorFirst, SomebodyElse
from jiugong.accounts.logic import token_hash
from jiugong.accounts.models import OperatorSession, User
from jiugong.accounts.queries import actor_for, user_with_token
from jiugong.accounts.queries.second_factor import must_have_second_factor
from jiugong.accounts.queries.shifts import next_change
from jiugong.accounts.remembering import REMEMBERED, remembered
from jiugong.http import Handler, refused, unauthenticated, wants_json
from jiugong.lib import clock
from jiugong.lib.acting import Actor, all_powers

NOBODY = Actor(key="nobody", name="nobody")
BY_CODE = "/api/v1/me/"                      # a worker's own page: the code in the address is the key
ASK_LINK = "/api/v1/accounts/sign-in-links"  # the door: for whoever is nobody yet
SETTING_UP = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "mfa_reauthenticate",
              "mfa_reauthenticate_webauthn", "sign-out", "set_language"}       # all that is open before the second factor is there


def token_sign_in(get_response: Handler) -> Handler:
    """A program that shows a token acts as its user. Tokens open the API alone, never a page."""
    def handle(request: HttpRequest) -> HttpResponse:
        shown = request.headers.get("Authorization", "")
        if wants_json(request) and shown.startswith("Bearer "):
            text = shown.removeprefix("Bearer ").strip()
            user = _remembered(request, "token", text, lambda: user_with_token(text, clock.now()))
            if user is None:
                return unauthenticated()
            request.user = user
            request.by_token = True                                    # type: ignore[attr-defined]
        return get_response(request)
    return handle


def who_acts(get_response: Handler) -> Handler:
    """Put the actor into the request; it is made when somebody first asks for it.

    A device that sends later what somebody made (`X-Made-By`) sends it in nobody else's name, whoever is signed in now.
    """
    def handle(request: HttpRequest) -> HttpResponse:
        if request.path == REMEMBERED and not getattr(request, "by_token", False):
            request.user = SimpleLazyObject(lambda: _user_of_session(request))     # type: ignore[assignment]
        request.actor = SimpleLazyObject(lambda: _actor(request))      # type: ignore[attr-defined]
        made_by = request.headers.get("X-Made-By", "")
        if made_by and isinstance(request.user, User) and made_by != f"user:{request.user.pk}":
            return refused(request, SomebodyElse(name=request.user.name))
        return get_response(request)
    return handle


def _remembered(request: HttpRequest, way: str, text: str, ask: Callable[[], User | None]) -> User | None:
    return remembered((way, token_hash(text)), ask) if request.path == REMEMBERED else ask()


def _user_of_session(request: HttpRequest) -> User | AnonymousUser:
    def ask() -> User | None:
        user = get_user(request)
        return user if isinstance(user, User) and not owes_second_factor(request, user) else None

    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return remembered(("session", session), ask) or AnonymousUser()


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, User):
        return NOBODY
    if owes_second_factor(request, user):
        return Actor(key=f"user:{user.pk}", name=user.name)            # he is known, and may nothing yet
    if request.path == REMEMBERED:
        return remembered(("actor", str(user.pk)), lambda: actor_for(user), ends=lambda: next_change(user, clock.now()))
    if opened := operator_session_of(request, user):
        request.operator_session = opened                              # type: ignore[attr-defined]
        return all_powers(key=f"user:{user.pk}", name=f"{user.name} · operator")
    return actor_for(user)


def operator_session_of(request: HttpRequest, user: User) -> OperatorSession | None:
    """The operator's session that was opened in this very session, while it lasts. A token never carries one."""
    number = 0 if getattr(request, "by_token", False) else request.session.get("operator", 0)
    if not number or not user.is_operator:
        return None
    return OperatorSession.objects.filter(pk=number, user=user, until_at__gt=clock.now()).first()


def owes_second_factor(request: HttpRequest, user: User) -> bool:
    """Has somebody come in without the second factor that his role needs? Judged anew for each request.

    A token was made by somebody who had shown his. Sessions of other backends exist in demonstrations and tests alone.
    """
    if getattr(request, "by_token", False) or request.session.get(BACKEND_SESSION_KEY) != HERE:
        return False
    if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
        return False
    owes: bool | None = getattr(request, "owes_second_factor", None)    # asked more than once of one request
    if owes is None:
        owes = must_have_second_factor(user, clock.now())
        request.owes_second_factor = owes                              # type: ignore[attr-defined]
    return owes


class SignedIn(LoginRequiredMiddleware):
    """Every page is for people who are signed in, unless it says `@login_not_required`; programs hear it as JSON.

    Whoever needs a second factor and has none yet is led to set one up before any other page.
    """

    def process_view(self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any) -> Any:
        if request.path.startswith(BY_CODE) or request.path == ASK_LINK:
            return None
        stopped = super().process_view(request, view_func, view_args, view_kwargs)
        user = request.user
        if stopped or not isinstance(user, User) or not getattr(view_func, "login_required", True):
            return stopped
        if request.path != REMEMBERED and owes_second_factor(request, user):
            if wants_json(request):
                return refused(request, SecondFactorFirst())
            match = request.resolver_match
            return None if match and match.url_name in SETTING_UP else redirect("mfa_index")
        if begun := not getattr(request, "by_token", False) and request.session.get("sign_in"):
            note_use(begun)
        return None

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        return unauthenticated() if wants_json(request) else super().handle_no_permission(request, view_func)
