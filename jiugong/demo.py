"""The demonstration: story D's park on the morning of its third round, one-click sign-in, and a clock that can be moved.

Only while JIUGONG_DEMO=1, and only in a home that holds nothing but the demonstration. What you scan is counted on top
of the replay: everything is in the database already, and the clock decides how much of it has happened.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jiugong.accounts.actions import create_user, grant
from jiugong.accounts.models import User
from jiugong.accounts.queries import actor_for
from jiugong.accounts.roles import AccountRole
from jiugong.duties.actions import excuse
from jiugong.http import Handler
from jiugong.lib import clock, days
from jiugong.lib.acting import operator
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Charge, Park, Place, Unit
from jiugong.registry.words import PlaceKind, Role, UnitKind
from jiugong.rulebook.actions import adopt
from jiugong.screening.models import Round
from jiugong.screening.queries.rounds import asked_by

FIRST_ROUND = 3
TIME_OF_DAY = time(8, 42)
EXCUSED = 12
RELEASE = "cn-2022-v9"


class HomeIsTaken(Refusal):
    code = "demo.home_is_taken"
    message = _("This home holds other data (%(parks)s). A demonstration has one-click sign-in and needs a home of its "
                "own: set JIUGONG_HOME to an empty folder.")


class NotADemo(Refusal):
    code = "demo.not_a_demo"
    message = _("Set JIUGONG_DEMO=1 to run the demonstration.")


@dataclass(frozen=True)
class DemoPerson:
    """Somebody as whom a visitor may look around."""

    key: str
    name: str
    role: str


def load() -> Park:
    """Load the demonstration into an empty home; a second time changes nothing. Raises NotADemo, HomeIsTaken."""
    from scenarios.d import diary, point, replay

    refuse_beside_other_data()
    told = replay.tell(replay.INPUTS, actor=operator())
    with clock.standing_at(days.bounds(told.first_day, told.park.zone)[0]):
        adopt(told.park, RELEASE, from_day=told.first_day, actor=operator())
        _enter_people(told.park)
    if not _clock_file().exists():
        with clock.standing_at(_morning_of(Round.objects.get(park=told.park, number=FIRST_ROUND))):
            _excuse_some(told.park)
            morning = clock.now()
        diary.write(told.park, told.first_day, told.last_day, actor=operator(),
                    checker=actor_for(User.objects.get(username="officer")))
        with clock.standing_at(morning):
            point.write(told.park, told.first_day, Round.objects.get(park=told.park, number=FIRST_ROUND), morning,
                        actor=operator())
            _set_clock(clock.now())
    return told.park


def refuse_beside_other_data() -> None:
    """A demonstration stands alone: nobody may enter other people's data with one click."""
    if not settings.DEMO:
        raise NotADemo()
    others = Park.objects.exclude(memberships__user__is_demo=True).values_list("name", flat=True)
    if others or User.objects.filter(is_demo=False).exists():
        raise HomeIsTaken(parks=", ".join(others) or "-")


def people() -> list[DemoPerson]:
    """Everybody as whom a visitor may look around, in the order in which a park would name them."""
    users = User.objects.filter(is_demo=True, is_active=True).prefetch_related("memberships").order_by("pk")
    return [DemoPerson(user.username, user.name, _described(user)) for user in users]


def _described(user: User) -> str:
    held = user.memberships.select_related("place", "unit", "park").first()
    if held is None:
        return ""
    return f"{AccountRole(held.role).label} · {held.place or held.unit or held.park}"


def _enter_people(park: Park) -> None:
    grid = Place.objects.filter(park=park, kind=PlaceKind.GRID).order_by("name").first()
    guarded = Charge.objects.filter(park=park, role=Role.PREVENTION_OFFICER).order_by("pk").first()
    enterprise = guarded.unit if guarded else Unit.objects.filter(park=park, kind=UnitKind.ENTERPRISE).first()
    for key, role, over, charge in (
            ("officer", AccountRole.DUTY_OFFICER, park, Role.GROUP_LEADER),
            ("leader", AccountRole.LEADER, park, Role.PARK_CHIEF),
            ("grid", AccountRole.GRID_LEADER, grid, Role.GRID_LEADER),
            ("prevention", AccountRole.PREVENTION_OFFICER, enterprise, Role.PREVENTION_OFFICER),
            ("scanner", AccountRole.SCANNER, park, Role.SCANNER),
            ("courier", AccountRole.COURIER, park, None),
            ("laboratory", AccountRole.LABORATORY, park, None),
            ("auditor", AccountRole.AUDITOR, park, None)):
        if User.objects.filter(username=key).exists():
            continue
        place = over if isinstance(over, Place) else None
        unit = over if isinstance(over, Unit) else None
        named = Charge.objects.filter(park=park, role=charge).select_related("person").order_by("pk")
        named = named.filter(place=place) if place else named.filter(unit=unit) if unit else named
        person = getattr(named.first(), "person", None)
        user = create_user(key, name=person.name if person else str(role.label), park=park, actor=operator(),
                           person=person, is_demo=True)
        grant(user, role, park=park, actor=operator(), place=place, unit=unit)


def _excuse_some(park: Park) -> None:
    """A few of those who miss the round have asked for leave, so that excused is not an empty word."""
    the_round = Round.objects.get(park=park, number=FIRST_ROUND)
    start, end = days.bounds(the_round.day, park.zone)
    missing = asked_by(the_round, the_round.closes_at).missing().select_related("person").order_by("enterprise_id", "pk")
    for posting in missing[:EXCUSED]:
        excuse(park, posting.person, reason="请假回家，企业已报备（演示）", since_at=start, until_at=end, actor=operator())


# the clock ----------------------------------------------------------------------------------------------------------

def demo_clock(get_response: Handler) -> Handler:
    """Let a demonstration's requests live at its own time."""
    def handle(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            return get_response(request)
        with at_demo_time():
            return get_response(request)
    return handle


@contextmanager
def at_demo_time() -> Iterator[None]:
    try:
        shift = timedelta(seconds=json.loads(_clock_file().read_text())["shift"])
    except FileNotFoundError:
        shift = timedelta()
    with clock.shifted_by(shift):
        yield


def _clock_file() -> Path:
    return settings.HOME / "demo-clock.json"


def _set_clock(moment: datetime) -> None:
    _clock_file().write_text(json.dumps({"shift": (moment - clock.machine_time()).total_seconds()}))


def _morning_of(the_round: Round) -> datetime:
    return datetime.combine(the_round.day, TIME_OF_DAY, tzinfo=the_round.park.zone)


def next_round() -> Round | None:
    """The round to which the demonstration's clock can be moved."""
    return Round.objects.filter(opens_at__gt=clock.now()).select_related("park").order_by("opens_at").first()


# its two buttons ----------------------------------------------------------------------------------------------------

@login_not_required
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with one click as one of the demonstration's people."""
    user = User.objects.filter(username=request.POST.get("person", ""), is_demo=True, is_active=True).first()
    if not settings.DEMO or user is None:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")


@require_POST
def move_on(request: HttpRequest) -> HttpResponse:
    """Move the demonstration's clock to the morning of the next round."""
    if not settings.DEMO:
        raise Http404
    coming = next_round()
    if coming:
        _set_clock(_morning_of(coming))
    return redirect("home")
