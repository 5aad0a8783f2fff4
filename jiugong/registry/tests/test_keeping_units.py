"""Enterprises, workshops, teams, charges and bodies kept by hand."""

from datetime import date, timedelta

import pytest

from jiugong.lib.acting import Actor, NotAllowed, operator
from jiugong.lib.can import Can
from jiugong.registry.actions.beds import place_below
from jiugong.registry.actions.bodies import change_body, create_body, end_body, seat, unseat
from jiugong.registry.actions.charges import put_in_charge, relieve
from jiugong.registry.actions.postings import move
from jiugong.registry.actions.units import add_enterprise, add_part, change_unit, end_unit, lie_in
from jiugong.registry.errors import ChargeNeedsOffice, DatesOutOfOrder, EntryWrong, RosterChanged, UnitEnded, UnitWrong
from jiugong.registry.models import Body, BodyMember, Charge, Park, Person, Place, Posting, Unit
from jiugong.registry.queries.people import assignments_of, posting_on, roster_on
from jiugong.registry.queries.units import ended_by, enterprises_of, grids_on, people_from
from jiugong.registry.tests.makers import a_code, a_firm, a_workbook, a_worker, an_actor, person, take
from jiugong.registry.words import BodyKind, PlaceKind, Role, Tier, UnitKind

FIRST, DAY = date(2022, 7, 1), date(2022, 7, 22)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.fixture
def firm(park: Park) -> Unit:
    """An enterprise with one workshop, one team and three workers."""
    take(park, a_workbook([a_firm(1)], [a_worker(serial, 1, dorm_room="宿舍001", bed=str(serial)) for serial in (1, 2, 3)]),
         at="2022-07-01")
    return Unit.objects.get(park=park, kind="enterprise")


def keeper_of(unit: Unit) -> Actor:
    return an_actor(unit.path, powers=[Can.KEEP_ROSTER, Can.SEE_PEOPLE])


def team_of(firm: Unit) -> Unit:
    return Unit.objects.get(enterprise=firm, kind="team")


def posted(who: Person, day: date) -> Posting:
    """Where somebody is posted, who is posted."""
    posting = posting_on(who, day)
    assert posting
    return posting


# enterprises --------------------------------------------------------------------------------------------------------

def test_an_enterprise_is_added_by_the_office_alone_and_once(park: Park, firm: Unit) -> None:
    grid = Place.objects.filter(park=park, kind="grid").first()

    with pytest.raises(NotAllowed):
        add_enterprise(park, "新来有限公司", actor=keeper_of(firm), since=DAY)
    made = add_enterprise(park, "新来 有限公司", actor=operator(), since=DAY, credit_code=a_code(9), grid=grid)
    again = add_enterprise(park, "新来有限公司", actor=operator(), since=DAY, credit_code=a_code(9))

    assert (made, made.path, made.enterprise) == (again, f"u/{park.pk}/{made.pk}/", made)
    assert Unit.objects.filter(park=park, kind="enterprise").count() == 2
    assert [grids_on(park, day).get(made.pk) for day in (BEFORE, DAY)] == [None, grid]
    assert [made in enterprises_of(park, day=day) for day in (BEFORE, DAY)] == [False, True]


@pytest.mark.parametrize(("name", "code", "field"), [
    ("", "", "name"), ("测试1厂（宿州）有限公司", "", "name"), ("别的厂", a_code(1), "credit_code"),
    ("别的厂", "123", "credit_code")])
def test_an_enterprise_that_cannot_be_is_refused_in_words(park: Park, firm: Unit, name: str, code: str, field: str) -> None:
    with pytest.raises(EntryWrong) as refusal:
        add_enterprise(park, name, actor=operator(), since=DAY, credit_code=code)

    assert refusal.value.facts["field"] == field
    assert Unit.objects.filter(park=park, kind="enterprise").count() == 1


def test_an_enterprise_gets_another_name_and_keeps_its_people(park: Park, firm: Unit, notes) -> None:
    change_unit(firm, actor=operator(), name="改名后有限公司", credit_code=firm.credit_code, kind="incubator", address="东区9号")

    firm.refresh_from_db()
    assert firm.site
    assert (firm.name, firm.site.name, firm.site.address, firm.enterprise_kind) == (
        "改名后有限公司", "改名后有限公司", "东区9号", "incubator")
    assert posted(person(park, 1), DAY).enterprise == firm
    assert {note.facts["field"] for note in notes if note.verb == "unit.changed"} == {"name", "kind", "address"}
    with pytest.raises(NotAllowed):
        change_unit(firm, actor=keeper_of(firm), name="自己改的名")


def test_an_enterprise_ends_with_the_people_that_were_named_and_nobody_else(park: Park, firm: Unit) -> None:
    with pytest.raises(RosterChanged) as refusal:
        end_unit(firm, actor=operator(), on=DAY, people=2)
    assert refusal.value.facts == {"count": 3, "said": 2}
    assert firm.until is None and roster_on(park, DAY).count() == 3
    with pytest.raises(NotAllowed):
        end_unit(firm, actor=keeper_of(firm), on=DAY, people=3)

    put_in_charge(person(park, 1), firm, Role.SCANNER, actor=operator(), since=FIRST)
    end_unit(firm, actor=operator(), on=DAY, people=3)

    assert [roster_on(park, day).count() for day in (BEFORE, DAY, AFTER)] == [3, 0, 0]
    assert [len(assignments_of(person(park, 1), day)) for day in (BEFORE, DAY)] == [1, 0]
    assert not Charge.objects.filter(park=park, unit=firm, until=None).exists()
    assert [firm in enterprises_of(park, day=day) for day in (BEFORE, DAY)] == [True, False]
    assert list(ended_by(park, ("",), DAY)) == [firm]
    assert end_unit(firm, actor=operator(), on=DAY, people=0).until == DAY


def test_an_ended_enterprise_goes_on_when_it_is_added_again_or_stands_in_a_file(park: Park, firm: Unit) -> None:
    end_unit(firm, actor=operator(), on=DAY, people=3)
    assert add_enterprise(park, firm.name, actor=operator(), since=AFTER, credit_code=firm.credit_code) == firm
    assert Unit.objects.filter(enterprise=firm, until=None).count() == 3
    end_unit(Unit.objects.get(pk=firm.pk), actor=operator(), on=DAY, people=0)

    take(park, a_workbook([a_firm(1)], [a_worker(1, 1)]), at="2022-07-25")

    firm.refresh_from_db()
    assert (firm.until, team_of(firm).until) == (None, None)
    assert posted(person(park, 1), date(2022, 7, 25)).unit == team_of(firm)


def test_a_site_lies_in_another_grid_from_a_day_on(park: Park, firm: Unit) -> None:
    old = grids_on(park, BEFORE)[firm.pk]
    assert old and old.parent_id and firm.site
    new = place_below(Place.objects.get(pk=old.parent_id), PlaceKind.GRID, "第9网格")

    lie_in(firm, new, actor=operator(), since=DAY)
    lie_in(firm, new, actor=operator(), since=DAY)

    assert [grids_on(park, day)[firm.pk] for day in (BEFORE, DAY)] == [old, new]
    assert firm.site.sitings.count() == 2


# workshops and teams ------------------------------------------------------------------------------------------------

def test_a_prevention_officer_adds_and_renames_teams_of_his_own(park: Park, firm: Unit) -> None:
    fang = keeper_of(firm)

    made = add_part(firm, UnitKind.TEAM, "夜班组", actor=fang, since=DAY)
    assert add_part(firm, UnitKind.TEAM, "夜班组", actor=fang, since=DAY) == made
    assert made.path == f"{firm.path}{made.pk}/"
    change_unit(made, actor=fang, name="晚班组")
    assert Unit.objects.get(pk=made.pk).name == "晚班组"
    with pytest.raises(UnitWrong):
        add_part(made, UnitKind.TEAM, "组中组", actor=fang, since=DAY)
    with pytest.raises(UnitWrong):
        add_part(firm, UnitKind.ENTERPRISE, "企业中的企业", actor=operator(), since=DAY)
    other = add_enterprise(park, "别家有限公司", actor=operator(), since=FIRST)
    with pytest.raises(NotAllowed):
        add_part(other, UnitKind.TEAM, "甲组", actor=fang, since=DAY)


def test_the_people_of_a_team_that_ends_go_on_in_the_workshop(park: Park, firm: Unit) -> None:
    team = team_of(firm)

    end_unit(team, actor=keeper_of(firm), on=DAY, people=3)

    assert [posted(person(park, 1), day).unit for day in (BEFORE, DAY)] == [team, team.parent]
    assert [roster_on(park, day).count() for day in (BEFORE, DAY)] == [3, 3]
    assert len(assignments_of(person(park, 1), DAY)) == 1
    with pytest.raises(UnitEnded):
        move(person(park, 1), team, actor=operator(), since=DAY)
    with pytest.raises(DatesOutOfOrder):
        made = add_part(firm, UnitKind.TEAM, "新组", actor=operator(), since=DAY)
        end_unit(made, actor=operator(), on=BEFORE, people=0)


def test_who_is_planned_to_come_is_counted_too(park: Park, firm: Unit) -> None:
    other = add_enterprise(park, "别家有限公司", actor=operator(), since=FIRST)
    move(person(park, 1), other, actor=operator(), since=AFTER)

    assert [people_from(other, day).count() for day in (BEFORE, DAY, AFTER)] == [1, 1, 1]
    end_unit(other, actor=operator(), on=DAY, people=1)
    assert posting_on(person(park, 1), AFTER) is None
    assert Posting.objects.filter(person=person(park, 1), enterprise=other).get().until == AFTER


# charges ------------------------------------------------------------------------------------------------------------

def test_a_prevention_officer_settles_who_works_below_him_and_nobody_above(park: Park, firm: Unit) -> None:
    fang, worker = keeper_of(firm), person(park, 1)

    given = put_in_charge(worker, team_of(firm), Role.TEAM_LEADER, actor=fang, since=DAY)
    for role in (Role.ENTERPRISE_CHIEF, Role.PREVENTION_OFFICER, Role.GRID_LEADER):
        with pytest.raises(ChargeNeedsOffice):
            put_in_charge(worker, firm, role, actor=fang, since=DAY)
    chief = Charge.objects.get(unit=firm, role="enterprise_chief")
    with pytest.raises(ChargeNeedsOffice):
        relieve(chief, actor=fang, on=DAY)

    assert (given.since, Charge.objects.filter(person=worker).count()) == (DAY, 1)
    assert Charge.objects.get(pk=chief.pk).until is None
    assert relieve(given, actor=fang, on=AFTER).until == AFTER


# bodies -------------------------------------------------------------------------------------------------------------

def test_a_body_is_set_up_changed_and_ended_with_its_seats(park: Park, firm: Unit) -> None:
    body = create_body(park, BodyKind.TASK_GROUP, "物资保障组", actor=operator(), duties="口罩", since=FIRST)
    other = create_body(park, BodyKind.TASK_GROUP, "信息组", actor=operator(), since=FIRST)
    held = seat(person(park, 1), body, Tier.ORGANISER, actor=operator(), duty="组长", since=DAY)
    assert seat(person(park, 1), body, Tier.ORGANISER, actor=operator(), duty="组长", since=DAY) == held

    with pytest.raises(EntryWrong):
        change_body(body, actor=operator(), name="信息组", duties="")
    change_body(body, actor=operator(), name="物资组", duties="口罩\n消毒液")
    with pytest.raises(NotAllowed):
        end_body(body, actor=keeper_of(firm), on=DAY)
    with pytest.raises(DatesOutOfOrder):
        end_body(body, actor=operator(), on=FIRST - timedelta(days=1))
    end_body(body, actor=operator(), on=AFTER)

    assert (Body.objects.get(pk=body.pk).name, BodyMember.objects.get(pk=held.pk).until) == ("物资组", AFTER)
    with pytest.raises(DatesOutOfOrder):
        seat(person(park, 2), body, Tier.IMPLEMENTER, actor=operator(), since=AFTER)
    assert other.members.count() == 0
    again = create_body(park, BodyKind.TASK_GROUP, "物资组", actor=operator(), since=AFTER)
    assert (again.pk, again.until) == (body.pk, None)


def test_a_seat_ends_on_its_day_and_not_before_it_began(park: Park, firm: Unit) -> None:
    body = create_body(park, BodyKind.LEADING_GROUP, "领导小组", actor=operator(), since=FIRST)
    held = seat(person(park, 1), body, Tier.OVERALL, actor=operator(), since=DAY)

    with pytest.raises(DatesOutOfOrder):
        unseat(held, actor=operator(), on=BEFORE)
    assert unseat(held, actor=operator(), on=AFTER).until == AFTER
