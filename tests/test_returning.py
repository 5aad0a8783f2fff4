"""Returnees: where they were against the areas of those days, what the rules say, and a person who decides with a reason."""

from datetime import date, timedelta
from typing import Any

import pytest

from jiugong.accounts.queries import actor_for
from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.scope import scope_of
from jiugong.duties.actions import record
from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, operator
from jiugong.lib.sheets import name_key
from jiugong.registry.models import Person
from jiugong.rulebook.actions import adopt
from jiugong.standing.actions import himself
from jiugong.tracing.actions.orders import decide
from jiugong.tracing.actions.returning import decide_return
from jiugong.tracing.actions.risk_areas import import_risk_areas, read_risk_area_file
from jiugong.tracing.actions.stays import import_stays, read_stay_file, tell_stay, withdraw_stay
from jiugong.tracing.errors import NothingTold, ReasonMissing, StayIdReused, StayMisshapen
from jiugong.tracing.logic.areas import Area, Areas, Stayed
from jiugong.tracing.logic.returning import Sign, Verdict, judge
from jiugong.tracing.models import Order, Returned, Stay
from jiugong.tracing.queries.returnees import Judge, returnee_of, returnees_on
from tests.cast import DAY, MORNING, Town, an_id

AREA = "内蒙古自治区包头市昆都仑区友谊小区"
pytestmark = pytest.mark.usefixtures("this_morning")


def actor(town: Town, who: str) -> Any:
    return actor_for(town.users[who])


@pytest.fixture
def ruled(town: Town) -> Town:
    """The ninth edition holds; a high, a medium and a low area stand since the 10th."""
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    lines = f"地区,风险等级,开始日期\n{AREA},高风险,2022-07-10\n丙市丁区,中风险,2022-07-10\n戊市己区,低风险,2022-07-10"
    import_risk_areas(read_risk_area_file(lines.encode(), name="a.csv"), day=DAY, actor=operator())
    return town


def stay(town: Town, who: str = "吴强", area: str = "包头市昆都仑区友谊小区3号楼", left: date = date(2022, 7, 20),
         key: str = "") -> Stay:
    return tell_stay(town.people[who], area=area, first_day=left - timedelta(days=2), last_day=left, actor=operator(),
                     client_id=key or f"{who}{left}")


def said(person: Person, day: date = DAY) -> tuple[str | None, str]:
    judged = Judge(person.park, day, [person.pk]).of(returnee_of(person, day))
    return (judged.verdict.value if judged.verdict else None), str(judged.until or "")


# what the rules say ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("area", "left", "verdict"), [
    (f"{AREA}3号楼", date(2022, 7, 15), "controlled"),         # day 7 after leaving
    (f"{AREA}3号楼", date(2022, 7, 14), "on_post"),            # day 8
    ("丙市丁区", date(2022, 7, 15), "controlled"), ("丙市丁区", date(2022, 7, 14), "on_post"),
    ("戊市己区", date(2022, 7, 20), "test_first"), ("戊市己区", date(2022, 7, 19), "on_post"),      # two tests in three days
    ("包头市", date(2022, 7, 20), "test_first"),               # told roughly: ask where exactly
    ("庚市", date(2022, 7, 20), "on_post")])
def test_what_the_ninth_edition_says_of_where_somebody_was(ruled: Town, area: str, left: date, verdict: str) -> None:
    stay(ruled, area=area, left=left)

    assert said(ruled.people["吴强"])[0] == verdict


def test_the_twenty_measures_know_no_medium_area_and_no_tests_after_a_low_one(ruled: Town) -> None:
    adopt(ruled.park, "cn-2022-20", from_day=date(2022, 11, 11), actor=operator())
    day = date(2022, 11, 14)
    with clock.standing_at(MORNING.replace(month=11, day=14)):
        for who, area in (("吴强", AREA), ("孙丽", "丙市丁区"), ("郑伟", "戊市己区")):
            stay(ruled, who, area, left=date(2022, 11, 12))

        assert [said(ruled.people[who], day) for who in ("吴强", "孙丽", "郑伟")] == [
            ("controlled", "2022-11-19"), ("on_post", ""), ("on_post", "")]


def test_without_rules_a_match_is_shown_and_nothing_is_invented(town: Town) -> None:
    lines = f"地区,风险等级,开始日期\n{AREA},高风险,2022-07-10"
    import_risk_areas(read_risk_area_file(lines.encode(), name="a.csv"), day=DAY, actor=operator())
    stay(town)

    judged = Judge(town.park, DAY, [town.people["吴强"].pk]).of(returnee_of(town.people["吴强"], DAY))
    assert (judged.verdict, judged.because[0]["area"], judged.because[0]["says"]) == (Verdict.ON_POST, AREA, "on_post")


@pytest.mark.pure
@pytest.mark.parametrize(("sign", "verdict"), [
    (Sign.CASE, "controlled"), (Sign.ORDER, "controlled"), (Sign.CONTACT, "test_first"), (Sign.FLAGGED, "test_first")])
def test_what_else_is_known_counts_too(sign: Sign, verdict: str) -> None:
    judged = judge(DAY, has_told=True, matches=(), signs=(sign,), controls=lambda level, left_on: ())

    assert judged.verdict and judged.verdict.value == verdict


@pytest.mark.pure
def test_the_longest_control_counts_and_every_reason_is_kept() -> None:
    areas = Areas([Area(number=at, name=name, key=name_key(name), level="high", since=date(2022, 7, 1))
                   for at, name in enumerate("甲乙")])
    stays = [Stayed(area=name, key=name_key(name), first_day=left, last_day=left)
             for name, left in (("甲", date(2022, 7, 18)), ("乙", date(2022, 7, 20)))]

    class Seven:
        def __init__(self, left_on: date) -> None:
            self.last_day = left_on + timedelta(days=7)

    judged = judge(DAY, has_told=True, matches=[match for each in stays for match in areas.matches(each)], signs=(),
                   controls=lambda level, left_on: [Seven(left_on)])

    assert (judged.until, judged.match and judged.match.area.name, len(judged.because)) == (date(2022, 7, 27), "乙", 2)


# telling --------------------------------------------------------------------------------------------------------------

def test_a_stay_told_twice_is_one_and_another_under_its_id_is_refused(ruled: Town) -> None:
    first = stay(ruled, key="one")
    assert stay(ruled, key="one") == first

    with pytest.raises(StayIdReused):
        stay(ruled, area="庚市", key="one")
    assert Stay.objects.count() == 1


@pytest.mark.parametrize("wrong", [
    {"area": " "}, {"last_day": date(2022, 7, 23)}, {"first_day": date(2022, 7, 21)}, {"client_id": ""}, {"first_day": None}])
def test_what_cannot_be_is_not_kept(ruled: Town, wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {
        "area": "庚市", "first_day": date(2022, 7, 18), "last_day": date(2022, 7, 20), "client_id": "x"} | wrong

    with pytest.raises(StayMisshapen):
        tell_stay(ruled.people["吴强"], actor=operator(), **given)
    assert not Stay.objects.exists()


def test_he_says_it_himself_and_of_nobody_else(ruled: Town) -> None:
    wu, sun = ruled.people["吴强"], ruled.people["孙丽"]
    given: dict[str, Any] = {"area": "庚市", "first_day": DAY, "last_day": DAY, "client_id": "x"}

    assert tell_stay(wu, actor=himself(wu), **given).told_by == f"person:{wu.pk}"
    with pytest.raises(NotAllowed):
        tell_stay(sun, actor=himself(wu), **given | {"client_id": "y"})


def test_a_list_of_stays_is_taken_once_whoever_told_them(ruled: Town) -> None:
    stay(ruled, "孙丽", "丙市丁区", date(2022, 7, 19))
    lines = ["姓名,身份证号,旅居地,到达日期,离开日期", f"吴强,{an_id(1)},{AREA},2022-07-18,2022-07-20",
             f"孙丽,{an_id(2)},丙市丁区,2022-07-17,2022-07-19", f"谁,{an_id(555)},甲市,,2022-07-20"]
    content = "\n".join(lines).encode()

    first, again = (import_stays(ruled.park, read_stay_file(content, name="s.csv", park=ruled.park), actor=operator())
                    for _time in range(2))

    assert (first.created, first.unchanged, [each.code for each in first.file.errors]) == (1, 1, ["stay_of_nobody"])
    assert (again.created, again.unchanged, Stay.objects.count()) == (0, 2, 2)


def test_what_was_told_wrongly_counts_nowhere(ruled: Town) -> None:
    row = stay(ruled)
    withdraw_stay(row, actor=operator())
    before = Entry.objects.count()
    withdraw_stay(row, actor=operator())

    assert said(ruled.people["吴强"]) == (None, "")
    assert Entry.objects.count() == before


# deciding -------------------------------------------------------------------------------------------------------------

def test_a_person_decides_and_control_is_proposed_for_two(ruled: Town) -> None:
    stay(ruled)
    row = decide_return(ruled.people["吴强"], reason="高风险区旅居史", actor=actor(ruled, "fang"))

    order = Order.objects.get(park=ruled.park)
    assert (row.outcome, row.on, row.decided_by_name, row.because[0]["area"]) == ("controlled", DAY, "方敏", AREA)
    assert (order.kind, order.stage, order.reason, order.evidence["left_on"]) == (
        "high_risk_area", "proposed", "was_in_area_at_risk", "2022-07-20")
    assert (order.phases[0]["first_day"], order.phases[-1]["last_day"]) == ("2022-07-21", "2022-07-27")
    decide(order, actor=actor(ruled, "lin"))
    assert decide(order, actor=actor(ruled, "zhou")).stage == "ordered"


def test_the_same_decision_again_changes_nothing(ruled: Town) -> None:
    stay(ruled)
    for _time in range(2):
        decide_return(ruled.people["吴强"], reason="高风险区旅居史", actor=actor(ruled, "fang"))

    assert (Returned.objects.count(), Order.objects.count()) == (1, 1)
    assert Entry.objects.filter(verb="return.decided").count() == 1


def test_what_follows_is_what_the_rules_say_and_nobody_makes_it_milder_or_stricter(ruled: Town) -> None:
    stay(ruled)
    assert decide_return(ruled.people["吴强"], reason="生产需要", actor=actor(ruled, "lin")).outcome == "controlled"
    stay(ruled, "孙丽", "庚市")
    assert decide_return(ruled.people["孙丽"], reason="稳妥起见", actor=actor(ruled, "lin")).outcome == "on_post"
    assert (Returned.objects.count(), Order.objects.count()) == (2, 1)


def test_nothing_is_decided_of_somebody_who_was_not_asked_or_without_a_reason(ruled: Town) -> None:
    with pytest.raises(NothingTold):
        decide_return(ruled.people["吴强"], reason="没问题", actor=actor(ruled, "lin"))
    stay(ruled, area="庚市")
    with pytest.raises(ReasonMissing):
        decide_return(ruled.people["吴强"], reason=" ", actor=actor(ruled, "lin"))
    with pytest.raises(NotAllowed):
        decide_return(ruled.people["吴强"], reason="x", actor=actor(ruled, "bo"))
    assert not Returned.objects.exists()


# the list -------------------------------------------------------------------------------------------------------------

def announce(town: Town, *names: str, on: str = "2022-07-22") -> None:
    said = [{"name": name, "from": "包头", "arriving_on": on} for name in names]
    record(town.park, town.firms["东风木业有限公司"], kind="returnee_list", happened_at=MORNING, client_id="list", actor=operator(),
           data={"returnees": said})


def listed(town: Town, who: str, day: date = DAY) -> list[tuple[str, str]]:
    return [(row.name, row.state) for row in returnees_on(actor(town, who), town.park, day, clock.now())]


def test_whoever_is_announced_stands_to_be_asked_until_he_says_where_he_was(ruled: Town) -> None:
    announce(ruled, "吴强", "孙丽", "某人")
    assert listed(ruled, "lin") == [("吴强", "ask"), ("孙丽", "ask"), ("某人", "ask")]

    stay(ruled)
    stay(ruled, "郑伟", "庚市")
    decide_return(ruled.people["郑伟"], reason="无风险区旅居史", actor=actor(ruled, "fang"))

    assert listed(ruled, "lin") == [("吴强", "decide"), ("孙丽", "ask"), ("某人", "ask"), ("郑伟", "decided")]
    assert BY_KEY["tracing.returnees_unchecked"].count(scope_of(ruled.park, DAY, DAY)) == 3


def test_what_is_told_after_the_decision_is_decided_anew(ruled: Town) -> None:
    stay(ruled, area="庚市")
    decide_return(ruled.people["吴强"], reason="无风险区旅居史", actor=actor(ruled, "fang"))
    with clock.standing_at(MORNING + timedelta(minutes=1)):
        stay(ruled, area=AREA, key="later")

    assert listed(ruled, "lin") == [("吴强", "decide")]


def test_an_officer_sees_his_own_people_and_another_park_nothing(ruled: Town, other_town: Town) -> None:
    stay(ruled)
    stay(ruled, "褚亮", "庚市")

    assert listed(ruled, "fang") == [("吴强", "decide")]
    assert listed(ruled, "bo") == [("褚亮", "decide")]
    assert returnees_on(actor(other_town, "ines"), other_town.park, DAY, clock.now()) == []
    with pytest.raises(NotAllowed):
        returnees_on(actor(other_town, "ines"), ruled.park, DAY, clock.now())
