"""Who met whom: boundaries on both sides and on them, and the laws that hold whatever the records say."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiugong.tracing.logic.contacts import Asked, Crew, Meeting, Rule, Stay, meetings

pytestmark = pytest.mark.pure
CASE, OTHER = 1, 2
WINDOW = Asked(who=CASE, since=1_000, until=10_000)
TABLE = Rule(ground="canteen_table", kind="canteen_table", contact="close_contact")
NEXT = Rule(ground="next_table", kind="canteen_table", contact="close_contact", nearest=1, farthest=1)
ROOM = Rule(ground="enclosed_space", kind="enclosed_space", contact="close_contact", seconds=600)
TEAM = Rule(ground="team_shift", kind="workplace", contact="close_contact", same_crew=True)
ROWS = Rule(ground="ventilated_bus", kind="ventilated_bus", contact="close_contact", nearest=0, farthest=3)
ALL = (TABLE, NEXT, ROOM, TEAM, ROWS)


def stay(who: int, entered: int, left: int, *, kind: str = "canteen_table", hall: int = 7, number: int = 33) -> Stay:
    return Stay(who=who, kind=kind, hall=hall, number=number, entered=entered, left=left)


def grounds(*stays: Stay, rules: tuple[Rule, ...] = ALL, crews: tuple[Crew, ...] = (), asked: Asked = WINDOW) -> set[str]:
    return {each.ground for each in meetings([asked], stays, rules, crews)}


@pytest.mark.parametrize(("left", "found"), [(2_000, set()), (2_001, {"canteen_table"})])
def test_who_left_the_table_as_the_case_came_did_not_meet_him(left: int, found: set[str]) -> None:
    assert grounds(stay(CASE, 2_000, 3_000), stay(OTHER, 1_500, left)) == found


@pytest.mark.parametrize(("entered", "left", "found"), [(900, 1_000, set()), (900, 1_001, {"canteen_table"}),
                                                        (9_999, 12_000, {"canteen_table"}), (10_000, 12_000, set())])
def test_only_time_inside_the_window_counts(entered: int, left: int, found: set[str]) -> None:
    assert grounds(stay(CASE, entered, left), stay(OTHER, entered, left)) == found


@pytest.mark.parametrize(("number", "found"), [(31, set()), (32, {"next_table"}), (33, {"canteen_table"}), (34, {"next_table"}),
                                               (35, set())])
def test_a_neighbouring_table_is_one_number_away(number: int, found: set[str]) -> None:
    assert grounds(stay(CASE, 2_000, 3_000), stay(OTHER, 2_000, 3_000, number=number)) == found


def test_the_same_number_in_another_canteen_is_no_neighbour() -> None:
    assert grounds(stay(CASE, 2_000, 3_000), stay(OTHER, 2_000, 3_000, hall=8)) == set()


@pytest.mark.parametrize(("seconds", "found"), [(599, set()), (600, {"enclosed_space"}), (601, {"enclosed_space"})])
def test_ten_minutes_together_in_an_enclosed_room_count(seconds: int, found: set[str]) -> None:
    room = {"kind": "enclosed_space", "number": 0}
    assert grounds(stay(CASE, 2_000, 5_000, **room), stay(OTHER, 2_000, 2_000 + seconds, **room)) == found      # type: ignore[arg-type]


def test_stays_are_not_summed() -> None:
    room = {"kind": "enclosed_space", "number": 0}
    assert grounds(stay(CASE, 2_000, 5_000, **room), stay(OTHER, 2_000, 2_400, **room),                          # type: ignore[arg-type]
                   stay(OTHER, 3_000, 3_400, **room)) == set()                                                   # type: ignore[arg-type]


@pytest.mark.parametrize(("number", "found"), [(9, {"ventilated_bus"}), (15, {"ventilated_bus"}), (8, set()), (16, set())])
def test_three_rows_of_a_ventilated_bus_count(number: int, found: set[str]) -> None:
    run = {"kind": "ventilated_bus"}
    assert grounds(stay(CASE, 2_000, 3_000, number=12, **run), stay(OTHER, 2_000, 3_000, number=number, **run)) == found   # type: ignore[arg-type]


@pytest.mark.parametrize(("crew", "until", "found"), [(5, 10_000, {"team_shift"}), (6, 10_000, set()), (5, 2_000, set()),
                                                      (5, 2_001, {"team_shift"})])
def test_one_crew_at_one_workplace_counts_while_both_belong_to_it(crew: int, until: int, found: set[str]) -> None:
    place = {"kind": "workplace", "number": 0}
    crews = (Crew(who=CASE, crew=5, since=0, until=10_000), Crew(who=OTHER, crew=crew, since=0, until=until))
    assert grounds(stay(CASE, 2_000, 3_000, **place), stay(OTHER, 2_000, 3_000, **place), crews=crews) == found  # type: ignore[arg-type]


def test_nobody_is_his_own_contact() -> None:
    assert grounds(stay(CASE, 2_000, 3_000), stay(CASE, 2_500, 3_500)) == set()


# laws -----------------------------------------------------------------------------------------------------------------

KINDS = st.sampled_from(["canteen_table", "enclosed_space", "workplace", "ventilated_bus"])
STAYS = st.lists(st.builds(
    lambda who, kind, hall, number, entered, lasted: Stay(who=who, kind=kind, hall=hall, entered=entered, left=entered + lasted,
                                                          number=number if kind in ("canteen_table", "ventilated_bus") else 0),
    st.integers(1, 5), KINDS, st.integers(1, 2), st.integers(1, 6), st.integers(0, 5_000), st.integers(0, 1_500)), max_size=24)
CREWS = tuple(Crew(who=who, crew=who % 2, since=0, until=2**40) for who in range(1, 6))
WINDOWS = st.tuples(st.integers(0, 4_000), st.integers(0, 3_000)).map(lambda pair: (pair[0], sum(pair)))


def met(stays: list[Stay], since: int, until: int, who: int = CASE) -> list[Meeting]:
    return meetings([Asked(who=who, since=since, until=until)], stays, ALL, CREWS)


@given(STAYS, WINDOWS)
def test_contact_goes_both_ways(stays: list[Stay], window: tuple[int, int]) -> None:
    for each in met(stays, *window):
        assert (CASE, each.ground) in {(back.who, back.ground) for back in met(stays, *window, who=each.who)}


@given(STAYS, WINDOWS, st.integers(0, 2_000), st.integers(0, 2_000))
def test_a_wider_window_never_loses_a_contact(stays: list[Stay], window: tuple[int, int], before: int, after: int) -> None:
    since, until = window
    narrow, wide = met(stays, since, until), met(stays, since - before, until + after)
    assert {(each.who, each.ground) for each in narrow} <= {(each.who, each.ground) for each in wide}


@given(STAYS, WINDOWS, st.randoms())
def test_the_order_of_rows_does_not_matter(stays: list[Stay], window: tuple[int, int], chance: object) -> None:
    shuffled = list(stays)
    chance.shuffle(shuffled)                                                                                     # type: ignore[attr-defined]
    assert met(stays, *window) == met(shuffled, *window)


@given(STAYS, WINDOWS)
def test_a_stay_told_twice_changes_nothing(stays: list[Stay], window: tuple[int, int]) -> None:
    assert met(stays, *window) == met([*stays, *(replace(each) for each in stays)], *window)
