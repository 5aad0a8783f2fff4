"""Whereabouts come as files and as rows, once each, in any order, whoever they are of."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong.lib.acting import operator
from jiugong.registry.models import Park, Upload
from jiugong.tracing.actions.presence_files import import_presence, read_presence_file
from jiugong.tracing.models import Presence, Pseudonym, Spot
from tests.cast import Town, an_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]
HEADING = "身份证号,场所类型,场所,进入时间,离开时间,来源"
NOBODY = 99                                  # on no roster


def a_file(*rows: str) -> bytes:
    return "\n".join((HEADING, *rows)).encode()


def a_row(number: int, *, hour: int = 8, left: str = "2022-07-22 09:00:00", spot: str = "食堂/001桌") -> str:
    return f"{an_id(number)},食堂餐桌,{spot},2022-07-22 {hour:02}:00:00,{left},食堂刷卡"


def told(park: Park) -> set[tuple[Any, ...]]:
    rows = Presence.objects.filter(park=park).values_list("who__person__name", "who__id_index", "spot__name", "entered_at",
                                                          "left_at", "source", "assumed")
    return {(name, bytes(index or b""), *rest) for name, index, *rest in rows}


def take(park: Park, content: bytes) -> dict[str, Any]:
    return import_presence(park, read_presence_file(content, name="x.csv", park=park), actor=operator()).as_data()


def signed_in(town: Town, who: str = "lin") -> Client:
    client = Client()
    client.force_login(town.users[who])
    return client


def drop(client: Client, town: Town, content: bytes) -> Any:
    address = reverse("presence-import", args=[town.park.uid])
    return client.post(address, {"file": SimpleUploadedFile("x.csv", content)}, follow=True)


def send(client: Client, town: Town, *rows: dict[str, Any]) -> Any:
    return client.post("/api/v1/tracing/presence", {"park": str(town.park.uid), "rows": rows}, content_type="application/json")


def a_stay(**changed: Any) -> dict[str, Any]:
    return {"client_id": "gate-1", "resident_id": an_id(1), "kind": "gate", "spot": "东门", "entered_at": "2022-07-22T08:00",
            "left_at": "2022-07-22T08:01", "source": "gate"} | changed


def test_a_file_is_shown_before_it_is_taken_and_then_taken_once(town: Town) -> None:
    client, content = signed_in(town), a_file(a_row(1), a_row(NOBODY), a_row(2, left="2022-07-22 07:00:00"))

    shown = drop(client, town, content)
    assert not Presence.objects.exists() and "left_before_entered" in shown.content.decode()
    page = shown.redirect_chain[-1][0]
    client.post(page, {"answer": "take"})
    client.post(page, {"answer": "take"})

    assert Presence.objects.count() == 2
    assert Pseudonym.objects.filter(person=None).count() == 1          # nobody knows him, and he is kept
    assert "left_before_entered" in drop(client, town, content).content.decode()
    assert Upload.objects.get(taken_at__isnull=False).told == {"presences": 2, "spots": 1, "unchanged": 0, "unknown": 1,
                                                               "repaired": 0, "refused": 1}


def test_a_preview_says_what_is_here_already(town: Town) -> None:
    client = signed_in(town)
    take(town.park, a_file(a_row(1)))

    shown = drop(client, town, a_file(a_row(1))).content.decode()

    assert "answer\" value=\"take" not in shown and Presence.objects.count() == 1


def test_what_is_wrong_comes_back_as_a_workbook(town: Town) -> None:
    client = signed_in(town)
    page = drop(client, town, a_file(a_row(1, left="gestern"))).redirect_chain[-1][0]

    answer = client.get(f"{page}/marked.xlsx")

    assert answer.status_code == 200 and "spreadsheet" in answer.headers["Content-Type"]


def test_a_file_that_is_none_is_refused_and_nothing_is_kept(town: Town) -> None:
    assert drop(signed_in(town), town, b"a,b\n1,2\n").status_code == 422
    assert not Presence.objects.exists()


def test_rows_are_kept_once_and_answered_one_by_one(town: Town) -> None:
    client, rows = signed_in(town), (a_stay(), a_stay(client_id="gate-2", resident_id=an_id(NOBODY)),
                                     a_stay(client_id="gate-3", left_at="2022-07-22T07:59"), {"client_id": "gate-4"})

    first, second = (send(client, town, *rows).json()["answers"] for _time in range(2))

    assert [each["status"] for each in first] == ["accepted", "accepted", "refused", "refused"]
    assert [each.get("on_roster") for each in first[:2]] == [True, False]
    assert [each["code"] for each in first[2:]] == ["tracing.stay_out_of_order", "tracing.row_misshapen"]
    assert [each["status"] for each in second] == ["repeat", "repeat", "refused", "refused"]
    assert Presence.objects.count() == 2


def test_a_row_that_a_file_brought_already_is_a_repeat(town: Town) -> None:
    take(town.park, a_file(a_row(1)))

    answer = send(signed_in(town), town, a_stay(kind="食堂餐桌", spot="食堂/001桌", left_at="2022-07-22T09:00", source="食堂刷卡"))

    assert answer.json()["answers"][0]["status"] == "repeat" and Presence.objects.count() == 1


def test_an_id_of_another_stay_is_refused(town: Town) -> None:
    client = signed_in(town)
    send(client, town, a_stay())

    answer = send(client, town, a_stay(spot="西门")).json()["answers"][0]

    assert answer["code"] == "tracing.presence_id_reused" and Presence.objects.count() == 1


@pytest.mark.parametrize(("count", "status"), [(500, 200), (501, 413)])
def test_five_hundred_rows_at_once_and_no_more(town: Town, count: int, status: int) -> None:
    answer = send(signed_in(town), town, *(a_stay(client_id=uuid4().hex, spot=f"门{at}") for at in range(count)))

    assert answer.status_code == status and Presence.objects.count() == (count if status == 200 else 0)


def test_a_stay_without_an_end_has_an_assumed_one(town: Town) -> None:
    send(signed_in(town), town, a_stay(left_at=""))

    stay = Presence.objects.get()
    assert stay.assumed and stay.entered_at < stay.left_at


def test_who_may_not_import_records_sends_none(town: Town) -> None:
    assert send(signed_in(town, "fang"), town, a_stay()).status_code == 403
    assert not Presence.objects.exists()


def test_moments_without_an_offset_are_the_park_s(town: Town) -> None:
    send(signed_in(town), town, a_stay())

    assert Presence.objects.get().entered_at == datetime(2022, 7, 22, 0, 0, tzinfo=UTC)


@pytest.mark.pure
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([1, 2, NOBODY]), st.integers(6, 8), st.sampled_from(["甲/001桌", "甲/002桌"]),
                          st.sampled_from(["", "2022-07-22 09:00:00"])), max_size=12), st.randoms())
def test_twice_changes_nothing_and_the_order_does_not_matter(town: Town, rows: list[tuple[int, int, str, str]],
                                                             random: Any) -> None:
    lines = [a_row(number, hour=hour, spot=spot, left=left) for number, hour, spot, left in rows]
    Presence.objects.all().delete()
    take(town.park, a_file(*lines))
    once = told(town.park)
    assert take(town.park, a_file(*lines))["created"]["presences"] == 0 and told(town.park) == once

    Presence.objects.all().delete()
    random.shuffle(lines)
    take(town.park, a_file(*lines))

    assert told(town.park) == once and Spot.objects.count() <= 2
