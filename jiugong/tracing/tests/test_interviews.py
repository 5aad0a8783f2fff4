"""A case is interviewed: what he tells is kept beside the logs, the window follows the onset, and nobody is ever lost."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiugong.lib.acting import operator
from jiugong.registry.models import Assignment
from jiugong.rulebook.actions import adopt
from jiugong.tracing.actions.cases import suspect
from jiugong.tracing.actions.interviews import Told, Track, add_companion, decide_track, tell_track, write_interview
from jiugong.tracing.actions.presence_rows import Row, record_rows
from jiugong.tracing.actions.pseudonyms import pseudonym_of
from jiugong.tracing.errors import PresenceIdReused, ReasonMissing, SpotNameless, StayOutOfOrder
from jiugong.tracing.models import Case, Contact, Incident, Presence
from jiugong.tracing.queries.interviews import told_tracks
from jiugong.tracing.words import SpotKind
from tests.cast import DAY, MORNING, Town, an_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]
WU, CHU, HOUR = 1, 6, timedelta(hours=1)
YESTERDAY = MORNING - timedelta(days=1)


@pytest.fixture
def case(town: Town) -> Case:
    """Wu's sample of this morning is positive; Chu of another enterprise met him five days ago at one table."""
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    Assignment.objects.all().delete()
    table = {"kind": "canteen_table", "spot": "食堂/007桌", "entered_at": MORNING - timedelta(days=5),
             "left_at": MORNING - timedelta(days=5) + HOUR}
    record_rows(town.park, [Row(client_id="w", id_number=an_id(WU), **table),                    # type: ignore[arg-type]
                            Row(client_id="c", id_number=an_id(CHU), **table)], ["w", "c"], actor=operator())   # type: ignore[arg-type]
    incident = Incident.objects.create(park=town.park, number=1, found_by="routine_screening", tube="SY0001", told_at=MORNING,
                                       opened_at=MORNING, opened_by="operator", release="cn-2022-v9")
    return suspect(incident, pseudonym_of(town.people["吴强"]), sampled_at=MORNING - HOUR, at=MORNING, actor=operator())


def track(place: str = "小卖部", *, since: datetime = YESTERDAY, hours: float = 1, client_id: str = "t1", **more: str) -> Track:
    return Track(client_id=client_id, kind=SpotKind.ENCLOSED_SPACE, place=place, since=since, until=since + hours * HOUR, more=more)


def log(town: Town, number: int, place: str, *, since: datetime = YESTERDAY, hours: float = 1) -> None:
    row = Row(client_id=f"{number}{place}{since}", id_number=an_id(number), kind="enclosed_space", spot=place, entered_at=since,
              left_at=since + hours * HOUR, source="场所码")
    record_rows(town.park, [row], [row.client_id], actor=operator())


def contacts(case: Case) -> set[str]:
    return {each.who.name for each in Contact.objects.filter(case=case, ended_at=None)}


def test_an_earlier_onset_widens_the_window_and_a_later_one_loses_nobody(case: Case) -> None:
    assert contacts(case) == set()

    told = write_interview(case, Told(onset_on=DAY - timedelta(days=3), symptoms="咳嗽"), actor=operator())
    assert told.since < MORNING - timedelta(days=4) and contacts(case) == {"褚亮"}

    again = write_interview(told, Told(onset_on=None, symptoms="咳嗽"), actor=operator())
    assert again.since == case.since and contacts(case) == {"褚亮"}


def test_the_same_interview_again_changes_nothing(case: Case) -> None:
    said = Told(onset_on=None, symptoms="发热", more={"care": "未就诊"})
    once = write_interview(case, said, actor=operator())

    assert write_interview(once, said, actor=operator()).interview["care"] == "未就诊"


def test_a_track_is_a_stay_by_recall_and_gives_its_contacts(town: Town, case: Case) -> None:
    log(town, CHU, "小卖部")

    kept = tell_track(case, track(companions="褚亮", mask="no"), actor=operator())

    assert kept.source == "recall" and kept.case == case and kept.told == {"companions": "褚亮", "mask": "no"}
    assert contacts(case) == {"褚亮"}
    assert tell_track(case, track(client_id="t9"), actor=operator()) == kept
    assert tell_track(case, track(), actor=operator()) == kept and Presence.objects.filter(case=case).count() == 1


@pytest.mark.parametrize(("since", "second"), [(-HOUR, ""), (-HOUR + timedelta(seconds=1), "venue_code"), (HOUR, "")])
def test_a_log_of_the_same_place_is_the_second_source_where_both_overlap(town: Town, case: Case, since: timedelta,
                                                                         second: str) -> None:
    log(town, WU, "小卖部", since=YESTERDAY + since)

    assert tell_track(case, track(), actor=operator()).second == second


def test_recall_and_log_that_disagree_stand_side_by_side_until_somebody_decides(town: Town, case: Case) -> None:
    log(town, WU, "三号车间", since=YESTERDAY + HOUR / 2)
    kept = tell_track(case, track(), actor=operator())
    [told] = told_tracks(case)
    assert told.is_open and [each.spot.name for each in told.against] == ["三号车间"] and not told.agrees

    with pytest.raises(ReasonMissing):
        decide_track(kept, "log", reason=" ", actor=operator())
    decide_track(kept, "log", reason="门禁照片", actor=operator())

    [told] = told_tracks(case)
    assert not told.is_open and told.track.told["decided"]["holds"] == "log"
    assert Presence.objects.filter(pk=kept.pk).exists()                        # both stay on record


@pytest.mark.parametrize(("wrong", "refusal"), [
    ({"hours": 0}, StayOutOfOrder), ({"hours": -1}, StayOutOfOrder), ({"place": " "}, SpotNameless),
    ({"place": "超市"}, PresenceIdReused)])
def test_a_track_that_cannot_be_is_refused_and_nothing_changes(case: Case, wrong: dict[str, Any], refusal: type[Exception]) -> None:
    tell_track(case, track(), actor=operator())

    with pytest.raises(refusal):
        tell_track(case, track(**wrong), actor=operator())

    assert Presence.objects.filter(case=case).count() == 1


def test_a_companion_becomes_a_contact_with_the_reason(town: Town, case: Case) -> None:
    kept = tell_track(case, track(companions="钱进"), actor=operator())
    for _time in range(2):
        add_companion(kept, pseudonym_of(town.people["钱进"]), reason="一起吃饭", actor=operator())

    [contact] = Contact.objects.filter(case=case, who__person=town.people["钱进"])
    assert contact.grounds.get().ground == "manual" and contact.grounds.get().reason == "一起吃饭"


def test_the_page_keeps_all_of_it_for_who_traces_and_for_nobody_else(town: Town, case: Case) -> None:
    client, stranger = Client(), Client()
    client.force_login(town.users["lin"])
    stranger.force_login(town.users["fang"])
    here = [town.park.uid, 1, case.pk]
    assert stranger.get(reverse("interview", args=here)).status_code == 404
    assert client.get(reverse("interview", args=here)).status_code == 200

    client.post(reverse("interview", args=here), {"onset_on": "2022-07-20", "symptoms": "咽痛", "care": "药店"})
    client.post(reverse("interview-track", args=here), {
        "client_id": "p1", "kind": "venue", "place": "超市", "since": "2022-07-21T10:00", "until": "2022-07-21T10:30",
        "transport": "2路"})
    kept = Presence.objects.get(case=case)
    assert kept.entered_at.isoformat() == "2022-07-21T02:00:00+00:00"
    client.post(reverse("interview-companion", args=[*here, kept.pk]), {"resident_id": an_id(CHU), "reason": "同行"})

    page = client.get(reverse("interview", args=here)).content.decode()
    case.refresh_from_db()
    assert "超市" in page and "2路" in page and case.symptoms == "咽痛" and contacts(case) == {"褚亮"}


def test_the_page_asks_no_more_for_six_tracks_than_for_one(town: Town, case: Case) -> None:
    client = Client()
    client.force_login(town.users["lin"])
    asked = []
    for at in range(6):
        tell_track(case, track(f"{at}号店", since=YESTERDAY - timedelta(hours=2 * at), client_id=f"t{at}"), actor=operator())
        if at in (0, 5):
            client.get(reverse("interview", args=[town.park.uid, 1, case.pk]))
            with CaptureQueriesContext(connection) as questions:
                client.get(reverse("interview", args=[town.park.uid, 1, case.pk]))
            asked.append(len(questions))

    assert asked[1] <= asked[0]
