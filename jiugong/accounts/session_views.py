"""My sessions and devices; my password; and an account's sessions for whoever gives it its roles."""

from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.accounts.actions import refuse_beyond
from jiugong.accounts.actions.factors import reset_second_factor
from jiugong.accounts.actions.sessions import change_own_password, end_sessions
from jiugong.accounts.models import SignIn, User
from jiugong.accounts.queries import tokens_of, user_for
from jiugong.accounts.queries.sessions import open_sessions, session_for
from jiugong.accounts.sign_in_forms import NewPasswordForm
from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.lists import page_of


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Where I am signed in: from where roughly, since when, last used when."""
    return render(request, "accounts/sessions.html", {"page": page_of(request, open_sessions(_me(request), clock.now())),
                                                      "this_one": request.session.get("sign_in"), "zone": house_zone()})


@require_POST
def end_one(request: HttpRequest, session: int) -> HttpResponse:
    """End one session of mine."""
    me = _me(request)
    end_sessions(session_for(me, session), me, actor=actor_of(request))
    messages.success(request, _("This session has ended."))
    return redirect("my-sessions")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session of mine but this one."""
    me = _me(request)
    ended = end_sessions(SignIn.objects.exclude(pk=request.session.get("sign_in") or 0), me, actor=actor_of(request))
    messages.success(request, _ended(ended))
    return redirect("my-sessions")


@require_POST
def end_all_of(request: HttpRequest, park: UUID, user: int) -> HttpResponse:
    """End every session of an account, as when a phone was lost."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = user_for(actor, here, user)
    actor.must(Can.GRANT_ROLES, over=here)
    refuse_beyond(found, actor)
    messages.success(request, _ended(end_sessions(SignIn.objects.all(), found, actor=actor)))
    return redirect("account", park=here.uid, user=found.pk)


@require_POST
def reset_factor(request: HttpRequest, park: UUID, user: int) -> HttpResponse:
    """Let somebody who has lost phone and key set up a new second factor at his next sign-in."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = user_for(actor, here, user)
    reset_second_factor(found, actor=actor, park=here)
    messages.success(request, _("%(user)s sets up a new second factor at the next sign-in.") % {"user": found.name})
    return redirect("account", park=here.uid, user=found.pk)


@require_http_methods(["GET", "POST"])
@reauthentication_required(app="accounts")                            # type: ignore[untyped-decorator]
def my_password(request: HttpRequest) -> HttpResponse:
    """Give myself a new password; my other sessions end, and the tokens of programs that act for me."""
    me = _me(request)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=me)
    if form.is_valid():
        change_own_password(me, form.cleaned_data["password"], keeping=request.session.get("sign_in") or 0,
                            actor=actor_of(request))
        update_session_auth_hash(request, me)
        SignIn.objects.filter(pk=request.session.get("sign_in") or 0).update(session_key=request.session.session_key)
        messages.success(request, _("You have a new password. Your other sessions have ended, and so have your tokens and links."))
        return redirect("mfa_index")
    return render(request, "accounts/my_password.html", {
        "form": form, "programs": [each.name for each in tokens_of(me) if each.expires_at > clock.now()]},
        status=422 if form.is_bound else 200)


def house_zone() -> ZoneInfo:
    """The hours of this server, for pages that belong to no park."""
    return ZoneInfo(settings.PARK_TIME_ZONE)


def _me(request: HttpRequest) -> User:
    return User.objects.get(pk=int(request.user.pk or 0))


def _ended(number: int) -> str:
    return ngettext("%(count)s session has ended.", "%(count)s sessions have ended.", number) % {"count": number}
