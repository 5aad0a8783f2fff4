"""What holds whatever happens: drawn by hypothesis."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong.screening.actions.scans import bind
from jiugong.screening.models import Specimen, Tube
from jiugong.screening.queries.rounds import asked_by
from jiugong.screening.tests.conftest import OPENS, minutes

PEOPLE = range(1, 9)
law = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
               deadline=None)
swab = st.tuples(st.sampled_from(PEOPLE), st.integers(0, 3), st.integers(0, 90))        # who, which tube, when


@pytest.fixture
def workers(a_worker) -> Any:
    teams = ("甲一班", "甲一班", "甲一班", "甲二班", "甲二班", "乙一班", "乙一班", "乙一班")
    return [a_worker(number=number, team=team) for number, team in zip(PEOPLE, teams, strict=True)]


def scans_of(swabs, a_scan) -> Any:
    return [a_scan(who, scan_id=f"s{at}", tube=f"T{tube}", sampled_at=OPENS + minutes(after))
            for at, (who, tube, after) in enumerate(swabs)]


def forget() -> Any:
    Specimen.objects.all().delete()
    Tube.objects.all().delete()


@law
@given(swabs=st.lists(swab, max_size=12), excused=st.sets(st.sampled_from(PEOPLE)), at=st.integers(-10, 300),
       scope=st.sampled_from(["", "甲", "甲二班", "乙"]))
def test_owed_is_done_plus_excused_plus_missing(
        park, boss, excuse, round_1, workers, a_scan, swabs, excused, at, scope):
    forget()
    park.excuses.all().delete()
    bind(park, scans_of(swabs, a_scan), actor=boss)
    for number in excused:
        excuse(workers[number - 1], until_at=OPENS + minutes(60))
    reach = (park.units.get(name=scope).path,) if scope else ("",)

    asked = asked_by(round_1, OPENS + minutes(at), reach)

    parts = [set(rows.values_list("person", flat=True))
             for rows in (asked.done_rows(), asked.excused_rows(), asked.missing())]
    everybody = set(asked.owed.values_list("person", flat=True))
    assert parts[0] | parts[1] | parts[2] == everybody
    assert sum(map(len, parts)) == len(everybody)
    covered = asked.coverage()
    assert (covered.owed, covered.done, covered.excused, covered.missing) == (len(everybody), *map(len, parts))
    by_enterprise = asked.coverage_by("enterprise_id").values()
    assert sum(each.owed for each in by_enterprise) == covered.owed
    assert sum(each.missing for each in by_enterprise) == covered.missing


@law
@given(people=st.permutations(PEOPLE), size=st.sampled_from([1, 5]), cut=st.integers(1, 8))
def test_everybody_is_in_exactly_one_tube_position(park, boss, a_round, workers, a_scan, people, size, cut):
    forget()
    of = a_round(pool_size=size)
    scans = [a_scan(who, scan_id=f"s{who}", round=of.number, tube=f"T{at // size}") for at, who in enumerate(people)]

    for start in range(0, len(scans), cut):
        bind(park, scans[start:start + cut], actor=boss)

    spots = list(Specimen.objects.values_list("tube__code", "position"))
    assert len(set(spots)) == len(spots) == len(PEOPLE)
    assert set(Specimen.objects.values_list("person__name", flat=True)) == {worker.name for worker in workers}
    for tube in Tube.objects.all():
        positions = sorted(tube.specimens.values_list("position", flat=True))
        assert positions == list(range(1, len(positions) + 1))
        assert len(positions) <= tube.capacity


@law
@given(swabs=st.lists(swab, min_size=1, max_size=12), data=st.data())
def test_replaying_a_phone_twice_in_any_order_and_batches_changes_nothing(
        park, boss, round_1, workers, a_scan, swabs, data):
    forget()
    scans = scans_of(swabs, a_scan)
    first = {answer.scan_id: answer for answer in bind(park, scans, actor=boss)}
    before = list(Specimen.objects.order_by("pk").values())

    again = data.draw(st.permutations(scans + scans))
    cut = data.draw(st.integers(1, len(again)))
    for start in range(0, len(again), cut):
        for answer in bind(park, again[start:start + cut], actor=boss):
            said = first[answer.scan_id]
            assert answer.status == "repeat"
            assert (answer.name, answer.tube, answer.position, answer.code) == (
                said.name, said.tube, said.position, said.code)

    assert list(Specimen.objects.order_by("pk").values()) == before
