"""People flagged by other places: the number finds at once, a name needs a person, nobody of ours goes back with a reason."""

from datetime import timedelta
from typing import Any

import pytest

from jiugong.accounts.queries import actor_for
from jiugong.journal.models import Entry, Message
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, operator
from jiugong.registry.actions.postings import hire
from jiugong.registry.errors import NotHere
from jiugong.registry.logic.entries import Who, Work
from jiugong.rulebook.actions import adopt
from jiugong.tracing.actions.flag_deeds import act_on, confirm_match, mark_found, refuse_match, return_unmatched
from jiugong.tracing.actions.flagged import TakenFlags, import_flagged, read_flagged_file
from jiugong.tracing.actions.orders import decide
from jiugong.tracing.errors import FlagMoved, FlagNotControlled, NotAFlaggedFile, ReasonMissing
from jiugong.tracing.models import Flagged, Order
from jiugong.tracing.queries.flagged import counts, flagged_for, flagged_seen, in_order, told_of
from tests.cast import DAY, MORNING, Town, a_phone, an_id

HEADING = "姓名,身份证号,手机号,推送单位,推送时间,风险原因,离开日期"
PUSHED = "包头市疾控中心,2022-07-22 07:30:00,高风险区旅居史"
NUMBERED = f"吴强,{an_id(1)},{a_phone(1)},{PUSHED},2022-07-20"
NAMED = f"孙丽,,{a_phone(2)},{PUSHED},2022-07-20"
STRANGE = f"无此人,{an_id(555)},19911112222,{PUSHED},2022-07-20"

pytestmark = pytest.mark.usefixtures("this_morning")


def take(town: Town, *lines: str, heading: str = HEADING) -> TakenFlags:
    content = "\n".join([heading, *lines]).encode("utf-8-sig")
    return import_flagged(town.park, read_flagged_file(content, name="f.csv", park=town.park), actor=operator())


def actor(town: Town, who: str) -> Any:
    return actor_for(town.users[who])


def one(town: Town, **facts: Any) -> Flagged:
    return Flagged.objects.get(park=town.park, **facts)


# taking in ------------------------------------------------------------------------------------------------------------

def test_the_number_finds_at_once_and_who_answers_is_told(town: Town) -> None:
    told = take(town, NUMBERED, NAMED, STRANGE).as_data()

    assert {key: told[key] for key in ("created", "matched", "to_confirm", "unmatched", "returned", "refused", "unchanged")} == {
        "created": {"flagged": 3}, "matched": 1, "to_confirm": 1, "unmatched": 1, "returned": 0, "refused": 0, "unchanged": 0}
    found = one(town, person=town.people["吴强"])
    assert (found.stage, found.matched_by, found.told_at) == ("told", "id_number", MORNING)
    message = Message.objects.get(park=town.park, about=f"flagged:{found.pk}")
    assert message.to_person == town.people["方敏"]
    assert told_of(found) == [message]


def test_the_same_list_again_changes_nothing_in_whichever_order_and_file(town: Town) -> None:
    take(town, NUMBERED, NAMED)
    before = list(Flagged.objects.order_by("pk").values())
    entries, messages = Entry.objects.count(), Message.objects.count()
    spaced = f" 吴 强 ,{an_id(1).lower()} ,86{a_phone(1)},{PUSHED},2022/7/20"

    again = take(town, NAMED, spaced)

    assert (again.created, again.unchanged, again.matched) == (0, 2, 0)
    assert list(Flagged.objects.order_by("pk").values()) == before
    assert (Entry.objects.count(), Message.objects.count()) == (entries, messages)


def test_headings_may_stand_anywhere_and_be_called_otherwise(town: Town) -> None:
    taken = take(town, f"{an_id(1)},吴强,包头市疾控中心,2022-07-22,旅居史",
                 heading="身份证号码,人员姓名,推送地区,推送日期,推送原因")

    assert (taken.created, taken.matched) == (1, 1)


def test_a_bad_line_is_said_and_the_good_ones_are_taken(town: Town) -> None:
    told = take(town, f"甲,,,{PUSHED},", f"乙,{an_id(3)},,,2022-07-22,x,", f"丙,{an_id(3)},,甲市,2022-13-40,x,",
                f"丁,{an_id(3)},,甲市,2022-07-01,x,2022-07-02", NUMBERED).as_data()

    assert [(each["row"], each["code"]) for each in told["errors"]] == [
        (2, "nothing_to_match"), (3, "missing"), (4, "moment_impossible"), (5, "left_after_told")]
    assert (told["refused"], told["created"]) == (4, {"flagged": 1})


def test_what_is_no_such_list_is_refused(town: Town) -> None:
    with pytest.raises(NotAFlaggedFile):
        take(town, "a,b", heading="场所,类型")
    assert Flagged.objects.count() == 0


def test_a_name_without_its_phone_finds_nobody(town: Town) -> None:
    taken = take(town, f"孙丽,,{a_phone(3)},{PUSHED},")

    assert (taken.to_confirm, taken.unmatched) == (0, 1)


def test_who_is_found_by_number_under_another_name_is_said(town: Town) -> None:
    taken = take(town, f"吴刚,{an_id(1)},,{PUSHED},")

    assert (taken.matched, [each.code for each in taken.file.warnings]) == (1, ["name_differs"])


def test_another_parks_people_are_not_found(town: Town, other_town: Town) -> None:
    take(other_town, f"褚亮,{an_id(6)},,{PUSHED},")

    assert one(other_town).person is None


def test_numbers_names_and_phones_are_kept_sealed(town: Town) -> None:
    take(town, STRANGE)

    row = one(town)
    for sealed in (row.name_sealed, row.id_sealed, row.phone_sealed):
        assert b"19911112222" not in bytes(sealed or b"") and an_id(555).encode() not in bytes(sealed or b"")
    assert an_id(555) not in row.line_key


def test_only_who_may_take_in_records_takes_it(town: Town) -> None:
    file = read_flagged_file(f"{HEADING}\n{NUMBERED}".encode(), name="f.csv", park=town.park)
    for who in ("fang", "tao", "zhou", "kai"):
        with pytest.raises(NotAllowed):
            import_flagged(town.park, file, actor=actor(town, who))
    assert Flagged.objects.count() == 0


# its clock ------------------------------------------------------------------------------------------------------------

def test_it_is_late_after_the_due_minute_and_not_on_it(town: Town) -> None:
    adopt(town.park, "cn-2022-v9", from_day=DAY, actor=operator())
    take(town, NUMBERED)
    row = one(town)

    assert row.due_at == MORNING + timedelta(minutes=120)
    assert [counts(Flagged.objects.all(), at)["late"] for at in (row.due_at - timedelta(seconds=1), row.due_at,
                                                                row.due_at + timedelta(seconds=1))] == [0, 0, 1]


def test_what_is_late_stands_first(town: Town) -> None:
    take(town, NUMBERED)
    with clock.standing_at(MORNING + timedelta(hours=1)):
        take(town, f"郑伟,{an_id(3)},,{PUSHED},", STRANGE)
    at = MORNING + timedelta(hours=2, minutes=30)

    assert [row.person and row.person.name for row in in_order(Flagged.objects.all(), at)] == ["吴强", "郑伟", None]


# what people do -------------------------------------------------------------------------------------------------------

def test_a_person_confirms_whom_a_name_and_a_phone_propose(town: Town) -> None:
    take(town, NAMED)
    row = one(town)
    assert (row.stage, row.person) == ("waiting", town.people["孙丽"])
    assert not Message.objects.filter(about__startswith="flagged").exists()

    row = confirm_match(row, actor=actor(town, "lin"))
    confirm_match(row, actor=actor(town, "lin"))

    assert (row.stage, row.matched_by) == ("told", "confirmed")
    assert Message.objects.filter(about=f"flagged:{row.pk}").count() == 1


def test_refused_it_stands_among_those_to_be_returned_and_goes_with_the_reason(town: Town) -> None:
    take(town, NAMED, STRANGE, NUMBERED)
    refuse_match(one(town, person=town.people["孙丽"]), actor=actor(town, "lin"))

    with pytest.raises(ReasonMissing):
        return_unmatched(town.park, reason=" ", actor=actor(town, "lin"))
    assert return_unmatched(town.park, reason="查无此人", actor=actor(town, "lin")) == 2

    assert sorted(Flagged.objects.values_list("stage", "outcome")) == [
        ("returned", "查无此人"), ("returned", "查无此人"), ("told", "")]
    assert return_unmatched(town.park, reason="查无此人", actor=actor(town, "lin")) == 0


def test_found_then_acted_on_by_the_enterprises_officer(town: Town) -> None:
    take(town, NUMBERED)
    row = mark_found(one(town), actor=actor(town, "fang"))
    assert (row.stage, row.found_at) == ("found", MORNING)

    row = act_on(row, "tested", words="单采，阴性", actor=actor(town, "fang"))
    again = act_on(row, "tested", words="单采，阴性", actor=actor(town, "fang"))

    assert (again.stage, again.outcome, again.ended_by_name) == ("acted", "tested: 单采，阴性", "方敏")
    with pytest.raises(FlagMoved):
        act_on(row, "on_leave", actor=actor(town, "fang"))
    assert one(town).outcome == "tested: 单采，阴性"


def test_control_is_proposed_by_the_rules_of_the_day_and_decided_by_two(town: Town) -> None:
    adopt(town.park, "cn-2022-v9", from_day=DAY, actor=operator())
    take(town, NUMBERED)
    act_on(one(town), "order_proposed", actor=actor(town, "fang"))

    order = Order.objects.get(park=town.park)
    assert (order.kind, order.stage, order.rule) == ("high_risk_area", "proposed", "control.high_risk_area")
    assert order.evidence["left_on"] == "2022-07-20"
    assert order.phases[-1]["last_day"] == "2022-07-27"                 # day 7 after leaving
    decide(order, actor=actor(town, "lin"))
    assert decide(order, actor=actor(town, "zhou")).stage == "ordered"


@pytest.mark.parametrize(("left_on", "controlled"), [("2022-07-15", True), ("2022-07-14", False)])
def test_on_day_seven_after_leaving_he_is_controlled_and_on_day_eight_not(town: Town, left_on: str, controlled: bool) -> None:
    adopt(town.park, "cn-2022-v9", from_day=DAY, actor=operator())
    take(town, f"吴强,{an_id(1)},,{PUSHED},{left_on}")

    if controlled:
        act_on(one(town), "order_proposed", actor=actor(town, "lin"))
    else:
        with pytest.raises(FlagNotControlled):
            act_on(one(town), "order_proposed", actor=actor(town, "lin"))
    assert Order.objects.exists() is controlled
    assert (one(town).stage == "acted") is controlled


def test_without_a_rule_nothing_is_controlled(town: Town) -> None:
    take(town, NUMBERED)

    with pytest.raises(FlagNotControlled):
        act_on(one(town), "order_proposed", actor=actor(town, "lin"))
    assert (one(town).stage, Order.objects.count()) == ("told", 0)


def test_who_comes_onto_the_roster_is_found_then(town: Town) -> None:
    take(town, STRANGE)
    unit = town.firms["东风木业有限公司"]

    hire(unit, Who(name="无此人", id_number=an_id(555)), Work(), since=DAY, actor=operator())

    assert one(town, person__name="无此人").stage == "told"


# who sees whom --------------------------------------------------------------------------------------------------------

def test_an_officer_sees_his_own_people_only_and_nobody_who_is_not_confirmed(town: Town, other_town: Town) -> None:
    take(town, NUMBERED, NAMED, STRANGE, f"褚亮,{an_id(6)},,{PUSHED},")

    def names(who: str) -> list[str]:
        return sorted(row.person.name if row.person else "?" for row in flagged_seen(actor(town, who), town.park))

    assert names("lin") == ["?", "吴强", "孙丽", "褚亮"]
    assert (names("fang"), names("tao"), names("bo")) == (["吴强"], ["吴强"], ["褚亮"])
    hidden = one(town, person=town.people["褚亮"])
    with pytest.raises(NotHere):
        flagged_for(actor(town, "fang"), town.park, hidden.pk)
    with pytest.raises(NotAllowed):
        mark_found(hidden, actor=actor(town, "fang"))
    with pytest.raises(NotAllowed):
        flagged_seen(actor(other_town, "ines"), town.park)
    assert one(town, person=town.people["褚亮"]).stage == "told"
