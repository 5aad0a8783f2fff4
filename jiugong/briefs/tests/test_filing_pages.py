"""The pages of the daily figures: the form, the list of the joint meeting on paper, and the same for programs."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from jiugong.briefs.actions import Entered
from jiugong.briefs.models import Filing
from jiugong.briefs.tests.makers import a_body, as_counted, filed_by
from jiugong.lib import clock
from tests.cast import DAY, MORNING, Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]

def test_the_form_is_filed_on_the_page_and_a_mistake_is_said_and_kept(town: Town) -> None:
    body = a_body(town)
    client = Client()
    client.force_login(town.users["lin"])
    address = reverse("filing", args=[town.park.uid, body.pk])
    shown = {"shown:registry.on_duty": "8", "value:registry.on_duty": "8", "shown:screening.sampled": "2",
             "client_id": "page-1"}

    wrong = client.post(address, {**shown, "value:screening.sampled": "三"})
    without = client.post(address, {**shown, "value:screening.sampled": "3"})
    right = client.post(address, {**shown, "value:screening.sampled": "３", "why:screening.sampled": "补采"})

    assert (wrong.status_code, without.status_code, right.status_code) == (422, 422, 302)
    assert 'value="三"' in wrong.content.decode()
    assert {each.key: each.value for each in Filing.objects.get().figures.all()} == {"registry.on_duty": 8, "screening.sampled": 3}
    meeting = client.get(reverse("meeting", args=[town.park.uid])).content.decode()
    assert "补采" in meeting and "信息采集组" in meeting


def test_the_list_of_the_meeting_on_paper(town: Town) -> None:
    body = a_body(town)
    a_body(town, "后勤保障组")
    filed_by(town, body, "one", as_counted(screening__sampled=Entered(value=3, why="一人在医院采样")))
    client = Client()
    client.force_login(town.users["zhou"])
    with clock.standing_at(MORNING + timedelta(hours=12)):
        pdf = client.get(reverse("meeting-paper", args=[town.park.uid, "pdf"]))
        xlsx = client.get(reverse("meeting-paper", args=[town.park.uid, "xlsx"]))

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages).replace("\n", "")
    rows = list(openpyxl.load_workbook(BytesIO(xlsx.content)).worksheets[0].iter_rows(values_only=True))

    assert "一人在医院采样" in text and "后勤保障组" in text
    assert [row[1:6] for row in rows[1:]] == [("信息采集组", 3, 2, 1, "一人在医院采样")]


def test_a_program_files_and_is_told_what_differs(town: Town) -> None:
    body = a_body(town)
    client = Client()
    client.force_login(town.users["lin"])
    words = {"park": town.park.name, "day": str(DAY), "client_id": "api-1", "figures": {
        "registry.on_duty": {}, "screening.sampled": {"value": 3, "why": "补采"}}}

    told = client.post(f"/api/v1/briefs/filings/{body.pk}", words, content_type="application/json")
    again = client.post(f"/api/v1/briefs/filings/{body.pk}", words, content_type="application/json")
    wrong = client.post(f"/api/v1/briefs/filings/{body.pk}", words | {"client_id": "b", "figures": {}},
                        content_type="application/json")
    day = client.get("/api/v1/briefs/filings", {"park": town.park.name, "day": str(DAY)}).json()

    assert told.json() == again.json()
    assert told.json()["figures"]["screening.sampled"] == {"value": 3, "counted": 2, "why": "补采"}
    assert (wrong.status_code, wrong.json()["refused"]) == (422, "briefs.figures_missing")
    assert [one["figure"] for one in day["differing"]] == ["screening.sampled"]
    assert Filing.objects.count() == 1


