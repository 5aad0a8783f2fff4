"""At the door of every request: whose it is, and which actor that makes."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from jiugong.accounts.errors import SomebodyElse
from jiugong.accounts.logic import token_hash
from jiugong.accounts.models import User
from jiugong.accounts.queries import actor_for, user_with_token
from jiugong.accounts.remembering import REMEMBERED, remembered
from jiugong.http import Handler, refused, unauthenticated, wants_json
from jiugong.lib import clock
from jiugong.lib.acting import Actor

NOBODY = Actor(key="nobody", name="nobody")
BY_CODE = "/api/v1/me/"                      # a worker's own page: the code in the address is the key


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
        return user if isinstance(user, User) else None

    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return remembered(("session", session), ask) or AnonymousUser()


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, User):
        return NOBODY
    if request.path == REMEMBERED:
        return remembered(("actor", str(user.pk)), lambda: actor_for(user))
    return actor_for(user)


class SignedIn(LoginRequiredMiddleware):
    """Every page is for people who are signed in, unless it says `@login_not_required`; programs hear it as JSON."""

    def process_view(self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any) -> Any:
        if request.path.startswith(BY_CODE):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        return unauthenticated() if wants_json(request) else super().handle_no_permission(request, view_func)
