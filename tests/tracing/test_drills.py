"""A drill: planted on the park's own records, worked on as if it were real, measured, and kept apart from everything real."""

from collections.abc import Callable

import pytest

from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.scope import scope_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.registry.models import Park, Person
from jiugong.standing.logic import Holding
from jiugong.standing.queries import standing_of
from jiugong.tracing.actions.drills import Begun, begin_drill, end_drill, reveal_retests
from jiugong.tracing.actions.orders import confirm_holds, decide
from jiugong.tracing.errors import DrillOver, DrillRunning, NobodyToPlant
from jiugong.tracing.logic.drilling import measure
from jiugong.tracing.models import Contact, Drill, Incident, Order, Presence
from jiugong.tracing.queries.incidents import latest_incident
from tests.tracing.conftest import DAY, NOW, TOLD, at


@pytest.fixture
def begun(park: Park, boss: Actor, a_worker: Callable[..., Person], was: Callable[..., Presence]) -> Begun:
    """Six people sat at three tables yesterday; one of them is planted as ill."""
    for table in range(3):
        for person in (a_worker(), a_worker()):
            was(person, "canteen_table", f"食堂/{table * 5 + 1}桌", "12 11:30", "12 12:00")
    for _each in range(4):
        a_worker(team="甲二班")
    return begin_drill(park, title="十一月演练", actor=boss, seed=3)


def test_a_drill_is_marked_and_measured_against_what_was_planted(begun: Begun, boss: Actor, second: Actor) -> None:
    confirm_holds(begun.incident, actor=boss)
    reveal_retests(begun.drill, actor=boss)
    for order in Order.objects.filter(incident=begun.incident, kind="close_contact"):
        for actor in (boss, second):
            decide(order, actor=actor)

    measured = end_drill(begun.drill, actor=boss)

    truth = begun.drill.truth
    assert measured.found == len(truth["logged"]) == 1 and measured.missed == len(truth["told_by_patient"]) == 2
    assert measured.unnecessary == 0 and measured.seconds_to_list == 0 and measured.seconds_to_control is None
    assert end_drill(begun.drill, actor=boss) == measured


def test_nobody_is_restricted_by_a_drill_and_no_figure_counts_it(begun: Begun, park: Park, boss: Actor, second: Actor) -> None:
    confirm_holds(begun.incident, actor=boss)
    reveal_retests(begun.drill, actor=boss)
    for order in Order.objects.filter(incident=begun.incident, kind="close_contact"):
        for actor in (boss, second):
            decide(order, actor=actor)

    people = [each.who.person for each in Order.objects.filter(incident=begun.incident).select_related("who__person")]
    assert people and not [one for person in people if person for one in standing_of(person, NOW)
                           if one.what in (Holding.RESTRICTED, Holding.RETEST)]
    scope = scope_of(park, DAY, DAY)
    assert [BY_KEY[f"tracing.{key}"].count(scope) for key in ("incidents", "close_contacts", "under_control")] == [0, 0, 0]


def test_a_real_incident_is_the_latest_whatever_is_drilled(begun: Begun, park: Park, boss: Actor, a_worker: Callable[..., Person],
                                                           positive: Callable[..., Incident]) -> None:
    real = positive(a_worker())
    assert latest_incident(boss, park) == real


def test_no_whereabouts_are_written_by_a_drill(begun: Begun, boss: Actor) -> None:
    before = Presence.objects.count()
    reveal_retests(begun.drill, actor=boss)
    end_drill(begun.drill, actor=boss)
    assert Presence.objects.count() == before


def test_one_drill_at_a_time_and_nothing_after_its_end(begun: Begun, park: Park, boss: Actor) -> None:
    with pytest.raises(DrillRunning):
        begin_drill(park, title="再来", actor=boss)
    end_drill(begun.drill, actor=boss)
    with pytest.raises(DrillOver):
        reveal_retests(begun.drill, actor=boss)
    assert Drill.objects.count() == 1
    assert not Order.objects.filter(incident=begun.incident, ended_at=None).exists()
    assert not Contact.objects.filter(incident__drill=None).exists()


def test_where_nobody_is_on_duty_there_is_no_drill(park: Park, boss: Actor) -> None:
    with pytest.raises(NobodyToPlant):
        begin_drill(park, title="空", actor=boss)
    assert not Incident.objects.exists()


def test_the_same_seed_plants_the_same_people(begun: Begun, park: Park, boss: Actor) -> None:
    end_drill(begun.drill, actor=boss)
    with clock.standing_at(NOW):
        assert begin_drill(park, title="again", actor=boss, seed=3).drill.truth == begun.drill.truth


@pytest.mark.pure
def test_found_missed_and_unnecessary_add_up() -> None:
    told = measure(truth=[1, 2, 3], listed=[2, 3, 4], controlled=[2], began=TOLD, held=at("12 16:20"), traced=None,
                   all_controlled=NOW)
    assert (told.found, told.missed, told.unnecessary, told.controlled) == (2, 1, 1, 1)
    assert (told.seconds_to_hold, told.seconds_to_list, told.seconds_to_control) == (60, None, None)
