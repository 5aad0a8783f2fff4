"""Boxes: packed and sealed; who sees them, how long their swabs wait, their pages and their paper."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.boxes import Put, drop_box, open_box, put_tubes, seal_box, take_out
from jiugong.screening.actions.custody import hand_over, take_along
from jiugong.screening.actions.scans import bind
from jiugong.screening.box_errors import (
    BoxClosed,
    BoxEmpty,
    BoxIdReused,
    BoxMisshapen,
    BoxMoved,
    BoxNotEmpty,
    BoxUnderWay,
    BoxUnknown,
    TubeNotInBox,
)
from jiugong.screening.box_matters import matters
from jiugong.screening.box_papers import box_sheet
from jiugong.screening.models import Box, Leg, Packed, Point, Tube
from jiugong.screening.queries.boxes import box_called, boxes_of, late_boxes, ways_of
from jiugong.screening.tests.conftest import MORNING, OPENS, an_actor, hands, put
from tests.papers import codes_on

MINUTE = timedelta(minutes=1)


# packing ------------------------------------------------------------------------------------------------------------

def test_a_tube_is_put_in_with_a_warning_where_somebody_should_look(park, shu, box, round_1, a_tube):
    a_tube("T1", of=round_1), a_tube("T2", of=round_1)
    Tube.objects.filter(code="T1").update(sealed_at=MORNING)

    answers = put(park, shu, "T1", "Ｔ2", "T9")

    assert [(each.status, each.code, each.tubes) for each in answers] == [
        ("accepted", "", 1), ("accepted", "screening.tube_still_open", 2), ("accepted", "screening.tube_not_here_yet", 3)]


def test_sending_a_tube_twice_changes_nothing_and_other_words_under_its_id_are_refused(park, shu, box):
    put(park, shu, "T1")

    again = put(park, shu, "T1")[0]
    other_id = put_tubes(park, [Put(put_id="other", box="X01", tube="T1")], actor=shu)[0]
    reused = put_tubes(park, [Put(put_id="X01-T1", box="X01", tube="T2")], actor=shu)[0]

    assert (again.status, other_id.status, reused.code) == ("repeat", "repeat", "screening.box_id_reused")
    assert Packed.objects.count() == 1


def test_a_tube_is_in_one_box_at_most_until_it_is_taken_out(park, shu, box, a_point):
    other = open_box(park, "X02", point=a_point(), client_id="b2", actor=shu)
    put(park, shu, "T1")

    refused = put(park, shu, "T1", box="X02")[0]
    assert (refused.status, refused.code) == ("refused", "screening.tube_in_other_box")
    assert "X01" in refused.message
    with pytest.raises(IntegrityError), transaction.atomic():
        Packed.objects.create(park=park, box=other, put_id="x", code="T1", put_at=MORNING, put_by="x")

    take_out(box, "T1", actor=shu)
    take_out(box, "T1", actor=shu)
    assert put_tubes(park, [Put(put_id="n", box="X02", tube="T1")], actor=shu)[0].status == "accepted"
    with pytest.raises(TubeNotInBox):
        take_out(box, "T5", actor=shu)


def test_what_is_in_a_sealed_box_stays_as_it_is(park, shu, three):
    assert put(park, shu, "T4")[0].code == "screening.box_closed"
    with pytest.raises(BoxClosed):
        take_out(three, "T1", actor=shu)
    assert Packed.objects.filter(taken_at=None).count() == 3
    assert seal_box(three, actor=shu).sealed_at == three.sealed_at


def test_an_empty_box_is_not_sealed_but_put_away_and_its_code_is_free_again(park, shu, box, a_point):
    with pytest.raises(BoxEmpty):
        seal_box(box, actor=shu)
    with pytest.raises(BoxUnderWay):
        open_box(park, "X01", point=a_point(), client_id="b2", actor=shu)
    put(park, shu, "T1")
    with pytest.raises(BoxNotEmpty):
        drop_box(box, actor=shu)
    take_out(box, "T1", actor=shu)

    drop_box(box, actor=shu)
    drop_box(box, actor=shu)

    with pytest.raises(BoxMoved):
        seal_box(box, actor=shu)
    again = open_box(park, "X01", point=a_point(), client_id="b2", actor=shu)
    assert again.pk != box.pk
    assert box_called(shu, park, "X01") == again


def test_opening_twice_is_opening_once(park, shu, box, a_point):
    assert open_box(park, "Ｘ01", point=a_point(), client_id="b1", actor=shu) == box
    with pytest.raises(BoxIdReused):
        open_box(park, "X03", point=a_point(), client_id="b1", actor=shu)
    for code, client_id in (("", "n"), ("X" * 41, "n"), ("X9", ""), ("X9", "n" * 65), ("X\0", "n")):
        with pytest.raises(BoxMisshapen):
            open_box(park, code, point=a_point(), client_id=client_id, actor=shu)
    assert Box.objects.count() == 1


# who sees, how long ---------------------------------------------------------------------------------------------------

def test_a_courier_and_the_laboratory_see_what_waits_for_them_and_what_they_had(park, other_park, shu, yi, yan, three, a_point):
    assert not boxes_of(yi, park).exists()
    hand_over(three, leg_id="l1", gave=3, actor=shu)
    assert [boxes_of(actor, park).count() for actor in (yi, yan)] == [1, 1]
    take_along(three, receipt_id="r1", counted=3, actor=yi)
    assert [boxes_of(actor, park).count() for actor in (yi, yan)] == [1, 0]
    stranger = hands("s", Can.BIND_SPECIMENS, Can.CARRY_BOXES, branches=other_park.branches)
    with pytest.raises(BoxUnknown):
        box_called(stranger, park, "X01")


def test_whoever_reads_all_and_samples_a_part_sees_all(park, shu, three):
    unit = park.units.get(name="甲")
    reader = Actor(key="r", name="r", powers={Can.SEE_BOARD: park.branches, Can.BIND_SPECIMENS: (unit.path,)})

    assert boxes_of(reader, park).count() == 1


def test_a_scanner_of_another_enterprise_does_not_find_the_box(park, shu, a_point):
    open_box(park, "X05", point=a_point(enterprise="甲", name="甲采样点"), client_id="b5", actor=shu)
    other = an_actor(park.units.get(name="乙").path, powers=(Can.BIND_SPECIMENS,))

    assert put_tubes(park, [Put(put_id="p", box="X05", tube="T1")], actor=other)[0].code == "screening.box_unknown"
    with pytest.raises(BoxUnknown):
        box_called(other, park, "X05")


@pytest.mark.parametrize(("after", "late"), [(timedelta(hours=4), False), (timedelta(hours=4, seconds=1), True)])
def test_a_box_is_late_four_hours_after_its_oldest_swab_and_not_in_the_last_minute(park, shu, boss, box, round_1, a_worker, a_scan,
                                                                                 after, late):
    adopt(park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=boss)
    a_worker(number=1)
    oldest = MORNING - timedelta(hours=1)
    bind(park, [a_scan(1, sampled_at=oldest)], actor=boss)
    put(park, shu, "T1")

    with clock.standing_at(oldest + after):
        found = late_boxes(park, boxes_of(shu, park), oldest + after)
        told = [each for each in matters(boss, park, oldest + after) if each.state == "late"]

    assert [box.code for box, _way in found] == (["X01"] if late else [])
    assert [each.since for each in told] == ([oldest + timedelta(hours=4)] if late else [])


def test_where_no_rule_holds_nothing_is_late_and_a_box_without_scans_counts_from_its_opening(park, shu, box):
    put(park, shu, "T1")
    way = ways_of(park, [box])[box.pk]

    assert (way.since, way.limit_at, way.is_late(MORNING + timedelta(days=9))) == (box.opened_at, None, False)


# pages and paper ----------------------------------------------------------------------------------------------------

def test_the_sheet_of_a_box_reads_back(park, shu, yi, three, tmp_path):
    hand_over(three, leg_id="l1", gave=3, actor=shu)
    take_along(three, receipt_id="r1", counted=3, actor=yi)
    with translation.override("en"):
        content = box_sheet(park, three)

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    for words in ("X01", "T1", "T3", "shu", "yi", park.name, "Hand-over sheet"):
        assert words in text
    assert codes_on(content, tmp_path) == ["X01"]


def test_pages_lead_a_box_from_the_point_to_the_laboratory(park, as_role, page_of, round_1, a_point, a_tube):
    point = a_point()
    a_tube("T1", of=round_1)
    shu, yi, yan = (as_role(role) for role in ("scanner", "courier", "laboratory"))
    shu.post(page_of("boxes"), {"client_id": "c1", "code": "X07", "point": point.pk})
    box = Box.objects.get()
    shu.post(page_of("box-put", box.pk), {"put_id": "p1", "tube": "T1"})
    shu.post(page_of("box-seal", box.pk))
    assert "Hand it over" in shu.get(page_of("box", box.pk)).content.decode()
    shu.post(page_of("box-give", box.pk), {"leg_id": "l1", "gave": 1})

    assert "shu" not in yi.get(page_of("boxes")).content.decode()
    assert yi.get(page_of("box-find"), {"code": "X07"}).headers["Location"] == page_of("box", box.pk)
    yi.post(page_of("box-carry", box.pk), {"receipt_id": "r1", "counted": "1"})
    yi.post(page_of("box-give", box.pk), {"leg_id": "l2", "gave": 1})
    yan.post(page_of("box-deliver", box.pk), {"receipt_id": "r2", "scanned": "T1\nT2"})

    box.refresh_from_db()
    assert box.stage == "delivered"
    shown = as_role("duty_officer").get(page_of("box", box.pk)).content.decode()
    assert "too many: T2" in shown
    leg = Leg.objects.get(differs=True)
    as_role("duty_officer").post(page_of("box-explain", box.pk, leg.pk), {"explanation": "T2 belongs to X08"})
    assert "T2 belongs to X08" in as_role("duty_officer").get(page_of("box", box.pk)).content.decode()
    assert Point.objects.get() == point


def test_the_api_leads_a_box_too_and_answers_twice_alike(park, as_role, round_1, a_point, a_tube):
    a_point(), a_tube("T1", of=round_1)
    shu, yan = as_role("scanner"), as_role("laboratory")

    def send(client: Any, path: str, **words: Any) -> tuple[int, Any]:
        answer = client.post(f"/api/v1/screening/boxes{path}", words, content_type="application/json")
        return answer.status_code, answer.json()

    assert send(shu, "", client_id="c", code="X1", point="采样点")[1]["stage"] == "open"
    rows = [{"put_id": "p1", "box": "X1", "tube": "T1", "put_at": "2022-07-22T07:00"}, {"put_id": "p2"}]
    told = send(shu, "/put", puts=rows)[1]["answers"]
    assert [each["status"] for each in told] == ["accepted", "refused"]
    assert send(shu, "/X1/seal")[1]["tubes"] == ["T1"]
    assert send(yan, "/X1/deliver", receipt_id="r", counted=1)[0] == 404
    for _ in range(2):
        assert send(shu, "/X1/hand-over", leg_id="l", gave=1)[1]["stage"] == "offered"
    assert send(shu, "/X1/deliver", receipt_id="r", counted=1)[0] == 403
    for _ in range(2):
        assert send(yan, "/X1/deliver", receipt_id="r", scanned=["T1"])[1]["legs"][0]["counted"] == 1
    assert yan.get("/api/v1/screening/boxes").json()["boxes"][0]["stage"] == "delivered"
    assert reverse("api:get_box", args=["X1"]).endswith("/X1")


@pytest.mark.parametrize(("taken", "since"), [
    (OPENS.replace(hour=0, minute=0), OPENS.replace(hour=0, minute=0)),
    (OPENS.replace(hour=0, minute=0) - timedelta(seconds=1), OPENS),
    (OPENS.replace(year=1970), OPENS)])
def test_no_box_waits_since_before_the_day_of_its_round(park, boss, shu, box, round_1, a_worker, a_point, a_scan, taken, since):
    a_point(), a_worker(number=1)
    bind(park, [a_scan(1, tube="T1", offline=True, sampled_at=taken)], actor=boss)
    put(park, shu, "T1")
    assert ways_of(park, [box])[box.pk].since == since

    box.opened_at = OPENS.replace(year=1971)
    assert ways_of(park, [box])[box.pk].since == since
