"""Areas at risk: a list is taken once, a later complete one ends what it leaves out, and a place is found by its name."""

from datetime import date

import pytest

from jiugong.accounts.queries import actor_for
from jiugong.lib.acting import NotAllowed, operator
from jiugong.lib.sheets import name_key
from jiugong.tracing.actions.risk_areas import TakenAreas, import_risk_areas, read_risk_area_file
from jiugong.tracing.errors import NotARiskAreaFile
from jiugong.tracing.logic.areas import Area, Areas, How, Stayed, plain_key
from jiugong.tracing.models import RiskArea
from tests.cast import Town

HEADING = "地区,风险等级,开始日期,结束日期,依据"
A = "内蒙古自治区包头市昆都仑区友谊小区,高风险,2022-07-18,,包头通告1号"
B = "河南省郑州市金水区,中风险区,2022-07-19,2022-07-25,郑州通告"
NEXT = date(2022, 7, 22)


def take(*lines: str, day: date = date(2022, 7, 19), heading: str = HEADING, is_complete: bool = False) -> TakenAreas:
    file = read_risk_area_file("\n".join([heading, *lines]).encode("gb18030"), name="a.csv")
    return import_risk_areas(file, day=day, actor=operator(), is_complete=is_complete)


def kept() -> list[tuple[str, str, str, str]]:
    return [(area.name[-4:], area.level, str(area.since), str(area.until or "")) for area in RiskArea.objects.order_by("pk")]


# taking in ------------------------------------------------------------------------------------------------------------

@pytest.mark.django_db
def test_an_end_is_the_last_day_at_risk_and_a_lifting_the_first_without() -> None:
    assert take(A, B).as_data()["created"] == {"risk_areas": 2}
    take("甲市乙区,高风险,2022-07-18,2022-07-25", heading="地区,等级,划定日期,解除日期")

    assert kept() == [("友谊小区", "high", "2022-07-18", ""), ("市金水区", "medium", "2022-07-19", "2022-07-26"),
                      ("甲市乙区", "high", "2022-07-18", "2022-07-25")]


@pytest.mark.django_db
def test_the_same_list_again_changes_nothing_and_one_without_days_neither() -> None:
    take(A, B)
    before = list(RiskArea.objects.values())

    again = take(B, A, day=NEXT)
    undated = take("内蒙古自治区包头市昆都仑区友谊小区,高风险,", heading="地区,风险等级,依据", day=NEXT)

    assert (again.created, again.changed, again.unchanged, undated.created, undated.unchanged) == (0, 0, 2, 0, 1)
    assert list(RiskArea.objects.values()) == before


@pytest.mark.django_db
def test_only_a_complete_list_ends_what_it_leaves_out() -> None:
    take(A, B)
    assert (take(B, day=NEXT).left, kept()[0][3]) == (0, "")

    assert take(B, day=NEXT, is_complete=True).left == 1
    assert kept()[0][3] == "2022-07-22"
    assert take(B, day=NEXT, is_complete=True).left == 0


@pytest.mark.django_db
def test_a_complete_list_that_names_an_ended_area_opens_it_again() -> None:
    take(A, B)
    take(B, day=NEXT, is_complete=True)

    assert take(A, B, day=date(2022, 7, 23), is_complete=True).changed == 1
    assert kept()[0][3] == ""


@pytest.mark.django_db
def test_a_complete_list_with_a_bad_row_ends_nothing() -> None:
    take(A)

    taken = take("某地,极高,2022-07-18,,", day=NEXT, is_complete=True)

    assert (taken.left, taken.file.bad_rows, kept()[0][3]) == (0, 1, "")


@pytest.mark.django_db
def test_bad_rows_are_said() -> None:
    told = take(",高风险,2022-07-18,,", "甲,很高,2022-07-18,,", "乙,低风险,2022-07-18,2022-07-17,",
                "丙,低,2022-02-30,,").as_data()

    assert [(each["row"], each["code"]) for each in told["errors"]] == [
        (2, "missing"), (3, "risk_level_unknown"), (4, "ended_before_begun"), (5, "day_impossible")]
    with pytest.raises(NotARiskAreaFile):
        take("a,b", heading="场所,类型")


@pytest.mark.django_db
def test_who_reaches_one_park_alone_does_not_change_the_list_of_all(town: Town, other_town: Town) -> None:
    file = read_risk_area_file(f"{HEADING}\n{A}".encode(), name="a.csv")
    with pytest.raises(NotAllowed):
        import_risk_areas(file, day=NEXT, actor=actor_for(town.users["lin"]))
    assert RiskArea.objects.count() == 0


# where a place lies ---------------------------------------------------------------------------------------------------

def an_area(name: str, level: str = "high", since: date = date(2022, 7, 18), until: date | None = None) -> Area:
    return Area(number=1, name=name, key=name_key(name), level=level, since=since, until=until)


def found(place: str, *areas: Area, first: date = date(2022, 7, 18), last: date = date(2022, 7, 20)) -> list[tuple[str, str, str]]:
    stay = Stayed(area=place, key=name_key(place), first_day=first, last_day=last)
    return [(each.area.name, each.how.value, str(each.left_on)) for each in Areas(areas).matches(stay)]


@pytest.mark.pure
@pytest.mark.parametrize(("place", "how"), [
    ("内蒙古自治区包头市昆都仑区友谊小区", "inside"), ("内蒙古自治区包头市昆都仑区友谊小区3号楼", "inside"),
    ("内蒙古包头市昆都仑区友谊小区", "inside"), ("包头市昆都仑区友谊小区", "inside"),
    ("包头市昆都仑区", "around"), ("包头市", "around"),
    ("包头市昆都仑区友好小区", ""), ("昆都仑区友谊小区", ""), ("呼和浩特市", "")])
def test_a_place_lies_in_an_area_by_the_beginning_of_its_name(place: str, how: str) -> None:
    name = "内蒙古自治区包头市昆都仑区友谊小区"

    assert found(place, an_area(name)) == ([(name, how, "2022-07-20")] if how else [])


@pytest.mark.pure
def test_house_1_is_not_the_beginning_of_house_10() -> None:
    assert found("甲市乙区1号楼2单元", an_area("甲市乙区1号楼")) != []
    assert found("甲市乙区长街10", an_area("甲市乙区长街1")) == []
    assert found("甲市乙区长街1", an_area("甲市乙区长街10")) == []


@pytest.mark.pure
def test_days_meet_on_the_first_and_on_the_last_day_at_risk() -> None:
    area = an_area("甲市", until=date(2022, 7, 25))                      # at risk from the 18th to the 24th

    assert found("甲市", area, first=date(2022, 7, 10), last=date(2022, 7, 17)) == []
    assert found("甲市", area, first=date(2022, 7, 10), last=date(2022, 7, 18)) == [("甲市", How.INSIDE.value, "2022-07-18")]
    assert found("甲市", area, first=date(2022, 7, 24), last=date(2022, 7, 30)) == [("甲市", How.INSIDE.value, "2022-07-24")]
    assert found("甲市", area, first=date(2022, 7, 25), last=date(2022, 7, 30)) == []


@pytest.mark.pure
def test_the_highest_comes_first_and_a_sure_match_before_a_possible_one() -> None:
    areas = [an_area("甲市", "low"), an_area("甲市乙区", "high"), an_area("甲市乙区丙街", "high")]

    assert [(name, how) for name, how, _left in found("甲市乙区", *areas)] == [
        ("甲市乙区", "inside"), ("甲市", "inside"), ("甲市乙区丙街", "around")]


@pytest.mark.pure
@pytest.mark.parametrize(("name", "plain"), [
    ("北京市朝阳区", "北京市朝阳区"), ("北京朝阳区", "北京市朝阳区"), ("广西壮族自治区南宁市", "南宁市"),
    ("吉林省吉林市船营区", "吉林市船营区"), ("吉林市船营区", "吉林市船营区"), ("吉林市", "吉林市"), ("海南", "海南")])
def test_a_province_may_be_left_out(name: str, plain: str) -> None:
    assert plain_key(name) == plain
