"""The only code that changes users, memberships and tokens; its neighbours change what stands at the door."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from jiugong.accounts.actions.sessions import end_keys
from jiugong.accounts.errors import (
    WEAK,
    PasswordWeak,
    PersonElsewhere,
    PersonTied,
    RoleBeyondYours,
    UserBeyondYours,
    UserExists,
    UserTied,
)
from jiugong.accounts.logic import token_hash
from jiugong.accounts.models import Membership, Token, User
from jiugong.accounts.queries import memberships_from
from jiugong.accounts.remembering import forget
from jiugong.accounts.roles import ROLES, AccountRole
from jiugong.lib import clock
from jiugong.lib.acting import EVERYTHING, Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person, Place, Unit

TOKEN_DAYS = 90


@transaction.atomic
def create_user(username: str, *, name: str, park: Park, actor: Actor, password: str | None = None,
                person: Person | None = None, is_demo: bool = False) -> User:
    """Enter a user; without a password nobody can sign in under the name until one is set."""
    actor.must(Can.GRANT_ROLES, over=park)
    if User.objects.filter(username__iexact=username).exists():          # at the door capitals are not told apart
        raise UserExists(username=username)

    user = User(username=username, name=name, person=person, is_demo=is_demo)
    if password is None:
        user.set_unusable_password()
    else:
        _refuse_weak(password, user)
        user.set_password(password)
    user.save()

    note("user.created", actor=actor, at=clock.now(), park_id=park.pk, subject=f"user:{user.pk}", username=username)
    return user


@transaction.atomic
def invite(username: str, *, name: str, park: Park, role: AccountRole, actor: Actor, password: str,
           place: Place | None = None, unit: Unit | None = None, person: Person | None = None) -> User:
    """Enter a user together with the first role: one of them alone would be somebody whom nobody sees.

    Raises UserExists, PasswordWeak, RoleBeyondYours, PersonElsewhere, PersonTied.
    """
    if person:
        park.one_at_a_time()
        _refuse_tied(person, park)
    user = create_user(username, name=name, park=park, actor=actor, password=password, person=person)
    grant(user, role, park=park, actor=actor, place=place, unit=unit)
    return user


@transaction.atomic
def tie_person(user: User, person: Person, *, park: Park, actor: Actor) -> User:
    """Say which person of the roster a user is. The same again changes nothing.

    Raises PersonElsewhere, PersonTied, UserTied, UserBeyondYours.
    """
    actor.must(Can.GRANT_ROLES, over=park)
    park.one_at_a_time()
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    refuse_beyond(user, actor)
    if user.person_id == person.pk:
        return user
    if user.person_id:
        raise UserTied(user=user.name)
    _refuse_tied(person, park)

    user.person = person
    user.save(update_fields=["person"])

    transaction.on_commit(forget)            # a device that scans is asked anew
    note("user.tied", actor=actor, at=clock.now(), park_id=park.pk, subject=f"user:{user.pk}", person=str(person.uid))
    return user


def _refuse_tied(person: Person, park: Park) -> None:
    if person.park_id != park.pk:
        raise PersonElsewhere(person=person.name)
    other = User.objects.filter(person=person).first()
    if other:
        raise PersonTied(person=person.name, username=other.username)


@transaction.atomic
def set_password(user: User, password: str, *, actor: Actor, park: Park) -> None:
    """Give a user a new password; what was made under the old one ends: sessions, tokens, links.

    Raises UserBeyondYours, PasswordWeak.
    """
    actor.must(Can.GRANT_ROLES, over=park)
    refuse_beyond(user, actor)
    _refuse_weak(password, user)

    user.set_password(password)
    user.save(update_fields=["password"])
    end_keys(user, actor=actor)

    transaction.on_commit(forget)            # a device that scans is asked anew
    note("user.password_set", actor=actor, at=clock.now(), park_id=park.pk, subject=f"user:{user.pk}")


@transaction.atomic
def grant(user: User, role: AccountRole, *, park: Park, actor: Actor, place: Place | None = None,
          unit: Unit | None = None, until_at: datetime | None = None) -> Membership:
    """Give a role over a place, a unit or the whole park. Nobody gives a power that he does not hold there."""
    over = place or unit or park
    refuse_beyond_mine(role, over=over, actor=actor)

    now = clock.now()
    held = Membership.objects.filter(user=user, role=role, place=place, unit=unit, park=park, until_at=None).first()
    if held and not until_at:
        return held
    membership = Membership.objects.create(user=user, park=park, role=role, place=place, unit=unit,
                                           since_at=now, until_at=until_at)

    transaction.on_commit(forget)            # a device that scans is asked anew
    note("role.granted", actor=actor, at=now, park_id=park.pk, subject=f"user:{user.pk}", role=role.value,
         over=str(over))
    return membership


@transaction.atomic
def revoke(membership: Membership, *, actor: Actor) -> None:
    """End a role now. What is over already stays as it was."""
    over = membership.place or membership.unit or membership.park
    actor.must(Can.GRANT_ROLES, over=over)
    now = clock.now()
    if membership.until_at and membership.until_at <= now:
        return

    membership.until_at = now
    membership.save(update_fields=["until_at"])

    transaction.on_commit(forget)            # a device that scans is asked anew
    note("role.revoked", actor=actor, at=now, park_id=membership.park_id, subject=f"user:{membership.user_id}",
         role=membership.role)


@transaction.atomic
def create_token(user: User, *, name: str, park: Park, actor: Actor) -> str:
    """Make a token for a program that acts for a user: returned once, its hash is kept. Raises UserBeyondYours."""
    actor.must(Can.GRANT_ROLES, over=park)
    refuse_beyond(user, actor)
    now = clock.now()

    text = f"jg_{secrets.token_urlsafe(32)}"
    Token.objects.create(user=user, name=name, hash=token_hash(text), created_at=now,
                         expires_at=now + timedelta(days=TOKEN_DAYS))

    note("token.created", actor=actor, at=now, park_id=park.pk, subject=f"user:{user.pk}", name=name)
    return text


@transaction.atomic
def withdraw_token(token: Token, *, park: Park, actor: Actor) -> None:
    """Let a token open nothing from now on."""
    actor.must(Can.GRANT_ROLES, over=park)
    now = clock.now()
    if token.expires_at <= now:
        return

    token.expires_at = now
    token.save(update_fields=["expires_at"])

    transaction.on_commit(forget)            # a device that scans is asked anew
    note("token.withdrawn", actor=actor, at=now, park_id=park.pk, subject=f"user:{token.user_id}", name=token.name)


def refuse_beyond_mine(role: AccountRole, *, over: Park | Place | Unit, actor: Actor) -> None:
    """Nobody gives a power that he does not hold there. Raises NotAllowed, RoleBeyondYours."""
    actor.must(Can.GRANT_ROLES, over=over)
    beyond = sorted(power.value for power in ROLES[role] if not actor.may(power, over=over))
    if beyond:
        raise RoleBeyondYours(role=str(role.label), powers=", ".join(beyond))


def refuse_beyond(user: User, actor: Actor) -> None:
    """Whoever could act for a user would hold his powers: refuse where he holds one that the actor lacks there.

    Roles that have yet to begin count, for a password and a token wait for them; so do the sessions that an operator may open.
    """
    if user.is_operator and actor.key != f"user:{user.pk}" and EVERYTHING not in actor.reach(Can.RUN_SERVER):
        raise UserBeyondYours(user=user.name)
    for membership in memberships_from(user, clock.now()):
        over = membership.place or membership.unit or membership.park
        if any(not actor.may(power, over=over) for power in ROLES[AccountRole(membership.role)]):
            raise UserBeyondYours(user=user.name)


def _refuse_weak(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as reason:
        said = [str(WEAK.get(str(each.code), each.message)) % (each.params or {}) for each in reason.error_list]
        raise PasswordWeak(reasons=" ".join(said)) from reason
