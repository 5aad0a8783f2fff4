"""A person's page: the past strand by strand, each to who may see it, and buttons that work."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.duties.actions import excuse, record
from jiugong.duties.models import Excuse
from jiugong.lib.acting import operator
from jiugong.registry.actions.badges import issue_badges
from tests.cast import MORNING, Town

pytestmark = pytest.mark.django_db


def _page(town: Town, who: str, **asked: str) -> str:
    client = Client()
    client.force_login(town.users[who])
    return client.get(reverse("person", args=[town.park.uid, town.people["吴强"].uid]), asked).content.decode()


def test_each_strand_is_shown_to_who_may_see_it(town: Town, this_morning: datetime) -> None:
    issue_badges(town.park, [town.people["吴强"]], actor=operator())

    lin, fang, qin = (_page(town, who) for who in ("lin", "fang", "qin"))

    assert 'id="past-looks"' in lin and 'id="past-looks"' not in fang and 'id="past-looks"' not in qin
    assert 'id="past-badges"' in lin and 'id="past-badges"' in fang and 'id="past-badges"' not in qin
    assert all('id="past-evidence"' in page and 'id="past-postings"' in page and "SY0001" in page for page in (lin, fang, qin))
    assert "木工1班" in qin


def test_a_long_strand_is_cut_and_opens_page_by_page(town: Town, this_morning: datetime) -> None:
    wu = town.people["吴强"]
    for number in range(60):
        record(town.park, wu, kind="health_report", data={"temperature": 36.0 + number / 100, "symptoms": []},
               client_id=str(number), happened_at=MORNING - timedelta(hours=number), actor=operator())

    overview, first, second = _page(town, "fang"), _page(town, "fang", of="evidence"), _page(town, "fang", of="evidence", page="2")

    assert "?of=evidence" in overview and overview.count("°C") == 8
    assert (first.count("°C"), second.count("°C")) == (50, 10)


def test_a_strand_that_is_not_his_to_see_opens_the_page_itself(town: Town, this_morning: datetime) -> None:
    assert 'id="holds"' in _page(town, "qin", of="looks")


def test_excusing_on_the_page_and_taking_it_back(town: Town, this_morning: datetime) -> None:
    fang, wu = Client(), town.people["吴强"]
    fang.force_login(town.users["fang"])

    fang.post(reverse("person-excuse", args=[town.park.uid, wu.uid]), {"reason": "", "until": "2022-07-23"})
    fang.post(reverse("person-excuse", args=[town.park.uid, wu.uid]), {"reason": "leave", "until": "2022-07-21"})
    assert not Excuse.objects.exists()
    fang.post(reverse("person-excuse", args=[town.park.uid, wu.uid]), {"reason": "leave", "duty": "on_site", "until": "2022-07-23"})
    given = Excuse.objects.get()
    assert (given.duty, given.reason) == ("on_site", "leave")
    fang.post(reverse("excuse-withdraw", args=[town.park.uid, given.pk]))
    given.refresh_from_db()
    assert given.withdrawn_at == MORNING


def test_an_excuse_of_somebody_else_is_not_there(town: Town, this_morning: datetime) -> None:
    given = excuse(town.park, town.people["褚亮"], reason="leave", since_at=MORNING,
                   until_at=MORNING + timedelta(days=1), actor=operator())
    fang = Client()
    fang.force_login(town.users["fang"])

    assert fang.post(reverse("excuse-withdraw", args=[town.park.uid, given.pk])).status_code == 404
    given.refresh_from_db()
    assert given.withdrawn_at is None
