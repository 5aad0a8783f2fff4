"""Closed days lie in files that name nobody; every question finds the same in them as in the store."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as parquet
import pytest
from django.db import connection

from analytics import run
from jiugong.closing import late
from jiugong.closing.actions import close_day, verify
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.lib.refusal import Refusal
from jiugong.tracing.actions import history as writing
from jiugong.tracing.actions.pseudonyms import numbered
from jiugong.tracing.logic.contacts import FOR_EVER, Asked, Crew, Meeting, Rule, Stay, meetings
from jiugong.tracing.models import HistoryDay, Presence, Pseudonym, Spot
from jiugong.tracing.queries import history
from jiugong.tracing.queries.history_checks import check
from jiugong.tracing.queries.history_files import file_of, sources_of
from tests.cast import DAY, Town

NEXT, LAST = DAY + timedelta(days=1), DAY + timedelta(days=2)
RULES = (
    Rule(ground="dorm_room", kind="dorm_room", contact="close_contact"),
    Rule(ground="canteen_table", kind="canteen_table", contact="close_contact"),
    Rule(ground="next_table", kind="canteen_table", contact="close_contact", nearest=1, farthest=1),
    Rule(ground="enclosed_space", kind="enclosed_space", contact="close_contact", seconds=600),
    Rule(ground="team_shift", kind="workplace", contact="close_contact", same_crew=True))


@pytest.fixture(autouse=True)
def _a_home_of_its_own(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.HOME, settings.KEY_RING_FILE = tmp_path, tmp_path / "key-ring.json"
    late.forget_zones()
    yield
    late.forget_zones()


@pytest.fixture
def lived(town: Town) -> Town:
    """Three days of Lin's park: people at tables, in rooms and at work, some of them over midnight."""
    numbered(town.park)
    spots = Spot.objects.bulk_create([
        *(Spot(park=town.park, kind="canteen_table", name=f"食堂/{at:03}桌", hall="食堂", number=at) for at in range(1, 5)),
        *(Spot(park=town.park, kind="enclosed_space", name=name, hall=name) for name in ("会议室", "更衣室")),
        Spot(park=town.park, kind="workplace", name="木工车间", hall="木工车间")])
    chance, who = Random(9), list(Pseudonym.objects.filter(park=town.park).order_by("person_id"))              # noqa: S311
    for _stay in range(160):
        spot = chance.choice(spots)
        longest = 28_800 if spot.hall == "木工车间" else 7_200
        at(town, chance.choice(who), spot, chance.randrange(3 * 86_400), chance.randrange(longest),
           source=chance.choice(["attendance", "canteen_card", "门卫手记"]))
    return town


def at(town: Town, who: Pseudonym, spot: Spot, second: int, lasted: int, *, source: str = "attendance") -> Presence:
    """Somebody is somewhere, so many seconds after the first of the three days began."""
    entered = datetime(DAY.year, DAY.month, DAY.day, tzinfo=town.park.zone) + timedelta(seconds=second)
    return Presence.objects.get_or_create(
        park=town.park, who=who, spot=spot, entered_at=entered, left_at=entered + timedelta(seconds=lasted), source=source,
        defaults={"received_at": entered + timedelta(hours=3)})[0]


@pytest.fixture
def close(lived: Town, django_capture_on_commit_callbacks: Any) -> Iterator[Callable[..., None]]:
    """It is the morning after the three days; `close(day)` closes one."""
    def closed(*days: date) -> None:
        for day in days:
            with django_capture_on_commit_callbacks(execute=True):
                close_day(lived.park, day, actor=operator())
    with clock.standing_at(datetime(LAST.year, LAST.month, LAST.day + 1, 9, tzinfo=lived.park.zone)):
        yield closed


def plainly(town: Town, asked: list[Asked]) -> list[Meeting]:
    """What the definition answers from all rows of the store."""
    first: dict[tuple[str, str], int] = {}
    for spot in Spot.objects.filter(park=town.park).order_by("pk"):
        first.setdefault((spot.kind, spot.hall), spot.pk)
    stays = [Stay(who=row.who.number, kind=row.spot.kind, hall=first[row.spot.kind, row.spot.hall], number=row.spot.number or 0,
                  spot=row.spot_id, entered=history.seconds(row.entered_at), left=history.seconds(row.left_at), source=row.source,
                  assumed=row.assumed)
             for row in Presence.objects.filter(park=town.park).select_related("who", "spot")]
    since = history.seconds(datetime(2022, 7, 1, tzinfo=town.park.zone))
    people = {each.number: each.person for each in Pseudonym.objects.filter(park=town.park).select_related("person")}
    stays += [Stay(who=number, kind="dorm_room", hall=-bed.place_id, number=0, spot=-bed.place_id, entered=since, left=FOR_EVER,
                   source="roster")
              for number, person in people.items() if person for bed in person.assignments.filter(kind="dorm_room")]
    crews = [Crew(who=number, crew=posting.enterprise_id or 0, since=since, until=FOR_EVER)
             for number, person in people.items() if person for posting in person.postings.all()]
    return meetings(asked, stays, RULES, crews)


def everybody(town: Town) -> list[Asked]:
    """Everybody, each in a window of his own."""
    begun = history.seconds(datetime(DAY.year, DAY.month, DAY.day, tzinfo=town.park.zone))
    return [Asked(who=each.number, since=begun + 9_000 * at, until=begun + 9_000 * at + 130_000)
            for at, each in enumerate(Pseudonym.objects.filter(park=town.park).order_by("person_id"))]


def without_names(found: list[Meeting]) -> set[tuple[Any, ...]]:
    """In files, a log that no list knows is called `other`."""
    return {(each.asked, each.who, each.ground, each.spot, each.since, each.until,
             each.source if each.source != "门卫手记" else "other") for each in found}


def answered(town: Town) -> set[tuple[Any, ...]]:
    """What the house answers of everybody."""
    return without_names(history.meetings_of(town.park, everybody(town), RULES))


@pytest.mark.parametrize("closed", [(), (DAY,), (NEXT,), (DAY, LAST), (DAY, NEXT, LAST)], ids=len)
def test_whichever_days_are_closed_the_same_people_met(close: Callable[..., None], lived: Town, closed: tuple[date, ...]) -> None:
    close(*closed)

    found = history.meetings_of(lived.park, everybody(lived), RULES)

    assert without_names(found) == without_names(plainly(lived, everybody(lived)))
    assert {each.ground for each in found} == {rule.ground for rule in RULES}
    assert len(sources_of(lived.park, 0, FOR_EVER).files) == len(closed)


def test_a_closed_day_that_holds_everything_is_not_asked_of_the_store(close: Callable[..., None], lived: Town) -> None:
    before = plainly(lived, everybody(lived))
    close(DAY, NEXT, LAST)

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tracing_presence")

    assert answered(lived) == without_names(before)


def test_a_file_holds_the_contract_and_nothing_else(close: Callable[..., None], lived: Town) -> None:
    close(DAY, NEXT, LAST)

    for path in (file_of(each) for each in HistoryDay.objects.all()):
        table = parquet.read_table(path)
        assert table.schema.equals(run.schema("presence")) and not table.schema.metadata
        assert table.equals(table.sort_by([(column, "ascending") for column in run.contract()["presence"]["order"]]))
        assert not any(word.encode() in path.read_bytes() for word in ("食堂", "门卫手记", *lived.people))
        assert path.stat().st_mode & 0o777 == 0o600
    assert check(lived.park) == {"ok": True, "days": 3, "rows": 160, "wrong": [], "behind": []}


def test_the_same_rows_make_the_same_file(close: Callable[..., None], lived: Town) -> None:
    close(DAY)
    before = HistoryDay.objects.get()
    file_of(before).unlink()

    again = writing.build_day(lived.park, DAY, actor=operator())

    assert (again.sha256, again.written_at, again.rows) == (before.sha256, before.written_at, before.rows)
    assert file_of(again).exists() and list(file_of(again).parent.iterdir()) == [file_of(again)]


def test_what_comes_late_is_found_at_once_and_written_afterwards(close: Callable[..., None], lived: Town) -> None:
    close(DAY)
    late_one = at(lived, Pseudonym.objects.order_by("pk")[0], Spot.objects.get(name="会议室"), 30_000, 5_000)
    at(lived, Pseudonym.objects.order_by("pk")[1], late_one.spot, 30_000, 5_000)

    assert HistoryDay.objects.get().is_behind and check(lived.park)["behind"] == [DAY]
    assert answered(lived) == without_names(plainly(lived, everybody(lived)))
    rows = HistoryDay.objects.get().rows
    assert writing.build_what_is_behind(actor=operator()) == 1

    assert not HistoryDay.objects.get().is_behind and HistoryDay.objects.get().rows == rows + 2
    assert answered(lived) == without_names(plainly(lived, everybody(lived)))
    assert writing.build_what_is_behind(actor=operator()) == 0
    assert verify(lived.park, actor=operator()).ok


def test_a_stay_that_ends_otherwise_than_it_was_assumed_puts_its_day_behind(close: Callable[..., None], lived: Town) -> None:
    close(DAY)

    Presence.objects.filter(pk=Presence.objects.order_by("entered_at")[0].pk).update(assumed=True)

    assert HistoryDay.objects.get().is_behind


def test_what_comes_while_a_file_is_written_is_not_hidden_by_it(close: Callable[..., None], lived: Town,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    close(DAY)
    read, came = writing._stays_of, list[Presence]()

    def read_and_then(*words: Any) -> Any:
        stays = read(*words)
        if not came:
            came.append(at(lived, Pseudonym.objects.order_by("pk")[0], Spot.objects.get(name="更衣室"), 40_000, 50))
        return stays
    monkeypatch.setattr(writing, "_stays_of", read_and_then)

    day = writing.build_day(lived.park, DAY, actor=operator())

    midnight = datetime(NEXT.year, NEXT.month, NEXT.day, tzinfo=lived.park.zone)
    assert day.rows == Presence.objects.filter(entered_at__lt=midnight).count()
    assert not day.is_behind


def test_a_day_on_which_nobody_was_anywhere_has_no_file(town: Town, django_capture_on_commit_callbacks: Any) -> None:
    with clock.standing_at(datetime(2022, 7, 23, 9, tzinfo=town.park.zone)), django_capture_on_commit_callbacks(execute=True):
        close_day(town.park, DAY, actor=operator())

    day = HistoryDay.objects.get()
    assert (day.rows, day.is_behind, file_of(day).exists()) == (0, False, False)
    assert verify(town.park, actor=operator()).ok


def test_an_open_day_is_not_written(lived: Town) -> None:
    with pytest.raises(Refusal) as refused:
        writing.build_day(lived.park, DAY, actor=operator())

    assert refused.value.code == "tracing.day_not_closed"
    assert not HistoryDay.objects.exists()


# who changes a file -----------------------------------------------------------------------------------------------------

def edit(path: Path) -> None:
    table = parquet.read_table(path)
    parquet.write_table(table.slice(1), path)


def remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(("change", "what"), [(edit, "edited"), (remove, "deleted")])
def test_a_file_that_was_changed_is_named_and_not_read(close: Callable[..., None], lived: Town, change: Callable[[Path], None],
                                                       what: str) -> None:
    close(DAY, NEXT)
    day = HistoryDay.objects.get(day=DAY)
    change(file_of(day))

    told = verify(lived.park, actor=operator()).as_data()

    assert told["differs"] == [{"day": str(DAY), "table": f"history/presence/day={DAY}/part.parquet", "row": day.pk, "what": what}]
    assert not check(lived.park)["ok"]
    assert answered(lived) == without_names(plainly(lived, everybody(lived)))


def test_a_file_that_was_added_is_named_and_not_read(close: Callable[..., None], lived: Town) -> None:
    close(DAY)
    known = file_of(HistoryDay.objects.get())
    known.with_name("part-2.parquet").write_bytes(known.read_bytes())

    told = verify(lived.park, actor=operator()).as_data()

    added = f"history/presence/day={DAY}/part-2.parquet"
    assert told["differs"] == [{"day": str(DAY), "table": added, "row": 0, "what": "inserted"}]
    assert answered(lived) == without_names(plainly(lived, everybody(lived)))


def test_who_changes_a_file_and_its_row_with_sql_has_not_the_key(close: Callable[..., None], lived: Town) -> None:
    import hashlib

    close(DAY)
    day = HistoryDay.objects.get()
    edit(file_of(day))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracing_historyday SET sha256 = %s", [hashlib.sha256(file_of(day).read_bytes()).hexdigest()])

    told = verify(lived.park, actor=operator()).as_data()

    assert {"day": str(DAY), "table": "tracing_historyday", "row": day.pk, "what": "edited"} in told["differs"]
    assert sources_of(lived.park, 0, FOR_EVER).files == []


def test_stopped_before_it_has_its_name_a_file_is_finished_by_whoever_comes_next(close: Callable[..., None], lived: Town) -> None:
    close(DAY)
    day = HistoryDay.objects.get()
    file_of(day).rename(file_of(day).with_name(f".{day.sha256[:16]}.draft"))

    assert verify(lived.park, actor=operator()).ok
    assert file_of(day).exists()


def test_after_a_restore_files_are_made_again_from_the_rows(close: Callable[..., None], lived: Town) -> None:
    close(DAY, NEXT)
    first, second = HistoryDay.objects.order_by("day")
    remove(file_of(first))
    file_of(second).with_name("of-a-later-day.parquet").write_bytes(b"left from before")

    assert writing.make_again(lived.park, actor=operator()) == 1
    assert verify(lived.park, actor=operator()).ok and check(lived.park)["ok"]
