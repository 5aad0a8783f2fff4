"""Accounts' thin doors on the command line: users, roles, tokens, operators, second factors, shifts."""

import argparse
import getpass
import sys
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiugong.accounts.actions import create_token, create_user, grant, set_password, tie_person
from jiugong.accounts.actions.factors import reset_second_factor
from jiugong.accounts.actions.operators import dismiss_operator, name_operator
from jiugong.accounts.actions.shifts import plan_shift
from jiugong.accounts.errors import PersonNotOne, UserUnknown
from jiugong.accounts.logic import Span, token_hash
from jiugong.accounts.models import User
from jiugong.accounts.queries.shifts import lines_of, shifts_seen, span_of
from jiugong.accounts.roles import AccountRole
from jiugong.lib import days
from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, answer, day_of, moment_of
from jiugong.registry.actions.parks import create_park
from jiugong.registry.commands import park_named
from jiugong.registry.models import Park
from jiugong.registry.queries.people import search_people
from jiugong.registry.queries.things import thing_named


def add_parser(commands: Any) -> None:
    """`jiugong user add|password|grant|tie` and `jiugong token create`."""
    users = commands.add_parser("user", help="who may sign in").add_subparsers(required=True, metavar="VERB")
    add = users.add_parser("add", help="enter a user; the password is asked for, or read from standard input")
    add.add_argument("username")
    add.add_argument("--name", required=True)
    add.add_argument("--create-park", action="store_true", help="create the park if it is not there")
    password = users.add_parser("password", help="give a user a new password; sessions, tokens and links made before end")
    password.add_argument("username")
    give = users.add_parser("grant", help="give a role over the park, a grid or an enterprise")
    give.add_argument("username")
    tie = users.add_parser("tie", help="say which person of the roster a user is")
    tie.add_argument("username")
    tie.add_argument("--person", required=True, metavar="WHO", help="a name, ID number or phone that one person alone has")
    for command in (add, give):
        command.add_argument("--role", choices=AccountRole.values, required=command is give)
        command.add_argument("--over", metavar="NAME", help="a grid or an enterprise; the whole park without it")
    named = users.add_parser("name-operator", help="let a user open operator's sessions on pages")
    named.add_argument("username")
    dismissed = users.add_parser("dismiss-operator", help="let a user open none any more")
    dismissed.add_argument("username")
    reset = users.add_parser("reset-second-factor", help="take away what was lost; the next sign-in sets up a new one")
    reset.add_argument("username")
    shifts = commands.add_parser("shift", help="who is on duty").add_subparsers(required=True, metavar="VERB")
    shift = shifts.add_parser("add", help="put somebody on duty: the role begins and ends with the shift")
    shift.add_argument("username")
    shift.add_argument("--role", choices=AccountRole.values, required=True)
    shift.add_argument("--over", metavar="NAME", help="a grid or an enterprise; the whole park without it")
    shift.add_argument("--from", dest="start", required=True, metavar="MOMENT")
    shift.add_argument("--until", dest="end", required=True, metavar="MOMENT")
    listed = shifts.add_parser("list", help="who is on duty on a day, and which hours nobody covers")
    listed.add_argument("--day", metavar="DAY")
    tokens = commands.add_parser("token", help="what programs sign in with").add_subparsers(required=True, metavar="VERB")
    create = tokens.add_parser("create", help="make a token for a user; it is printed once")
    create.add_argument("username")
    create.add_argument("--name", required=True, help="what it is for")
    for command, run in ((add, add_user), (password, new_password), (give, grant_role), (tie, tie_user), (create, new_token),
                         (named, name_an_operator), (dismissed, dismiss_an_operator), (reset, reset_factor), (shift, add_shift),
                         (listed, list_shifts)):
        command.add_argument("--park", required=True, metavar="NAME")
        command.add_argument("--json", action="store_true")
        command.set_defaults(run=run)


@transaction.atomic
def add_user(given: argparse.Namespace) -> int:
    """Enter a user, with a role if one is named."""
    park = create_park(given.park, actor=operator()) if given.create_park else park_named(given.park)
    user = create_user(given.username, name=given.name, park=park, actor=operator(), password=_password())
    if given.role:
        _grant(user, given)
    return _done({"user": user.username}, given, _("%(user)s may sign in.") % {"user": user.username})


def new_password(given: argparse.Namespace) -> int:
    user = _user(given.username)
    set_password(user, _password(), actor=operator(), park=park_named(given.park))
    return _done({"user": user.username}, given, _("%(user)s has a new password.") % {"user": user.username})


def grant_role(given: argparse.Namespace) -> int:
    user = _user(given.username)
    _grant(user, given)
    return _done({"user": user.username, "role": given.role}, given, _("Granted."))


def tie_user(given: argparse.Namespace) -> int:
    """Tie a user to a person of the roster."""
    park, user = park_named(given.park), _user(given.username)
    found = search_people(operator(), park, given.person)
    if len(found) != 1:
        raise PersonNotOne(found=len(found))
    tie_person(user, found[0], park=park, actor=operator())
    return _done({"user": user.username, "person": str(found[0].uid)}, given, _("%(user)s is %(person)s on the roster now.") % {
        "user": user.username, "person": found[0].name})


def new_token(given: argparse.Namespace) -> int:
    user = _user(given.username)
    token = create_token(user, name=given.name, park=park_named(given.park), actor=operator())
    return _done({"token": token}, given, token)


def name_an_operator(given: argparse.Namespace) -> int:
    user = _user(given.username)
    name_operator(user, actor=operator(), park=park_named(given.park))
    return _done({"user": user.username}, given, _("%(user)s may open operator's sessions.") % {"user": user.username})


def dismiss_an_operator(given: argparse.Namespace) -> int:
    user = _user(given.username)
    dismiss_operator(user, actor=operator(), park=park_named(given.park))
    return _done({"user": user.username}, given, _("%(user)s opens no operator's sessions any more.") % {"user": user.username})


def reset_factor(given: argparse.Namespace) -> int:
    user = _user(given.username)
    reset_second_factor(user, actor=operator(), park=park_named(given.park))
    return _done({"user": user.username}, given,
                 _("%(user)s sets up a new second factor at the next sign-in.") % {"user": user.username})


def add_shift(given: argparse.Namespace) -> int:
    """Put somebody on duty. The same line again changes nothing: its words are its id."""
    park, user = park_named(given.park), _user(given.username)
    place, unit = thing_named(park, given.over) if given.over else (None, None)
    start, end = moment_of(given.start, park.zone), moment_of(given.end, park.zone)
    words = f"{park.uid}|{user.username}|{given.role}|{given.over}|{start.isoformat()}|{end.isoformat()}"
    plan_shift(user, AccountRole(given.role), park=park, since_at=start, until_at=end, client_id=token_hash(words),
               actor=operator(), place=place, unit=unit)
    return _done({"user": user.username, "role": given.role}, given, _("Planned."))


def list_shifts(given: argparse.Namespace) -> int:
    park = park_named(given.park)
    within = Span(*days.bounds(day_of(given.day, park.zone), park.zone))
    lines = lines_of(shifts_seen(operator(), park, within), within, always=[(AccountRole.DUTY_OFFICER, park)])
    told = [{"role": line.role.value, "over": str(line.over), "uncovered": [[gap.start, gap.end] for gap in line.uncovered],
             "shifts": [{"name": each.membership.user.name, "since_at": span_of(each).start, "until_at": span_of(each).end}
                        for each in line.shifts]} for line in lines]
    answer({"lines": told}, as_json=given.json, text="\n".join(
        f"{line.role.label} · {line.over}: " + ", ".join(
            [f"{each.membership.user.name} {_hours(span_of(each), park)}" for each in line.shifts]
            + [f"{_('nobody')} {_hours(gap, park)}" for gap in line.uncovered]) for line in lines))
    return DONE


def _hours(span: Span, park: Park) -> str:
    return "–".join(f"{at.astimezone(park.zone):%m-%d %H:%M}" for at in (span.start, span.end))


def _grant(user: User, given: argparse.Namespace) -> None:
    park = park_named(given.park)
    place, unit = thing_named(park, given.over) if given.over else (None, None)
    grant(user, AccountRole(given.role), park=park, actor=operator(), place=place, unit=unit)


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise UserUnknown(username=username)
    return user


def _password() -> str:
    return getpass.getpass(_("Password: ")) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _done(data: dict[str, str], given: argparse.Namespace, text: str) -> int:
    answer(data, as_json=given.json, text=text)
    return DONE
