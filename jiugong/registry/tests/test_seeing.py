"""Who sees whom, who answers for what, and through which doors rows are reached."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiugong.lib.acting import Look, NotAllowed, operator
from jiugong.lib.can import Can
from jiugong.registry.actions.bodies import create_body, seat, unseat
from jiugong.registry.actions.charges import put_in_charge, relieve
from jiugong.registry.actions.looking import show_in_full
from jiugong.registry.errors import DatesOutOfOrder, NotHere, ParkUnknown, ReasonNeeded
from jiugong.registry.models import Charge, Park, Place, Unit
from jiugong.registry.queries.charges import (
    answering_for,
    answering_for_person,
    answering_for_place,
    answering_for_unit,
    unanswered,
)
from jiugong.registry.queries.doors import park_for, parks_seen, person_for, place_for, unit_for
from jiugong.registry.queries.people import assigned_on, people_seen, search_people
from jiugong.registry.queries.units import above, grids_on
from jiugong.registry.tests.makers import (
    a_charge,
    a_firm,
    a_number,
    a_park,
    a_phone,
    a_workbook,
    a_worker,
    an_actor,
    person,
    take,
)
from jiugong.registry.words import BodyKind, Role, Tier

DAY = date(2022, 7, 24)
FIRM = a_firm(1)["name"]


@pytest.fixture
def peopled(park: Park) -> Park:
    """Two enterprises in two grids; in the first a team with its leader and a workshop with its own."""
    take(park, a_workbook(
        [a_firm(1), a_firm(2)],
        [a_worker(1), a_worker(2, post="班组长"), a_worker(3, post="车间主任"),
         a_worker(4, team="木工2班", dorm_room="1舍", bed="1"), a_worker(5, 2)],
        [a_charge("园长", "园区长", "试验园", 1), a_charge("组长", "小组长", "试验园", 2, body="协调组"),
         a_charge("格长", "网格长", "第2网格", 3), a_charge("防专", "防疫专员", FIRM, 4),
         a_charge("扫码", "扫码专员", FIRM, 5)]))
    return park


def unit_of(park: Park, serial: int) -> Unit:
    return person(park, serial).postings.get().unit


def said(found) -> list[tuple[str, str, str]]:
    return [(each.person.name, each.role.value, each.over) for each in found]


CHAIN = [("工2", "team_leader", "木工1班"), ("工3", "workshop_leader", "木工车间"), ("长1", "enterprise_chief", FIRM),
         ("防专", "prevention_officer", FIRM), ("扫码", "scanner", FIRM), ("格长", "grid_leader", "第2网格"),
         ("园长", "park_chief", "试验园"), ("组长", "group_leader", "试验园")]


def test_the_chain_goes_up_from_the_team_to_the_park_in_one_query(peopled: Park, django_assert_num_queries) -> None:
    team = unit_of(peopled, 1)

    with django_assert_num_queries(1):
        found = answering_for_unit(team, DAY)

    assert said(found) == CHAIN
    assert [each.tier for each in found][-2:] == [Tier.OVERALL, Tier.ORGANISER]


def test_a_person_does_not_answer_for_himself(peopled: Park) -> None:
    assert said(answering_for_person(person(peopled, 1), DAY)) == CHAIN
    assert said(answering_for_person(person(peopled, 2), DAY)) == CHAIN[1:]


def test_for_somebody_who_is_not_posted_the_park_answers(peopled: Park) -> None:
    assert said(answering_for_person(person(peopled, 1), date(2022, 6, 1))) == CHAIN[-2:]


def test_the_chain_of_a_place_is_that_of_its_site(peopled: Park) -> None:
    bed = Place.objects.get(park=peopled, kind="dorm_room")

    assert said(answering_for_place(bed, DAY)) == CHAIN[2:]


def test_many_units_are_asked_at_once_with_as_many_queries_as_one(peopled: Park) -> None:
    units = list(peopled.units.all())
    with CaptureQueriesContext(connection, ) as one:
        answering_for(units[-1:], DAY)
    with CaptureQueriesContext(connection) as many:
        found = answering_for(units, DAY)

    assert len(many) == len(one)
    for unit in units:
        assert said(found[unit.pk]) == said(answering_for_unit(unit, DAY)), unit


def test_who_answers_is_dated(peopled: Park) -> None:
    team = unit_of(peopled, 1)
    redrawn = a_workbook([a_firm(1, grid="第1网格")], [], [a_charge("防新", "防疫专员", FIRM, 14)])
    take(peopled, redrawn, at="2022-07-20")

    before, after = (said(answering_for_unit(team, day)) for day in (date(2022, 7, 19), date(2022, 7, 20)))

    assert ("防专", "prevention_officer", FIRM) in before
    assert ("防新", "prevention_officer", FIRM) in after
    assert ("格长", "grid_leader", "第2网格") in before
    assert ("格长", "grid_leader", "第2网格") not in after


def test_what_nobody_answers_for_is_named(peopled: Park) -> None:
    found = unanswered(peopled, DAY)

    assert [unit.name for unit in found.enterprises] == []
    assert [place.name for place in found.grids] == ["第1网格"]
    assert [(unit.enterprise.name, unit.name) for unit in found.teams if unit.enterprise] == [
        (FIRM, "木工2班"), (a_firm(2)["name"], "木工1班")]

    relieve(Charge.objects.get(role=Role.ENTERPRISE_CHIEF, unit__name=a_firm(2)["name"]), actor=operator(), on=DAY)

    assert [unit.name for unit in unanswered(peopled, DAY).enterprises] == [a_firm(2)["name"]]
    assert [unit.name for unit in unanswered(peopled, DAY - timedelta(days=1)).enterprises] == []
    assert len(unanswered(peopled, DAY, ())) == 0


def test_the_grid_of_each_enterprise_is_one_query(peopled: Park, django_assert_num_queries) -> None:
    Unit.objects.create(park=peopled, parent=peopled.units.get(parent=None), kind="enterprise", name="无", key="无",
                        path="u/x/")
    with django_assert_num_queries(1):
        grids = grids_on(peopled, DAY)

    names = {Unit.objects.get(pk=unit).name: grid and grid.name for unit, grid in grids.items()}
    assert names == {FIRM: "第2网格", a_firm(2)["name"]: "第1网格", "无": None}


@pytest.mark.parametrize("people", [1, 21])
def test_questions_cost_the_same_for_one_and_for_twenty_one(park: Park, people: int, django_assert_num_queries) -> None:
    take(park, a_workbook([a_firm(serial) for serial in range(1, people + 1)], [
        a_worker(serial, serial, dorm_room="1舍", bed=str(serial)) for serial in range(1, people + 1)]))

    with django_assert_num_queries(7):
        unanswered(park, DAY)
    with django_assert_num_queries(1):
        assert len([str(each.place) + each.person.name for each in assigned_on(park, DAY)]) == people
    with django_assert_num_queries(1):
        assert len(people_seen(operator(), park)) == people * 2
    teams = list(park.units.filter(kind="team"))
    with django_assert_num_queries(2):
        answering_for(teams, DAY)
    with django_assert_num_queries(1):
        assert [unit.kind for unit in above(teams[0])] == ["team", "workshop", "enterprise", "park_office"]


# doors --------------------------------------------------------------------------------------------------------------

def test_an_officer_sees_his_own_enterprise_only(peopled: Park) -> None:
    unit = Unit.objects.get(park=peopled, name=FIRM)
    fang = an_actor(unit.path, unit.site.path if unit.site else "")

    assert person_for(fang, person(peopled, 1).uid) == person(peopled, 1)
    assert unit_for(fang, unit_of(peopled, 4).uid) == unit_of(peopled, 4)
    assert unit.site and place_for(fang, unit.site.pk) == unit.site
    with pytest.raises(NotHere):
        person_for(fang, person(peopled, 5).uid)
    with pytest.raises(NotHere):
        unit_for(fang, unit_of(peopled, 5).uid)
    with pytest.raises(NotHere):
        place_for(fang, Place.objects.get(name="第2网格").pk)


@pytest.mark.parametrize("uid", [str(UUID(int=7)), "not an id", ""], ids=["unknown", "no id", "empty"])
def test_hidden_and_absent_look_the_same(peopled: Park, uid: str) -> None:
    stranger = an_actor("u/999/", "p/999/")
    refused = []
    for actor, key in ((operator(), uid), (stranger, str(person(peopled, 1).uid))):
        with pytest.raises(NotHere) as refusal:
            person_for(actor, key)
        refused.append(refusal.value.as_data())
    with pytest.raises(NotHere):
        unit_for(operator(), uid)

    assert refused[0] == refused[1]


def test_people_of_another_park_see_nothing_of_this_one(peopled: Park) -> None:
    other = a_park("别园")
    ines = an_actor(*other.branches)

    assert list(parks_seen(ines)) == [other]
    assert park_for(ines, "别园") == park_for(ines, other.uid) == other
    for hidden in (peopled.name, peopled.uid, "没有的园"):
        with pytest.raises(ParkUnknown):
            park_for(ines, hidden)
    assert not people_seen(ines, peopled).exists()
    assert not search_people(ines, peopled, "工").exists()
    with pytest.raises(NotHere):
        person_for(ines, person(peopled, 1).uid)


def test_without_a_power_a_branch_opens_no_door(peopled: Park) -> None:
    scanner = an_actor(*peopled.branches, powers=[Can.BIND_SPECIMENS])

    assert list(parks_seen(scanner)) == [peopled]
    with pytest.raises(NotHere):
        person_for(scanner, person(peopled, 1).uid)
    assert person_for(scanner, person(peopled, 1).uid, Can.BIND_SPECIMENS)


def test_whoever_is_listed_can_be_opened_and_the_other_way_round(peopled: Park) -> None:
    take(peopled, a_workbook(people=[a_worker(1, 2), a_worker(5, 2)]), at="2022-07-20")
    take(peopled, a_workbook(people=[a_worker(5, 2)]), at="2022-07-22")

    for unit in peopled.units.all():
        actor = an_actor(unit.path)
        opened = set()
        for each in peopled.people.all():
            try:
                opened.add(person_for(actor, each.uid).pk)
            except NotHere:
                continue
        assert opened == set(people_seen(actor, peopled).values_list("pk", flat=True)), unit


@pytest.mark.parametrize("text", ["工1", " 工１ ", a_number(1), a_number(1)[:6] + " " + a_number(1)[6:], a_phone(1),
                                  "199 0000 0001"])
def test_people_are_found_by_name_number_and_phone(peopled: Park, text: str) -> None:
    assert [each.name for each in search_people(operator(), peopled, text)] == ["工1"]


@pytest.mark.parametrize("text", ["", "  ", a_number(1)[:17], a_number(9), "没有"])
def test_a_part_of_a_number_finds_nobody(peopled: Park, text: str) -> None:
    assert not search_people(operator(), peopled, text).exists()


# numbers in full, charges, bodies -----------------------------------------------------------------------------------

def test_a_number_in_full_needs_a_reason_and_leaves_a_look(peopled: Park, looks: list[Look]) -> None:
    worker = person(peopled, 1)
    unit = Unit.objects.get(park=peopled, name=FIRM)
    with pytest.raises(ReasonNeeded):
        show_in_full(worker, actor=operator(), reason="  ", fields=["id_number"])
    with pytest.raises(NotAllowed):
        show_in_full(worker, actor=an_actor(unit.path, powers=[Can.SEE_PEOPLE]), reason="查", fields=["id_number"])
    assert looks == []

    shown = show_in_full(worker, actor=an_actor(unit.path), reason="核对", fields=["id_number", "phone"])

    assert shown == {"id_number": a_number(1), "phone": a_phone(1)}
    assert [(look.person_ids, look.reason, look.fields) for look in looks] == [
        ((worker.pk,), "核对", ("id_number", "phone"))]


def test_somebody_is_put_in_charge_and_relieved_on_a_day(peopled: Park) -> None:
    team, worker = unit_of(peopled, 4), person(peopled, 4)

    charge = put_in_charge(worker, team, Role.TEAM_LEADER, actor=operator(), since=DAY)
    assert put_in_charge(worker, team, Role.TEAM_LEADER, actor=operator(), since=DAY) == charge
    with pytest.raises(DatesOutOfOrder):
        relieve(charge, actor=operator(), on=DAY - timedelta(days=1))
    relieve(charge, actor=operator(), on=DAY + timedelta(days=2))

    leads = [any(each.over == "木工2班" for each in answering_for_unit(team, DAY + timedelta(days=day)))
             for day in (-1, 0, 1, 2)]
    assert leads == [False, True, True, False]


def test_nobody_is_put_in_charge_without_the_power(peopled: Park) -> None:
    before = Charge.objects.count()
    with pytest.raises(NotAllowed):
        put_in_charge(person(peopled, 1), unit_of(peopled, 5), Role.TEAM_LEADER, actor=an_actor("u/999/"))
    assert Charge.objects.count() == before


def test_a_body_seats_its_members_on_three_tiers(peopled: Park) -> None:
    body = create_body(peopled, BodyKind.LEADING_GROUP, "领导小组", actor=operator(), duties="总揽", since=DAY)
    assert create_body(peopled, BodyKind.LEADING_GROUP, "领导小组 ", actor=operator()) == body

    first = seat(person(peopled, 1), body, Tier.ORGANISER, actor=operator(), duty="联络", since=DAY)
    assert seat(person(peopled, 1), body, Tier.ORGANISER, actor=operator(), duty="联络", since=DAY) == first
    second = seat(person(peopled, 1), body, Tier.OVERALL, actor=operator(), since=DAY + timedelta(days=1))
    unseat(second, actor=operator(), on=DAY + timedelta(days=3))

    assert list(body.members.order_by("pk").values_list("tier", "since", "until")) == [
        ("organiser", DAY, DAY + timedelta(days=1)), ("overall", DAY + timedelta(days=1), DAY + timedelta(days=3))]
