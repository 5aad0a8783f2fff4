"""The page of a figure: searched, paged, taken away as Excel; names only for who may see them, each look in the journal."""

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from jiugong.accounts.queries import actor_for
from jiugong.briefs.figures import FIGURES
from jiugong.briefs.queries import Rows, figure, scope_for
from jiugong.briefs.scope import scope_of
from jiugong.journal.models import LookUp
from jiugong.lib.acting import operator
from jiugong.rulebook.actions import adopt
from tests.cast import DAY, Town, an_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]


def _found(town: Town, key: str, text: str, who: str = "lin") -> list[str]:
    actor = actor_for(town.users[who])
    rows = Rows(actor, figure(key), scope_for(actor, town.park, DAY, DAY), text)
    names = [str(line.facts.get("name") or line.facts.get("tube") or line.facts["enterprise"]) for line in rows]
    assert len(rows) == len(names)
    return names


def test_rows_are_found_by_a_part_of_a_name(town: Town) -> None:
    assert _found(town, "registry.people", "孙") == ["孙丽"]
    assert _found(town, "registry.people", "南山") == ["冯雪", "钱进"]
    assert _found(town, "screening.missing", "西河") == ["卫红", "蒋明", "褚亮"]
    assert _found(town, "screening.tubes", "sy0001") == ["SY0001"]
    assert _found(town, "registry.enterprises", "门窗") == ["西河门窗有限公司"]
    assert _found(town, "registry.people", "无此人") == []
    assert _found(town, "registry.people", "孙", who="bo") == []


@pytest.mark.parametrize("key", [each.key for each in FIGURES])
def test_looking_for_something_in_a_figure_gives_only_rows_that_say_it(town: Town, key: str) -> None:
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    scope = scope_of(town.park, DAY, DAY)
    everything = list(Rows(operator(), figure(key), scope))

    for text in ("东风", "无此"):
        found = list(Rows(operator(), figure(key), scope, text))

        assert len(found) <= len(everything)
        assert all(any(text in str(value) for value in line.facts.values()) for line in found)


def test_the_page_shows_what_is_looked_for_and_journals_those_people_alone(town: Town) -> None:
    client = Client()
    client.force_login(town.users["lin"])
    address = reverse("figure", args=[town.park.uid, "registry.people"])

    page = client.get(address + f"?from={DAY}&to={DAY}&q=孙").content.decode()

    assert "孙丽" in page and "吴强" not in page and an_id(2) not in page
    assert list(LookUp.objects.values_list("person__name", flat=True)) == ["孙丽"]


def test_the_rows_as_excel_are_a_look_at_each_person(town: Town) -> None:
    client = Client()
    client.force_login(town.users["lin"])

    answer = client.get(reverse("figure-paper", args=[town.park.uid, "screening.missing"]) + f"?from={DAY}&to={DAY}")
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))

    assert len(rows) == 1 + 6 == 1 + LookUp.objects.count()
    assert all("*" in str(row[-1]) for row in rows[1:])


def test_a_leader_takes_away_no_name(town: Town, this_morning: datetime) -> None:
    client = Client()
    client.force_login(town.users["zhou"])

    answer = client.get(reverse("figure-paper", args=[town.park.uid, "screening.missing"]))
    said = [str(cell) for row in openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
            for cell in row]

    assert len(said) == 1 and not any(name in said[0] for name in town.people)
    assert not LookUp.objects.exists()
