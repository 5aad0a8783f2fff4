"""Named figures: each opens to rows that count or sum to it, in any scope, at any moment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong.accounts.queries import actor_for
from jiugong.briefs.errors import DaysOutOfOrder, FigureUnknown, PeriodTooLong
from jiugong.briefs.figures import FIGURES
from jiugong.briefs.queries import brief, figure, opened, scope_for
from jiugong.briefs.scope import scope_of
from jiugong.briefs.wording import SECTIONS, as_markdown, opening
from jiugong.journal.models import LookUp
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, operator
from jiugong.registry.models import Posting
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.scans import Scan, bind
from tests.cast import DAY, MORNING, Town, an_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(busy: Town) -> Town:
    """With everything that a figure may count: also a tube that is not negative."""
    report(busy.park, Report(tube="SY0001", value="suspicious", reported_at=MORNING), actor=operator())
    return busy


@pytest.mark.parametrize("key", [each.key for each in FIGURES])
def test_a_figure_is_the_number_or_the_sum_of_its_rows(busy: Town, key: str) -> None:
    scope = scope_of(busy.park, DAY, DAY)

    shown = opened(operator(), key, scope)

    assert shown.value == figure(key).count(scope)
    assert shown.value == (sum(row["value"] for row in shown.rows) if shown.rows and "value" in shown.rows[0]
                           else len(shown.rows))


def test_the_figures_of_a_busy_morning(busy: Town) -> None:
    figures = brief(scope_of(busy.park, DAY, DAY)).figures

    assert (figures["screening.owed"], figures["screening.sampled"], figures["screening.excused"],
            figures["screening.missing"]) == (8, 2, 1, 5)
    assert (figures["screening.person_tests"], figures["screening.tubes"], figures["screening.walk_ins"]) == (3, 2, 1)
    assert (figures["screening.tubes_not_negative"], figures["screening.retests_open"]) == (1, 2)
    assert figures["duties.owed"] == figures["duties.done"] + figures["duties.excused"] + figures["duties.missing"] > 0
    assert (figures["registry.enterprises"], figures["registry.people"], figures["registry.task_groups"]) == (3, 8, 1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.integers(min_value=-2000, max_value=3000), who=st.sampled_from(["lin", "tao", "bo", "fang"]))
def test_owed_is_done_and_excused_and_missing_at_any_minute_for_anybody(busy: Town, minutes: int, who: str) -> None:
    with clock.standing_at(MORNING + timedelta(minutes=minutes)):
        actor = actor_for(busy.users[who], MORNING)
        scope = scope_for(actor, busy.park, DAY - timedelta(days=1), DAY + timedelta(days=1))

        for owed, *parts in (("screening.owed", "screening.sampled", "screening.excused", "screening.missing"),
                             ("duties.owed", "duties.done", "duties.excused", "duties.missing")):
            assert figure(owed).count(scope) == sum(figure(part).count(scope) for part in parts)


def test_a_grid_leader_counts_his_grid_and_both_grids_make_the_park(busy: Town) -> None:
    def owed(who: str) -> int:
        scope = scope_for(actor_for(busy.users[who]), busy.park, DAY, DAY)
        return brief(scope, ["screening.owed"]).figures["screening.owed"]

    assert (owed("tao"), owed("bo"), owed("fang")) == (5, 3, 3)
    assert owed("tao") + owed("bo") == owed("lin") == 8


def test_nothing_that_happens_later_is_counted(busy: Town) -> None:
    with clock.standing_at(datetime(2022, 7, 21, 22, 29, tzinfo=UTC)):                # a minute before the round opens
        before = brief(scope_of(busy.park, DAY, DAY)).figures

    assert (before["screening.rounds"], before["screening.person_tests"], before["screening.retests_open"]) == (0, 0, 0)


def test_numbers_are_masked_without_a_reason_and_looks_are_kept_with_one(busy: Town) -> None:
    lin, scope = actor_for(busy.users["lin"]), scope_of(busy.park, DAY, DAY)
    masked = opened(lin, "screening.missing", scope).rows
    looks = LookUp.objects.count()

    full = opened(lin, "screening.missing", scope, reason="calling them").rows

    assert all("*" in row["resident_id"] for row in masked)
    assert not any("*" in row["resident_id"] for row in full)
    assert LookUp.objects.count() - looks == len(full) == 5
    with pytest.raises(NotAllowed):
        opened(actor_for(busy.users["zhou"]), "screening.missing", scope, reason="curious")
    assert LookUp.objects.count() - looks == 5


def test_what_a_brief_cannot_say_is_refused(town: Town) -> None:
    lin = actor_for(town.users["lin"])
    with pytest.raises(FigureUnknown):
        figure("no.such.figure")
    with pytest.raises(DaysOutOfOrder):
        scope_for(lin, town.park, DAY, DAY - timedelta(days=1))
    with pytest.raises(PeriodTooLong):
        scope_for(lin, town.park, DAY, DAY + timedelta(days=401))
    assert scope_for(lin, town.park, DAY, DAY + timedelta(days=400)).last == DAY + timedelta(days=400)


def test_the_difference_is_to_the_day_before(busy: Town) -> None:
    told = brief(scope_of(busy.park, DAY - timedelta(days=1), DAY))

    assert told.difference("screening.person_tests") == 3
    assert told.difference("registry.enterprises") == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_brief_says_every_figure_of_its_sections_in_words(busy: Town, language: str) -> None:
    told = brief(scope_of(busy.park, DAY, DAY))
    text = as_markdown(told, language)

    assert all(f"`{key}`" in text for _heading, keys in SECTIONS["zh-hans"] for key in keys)
    assert f"{told.figures['screening.owed']}" in opening(told, language)
    assert "{" not in text


def test_a_figure_costs_the_same_for_a_long_list(busy: Town) -> None:
    scope = scope_of(busy.park, DAY, DAY)
    with CaptureQueriesContext(connection) as few:
        opened(operator(), "screening.person_tests", scope)
    bind(busy.park, [Scan(scan_id=f"more-{at}", round=1, tube="SY0003", point="门口", id_number=an_id(at)) for at in range(3, 9)],
         actor=operator())
    with CaptureQueriesContext(connection) as many:
        opened(operator(), "screening.person_tests", scope_of(busy.park, DAY, DAY))

    assert len(few) == len(many)


def test_a_swab_counts_for_the_grid_in_which_the_person_stood_that_day(busy: Town) -> None:
    def tests_of(who: str) -> int:
        scope = scope_for(actor_for(busy.users[who]), busy.park, DAY, DAY)
        return brief(scope, ["screening.person_tests"]).figures["screening.person_tests"]

    before = (tests_of("tao"), tests_of("bo"))
    moved = Posting.objects.get(person=busy.people["吴强"], until=None)
    Posting.objects.filter(pk=moved.pk).update(until=DAY + timedelta(days=1))
    Posting.objects.create(park=busy.park, person=moved.person, unit=busy.firms["西河门窗有限公司"], status="on_duty",
                           enterprise=busy.firms["西河门窗有限公司"], since=DAY + timedelta(days=1))

    assert (tests_of("tao"), tests_of("bo")) == before == (2, 0)
