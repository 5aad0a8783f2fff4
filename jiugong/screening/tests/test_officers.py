"""One enterprise, one point, three officers: from the number of people that the park's rules say, and not one earlier."""

from datetime import date, timedelta
from typing import Any

import pytest

from jiugong.registry.actions.charges import put_in_charge, relieve
from jiugong.registry.models import Charge, Person, Posting, Unit
from jiugong.registry.words import Role
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.actions.supplements import supplement
from jiugong.screening.matters import matters
from jiugong.screening.queries.officers import equipped, point_rule, short
from jiugong.screening.tests.conftest import DAY, MORNING, an_actor

A_DAY = timedelta(days=1)
MAY = date(2022, 5, 19)


@pytest.fixture
def asked(park, boss) -> None:
    """The park's own document asks for a point from 100 people on, with three officers."""
    rules: tuple[tuple[str, str, Any], ...] = (
        ("points.enterprise_from_people", "whole_number", 100),
        ("points.officers", "texts", ["prevention_officer", "sampler", "scanner"]))
    for key, holds, value in rules:
        heading = {"kind": "parameter", "title": {"zh-hans": key, "en": key}, "reviewed_on": "2022-07-20", "holds": holds}
        supplement(park, key, rule=heading, value=value, since=DAY - A_DAY, title="通知", issuer="园区办", published="2022-07-20",
                   actor=boss)


@pytest.fixture
def people(park):
    """So many people on the roster of an enterprise."""
    def make(enterprise: str, count: int, *, on_leave: int = 0) -> None:
        team = Unit.objects.get(park=park, name=f"{enterprise}一班")
        made = Person.objects.bulk_create([Person(park=park, name=f"{enterprise}{at}") for at in range(count)])
        Posting.objects.bulk_create([Posting(
            park=park, person=person, unit=team, enterprise=team.enterprise, since=date(2022, 1, 1),
            status="on_leave" if at < on_leave else "on_duty") for at, person in enumerate(made)])
    return make


@pytest.mark.parametrize(("count", "needs"), [(99, False), (100, True), (101, True)])
def test_exactly_as_many_people_as_the_rules_say_need_a_point(park, asked, people, count, needs):
    people("甲", count, on_leave=10)                                        # whoever is on leave belongs to it too

    assert [each.unit.name for each in equipped(park, DAY)] == (["甲"] if needs else [])


def test_where_the_rules_are_silent_nobody_needs_a_point(park, boss, people):
    people("甲", 300)

    assert point_rule(park, DAY) is None
    assert equipped(park, DAY) == []
    adopt(park, "cn-2022-v9", from_day=DAY, actor=boss)                     # says nothing of points
    assert equipped(park, DAY) == []


def test_the_rule_holds_from_its_first_day(park, asked, people):
    people("甲", 100)

    assert [bool(equipped(park, day)) for day in (DAY - 2 * A_DAY, DAY - A_DAY, DAY)] == [False, True, True]


def test_the_pack_of_shanghai_says_a_hundred_and_leaves_building_sites_out(park, boss, people):
    people("甲", 100)
    people("乙", 100)
    adopt(park, "cn-sh-2022-04", from_day=date(2022, 4, 16), actor=boss)
    Unit.objects.filter(park=park, name="乙").update(enterprise_kind="site")

    [found] = equipped(park, MAY)
    rule = point_rule(park, MAY)

    assert found.unit.name == "甲"
    assert rule and (rule.from_people, rule.exempt) == (100, ("site",))
    assert all("园区做法" in each or "park did" in each for each in rule.basis)       # an assumption, and shown as one


def test_what_is_missing_shrinks_point_by_point_and_officer_by_officer(park, boss, asked, people, a_point, a_worker, train):
    people("甲", 100)
    firm = park.units.get(name="甲")
    officers = {Role.PREVENTION_OFFICER: "方敏", Role.SAMPLER: "柏青", Role.SCANNER: "舒航"}

    def lacking() -> list[str]:
        return [code for each in short(park, DAY) for code in each.lacking]

    assert lacking() == ["point", "prevention_officer", "sampler", "scanner"]
    a_point(name="东门")                                                    # a public point is nobody's own
    a_point(enterprise="乙", name="乙点")
    assert "point" in lacking()
    a_point(enterprise="甲", name="甲点")
    for number, (role, name) in enumerate(officers.items(), start=201):
        put_in_charge(a_worker(number=number, name=name, team="乙一班"), firm, role, actor=boss, since=DAY)
    assert lacking() == ["prevention_officer_untrained", "sampler_untrained", "scanner_untrained"]
    for role, name in officers.items():
        train(Person.objects.get(name=name), role.value, until=DAY)
    assert lacking() == []
    assert len(equipped(park, DAY)) == 1
    assert [each.lacking for each in short(park, DAY + A_DAY)] == [
        ("prevention_officer_untrained", "sampler_untrained", "scanner_untrained")]

    relieve(Charge.objects.get(role=Role.SCANNER), actor=boss, on=DAY)
    assert lacking() == ["scanner"]


def test_it_needs_somebody_and_concerns_who_sees_the_enterprise(park, asked, people):
    people("甲", 100)
    firm, other = park.units.get(name="甲"), park.units.get(name="乙")

    [told] = matters(an_actor(firm.path), park, MORNING)

    assert (told.state, told.enterprises) == ("missing", (firm.pk,))
    assert list(matters(an_actor(other.path), park, MORNING)) == []


def test_the_page_lists_them_narrowed_and_as_a_workbook(park, asked, people, as_role, page_of):
    people("甲", 100)
    people("乙", 120)
    lin = as_role("duty_officer")

    page = lin.get(page_of("point-officers")).content.decode()
    assert page.index(">乙<") < page.index(">甲<")
    assert "no sampling point" in page and "《通知》" in page
    assert ">甲<" not in lin.get(page_of("point-officers", q="乙")).content.decode()
    assert "No enterprise like that" in lin.get(page_of("point-officers", lacking="nothing")).content.decode()
    assert lin.get(page_of("point-officers", **{"as": "xlsx"})).headers["Content-Type"].endswith("sheet")
    told = lin.get("/api/v1/screening/enterprises-short", {"park": str(park.uid)}).json()
    assert (told["from_people"], told["need"]) == (100, 2)
    fang = as_role("prevention_officer", unit=park.units.get(name="甲")).get(page_of("point-officers")).content.decode()
    assert ">甲<" in fang and ">乙<" not in fang


def test_a_park_without_the_rule_reads_how_to_write_it(park, as_role, page_of):
    assert "The rules of this park ask for no point" in as_role("duty_officer").get(page_of("point-officers")).content.decode()
