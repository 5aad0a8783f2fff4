"""The pages on which roles are given and taken. Nobody gives what he does not hold, or sees users of another park."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import LogoutView
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.accounts import actions
from jiugong.accounts.actions import links
from jiugong.accounts.codes import code_of
from jiugong.accounts.errors import UserBeyondYours
from jiugong.accounts.forms import InviteForm, PasswordForm, PersonForm, RoleForm, TokenForm
from jiugong.accounts.models import User
from jiugong.accounts.power_words import in_words
from jiugong.accounts.queries import (
    membership_for,
    memberships_in,
    roles_for,
    token_for,
    tokens_of,
    user_for,
    users_of,
)
from jiugong.accounts.queries.second_factor import factors_of
from jiugong.accounts.queries.sessions import open_sessions
from jiugong.accounts.remembering import forget
from jiugong.accounts.roles import ROLES, AccountRole
from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Place, Unit
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.units import enterprises_of, grids_of

A_PAGE = 50


class SignOut(LogoutView):
    """Sign out; the phone that scanned is forgotten with it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        forget()
        return super().post(request, *args, **kwargs)


@require_GET
def accounts(request: HttpRequest, park: UUID) -> HttpResponse:
    """Who may sign in here, with which roles over what."""
    actor = actor_of(request)
    here = park_for(actor, park)
    text, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    former = request.GET.get("held") == "former"
    users = users_of(actor, here, clock.now(), former=former)
    if text:
        users = users.filter(name__icontains=text) | users.filter(username__icontains=text)
    if role in AccountRole.values:
        at_hand = memberships_in(actor, here).filter(role=role)
        users = users.filter(pk__in=at_hand.values("user"))
    return render(request, "accounts/accounts.html", {
        "page": Paginator(users, A_PAGE).get_page(request.GET.get("page")), "text": text,
        "roles": [(value, label, value == role) for value, label in AccountRole.choices], "former": former,
        "is_set": bool(text or role or former), "may_invite": actor.may(Can.GRANT_ROLES, over=here)})


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, park: UUID) -> HttpResponse:
    """Enter somebody new, with a first password and a role."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.GRANT_ROLES, over=here)
    form = InviteForm(request.POST if request.method == "POST" else None, actor=actor, park=here, **grantable(actor, here))
    if form.is_valid():
        role, place, unit = form.chosen
        user = actions.invite(form.cleaned_data["username"], name=form.cleaned_data["name"], park=here, role=role,
                              actor=actor, password=form.cleaned_data["password"], place=place, unit=unit,
                              person=form.cleaned_data["person"])
        messages.success(request, _("%(user)s may sign in.") % {"user": user.username})
        return redirect("account", park=here.uid, user=user.pk)
    return render(request, "accounts/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def account(request: HttpRequest, park: UUID, user: int) -> HttpResponse:
    """One user: the roles in this park, a new one, the tokens."""
    actor = actor_of(request)
    here = park_for(actor, park)
    return _page(request, actor, here, user_for(actor, here, user))


def _page(request: HttpRequest, actor: Actor, park: Park, user: User, **shown: Any) -> HttpResponse:
    now = clock.now()
    held = list(memberships_in(actor, park).filter(user=user, shift=None))
    powers = in_words(power for each in held if each.until_at is None or each.until_at > now
                      for power in ROLES[AccountRole(each.role)])
    wrong = any(isinstance(form, (RoleForm, PasswordForm, TokenForm, PersonForm)) and form.is_bound and not form.is_valid()
                for form in shown.values())
    return render(request, "accounts/account.html", {
        "one": user, "held": [each for each in held if each.until_at is None or each.until_at > now],
        "over": [each for each in held if each.until_at and each.until_at <= now], "powers": powers,
        "tokens": tokens_of(user) if _acts_for(user, actor) else [], "moment": now, "zone": park.zone,
        "is_me": actor.key == f"user:{user.pk}",
        "open_sessions": open_sessions(user, now).count(), "factors": factors_of(user).exists(),
        "role_form": RoleForm(**grantable(actor, park)), "password_form": PasswordForm(), "token_form": TokenForm(),
        "person_form": PersonForm(actor=actor, park=park),
        "may_all": actor.may(Can.GRANT_ROLES, over=park)} | shown, status=422 if wrong else 200)


def _acts_for(user: User, actor: Actor) -> bool:
    """Whoever also holds roles that the actor could not give has tokens that are not told here."""
    try:
        actions.refuse_beyond(user, actor)
    except UserBeyondYours:
        return False
    return True


@require_POST
def grant(request: HttpRequest, park: UUID, user: int) -> HttpResponse:
    """Give a user a further role."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = user_for(actor, here, user)
    form = RoleForm(request.POST, **grantable(actor, here))
    if not form.is_valid():
        return _page(request, actor, here, found, role_form=form)
    role, place, unit = form.chosen
    actions.grant(found, role, park=here, actor=actor, place=place, unit=unit)
    messages.success(request, _("%(user)s is %(role)s now.") % {"user": found.name, "role": role.label})
    return redirect("account", park=here.uid, user=found.pk)


@require_POST
def revoke(request: HttpRequest, park: UUID, membership: int) -> HttpResponse:
    """End a role now."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = membership_for(actor, here, membership)
    actions.revoke(found, actor=actor)
    messages.success(request, _("%(user)s is no longer %(role)s.") % {
        "user": found.user.name, "role": AccountRole(found.role).label})
    return redirect("account", park=here.uid, user=found.user_id)


@require_POST
def set_password(request: HttpRequest, park: UUID, user: int) -> HttpResponse:
    """Give somebody who has lost his password a new one."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = user_for(actor, here, user)
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, here, found, password_form=form)
    actions.set_password(found, form.cleaned_data["password"], actor=actor, park=here)
    messages.success(request, _("%(user)s has a new password.") % {"user": found.username})
    return redirect("account", park=here.uid, user=found.pk)


@require_POST
def tie_person(request: HttpRequest, park: UUID, user: int) -> HttpResponse:
    """Say which person of the roster somebody is."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = user_for(actor, here, user)
    form = PersonForm(request.POST, actor=actor, park=here)
    if not form.is_valid():
        return _page(request, actor, here, found, person_form=form)
    tied = actions.tie_person(found, form.cleaned_data["person"], park=here, actor=actor)
    messages.success(request, _("%(user)s is %(person)s on the roster now.") % {
        "user": tied.username, "person": form.cleaned_data["person"].name})
    return redirect("account", park=here.uid, user=found.pk)


@require_POST
def create_token(request: HttpRequest, park: UUID, user: int) -> HttpResponse:
    """Make a token. It is shown on this page, once, and nowhere again."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = user_for(actor, here, user)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, here, found, token_form=form)
    token = actions.create_token(found, name=form.cleaned_data["token_name"], park=here, actor=actor)
    return _page(request, actor, here, found, new_token=token)


@require_POST
def make_link(request: HttpRequest, park: UUID, user: int) -> HttpResponse:
    """Make a link that signs in once. It is shown on this page, once, to be printed or held before a phone."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = user_for(actor, here, user)
    address = request.build_absolute_uri(reverse("sign-in-link", args=[links.make_link(found, park=here, actor=actor)]))
    return _page(request, actor, here, found, link=address, link_code=code_of(address))


@require_POST
def withdraw_token(request: HttpRequest, park: UUID, user: int, token: int) -> HttpResponse:
    """Let a token open nothing from now on."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = user_for(actor, here, user)
    kept = token_for(found, token)
    actions.withdraw_token(kept, park=here, actor=actor)
    messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": kept.name})
    return redirect("account", park=here.uid, user=found.pk)


def grantable(actor: Actor, park: Park) -> dict[str, Any]:
    """What the actor may give, and over what: the action has the last word."""
    reach = actor.reach(Can.GRANT_ROLES)
    places, units = list(grids_of(park, reach)), list(enterprises_of(park, reach))
    whole_park = actor.may(Can.GRANT_ROLES, over=park)
    over: list[Park | Place | Unit] = [park] if whole_park else [*places, *units]
    return {"roles": [role for role in AccountRole if any(role in roles_for(actor, thing) for thing in over)],
            "whole_park": whole_park, "places": places, "units": units}
