"""Logs and what is in hand go after their days, not a moment before, and nothing else goes."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from jiugong.accounts.models import Membership
from jiugong.journal.models import Entry, LookUp
from jiugong.lasting.actions.retaining import let_go, would_go
from jiugong.lasting.queries.retention import LEAST, days_kept
from jiugong.lib.acting import NotAllowed, note, operator
from jiugong.registry.actions.uploads import keep_upload
from jiugong.registry.models import Person, Upload
from jiugong.registry.queries.uploads import UploadKind
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.actions.supplements import heading_of, supplement
from jiugong.rulebook.queries.releases import in_force, release_on, supplements_on
from tests.cast import DAY, MORNING, Town

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("seconds", "goes"), [(-1, False), (0, False), (1, True)])
def test_a_log_goes_just_after_half_a_year(seconds: int, goes: bool, town: Town, this_morning: datetime) -> None:
    Entry.objects.all().delete()
    note("test.said", actor=operator(), at=MORNING, park_id=town.park.pk)
    LookUp.objects.create(park=town.park, person=town.people["吴强"], fields="page", reason="x", actor="x", actor_name="x",
                          at=MORNING)
    at = MORNING + timedelta(days=180, seconds=seconds)

    listed = would_go(at=at).get(town.park.name, {})
    assert Entry.objects.filter(verb="test.said").exists()                        # listing changes nothing
    gone = let_go(actor=operator(), at=at).get(town.park.name, {})

    assert {name: gone.get(name, 0) for name in ("journal_entry", "journal_lookup")} == {
        "journal_entry": int(goes), "journal_lookup": int(goes)}
    assert listed.get("journal_entry", 0) == int(goes)
    assert Entry.objects.filter(verb="test.said").exists() is not goes
    assert Person.objects.filter(park=town.park).count() == 14                    # people stay until the emergency ends


def test_a_role_that_is_still_held_and_a_session_that_still_lasts_do_not_go(town: Town, this_morning: datetime) -> None:
    held = Membership.objects.count()
    Session.objects.create(session_key="over", session_data="x", expire_date=MORNING - timedelta(days=1))
    Session.objects.create(session_key="lasts", session_data="x", expire_date=MORNING + timedelta(days=400))

    let_go(actor=operator(), at=MORNING + timedelta(days=365))

    assert Membership.objects.count() == held
    assert list(Session.objects.values_list("session_key", flat=True)) == ["lasts"]


def test_a_file_in_hand_goes_after_a_day_in_its_own_park_alone(town: Town, other_town: Town, this_morning: datetime) -> None:
    for park in (town.park, other_town.park):
        keep_upload(park, b"x", name="x.xlsx", kind=UploadKind.ROSTER, actor=operator())
    Upload.objects.filter(park=other_town.park).update(uploaded_at=MORNING + timedelta(hours=1))

    let_go(actor=operator(), at=MORNING + timedelta(days=1, seconds=1))

    assert [upload.park for upload in Upload.objects.all()] == [other_town.park]


def test_the_rules_of_a_park_say_how_long_but_never_less_than_the_law(town: Town, this_morning: datetime) -> None:
    assert days_kept("log", town.park, DAY) == 180                                # the house's own number
    adopt(town.park, "cn-2022-v9", from_day=DAY, actor=operator())
    assert days_kept("log", town.park, DAY) == 180 and days_kept("working", town.park, DAY) == 1
    assert days_kept("emergency", town.park, DAY) is None
    rules = in_force(release_on(town.park, DAY), DAY, supplements_on(town.park, DAY))
    for key, value in (("retention.log_days", 365), ("retention.working_days", 0)):
        supplement(town.park, key, rule=heading_of(rules[key].rule), value=value, since=DAY, actor=operator(), title="通知",
                   issuer="区指挥部", published="2022-07")

    assert days_kept("log", town.park, DAY) == 365 and days_kept("working", town.park, DAY) == 0
    assert LEAST["log"] == 180


def test_nobody_but_whoever_runs_the_server_lets_data_go(town: Town, this_morning: datetime) -> None:
    from jiugong.accounts.queries import actor_for

    before = Entry.objects.count()
    with pytest.raises(NotAllowed):
        let_go(actor=actor_for(town.users["lin"]), at=MORNING + timedelta(days=999))
    assert Entry.objects.count() == before
