"""What a newcomer meets on the first day: the hours that are proposed, and a result that is entered by hand."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from jiugong.lib import clock
from jiugong.screening.actions.scans import bind
from jiugong.screening.forms import RoundForm
from jiugong.screening.models import Result, Round, Tube


@pytest.fixture
def tube(park, boss, round_1, a_worker, a_scan, a_point) -> Tube:
    """A tube with one worker's swab."""
    a_point(enterprise="甲", name="甲点")
    a_worker(number=1, name="甲工")
    bind(park, [a_scan(1, point="甲点")], actor=boss)
    return Tube.objects.get()


def entered(bound, park, **other) -> dict[str, str]:
    now = clock.now().astimezone(park.zone)
    return {"tube": bound.code, "value": "positive", "reported_at": f"{now:%Y-%m-%dT%H:%M}", **other}


@pytest.mark.parametrize("role", ["laboratory", "duty_officer"])
def test_a_result_is_entered_by_hand(as_role, page_of, park, tube, role):
    who = as_role(role)

    assert who.get(page_of("result-import")).status_code == 200
    answer = who.post(page_of("result-import"), entered(tube, park))

    assert answer.headers["Location"] == page_of("result-import")
    assert [(each.tube, each.value) for each in Result.objects.all()] == [(tube, "positive")]


@pytest.mark.parametrize("wrong", [{"tube": "T-9"}, {"value": "fine"}, {"value": ""}, {"reported_at": "2099-01-01T08:00"}])
def test_a_result_with_a_mistake_is_refused_beside_the_field(as_role, page_of, park, tube, wrong):
    answer = as_role("laboratory").post(page_of("result-import"), entered(tube, park, **wrong))

    assert answer.status_code == 422
    assert "field-errors" in answer.content.decode()
    assert not Result.objects.exists()


def test_a_laboratory_sends_its_workbook_on_the_page(as_role, page_of, park, tube):
    sheet = f"试管码,结果,报告时间\n{tube.code},阴性,{entered(tube, park)['reported_at'].replace('T', ' ')}\n"

    answer = as_role("laboratory").post(page_of("result-import"), {"file": SimpleUploadedFile("r.csv", sheet.encode())})

    assert answer.status_code == 200
    assert Result.objects.get().value == "negative"


def test_a_scanner_enters_no_result(as_role, page_of, park, tube):
    scanner = as_role("scanner")

    assert scanner.get(page_of("result-import")).status_code == 403
    assert scanner.post(page_of("result-import"), entered(tube, park)).status_code == 403
    assert not Result.objects.exists()


@pytest.mark.parametrize(("now", "opens", "closes"), [
    ("06:00", "06:30", "10:30"), ("10:29", "06:30", "10:30"), ("10:30", "10:30", "14:30"), ("11:44", "11:30", "15:30")])
def test_the_form_proposes_hours_that_are_not_over(park, boss, now, opens, closes):
    local = clock.now().astimezone(park.zone)
    hour, minute = map(int, now.split(":"))

    with clock.standing_at(local.replace(hour=hour, minute=minute, second=0, microsecond=0)):
        form = RoundForm.proposing(1, park=park, actor=boss, asked=QueryDict())

    assert [f"{form.initial[name]:%H:%M}" for name in ("opens_at", "closes_at")] == [opens, closes]


@pytest.mark.parametrize(("later", "opened"), [(-1, 0), (0, 0), (1, 1)])
def test_a_round_that_would_be_over_at_once_is_refused(as_role, page_of, park, later, opened):
    closes = clock.now().astimezone(park.zone).replace(second=0, microsecond=0) + timedelta(minutes=later)
    form = {"number": 1, "opens_at": f"{closes - timedelta(hours=2):%Y-%m-%dT%H:%M}", "closes_at": f"{closes:%Y-%m-%dT%H:%M}",
            "pool_size": 20, "over": ""}

    as_role("duty_officer").post(page_of("round-open"), form)

    assert Round.objects.count() == opened
