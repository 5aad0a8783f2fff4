"""Binding people to tubes. Long because every way in which a scan can go wrong is told here."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from jiugong.registry.actions.badges import issue_badges, withdraw_badge
from jiugong.registry.queries.badges import text_of
from jiugong.screening.actions.scans import bind
from jiugong.screening.actions.tubes import seal
from jiugong.screening.errors import TooManyScans, TubeAlreadySealed
from jiugong.screening.models import Point, Specimen, Tube
from jiugong.screening.tests.conftest import MORNING, id_number, minutes


def everything() -> Any:
    """What binding could change."""
    return [list(table.objects.order_by("pk").values()) for table in (Specimen, Tube, Point)]


def test_somebody_on_the_roster_is_bound_to_the_next_position(park, boss, round_1, a_worker, a_scan):
    a_worker(number=1, name="林一")
    a_worker(number=2, name="陶二")

    first, second = bind(park, [a_scan(1), a_scan(2)], actor=boss)

    assert (first.status, first.name, first.position, first.bound, first.capacity) == ("accepted", "林一", 1, 1, 20)
    assert (second.status, second.name, second.position, second.bound) == ("accepted", "陶二", 2, 2)


@pytest.mark.parametrize("holding", [18, 19])
def test_a_tube_of_twenty_takes_the_nineteenth_and_the_twentieth(park, boss, round_1, a_scan, holding):
    bind(park, [a_scan(number) for number in range(1, holding + 1)], actor=boss)

    [answer] = bind(park, [a_scan(99)], actor=boss)

    assert (answer.status, answer.position, answer.bound) == ("accepted", holding + 1, holding + 1)


def test_a_tube_of_twenty_refuses_the_twenty_first(park, boss, round_1, a_scan):
    bind(park, [a_scan(number) for number in range(1, 21)], actor=boss)
    before = everything()

    [answer] = bind(park, [a_scan(99)], actor=boss)

    assert (answer.status, answer.code) == ("refused", "screening.tube_full")
    assert everything() == before


def test_the_twenty_first_of_one_batch_is_refused_alone(park, boss, round_1, a_scan):
    answers = bind(park, [a_scan(number) for number in range(1, 22)], actor=boss)

    assert [answer.status for answer in answers] == ["accepted"] * 20 + ["refused"]
    assert Specimen.objects.count() == 20


@pytest.mark.parametrize("size", [1, 5, 10, 20])
def test_a_tube_holds_what_its_round_says(park, boss, a_round, a_scan, size):
    a_round(pool_size=size)

    answers = bind(park, [a_scan(number) for number in range(1, size + 2)], actor=boss)

    assert [answer.status for answer in answers] == ["accepted"] * size + ["refused"]
    assert answers[0].capacity == size


def test_five_hundred_scans_are_taken_at_once(park, boss, round_1, a_scan):
    answers = bind(park, [a_scan(number, tube=f"T{number // 20}") for number in range(1, 501)], actor=boss)

    assert {answer.status for answer in answers} == {"accepted"}


def test_five_hundred_and_one_scans_are_refused(park, boss, round_1, a_scan):
    before = everything()

    with pytest.raises(TooManyScans) as refused:
        bind(park, [a_scan(number, tube=f"T{number // 20}") for number in range(1, 502)], actor=boss)

    assert refused.value.facts == {"count": 501, "most": 500}
    assert everything() == before


def test_the_number_of_queries_stays_flat(park, boss, round_1, a_worker, a_scan):
    for number in range(1, 23):
        a_worker(number=number)
    bind(park, [a_scan(22, tube="T0")], actor=boss)
    bind(park, [a_scan(50, tube="T1"), a_scan(51, tube="T2")], actor=boss)

    with CaptureQueriesContext(connection) as one:
        bind(park, [a_scan(1, tube="T2")], actor=boss)
    with CaptureQueriesContext(connection) as many:
        bind(park, [a_scan(number, tube="T1" if number % 2 else "T2") for number in range(1, 22)], actor=boss)

    assert len(many) == len(one)


def test_the_same_scan_again_is_answered_as_the_first_time(park, boss, round_1, a_worker, a_scan):
    a_worker(number=1)
    scan = a_scan(1)
    [first] = bind(park, [scan], actor=boss)
    before = everything()

    [again] = bind(park, [scan], actor=boss)

    assert again.status == "repeat"
    assert {**vars(again), "status": "accepted"} == vars(first)
    assert everything() == before


def test_the_same_scan_again_is_answered_although_the_tube_was_sealed_since(park, boss, round_1, a_scan):
    scan = a_scan(1)
    bind(park, [scan], actor=boss)
    seal(Tube.objects.get(), actor=boss)

    [again] = bind(park, [scan], actor=boss)

    assert again.status == "repeat"


@pytest.mark.parametrize("other", [{"id_number": id_number(2)}, {"tube": "T2"}])
def test_a_scan_id_with_other_content_is_refused(park, boss, round_1, a_scan, other):
    bind(park, [a_scan(1, scan_id="same")], actor=boss)
    before = everything()

    [answer] = bind(park, [a_scan(1, scan_id="same", **other) if "tube" in other else a_scan(scan_id="same", **other)],
                    actor=boss)

    assert (answer.status, answer.code) == ("refused", "screening.scan_id_reused")
    assert everything() == before


def test_nobody_is_bound_to_a_sealed_tube(park, boss, round_1, a_scan):
    bind(park, [a_scan(1)], actor=boss)
    seal(Tube.objects.get(), actor=boss)
    before = everything()

    [answer] = bind(park, [a_scan(2)], actor=boss)

    assert (answer.status, answer.code) == ("refused", "screening.tube_sealed")
    assert everything() == before


def test_a_tube_is_sealed_once(park, boss, round_1, a_tube):
    tube = a_tube("T1", of=round_1)
    seal(tube, actor=boss)
    before = everything()

    with pytest.raises(TubeAlreadySealed):
        seal(tube, actor=boss, at=MORNING + minutes(5))

    assert everything() == before


def test_a_tube_belongs_to_one_round(park, boss, a_round, a_scan):
    a_round()
    a_round(opens_at=MORNING + minutes(1))
    bind(park, [a_scan(1)], actor=boss)
    before = everything()

    [answer] = bind(park, [a_scan(2, round=2)], actor=boss)

    assert (answer.status, answer.code) == ("refused", "screening.tube_in_other_round")
    assert everything() == before


@pytest.mark.parametrize(("wrong", "code"), [
    ({"scan_id": ""}, "screening.scan_misshapen"), ({"scan_id": "x" * 65}, "screening.scan_misshapen"),
    ({"tube": " "}, "screening.scan_misshapen"), ({"tube": "T" * 41}, "screening.scan_misshapen"),
    ({"tube": "a\0b"}, "screening.scan_misshapen"), ({"position": -1}, "screening.scan_misshapen"),
    ({"position": 1001}, "screening.scan_misshapen"), ({"round": 7}, "screening.round_unknown"),
    ({"id_number": ""}, "screening.subject_unclear"), ({"lot": "箱7"}, "screening.subject_unclear"),
    ({"id_number": "", "person": uuid4()}, "screening.person_unknown"),
    ({"id_number": "", "place_id": 2**62}, "registry.not_here"),
])
def test_what_is_no_scan_is_refused_alone(park, boss, round_1, a_scan, wrong, code):
    before = everything()

    bad, good = bind(park, [a_scan(**({"id_number": id_number(1)} | wrong)), a_scan(2, tube="T9")], actor=boss)

    assert (bad.status, bad.code) == ("refused", code)
    assert good.status == "accepted"
    assert len(everything()[0]) == len(before[0]) + 1


@pytest.mark.parametrize("longest", [{"scan_id": "x" * 64}, {"tube": "T" * 40}])
def test_codes_may_be_as_long_as_our_tables_hold(park, boss, round_1, a_scan, longest):
    [answer] = bind(park, [a_scan(1, **longest)], actor=boss)

    assert answer.status == "accepted"


def test_full_width_and_spaces_are_the_same_number_and_tube(park, boss, round_1, a_worker, a_scan):
    a_worker(number=1, name="林一")

    [answer] = bind(park, [a_scan(id_number=f"　{id_number(1)[:6]} {id_number(1)[6:]}", tube="Ｔ１")], actor=boss)

    assert (answer.name, answer.tube) == ("林一", "T1")


def test_somebody_already_sampled_in_this_round_is_kept_and_said(park, boss, round_1, a_worker, a_scan):
    a_worker(number=1)
    bind(park, [a_scan(1)], actor=boss)

    [answer] = bind(park, [a_scan(1, tube="T2")], actor=boss)

    assert (answer.status, answer.code) == ("accepted", "screening.already_sampled")
    assert list(Specimen.objects.order_by("pk").values_list("again", flat=True)) == [False, True]


def test_somebody_who_is_not_on_the_roster_is_kept_as_a_walk_in(park, boss, round_1, a_scan):
    [answer] = bind(park, [a_scan(1)], actor=boss)

    specimen = Specimen.objects.get()
    assert (answer.status, answer.code, answer.name) == ("accepted", "screening.walk_in", "")
    assert specimen.person is None
    assert specimen.masked_id == f"349901********{id_number(1)[-4:]}"
    assert id_number(1).encode() not in bytes(specimen.id_sealed or b"")


def test_a_person_of_the_park_is_bound_by_the_id_of_his_page(park, other_park, boss, round_1, a_worker, a_scan):
    here, elsewhere = a_worker(number=1), a_worker(number=2, here=other_park)

    bound, refused = bind(park, [a_scan(person=here.uid), a_scan(person=elsewhere.uid)], actor=boss)

    assert (bound.status, bound.name) == ("accepted", here.name)
    assert refused.code == "screening.person_unknown"


def test_a_place_and_a_lot_of_goods_can_be_sampled(park, boss, round_1, a_scan):
    grid = park.places.get(name="1网格")

    answers = bind(park, [a_scan(place_id=grid.pk), a_scan(lot="冷链箱7")], actor=boss)

    assert [answer.code for answer in answers] == ["", ""]
    assert list(Specimen.objects.order_by("pk").values_list("kind", "place", "lot")) == [
        ("place", grid.pk, ""), ("lot", None, "冷链箱7")]


def test_a_place_of_another_park_is_not_here(park, other_park, boss, round_1, a_scan):
    [answer] = bind(park, [a_scan(place_id=other_park.places.first().pk)], actor=boss)

    assert answer.code == "registry.not_here"
    assert not Specimen.objects.exists()


def test_a_swab_counts_from_when_the_device_took_it_and_never_after_it_arrived(park, boss, round_1, a_scan):
    bind(park, [a_scan(1, sampled_at=MORNING - minutes(30)), a_scan(2, sampled_at=MORNING + minutes(30)), a_scan(3)],
         actor=boss)

    assert list(Specimen.objects.order_by("position").values_list("sampled_at", flat=True)) == [
        MORNING - minutes(30), MORNING, MORNING]


def test_a_position_that_is_taken_stays_with_who_has_it(park, boss, round_1, a_scan):
    answers = bind(park, [a_scan(1, position=3), a_scan(2, position=3), a_scan(3)], actor=boss)

    assert [answer.position for answer in answers] == [3, 4, 5]


def test_a_badge_is_as_good_as_an_id_number(park, boss, round_1, a_worker, a_scan, a_point):
    a_point()
    person = a_worker(number=1)
    code = text_of(issue_badges(park, [person], actor=boss)[0])

    first, in_address = bind(park, [a_scan(code=code), a_scan(code=f"https://park.example/me/{code.removeprefix('JG.')}")],
                             actor=boss)
    again = bind(park, [a_scan(code=code, scan_id=first.scan_id)], actor=boss)[0]

    assert (first.status, first.name, in_address.code) == ("accepted", person.name, "screening.already_sampled")
    assert (again.status, Specimen.objects.filter(person=person).count()) == ("repeat", 2)


def test_a_badge_that_is_withdrawn_forged_or_of_another_park_binds_nobody(park, other_park, boss, round_1, a_worker, a_scan,
                                                                          a_point):
    a_point()
    badge, foreign = (issue_badges(here, [a_worker(number=1, here=here)], actor=boss)[0] for here in (park, other_park))
    withdraw_badge(badge, reason="lost", actor=boss)

    answers = bind(park, [a_scan(code=text_of(badge)), a_scan(code="JG.000000000000.000000000000"),
                          a_scan(code=text_of(foreign)), a_scan(1, code=text_of(badge))], actor=boss)

    assert [each.code for each in answers] == ["registry.badge_withdrawn", "registry.badge_unknown",
                                               "registry.badge_unknown", "screening.subject_unclear"]
    assert all(each.message for each in answers)
    assert not Specimen.objects.exists()
    assert not Tube.objects.exists()


def test_many_badges_cost_as_many_queries_as_one(park, boss, round_1, a_worker, a_scan, a_tube):
    a_tube("T1", of=round_1), a_tube("T2", of=round_1)
    codes = [text_of(badge) for badge in issue_badges(park, [a_worker() for _each in range(21)], actor=boss)]

    costs = []
    for some in (codes[:1], codes[1:]):
        with CaptureQueriesContext(connection) as asked:
            answers = bind(park, [a_scan(code=code, tube=f"T{min(len(some), 2)}") for code in some], actor=boss)
        costs.append(len(asked))
        assert {each.status for each in answers} == {"accepted"}
    assert costs[0] == costs[1]


def test_the_same_id_in_another_round_is_other_content(park, boss, a_round, a_scan):
    a_round()
    a_round(opens_at=MORNING + minutes(600), closes_at=MORNING + minutes(700))
    scan = a_scan(1)
    bind(park, [scan], actor=boss)
    before = everything()

    [answer] = bind(park, [replace(scan, round=2)], actor=boss)

    assert (answer.status, answer.code) == ("refused", "screening.scan_id_reused")
    assert everything() == before


def test_nobody_deletes_a_round_or_a_scanner_of_whom_a_swab_tells(park, boss, round_1, a_worker, a_scan):
    wu = a_worker(number=7, name="吴强")
    bind(park, [a_scan(1)], actor=boss, scanner=wu)

    for row in (round_1, wu):
        with pytest.raises(ProtectedError):
            row.delete()

    assert Specimen.objects.filter(round=round_1, scanner=wu).count() == 1
