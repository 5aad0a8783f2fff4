"""How many points, desks and samplers: by the rule of thumb, by the hours, and beside what stands in the park."""

from datetime import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiugong.accounts.queries import actor_for
from jiugong.lib.can import Can
from jiugong.screening.logic.rates import RATES, Rate
from jiugong.screening.logic.sizing import Standing, lack, size_up
from jiugong.screening.models import Round
from jiugong.screening.queries.advising import ground_of, sizing_question
from jiugong.screening.queries.rounds import reach_into
from tests.cast import Town

people = st.integers(1, 200_000)
hours = st.fractions(min_value=Fraction(1, 4), max_value=72, max_denominator=4)
THINGS = ("points", "desks", "samplers")


def needs(n: int, t: Fraction) -> list[int]:
    sized = size_up(n, t)
    return [getattr(sized, thing).need for thing in THINGS]


def test_a_park_of_18893_in_four_hours() -> None:
    sized = size_up(18_893, Fraction(4))

    assert vars(sized.points.by_rule) == {"taken": 8, "least": 7, "most": 10}
    assert vars(sized.desks.by_rule) == {"taken": 27, "least": 24, "most": 32}
    assert sized.samplers.by_rule.taken == 53
    assert vars(sized.samplers.by_rate) == {"taken": 105, "least": 79, "most": 158}
    assert [sized.points.binds, sized.desks.binds, sized.samplers.binds] == ["rate", "rate", "rate"]
    assert needs(18_893, Fraction(4)) == [11, 53, 105]


@pytest.mark.parametrize(("count", "points", "desks"), [(2_500, 1, 4), (2_501, 2, 4), (2_800, 2, 4), (2_801, 2, 5)])
def test_a_part_of_a_point_or_desk_is_a_whole_one(count: int, points: int, desks: int) -> None:
    sized = size_up(count, Fraction(24))

    assert (sized.points.need, sized.desks.need) == (points, desks)


def test_from_eight_hours_on_the_rule_binds() -> None:
    assert [size_up(3_600, Fraction(t)).samplers.binds for t in ("7.9", "8", "24")] == ["rate", "rule", "rule"]
    assert size_up(3_600, Fraction(8)).samplers.need == size_up(3_600, Fraction(24)).samplers.need == 10


@given(n=people, short=hours, long=hours)
def test_more_hours_never_need_more(n: int, short: Fraction, long: Fraction) -> None:
    short, long = sorted((short, long))

    assert all(more >= less for more, less in zip(needs(n, short), needs(n, long), strict=True))


@given(few=people, many=people, t=hours)
def test_more_people_never_need_fewer(few: int, many: int, t: Fraction) -> None:
    few, many = sorted((few, many))

    assert all(less <= more for less, more in zip(needs(few, t), needs(many, t), strict=True))


@given(n=people, t=hours)
def test_what_is_needed_is_enough_by_both_and_lies_between_its_ends(n: int, t: Fraction) -> None:
    sized = size_up(n, t)
    for need in (sized.points, sized.desks, sized.samplers):
        assert need.need == max(need.by_rule.taken, need.by_rate.taken)
        assert all(span.least <= span.taken <= span.most for span in (need.by_rule, need.by_rate))
    assert sized.samplers.need * t * 45 >= n
    assert sized.points.need * 5 >= sized.desks.by_rate.taken


@given(n=people, t=hours, desks=st.lists(st.integers(1, 20), max_size=8))
def test_a_desk_more_never_leaves_more_lacking(n: int, t: Fraction, desks: list[int]) -> None:
    sized = size_up(n, t)
    standing = [Standing(name=str(at), desks=count, hours=t) for at, count in enumerate(desks)]
    before, after = lack(sized, standing), lack(sized, [*standing, Standing(name="新", desks=1, hours=t)])

    assert after.desks_lacking == max(before.desks_lacking - 1, 0)
    assert after.points_lacking == max(before.points_lacking - 1, 0)


def test_a_point_that_is_open_for_half_the_hours_counts_half_its_desks() -> None:
    sized = size_up(2_500, Fraction(4))                                  # 7 desks at 2 points
    found = lack(sized, [Standing(name="全程", desks=4, hours=Fraction(4)), Standing(name="半程", desks=4, hours=Fraction(2)),
                         Standing(name="未写", desks=None, hours=Fraction(4)), Standing(name="关", desks=9, hours=Fraction(0))])

    assert (found.points, int(found.desks), found.desks_unsaid) == (3, 7, 1)
    assert (found.points_lacking, found.desks_lacking) == (0, sized.desks.need - 7)


def test_every_rate_says_where_it_comes_from() -> None:
    assert all(rate.least <= rate.taken <= rate.most for rate in RATES)
    with pytest.raises(ValueError, match="neither a reference nor an assumption"):
        Rate(key="x", zh="甲", en="x", least=1, most=1, taken=1)


@pytest.mark.django_db
def test_a_round_brings_its_people_its_hours_and_its_points(park, round_1, a_worker, a_point) -> None:
    for team in ("甲一班", "甲二班", "乙一班"):
        a_worker(team=team)
    a_worker(team="甲一班", status="on_leave")
    half = a_point(name="半程点", grid="1网格")
    half.opens, half.closes, half.desks = time(8, 30), time(12), 2
    half.save()
    a_point(name="夜间点")
    night = a_point(name="夜间点")
    night.opens, night.closes = time(22), time(7)
    night.save()

    asked, ground = sizing_question("", "", round_1), ground_of(round_1)

    assert (asked.people, int(asked.hours)) == (3, 4)
    assert [(grid.name if grid else None, count) for grid, count in ground.by_grid] == [("1网格", 2), ("2网格", 1)]
    assert [(unit.name, count) for unit, _grid, count in ground.by_enterprise] == [("甲", 2), ("乙", 1)]
    assert {standing.name: (standing.desks, standing.hours) for _point, standing in ground.points} == {
        "半程点": (2, 2), "夜间点": (None, Fraction(1, 2))}


@pytest.mark.django_db
def test_who_leads_one_grid_counts_its_people_and_points_alone(town: Town, this_morning: object) -> None:
    the_round = Round.objects.get(park=town.park, number=1)
    reach = reach_into(actor_for(town.users["tao"]), Can.SEE_BOARD, town.park)

    his, whole = ground_of(the_round, reach), ground_of(the_round)

    assert [grid.name if grid else None for grid, _count in his.by_grid] == ["第1网格"]
    assert [point.name for point, _standing in his.points] == ["第1网格采样点"]
    assert sizing_question("", "4", the_round, reach).people == dict(whole.by_grid)[town.grids["第1网格"]]
    assert sizing_question("", "4", the_round).people == sum(count for _grid, count in whole.by_grid)
