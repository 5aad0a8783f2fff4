"""Who reports a fever or symptoms stands before the officers at once."""

from datetime import datetime
from typing import Any

import pytest

from jiugong.duties.actions import record
from jiugong.duties.matters import matters
from jiugong.duties.models import Evidence
from jiugong.duties.tests.conftest import MORNING, an_actor, at
from jiugong.lib.can import Can


def told(park: Any, boss: Any, worker: Any, data: dict[str, Any], *, happened_at: datetime = MORNING, client_id: str = "e1",
         kind: str = "health_report") -> Evidence:
    return record(park, worker, kind=kind, data=data, happened_at=happened_at, client_id=client_id, actor=boss)


def unwell(actor: Any, park: Any) -> list[str]:
    return [each.text for each in matters(actor, park, MORNING) if "state=unwell" in each.url]


@pytest.mark.parametrize(("data", "shown"), [
    ({"temperature": 37.2, "symptoms": []}, 0), ({"temperature": 37.3, "symptoms": []}, 1),
    ({"temperature": 36.5, "symptoms": ["vomiting"]}, 1), ({"below": 37.3, "symptoms": []}, 0),
    ({"below": 37.3, "symptoms": ["stomach_ache"]}, 1)])
def test_a_fever_or_a_symptom_stands_in_what_needs_somebody(park, boss, a_worker, data, shown):
    told(park, boss, a_worker(number=1), data)

    assert len(unwell(boss, park)) == shown


def test_two_reports_of_one_person_are_one_person_and_yesterdays_is_none(park, boss, a_worker):
    one, other = a_worker(number=1), a_worker(number=2)
    told(park, boss, one, {"temperature": 38.6, "symptoms": ["fever"]})
    told(park, boss, one, {"temperature": 38.9}, kind="temperature", client_id="e2")
    told(park, boss, other, {"temperature": 39.0, "symptoms": []}, happened_at=at(23, 59, day=21), client_id="e3")

    assert [[sign for sign in text if sign.isdigit()] for text in unwell(boss, park)] == [["1"]]


def test_who_sees_no_people_hears_of_nobody(park, boss, a_worker):
    told(park, boss, a_worker(number=1), {"temperature": 38.6, "symptoms": []})

    assert unwell(an_actor(*park.branches, powers=(Can.SEE_BOARD,)), park) == []
    assert len(unwell(an_actor(*park.branches, powers=(Can.SEE_PEOPLE,)), park)) == 1


def test_the_list_behind_it_holds_just_those(park, boss, a_worker, as_role):
    told(park, boss, a_worker(number=1, name="热一"), {"temperature": 38.6, "symptoms": []})
    told(park, boss, a_worker(number=2, name="好二"), {"temperature": 36.6, "symptoms": []}, client_id="e2")

    page = as_role("duty_officer").get(f"/parks/{park.uid}/duties/evidence/?state=unwell&from=2022-07-22").content.decode()

    assert "热一" in page
    assert "好二" not in page
