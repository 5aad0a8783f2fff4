"""Closing a day: when, what it counts, what belongs to it, and what happens to what comes late."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from jiugong.closing.actions import close_day
from jiugong.closing.actions.waiting import one_moment
from jiugong.closing.errors import DayNotOver
from jiugong.closing.logic.sealing import unpacked
from jiugong.closing.models import Afterword, Closing, Count, Miss, Seal, SealedTable
from jiugong.closing.queries import as_data
from jiugong.closing.rows import model_of
from jiugong.closing.tests.conftest import AFTERWARDS, BEIJING, MIDNIGHT, NEXT_DAY, reports, scans, sql
from jiugong.duties.actions import excuse, withdraw
from jiugong.duties.models import Evidence
from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, operator
from jiugong.lib.keeping import rows_end
from jiugong.registry.actions.keys import rotate_keys
from jiugong.registry.actions.rosters import import_roster, read_roster_file
from jiugong.registry.models import Person, Posting
from jiugong.registry.queries.coverage import Coverage
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.rounds import open_round
from jiugong.screening.actions.tubes import seal as seal_tube
from jiugong.screening.actions.undoing import undo_scan
from jiugong.screening.models import Round, Specimen, Tube
from jiugong.screening.queries.rounds import asked_by
from tests.cast import DAY, MORNING, Firm, a_roster, an_id

EVENING = datetime(2022, 7, 22, 21, 0, tzinfo=BEIJING)


def sealed_rows(seal: Seal, table: str) -> set[int]:
    kept = SealedTable.objects.filter(seal=seal, table=table).first()
    return set(unpacked(bytes(kept.blob))) if kept else set()


# --- when -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("now", "closes"), [
    (MIDNIGHT - timedelta(microseconds=1000), False), (MIDNIGHT - timedelta(microseconds=1), False), (MIDNIGHT, True)])
def test_a_day_is_closed_from_its_last_midnight_on(busy, now, closes):
    with clock.standing_at(now):
        if closes:
            assert close_day(busy.park, DAY, actor=operator()).number == 1
            return
        with pytest.raises(DayNotOver) as refused:
            close_day(busy.park, DAY, actor=operator())

    assert refused.value.facts["until"] == "2022-07-23 00:00"
    assert not Closing.objects.exists()
    assert not Seal.objects.exists()


@pytest.mark.parametrize("day", [NEXT_DAY, date(2022, 7, 24), date(2199, 1, 1), date(9999, 12, 31)])
def test_a_day_that_lasts_or_comes_is_refused(over, close, day):
    with pytest.raises(DayNotOver):
        close(day)

    assert not Closing.objects.exists()


def test_a_day_is_not_over_while_one_of_its_rounds_is_open(over, close):
    with clock.standing_at(EVENING):
        open_round(over.park, opens_at=EVENING, closes_at=AFTERWARDS + timedelta(hours=1), pool_size=10, actor=operator())

    with pytest.raises(DayNotOver) as refused:
        close()

    assert refused.value.facts["until"] == "2022-07-23 10:00"


def test_any_past_day_is_closed_in_any_order_and_follows_the_last_sealed(over, close):
    first, empty, before = close(DAY), close(date(2022, 7, 10)), close(date(2022, 7, 21))

    assert [each.number for each in (first, empty, before)] == [1, 2, 3]
    assert [each.previous_id for each in (first, empty, before)] == [None, first.pk, empty.pk]
    assert as_data(empty)["owed"] == 0 or as_data(empty)["counts"]


def test_closing_twice_answers_as_the_first_did(over, close):
    first = as_data(close())
    reports(over, "吴强", MORNING, received=AFTERWARDS)

    with clock.standing_at(AFTERWARDS + timedelta(days=9)):
        assert as_data(close()) == first
    assert Entry.objects.filter(verb="day.closed").count() == 1


def test_a_park_without_a_release_closes_its_days(town, this_morning):
    with clock.standing_at(AFTERWARDS):
        told = as_data(close_day(town.park, DAY, actor=operator()))

    assert told["release"] == ""
    assert [(each["kind"], each["owed"], each["done"], each["missed"]) for each in told["counts"]] == [("round", 8, 2, 6)]


def test_only_whoever_may_closes_a_day(over, the_actor):
    for name in ("zhou", "kai", "tao"):
        with pytest.raises(NotAllowed):
            close_day(over.park, DAY, actor=the_actor(name))

    assert not Closing.objects.exists()
    assert close_day(over.park, DAY, actor=the_actor("lin")).sealed_by_name == "林园"


@pytest.fixture
def the_actor(busy):
    from jiugong.accounts.queries import actor_for

    return lambda name: actor_for(busy.users[name])


# --- what it counts ---------------------------------------------------------------------------------------------------

def test_what_is_owed_is_done_excused_or_missed_and_every_miss_is_named(over, close):
    reports(over, "吴强", MORNING)
    seal = close()
    asked = asked_by(Round.objects.get(park=over.park, number=1), MIDNIGHT - timedelta(microseconds=1))

    for count in Count.objects.filter(seal=seal):
        assert count.owed == count.done + count.excused + count.missed
        assert count.misses.count() == count.missed
    counted = Count.objects.get(seal=seal, kind="round", key="1")
    assert Coverage(counted.owed, counted.done, counted.excused) == asked.coverage()
    assert sorted(counted.misses.values_list("person__name", flat=True)) == sorted(
        asked.missing().values_list("person__name", flat=True))
    reported = Count.objects.filter(seal=seal, kind="duty", key="health_report").first()
    assert reported is None or reported.done == 1


def test_misses_are_settled_by_the_release_in_force_on_the_day(over, close):
    seal = close()

    assert seal.release == "cn-2022-v9"
    assert Miss.objects.filter(count__seal=seal).exists()


# --- what belongs to a day --------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("moment", "day"), [
    (MIDNIGHT - timedelta(milliseconds=1), DAY), (MIDNIGHT - timedelta(microseconds=1), DAY), (MIDNIGHT, NEXT_DAY),
    (MIDNIGHT - timedelta(days=1), DAY), (MIDNIGHT - timedelta(days=1, microseconds=1), date(2022, 7, 21))])
def test_a_row_belongs_to_the_park_day_on_which_it_happened(over, close, moment, day):
    reports(over, "吴强", moment, received=AFTERWARDS)
    row = Evidence.objects.get().pk
    with clock.standing_at(AFTERWARDS + timedelta(days=1)):
        sealed = {each: sealed_rows(close(each), "duties_evidence") for each in (date(2022, 7, 21), DAY, NEXT_DAY)}

    assert sealed == {each: {row} if each == day else set() for each in sealed}


# --- what comes late --------------------------------------------------------------------------------------------------

def test_evidence_that_comes_late_is_kept_and_marked_and_changes_no_sealed_count(over, close, differs):
    before = as_data(close())
    reports(over, "孙丽", MORNING, received=AFTERWARDS)
    scans(over, 3, MORNING)

    assert sorted(Afterword.objects.filter(what="late", day=DAY).values_list("table", flat=True)) == [
        "duties_evidence", "screening_specimen"]
    assert as_data(close()) == before
    assert differs() == []


def test_what_comes_in_time_is_not_late_though_it_came_by_night(over, close, differs):
    with clock.standing_at(MIDNIGHT + timedelta(minutes=5)):
        scans(over, 3, MIDNIGHT - timedelta(minutes=5))
    close()

    assert not Afterword.objects.exists()
    assert differs() == []


def test_what_arrives_while_a_day_is_being_closed_is_in_the_seal_or_late(over, close, differs):
    from jiugong.closing.actions.closing import _begin

    _begin(over.park, DAY, operator())
    scans(over, 3, MORNING)
    row = Specimen.objects.get(scan_id="late-3").pk
    assert Afterword.objects.filter(what="late", row=row).exists()

    seal = close()                                              # it was interrupted; now it goes on

    assert row in sealed_rows(seal, "screening_specimen")
    assert not Afterword.objects.filter(what="late").exists()
    assert differs() == []


def test_what_actions_rightly_change_later_is_told_from_what_was_forged(over, close, differs):
    """A walk-in is named, a tube sealed, a result reported, a scan undone, an excuse withdrawn, the keys are turned."""
    close()
    given = excuse(over.park, over.people["孙丽"], reason="leave", since_at=AFTERWARDS, until_at=AFTERWARDS + timedelta(days=1),
                   actor=operator())
    withdraw(given, actor=operator())
    withdraw(over.park.excuses.get(person__name="郑伟"), actor=operator())
    undo_scan(over.park, "cast-2", undo_id="u-1", reason="other tube", actor=operator())
    seal_tube(Tube.objects.get(code="SY0001"), actor=operator())
    report(over.park, Report(tube="SY0001", value="positive", reported_at=AFTERWARDS), actor=operator())
    _came_on_the_roster(over, 777, "陌生")

    assert Specimen.objects.filter(scan_id="stranger", person__name="陌生").exists()
    assert differs() == []


def test_a_roster_that_holds_from_a_closed_day_is_no_forgery_and_the_sealed_count_stays(over, close, differs):
    before = as_data(close())
    _came_on_the_roster(over, 778, "新来", since=date(2022, 7, 20))

    assert Posting.objects.get(person__name="新来").since <= DAY
    assert as_data(close()) == before
    assert differs() == []


def test_rows_that_end_with_their_purpose_are_not_missed(over, close, differs):
    close()
    for table in ("closing_miss", "screening_undo", "screening_specimen"):
        rows = list(model_of(table)._base_manager.values_list("pk", flat=True))
        rows_end(table, rows)
        sql(f"DELETE FROM {table}")                                                                       # noqa: S608

    assert differs() == []


def _came_on_the_roster(town, number: int, name: str, since: date = NEXT_DAY) -> Person:
    """The roster of a firm, once more, with one more worker on it."""
    content = a_roster(town.park.name, [Firm("新厂有限公司", "第2网格", [name], 9)], [], base=number - 1)
    file = read_roster_file(content, name="roster.xlsx", park=town.park, park_name=town.park.name, mapping={})
    import_roster(town.park, file, actor=operator(), at=since)
    return Person.objects.get(park=town.park, name=name)


def test_turning_the_keys_changes_nothing_of_a_seal(over, close, differs, settings, monkeypatch):
    from jiugong.lib import secrets

    secrets.write_ring(secrets.ring(), settings.KEY_RING_FILE)
    monkeypatch.setattr(secrets, "_kept_in", settings.KEY_RING_FILE)
    monkeypatch.setattr(secrets, "_read", None)
    close()
    rotate_keys(actor=operator())

    assert Specimen.objects.get(scan_id="stranger").open_number(secrets.ring()) == an_id(777)
    assert differs() == []


@pytest.mark.django_db(transaction=True)
def test_what_a_day_has_is_joined_by_hashing_while_it_is_read_and_as_before_afterwards(transactional_db: None) -> None:
    """Until PostgreSQL has counted a day's rows it believes them few, and looks for everybody among all of them."""
    def nested_loops() -> str:
        if connection.vendor != "postgresql":
            return ""                                           # SQLite has no such choice
        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_nestloop")
            return str(cursor.fetchone()[0])

    with one_moment():
        during = nested_loops()
    assert (during, nested_loops()) in (("off", "on"), ("", ""))
