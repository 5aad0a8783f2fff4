"""What bodies file: prefilled, corrected with a reason, filed once however often it is sent; what differs goes to the meeting."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiugong.accounts.queries import actor_for
from jiugong.briefs import filed
from jiugong.briefs.actions import Entered, choose_figures
from jiugong.briefs.errors import (
    BriefIdReused,
    FigureMisshapen,
    FigureNotAsked,
    FiguresMissing,
    FigureUnknown,
    NotFiledAhead,
    NothingToFile,
    WhyNeeded,
)
from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.filings import counted_for, form_of
from jiugong.briefs.models import Filing
from jiugong.briefs.scope import scope_of
from jiugong.briefs.tests.makers import a_body, a_team_of, as_counted, filed_by
from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, operator
from jiugong.registry.errors import NotHere
from jiugong.registry.models import BodyMember, Person
from jiugong.registry.words import BodyKind, Tier
from jiugong.screening.actions.scans import Scan, bind
from tests.cast import DAY, Town, an_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]

def _counts(town: Town) -> tuple[int, int, int]:
    scope = scope_of(town.park, DAY, DAY)
    return tuple(BY_KEY[f"briefs.filings{which}"].count(scope) for which in ("", "_missing", "_differing"))  # type: ignore[return-value]


def test_the_form_is_prefilled_with_the_systems_own_figures(town: Town) -> None:
    owing = filed.bodies_owing(town.park, DAY)[0]
    scope = scope_of(town.park, DAY, DAY)

    assert [(each.figure.key, each.value) for each in form_of(owing, DAY)] == [
        (key, BY_KEY[key].count(scope)) for key in filed.USUAL[BodyKind.TASK_GROUP]]


def test_what_equals_the_system_is_filed_and_not_for_the_meeting(town: Town) -> None:
    body = a_body(town)
    before = _counts(town)

    filing = filed_by(town, body, "one")

    assert before == (0, 1, 0)
    assert _counts(town) == (1, 0, 0)
    assert {each.key: (each.value, each.counted, each.why) for each in filing.figures.all()} == {
        "registry.on_duty": (8, 8, ""), "screening.sampled": (2, 2, "")}
    assert (filing.filed_by_name, filing.late) == ("林园", False)
    assert Entry.objects.get(verb="figures.filed").facts["changed"] == 0


def test_what_differs_is_for_the_meeting_with_who_must_explain(town: Town) -> None:
    one, other = a_body(town), a_body(town, "后勤保障组")
    filed_by(town, one, "one", as_counted(screening__sampled=Entered(value=3, why="一人在医院采样")))
    filed_by(town, other, "other")

    fact, = filed.differing(filed.bodies_owing(town.park, DAY))

    assert (fact.key, [(said.owing.body.name, said.filed.value, said.filed.off) for said in fact.said]) == (
        "screening.sampled", [("信息采集组", 3, 1), ("后勤保障组", 2, 0)])
    assert [said.explains for said in fact.off] == ["林园、周全"]               # who filed it, and who leads the group
    assert _counts(town) == (2, 0, 1)


def test_two_bodies_that_took_the_systems_number_at_different_hours_do_not_differ(town: Town) -> None:
    one, other = a_body(town), a_body(town, "后勤保障组")
    early = filed_by(town, one, "one")
    bind(town.park, [Scan(scan_id="late", round=1, tube="SY0009", point="门口", id_number=an_id(3))], actor=operator())
    late = filed_by(town, other, "other")

    assert (early.figures.get(key="screening.sampled").value, late.figures.get(key="screening.sampled").value) == (2, 3)
    assert _counts(town) == (2, 0, 0)


def test_the_same_figure_over_another_ground_is_another_fact(town: Town) -> None:
    whole, first = a_body(town), a_team_of(town, "第1网格")
    filed_by(town, whole, "one", as_counted(registry__on_duty=Entered(value=9, why="新到一人")))
    filing = filed_by(town, first, "two", who="tao")

    facts = filed.differing(filed.bodies_owing(town.park, DAY))

    assert filing.figures.get(key="registry.on_duty").value == 5
    assert [(fact.key, fact.grounds, len(fact.said)) for fact in facts] == [("registry.on_duty", (), 1)]


def test_filed_twice_with_one_id_is_filed_once_and_filed_again_counts_anew(town: Town) -> None:
    body = a_body(town)
    first = filed_by(town, body, "one")
    same = filed_by(town, body, "one")
    again = filed_by(town, body, "two", as_counted(screening__sampled=Entered(value=3, why="补报")))

    assert same == first
    assert list(Filing.objects.filter(replaced_at=None)) == [again]
    assert Filing.objects.count() == 2
    with pytest.raises(BriefIdReused):
        filed_by(town, body, "two", as_counted(screening__sampled=Entered(value=4, why="补报")))
    assert _counts(town) == (1, 0, 1)


@pytest.mark.parametrize(("figures", "refusal"), [
    ({"registry.on_duty": Entered()}, FiguresMissing),
    ({**as_counted(), "screening.tubes": Entered()}, FigureNotAsked),
    (as_counted(screening__sampled=Entered(value=3)), WhyNeeded),
    (as_counted(screening__sampled=Entered(value=3, why="   ")), WhyNeeded),
    (as_counted(screening__sampled=Entered(value=3, why="x" * 301)), WhyNeeded),
    (as_counted(screening__sampled=Entered(value=-1, why="x")), FigureMisshapen),
    (as_counted(screening__sampled=Entered(value=10**12 + 1, why="x")), FigureMisshapen)])
def test_what_is_not_right_is_refused_as_a_whole(town: Town, figures: dict[str, Entered], refusal: type[Exception]) -> None:
    body = a_body(town)

    with pytest.raises(refusal):
        filed_by(town, body, "one", figures)

    assert not Filing.objects.exists()


def test_a_day_to_come_and_a_body_without_figures_are_refused(town: Town) -> None:
    body = a_body(town)
    with pytest.raises(NotFiledAhead):
        filed_by(town, body, "one", day=DAY + timedelta(days=1))
    choose_figures(town.park, body, keys=(), due=time(18, 0), actor=operator())
    with pytest.raises(NothingToFile):
        filed_by(town, body, "one", {})

    assert not Filing.objects.exists()
    assert _counts(town) == (0, 0, 0)


def test_the_office_files_for_all_a_grid_leader_for_his_grid_a_member_for_his_own_body(town: Town) -> None:
    whole, first, second = a_body(town), a_team_of(town, "第1网格"), a_team_of(town, "第2网格")
    zhou = town.users["zhou"]

    def may(who: str) -> list[str]:
        actor = actor_for(town.users[who])
        return [each.body.name for each in filed.bodies_owing(town.park, DAY) if filed.may_file(actor, each, DAY)]

    assert may("lin") == [whole.name, first.name, second.name]
    assert (may("tao"), may("bo"), may("fang"), may("zhou")) == ([first.name], [second.name], [], [])
    with pytest.raises(NotAllowed):
        filed_by(town, whole, "one", who="zhou")
    zhou.person = Person.objects.get(park=town.park, name="周全")                 # who leads the group, by the third sheet
    zhou.save()
    assert may("zhou") == [whole.name]
    BodyMember.objects.create(body=second, person=zhou.person, tier=Tier.IMPLEMENTER)
    assert may("zhou") == [whole.name, second.name]
    assert filed_by(town, whole, "one", who="zhou").filed_by_name == "周全"


def test_the_minute_that_is_due_is_still_in_time(town: Town) -> None:
    body = a_body(town)
    late = {}
    for name, at in (("in time", datetime(2022, 7, 22, 10, 0, 59, tzinfo=UTC)), ("late", datetime(2022, 7, 22, 10, 1, tzinfo=UTC)),
                     ("next day", datetime(2022, 7, 23, 1, 0, tzinfo=UTC))):
        with clock.standing_at(at):
            late[name] = filed_by(town, body, name).late

    assert late == {"in time": False, "late": True, "next day": True}
    with clock.standing_at(datetime(2022, 7, 22, 10, 0, tzinfo=UTC)):
        other = filed.bodies_owing(town.park, DAY + timedelta(days=1))[0]
        assert not other.is_late(DAY + timedelta(days=1), clock.now())


def test_which_figures_a_body_files_is_kept_in_the_order_of_the_house(town: Town) -> None:
    body = a_body(town)

    choose_figures(town.park, body, keys=["screening.tubes", "registry.people"], due=time(9, 30), actor=operator())
    owing = filed.bodies_owing(town.park, DAY)[0]

    assert (owing.keys, owing.due, owing.chosen) == (("registry.people", "screening.tubes"), time(9, 30), True)
    with pytest.raises(FigureUnknown):
        choose_figures(town.park, body, keys=["no.such"], due=time(9), actor=operator())
    with pytest.raises(NotAllowed):
        choose_figures(town.park, body, keys=[], due=time(9), actor=actor_for(town.users["tao"]))
    assert filed.bodies_owing(town.park, DAY)[0].keys == ("registry.people", "screening.tubes")


def test_a_hidden_body_and_none_look_the_same(town: Town) -> None:
    body = a_body(town)
    for actor, pk in ((actor_for(town.users["tao"]), body.pk), (actor_for(town.users["lin"]), 10**6)):
        with pytest.raises(NotHere):
            filed.owing_for(actor, town.park, pk, DAY)


def test_the_list_costs_the_same_for_one_body_and_for_twenty_one(town: Town) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            rows = filed.bodies_owing(town.park, DAY)
            filed.differing(rows)
        return len(asked)

    filed_by(town, a_body(town), "first")
    one = cost()
    for at in range(20):
        filed_by(town, a_body(town, f"第{at}组"), f"more-{at}")

    assert cost() == one


def test_what_the_system_counts_for_a_body_is_its_own_ground(town: Town) -> None:
    whole, first = a_body(town), a_team_of(town, "第1网格")
    by = {each.body.pk: counted_for(each, DAY) for each in filed.bodies_owing(town.park, DAY)}

    assert (by[whole.pk]["registry.on_duty"], by[first.pk]["registry.on_duty"]) == (8, 5)
