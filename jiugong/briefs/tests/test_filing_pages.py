"""The pages of the daily figures: the form, the list of the joint meeting on paper, and the same for programs."""

from datetime import date, time, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from jiugong.accounts.queries import actor_for
from jiugong.briefs.actions import Entered, choose_figures, file_figures
from jiugong.briefs.models import Filing
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.models import Body, Charge
from jiugong.registry.words import BodyKind, Role
from tests.cast import DAY, MORNING, Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]

KEYS = ("registry.on_duty", "screening.sampled")


def _body(town: Town, name: str = "信息采集组") -> Body:
    body, _made = Body.objects.get_or_create(park=town.park, name=name, defaults={"kind": BodyKind.TASK_GROUP, "key": name})
    choose_figures(town.park, body, keys=KEYS, due=time(18, 0), actor=operator())
    return body


def _team_of(town: Town, grid: str) -> Body:
    """An inspection team whose leader answers for a grid."""
    body = Body.objects.create(park=town.park, kind=BodyKind.INSPECTION_TEAM, name=f"{grid}检查组", key=grid)
    Charge.objects.create(park=town.park, person=town.people["陶磊"], role=Role.GRID_LEADER, place=town.grids[grid], body=body)
    choose_figures(town.park, body, keys=KEYS, due=time(18, 0), actor=operator())
    return body


def _as_counted(**other: Entered) -> dict[str, Entered]:
    return {key: Entered() for key in KEYS} | {key.replace("__", "."): one for key, one in other.items()}


def _file(town: Town, body: Body, client_id: str, figures: dict[str, Entered] | None = None, *, day: date = DAY,
          who: str = "lin") -> Filing:
    return file_figures(town.park, body, day, figures=_as_counted() if figures is None else figures, client_id=client_id,
                        actor=actor_for(town.users[who]))


def test_the_form_is_filed_on_the_page_and_a_mistake_is_said_and_kept(town: Town) -> None:
    body = _body(town)
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
    body = _body(town)
    _body(town, "后勤保障组")
    _file(town, body, "one", _as_counted(screening__sampled=Entered(value=3, why="一人在医院采样")))
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
    body = _body(town)
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


