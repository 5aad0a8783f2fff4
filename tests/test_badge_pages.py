"""Badges on paper and on pages: sheets that a camera reads, the page that counts them, a link in one click, the API."""

import json
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.scope import scope_of
from jiugong.cli import main
from jiugong.journal.models import LookUp
from jiugong.lib.acting import Actor, operator
from jiugong.lib.can import Can
from jiugong.registry.actions.badges import issue_badges, withdraw_badge
from jiugong.registry.actions.printing_badges import print_badges
from jiugong.registry.errors import NobodyForBadges
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of, people_in, person_of_code, text_of
from jiugong.registry.words import BadgeKind
from tests.cast import DAY, Town
from tests.papers import codes_on

pytestmark = pytest.mark.django_db


def _badge(town: Town, name: str = "吴强") -> Badge:
    return issue_badges(town.park, [town.people[name]], actor=operator())[0]


# sheets -------------------------------------------------------------------------------------------------------------

def test_a_camera_reads_every_badge_on_a_sheet(town: Town, this_morning: datetime, tmp_path: Path) -> None:
    everybody = list(town.people.values())[:8]

    content = print_badges(town.park, everybody, actor=operator(), base="https://park.example/me/")

    seen = codes_on(content, tmp_path)
    assert all(each.startswith("https://park.example/me/") for each in seen)
    assert {person_of_code(town.park, each) for each in seen} == set(everybody)


def test_sheets_hold_eight_badges_a_page_with_name_and_firm(town: Town, this_morning: datetime) -> None:
    people = [town.people["吴强"]] * 9

    content = print_badges(town.park, people, actor=operator())

    pages = PdfReader(BytesIO(content)).pages
    assert len(pages) == 2
    assert pages[0].extract_text().count("吴强") == 8
    assert pages[1].extract_text().count("吴强") == 1
    assert "东风木业有限公司" in pages[0].extract_text() and "木工1班" in pages[0].extract_text()
    assert text_of(Badge.objects.get()) in pages[0].extract_text()


def test_printing_is_a_look_at_each_of_them(town: Town, this_morning: datetime) -> None:
    print_badges(town.park, [town.people["吴强"], town.people["孙丽"]], actor=operator())

    assert set(LookUp.objects.values_list("person__name", "fields")) == {("吴强", "badge"), ("孙丽", "badge")}


def test_nobody_is_no_sheet(town: Town, this_morning: datetime) -> None:
    with pytest.raises(NobodyForBadges):
        print_badges(town.park, [], actor=operator())


def test_people_of_a_unit_come_team_by_team_and_only_those_within_reach(town: Town, this_morning: datetime) -> None:
    firm = town.firms["东风木业有限公司"]
    stranger = Actor(key="user:0", name="Bo", powers={Can.ISSUE_BADGES: (town.firms["西河门窗有限公司"].path,)})

    assert {each.name for each in people_in(operator(), firm, DAY)} == {"吴强", "孙丽", "郑伟"}
    assert not people_in(stranger, firm, DAY)


# pages --------------------------------------------------------------------------------------------------------------

@pytest.fixture
def fang(town: Town) -> Client:
    client = Client()
    client.force_login(town.users["fang"])
    return client


def test_the_page_counts_who_has_a_badge(town: Town, this_morning: datetime, fang: Client) -> None:
    _badge(town)

    page = fang.get(reverse("badges", args=[town.park.uid])).content.decode()

    assert "东风木业有限公司" in page and "西河门窗有限公司" not in page
    assert "2" in page


def test_the_page_asks_as_much_for_one_firm_as_for_many(town: Town, this_morning: datetime) -> None:
    lin, address = Client(), reverse("badges", args=[town.park.uid])
    lin.force_login(town.users["lin"])
    lin.get(address)
    with CaptureQueriesContext(connection) as few:
        lin.get(address, {"q": "东风"})
    with CaptureQueriesContext(connection) as all_of_them:
        lin.get(address)
    assert len(all_of_them) == len(few)


def test_a_sheet_comes_as_a_file_whose_codes_open_the_own_page(town: Town, this_morning: datetime, fang: Client) -> None:
    answer = fang.post(reverse("badge-sheets", args=[town.park.uid]), {"unit": str(town.firms["东风木业有限公司"].uid)})

    assert answer["Content-Type"] == "application/pdf"
    assert Badge.objects.count() == 3
    assert len(PdfReader(BytesIO(answer.content)).pages) == 1


def test_a_part_beyond_the_last_is_refused(town: Town, this_morning: datetime, fang: Client) -> None:
    answer = fang.post(reverse("badge-sheets", args=[town.park.uid]), {
        "unit": str(town.firms["东风木业有限公司"].uid), "part": "2"})

    assert answer.status_code == 422
    assert not Badge.objects.exists()


def test_losing_a_badge_on_the_page_needs_a_reason(town: Town, this_morning: datetime, fang: Client) -> None:
    badge, address = _badge(town), reverse("badge-reissue", args=[town.park.uid, town.people["吴强"].uid])

    assert fang.post(address, {"reason": ""}).status_code == 422
    assert person_of_code(town.park, text_of(badge))
    assert fang.post(address, {"reason": "lost"}).status_code == 302
    assert person_of_code(town.park, text_of(badge)) is None


def test_a_link_is_made_shown_and_taken_back_with_one_click(town: Town, this_morning: datetime, fang: Client) -> None:
    wu = town.people["吴强"]
    address = reverse("person-link", args=[town.park.uid, wu.uid])

    assert fang.post(address, {"days": "7"}).status_code == 302
    link = Badge.objects.get(kind=BadgeKind.LINK)
    assert address_of(link) in fang.get(address).content.decode()
    assert LookUp.objects.filter(person=wu, fields="link").exists()
    assert fang.post(reverse("badge-withdraw", args=[town.park.uid, link.pk])).status_code == 302
    assert person_of_code(town.park, text_of(link)) is None
    assert address_of(link) not in fang.get(address).content.decode()


def test_a_days_choice_that_is_none_makes_no_link(town: Town, this_morning: datetime, fang: Client) -> None:
    answer = fang.post(reverse("person-link", args=[town.park.uid, town.people["吴强"].uid]), {"days": "4000"})

    assert answer.status_code == 422
    assert not Badge.objects.exists()


def test_programs_give_and_take_back_badges(town: Town, this_morning: datetime, fang: Client) -> None:
    wu = town.people["吴强"]
    given = fang.post("/api/v1/registry/badges", {"people": [str(wu.uid)]}, content_type="application/json").json()
    badge = given["badges"][0]

    assert person_of_code(town.park, badge["text"]) == wu
    taken = fang.post(f"/api/v1/registry/badges/{badge['number']}/withdraw", {"reason": "lost"}, content_type="application/json")
    assert taken.json()["reason"] == "lost"
    assert person_of_code(town.park, badge["text"]) is None
    beyond = fang.post("/api/v1/registry/badges", {"people": [str(town.people["褚亮"].uid)]}, content_type="application/json")
    assert beyond.status_code == 404
    assert not Badge.objects.filter(person__name="褚亮").exists()


# figure and command -------------------------------------------------------------------------------------------------

def test_the_figure_counts_people_on_the_roster_with_a_badge_that_holds(town: Town, this_morning: datetime) -> None:
    badge = _badge(town)
    figure, scope = BY_KEY["registry.badges"], scope_of(town.park, DAY, DAY)

    assert (figure.count(scope), len(list(figure.rows(scope)))) == (1, 1)
    withdraw_badge(badge, reason="lost", actor=operator())
    after = scope_of(town.park, DAY, DAY)
    assert (figure.count(after), list(figure.rows(after))) == (0, [])


def test_the_command_writes_sheets_for_an_enterprise_and_may_run_again(town: Town, this_morning: datetime, tmp_path: Path,
                                                                       capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "badges.pdf"
    words = ["badges", "print", str(out), "--park", town.park.name, "--enterprise", "东风木业有限公司", "--json"]

    assert [main(words), main(words)] == [0, 0]
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"badges": 3, "files": [str(out)]}
    assert Badge.objects.count() == 3
    assert main([*words[:-2], "没有这家", "--json"]) == 1
