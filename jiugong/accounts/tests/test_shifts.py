"""On duty: powers begin and end with a shift to the second; gaps are never silent; the next reads what was handed over."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jiugong.accounts import remembering
from jiugong.accounts.actions.shifts import hand_over, plan_shift, take_over, withdraw_shift
from jiugong.accounts.errors import NothingToHandOver, RoleBeyondYours, ShiftIdReused, ShiftIsOver, ShiftTwice
from jiugong.accounts.logic import Span, doubled, uncovered
from jiugong.accounts.models import Membership, Shift, User
from jiugong.accounts.queries import actor_for
from jiugong.accounts.queries.second_factor import must_have_second_factor
from jiugong.accounts.queries.shifts import lines_of, next_change, shifts_seen
from jiugong.accounts.roles import AccountRole
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, Note, operator
from jiugong.lib.can import Can
from tests.cast import MORNING, Town

pytestmark = pytest.mark.usefixtures("this_morning")
STARTS, ENDS = MORNING + timedelta(hours=4), MORNING + timedelta(hours=12)
ZERO = datetime(2022, 7, 22, tzinfo=UTC)
WHOLE = Span(ZERO, ZERO + timedelta(hours=24))
SPANS = st.lists(st.tuples(st.integers(-5, 30), st.integers(1, 12)).map(
    lambda pair: Span(ZERO + timedelta(hours=pair[0]), ZERO + timedelta(hours=pair[0] + pair[1]))), max_size=8)


def on_duty(town: Town, user: str = "shu", role: AccountRole = AccountRole.DUTY_OFFICER, *, since: datetime = STARTS,
            until: datetime = ENDS, client_id: str = "", actor=None, **over) -> Shift:
    return plan_shift(town.users[user], role, park=town.park, since_at=since, until_at=until, client_id=client_id or uuid4().hex,
                      actor=actor or operator(), **over)


# laws ---------------------------------------------------------------------------------------------------------------

@given(SPANS)
def test_every_hour_is_covered_or_named_as_uncovered(spans: list[Span]) -> None:
    gaps = uncovered(spans, WHOLE)

    for hour in range(24):
        at = ZERO + timedelta(hours=hour)
        covered = any(span.start <= at < span.end for span in spans)
        assert covered is not any(gap.start <= at < gap.end for gap in gaps)


@given(SPANS)
def test_exactly_what_two_cover_is_named_as_doubled(spans: list[Span]) -> None:
    twice = doubled(spans)

    for hour in range(-5, 42):
        at = ZERO + timedelta(hours=hour)
        assert (sum(span.start <= at < span.end for span in spans) > 1) is any(each.start <= at < each.end for each in twice)


# powers -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("at", "held"), [
    (STARTS - timedelta(seconds=1), False), (STARTS, True), (STARTS + timedelta(seconds=1), True),
    (ENDS - timedelta(seconds=1), True), (ENDS, False), (ENDS + timedelta(seconds=1), False)])
def test_powers_begin_and_end_with_the_shift(town: Town, at: datetime, held: bool) -> None:
    on_duty(town)

    assert actor_for(town.users["shu"], at).may(Can.OPEN_ROUNDS, over=town.park) is held
    assert must_have_second_factor(town.users["shu"], at) is held
    assert actor_for(town.users["shu"], at).may(Can.BIND_SPECIMENS, over=town.park)      # what he holds anyway he keeps


def test_a_page_closes_with_the_shift(town: Town, client: Client) -> None:
    on_duty(town)
    client.force_login(town.users["shu"])
    opened = []

    for at in (STARTS - timedelta(seconds=1), STARTS, ENDS - timedelta(seconds=1), ENDS):
        with clock.standing_at(at):
            opened.append(client.get(f"/parks/{town.park.uid}/accounts").status_code)

    assert opened == [403, 200, 200, 403]


def test_the_scan_door_remembers_nobody_beyond_the_end_of_his_shift(town: Town, settings) -> None:
    settings.SIGN_IN_SECONDS = 30
    remembering.forget()
    user = town.users["kai"]
    on_duty(town, "kai", AccountRole.SCANNER, since=MORNING, until=MORNING + timedelta(seconds=10))

    remembering.remembered(("actor", "kai"), lambda: actor_for(user), ends=lambda: next_change(user, clock.now()))
    until, _actor = remembering._kept["actor", "kai"]
    remembering.forget()
    remembering.remembered(("actor", "shu"), lambda: "Shu", ends=lambda: next_change(town.users["shu"], clock.now()))
    for_long, _actor = remembering._kept["actor", "shu"]
    remembering.forget()

    assert next_change(user, MORNING) == MORNING + timedelta(seconds=10)
    assert for_long - until >= 8


def test_what_is_planned_late_begins_now_and_gives_nothing_backwards(town: Town) -> None:
    shift = on_duty(town, since=MORNING - timedelta(hours=3))

    assert shift.membership.since_at == MORNING
    assert not actor_for(town.users["shu"], MORNING - timedelta(hours=1)).may(Can.OPEN_ROUNDS, over=town.park)


@pytest.mark.parametrize(("since", "until"), [(MORNING - timedelta(hours=3), MORNING), (ENDS, STARTS), (STARTS, STARTS)])
def test_a_shift_that_is_over_or_ends_before_it_begins_is_refused(town: Town, since: datetime, until: datetime) -> None:
    with pytest.raises(ShiftIsOver):
        on_duty(town, since=since, until=until)

    assert not Shift.objects.exists()


def test_planned_again_under_the_same_id_it_is_planned_once(town: Town) -> None:
    first, again = on_duty(town, client_id="one-and-the-same"), on_duty(town, client_id="one-and-the-same")

    with pytest.raises(ShiftIdReused):
        on_duty(town, "yi", client_id="one-and-the-same")

    assert first == again
    assert Shift.objects.count() == 1


def test_nobody_is_on_duty_twice_at_once_in_one_role_but_two_after_each_other_may_touch(town: Town) -> None:
    on_duty(town)

    with pytest.raises(ShiftTwice):
        on_duty(town, since=ENDS - timedelta(seconds=1), until=ENDS + timedelta(hours=1))
    on_duty(town, since=ENDS, until=ENDS + timedelta(hours=1))

    assert Shift.objects.count() == 2


def test_nobody_plans_a_role_that_he_could_not_give(town: Town) -> None:
    lin = actor_for(town.users["lin"])
    half = type(lin)(key=lin.key, name=lin.name, powers={Can.GRANT_ROLES: lin.reach(Can.GRANT_ROLES)})

    with pytest.raises(RoleBeyondYours):
        on_duty(town, actor=half)
    with pytest.raises(NotAllowed):
        on_duty(town, actor=actor_for(town.users["tao"]))

    assert not Shift.objects.exists()


def test_a_shift_taken_back_before_it_begins_was_never_held_and_one_that_runs_ends_now(town: Town, notes: list[Note]) -> None:
    later, running = on_duty(town), on_duty(town, "yi", since=MORNING)
    notes.clear()

    with clock.standing_at(MORNING + timedelta(hours=1)):
        withdraw_shift(later, actor=operator())
        withdraw_shift(running, actor=operator())
        withdraw_shift(running, actor=operator())

    assert not actor_for(town.users["shu"], STARTS + timedelta(hours=1)).may(Can.OPEN_ROUNDS, over=town.park)
    assert actor_for(town.users["yi"], MORNING + timedelta(minutes=59)).may(Can.OPEN_ROUNDS, over=town.park)
    assert not actor_for(town.users["yi"], MORNING + timedelta(hours=1)).may(Can.OPEN_ROUNDS, over=town.park)
    assert [note.verb for note in notes] == ["shift.withdrawn", "shift.withdrawn"]


# the line and the hand-over -----------------------------------------------------------------------------------------

def test_gaps_and_overlaps_of_a_line_are_named(town: Town) -> None:
    on_duty(town, since=MORNING + timedelta(hours=1), until=MORNING + timedelta(hours=5))
    on_duty(town, "yi", since=MORNING + timedelta(hours=4), until=MORNING + timedelta(hours=6))
    day = Span(MORNING, MORNING + timedelta(hours=8))

    line, = lines_of(shifts_seen(operator(), town.park, day), day, always=[(AccountRole.DUTY_OFFICER, town.park)])

    assert [(gap.start - MORNING, gap.end - MORNING) for gap in line.uncovered] == [
        (timedelta(0), timedelta(hours=1)), (timedelta(hours=6), timedelta(hours=8))]
    assert [(each.start - MORNING, each.end - MORNING) for each in line.doubled] == [(timedelta(hours=4), timedelta(hours=5))]


def test_the_next_in_the_line_reads_what_was_handed_over_and_says_so(town: Town) -> None:
    first = on_duty(town, since=MORNING, until=STARTS)
    on_duty(town, "yi", since=STARTS, until=ENDS)
    shu, yi = Client(), Client()
    shu.force_login(town.users["shu"])
    yi.force_login(town.users["yi"])
    week = reverse("shifts", args=[town.park.uid])
    with clock.standing_at(STARTS - timedelta(minutes=1)):
        shu.post(reverse("shift-hand-over", args=[town.park.uid, first.pk]), {"text": "三号点缺试管"})

    with clock.standing_at(STARTS):
        assert "三号点缺试管" in yi.get(week).content.decode()
        yi.post(reverse("shift-take", args=[town.park.uid, first.pk]))

    first.refresh_from_db()
    assert (first.taken_by, first.taken_at) == (town.users["yi"], STARTS)
    with pytest.raises(NothingToHandOver), clock.standing_at(STARTS):
        hand_over(first, "doch nicht", actor=actor_for(town.users["shu"]))


def test_whoever_is_not_next_takes_nothing_over(town: Town) -> None:
    first = on_duty(town, since=MORNING, until=STARTS)
    hand_over(first, "x", actor=actor_for(town.users["shu"]))

    with pytest.raises(NotAllowed):
        take_over(first, user=town.users["lin"], actor=actor_for(town.users["lin"]))
    with pytest.raises(NotAllowed):
        take_over(first, user=town.users["shu"], actor=actor_for(town.users["shu"]))

    first.refresh_from_db()
    assert first.taken_at is None


def test_whoever_is_on_duty_sees_his_own_line_alone_and_others_none(town: Town, other_town: Town, client: Client) -> None:
    on_duty(town)
    on_duty(town, "kai", AccountRole.COURIER)
    address = reverse("shifts", args=[town.park.uid])
    names = {}

    for name in ("shu", "kai", "tao"):
        client.force_login(town.users[name])
        answer = client.get(address)
        names[name] = (answer.status_code, "舒航</b>" in answer.content.decode(), "凯查</b>" in answer.content.decode())
    client.force_login(other_town.users["ines"])

    assert names == {"shu": (200, True, False), "kai": (200, False, True), "tao": (403, False, False)}
    assert client.get(address).status_code == 404
    own = client.get(reverse("shifts", args=[other_town.park.uid])).content.decode()
    assert all(user.name not in own for user in town.users.values())


# the page -----------------------------------------------------------------------------------------------------------

def test_lin_plans_a_week_of_nights_on_the_page_and_sending_it_twice_plans_it_once(town: Town, client: Client) -> None:
    client.force_login(town.users["lin"])
    sent = {"client_id": "0" * 32, "user": str(town.users["tao"].pk), "role": "duty_officer", "over": "park", "day": "2022-07-23",
            "start": "20:00", "end": "08:00", "days": "3"}

    answers = [client.post(reverse("shift-plan", args=[town.park.uid]), sent).status_code for _time in range(2)]

    held = Membership.objects.filter(shift__isnull=False).order_by("since_at")
    assert answers == [302, 302]
    assert [(each.since_at, each.until_at) for each in held] == [
        (datetime(2022, 7, day, 12, tzinfo=UTC), datetime(2022, 7, day + 1, 0, tzinfo=UTC)) for day in (23, 24, 25)]
    page = client.get(reverse("shifts", args=[town.park.uid]), {"day": "2022-07-23"}).content.decode()
    assert "陶磊" in page


def test_the_drop_down_of_a_park_offers_its_own_people_alone(town: Town, other_town: Town, client: Client) -> None:
    client.force_login(other_town.users["ines"])
    page = client.get(reverse("shifts", args=[other_town.park.uid]))

    offered = [name for _key, name in page.context["form"].fields["user"].choices]
    foreign = client.post(reverse("shift-plan", args=[other_town.park.uid]), {
        "client_id": "0" * 32, "user": str(town.users["tao"].pk), "role": "courier", "over": "park", "day": "2022-07-23",
        "start": "08:00", "end": "20:00", "days": "1"})

    assert offered == ["伊内斯"]
    assert foreign.status_code == 422
    assert not Shift.objects.exists()


def test_a_program_plans_by_name_and_hears_of_a_stranger_as_of_nobody(town: Town, other_town: Town, client: Client) -> None:
    client.force_login(town.users["lin"])

    def planned(username: str):
        return client.post("/api/v1/accounts/shifts", {
            "client_id": f"{username}-1234", "username": username, "role": "scanner", "since_at": "2022-07-23T08:00",
            "until_at": "2022-07-23T20:00"}, content_type="application/json")

    told = client.get("/api/v1/accounts/shifts", {"first": "2022-07-22", "last": "2022-07-22"}).json()
    assert planned("tao").json()["since_at"] == "2022-07-23T00:00:00Z"
    assert planned("ines").json() == planned("nobody").json()
    assert told["lines"][0]["uncovered"] == [{"since_at": "2022-07-21T16:00:00Z", "until_at": "2022-07-22T16:00:00Z"}]
    assert User.objects.get(username="ines").memberships.count() == 1
