"""The ground: who may, what follows from what, what time it is, and what stays secret."""

import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from jiugong.lib import acting, clock, days, secrets, sheets
from jiugong.lib.acting import EVERYTHING, Actor, ChainTooLong, NotAllowed, on, tell
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal

pytestmark = pytest.mark.pure

SHANGHAI = ZoneInfo("Asia/Shanghai")
moments = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC))      # noqa: DTZ001


@dataclass(frozen=True)
class Thing:
    branches: tuple[str, ...]


def an_actor(*roots: str) -> Actor:
    return Actor(key="user:1", name="Lin", powers={Can.EXCUSE: roots})


def test_a_power_over_a_branch_is_a_power_over_everything_below_it_and_nothing_beside_it() -> None:
    tao = an_actor("u/1/7/")

    assert tao.may(Can.EXCUSE, over=Thing(("u/1/7/",)))
    assert tao.may(Can.EXCUSE, over=Thing(("u/1/7/31/",)))
    assert not tao.may(Can.EXCUSE, over=Thing(("u/1/",)))
    assert not tao.may(Can.EXCUSE, over=Thing(("u/1/70/",)))
    assert not tao.may(Can.SEE_BOARD, over=Thing(("u/1/7/",)))
    with pytest.raises(NotAllowed):
        tao.must(Can.EXCUSE, over=Thing(("u/1/8/",)))


def test_a_power_that_nobody_gave_is_held_by_nobody() -> None:
    nobody = Actor(key="x", name="x")

    assert not any(nobody.may(power, over=Thing((EVERYTHING,))) for power in Can)
    assert all(acting.operator().may(power, over=Thing(("u/9/",))) for power in Can)


def test_what_follows_runs_in_written_order_and_a_circle_is_stopped() -> None:
    heard: list[str] = []

    @dataclass(frozen=True)
    class Rang:
        times: int

    @on(Rang)
    def first(told: Rang) -> None:
        heard.append(f"first {told.times}")

    @on(Rang)
    def second(told: Rang) -> None:
        heard.append(f"second {told.times}")
        if told.times:
            tell(Rang(told.times - 1))

    tell(Rang(2))
    assert heard == ["first 2", "second 2", "first 1", "second 1", "first 0", "second 0"]
    with pytest.raises(ChainTooLong):
        tell(Rang(3))
    tell(Rang(0))                                       # the depth is back where it was


def test_a_refusal_says_its_facts() -> None:
    class TubeFull(Refusal):
        code = "test.full"
        message = "Tube %(code)s holds %(capacity)s."

    refusal = TubeFull(code="A1", capacity=10)

    assert str(refusal) == "Tube A1 holds 10."
    assert refusal.as_data() == {"refused": "test.full", "message": "Tube A1 holds 10.", "code": "A1", "capacity": 10}


def test_the_clock_stands_where_it_is_put_and_goes_on_afterwards() -> None:
    noon = datetime(2022, 7, 22, 4, tzinfo=UTC)

    with clock.standing_at(noon):
        assert clock.now() == noon
        with clock.standing_at(noon + timedelta(hours=1)):
            assert clock.now() == noon + timedelta(hours=1)
        assert clock.now() == noon
    assert clock.now() > noon
    with clock.shifted_by(timedelta(days=-1000)):
        assert clock.machine_time() - clock.now() > timedelta(days=999)
    with pytest.raises(ValueError, match="offset"), clock.standing_at(datetime(2022, 7, 22)):      # noqa: DTZ001
        pass


@given(moments)
def test_every_moment_lies_in_exactly_the_bounds_of_its_day(moment: datetime) -> None:
    day = days.day_of(moment, SHANGHAI)
    start, end = days.bounds(day, SHANGHAI)

    assert start <= moment < end
    assert end == days.bounds(day + timedelta(days=1), SHANGHAI)[0]


def test_the_parks_midnight_is_where_its_day_begins() -> None:
    assert days.day_of(datetime(2022, 7, 21, 15, 59, 59, tzinfo=UTC), SHANGHAI) == date(2022, 7, 21)
    assert days.day_of(datetime(2022, 7, 21, 16, 0, 0, tzinfo=UTC), SHANGHAI) == date(2022, 7, 22)
    assert days.moment("2022-11-12 16:19:00", SHANGHAI) == datetime(2022, 11, 12, 8, 19, tzinfo=UTC)
    assert days.moment("2022-11-12T16:19:00Z", SHANGHAI) == datetime(2022, 11, 12, 16, 19, tzinfo=UTC)


@given(st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_what_was_sealed_opens_in_its_own_place_and_nowhere_else(text: str, where: str) -> None:
    ring = secrets.fresh_ring()
    sealed = ring.seal(text, where=where)

    assert ring.open(sealed, where=where) == text
    assert sealed != ring.seal(text, where=where)                     # the same text never looks the same twice
    with pytest.raises(secrets.CannotOpen):
        ring.open(sealed, where=where + "!")
    with pytest.raises(secrets.CannotOpen):
        ring.open(sealed[:-1] + struct.pack("B", sealed[-1] ^ 1), where=where)
    with pytest.raises(secrets.CannotOpen):
        secrets.fresh_ring().open(sealed, where=where)


def test_a_turned_ring_still_opens_what_is_old_until_old_keys_are_dropped() -> None:
    old = secrets.fresh_ring()
    sealed = old.seal("349901", where="x")
    new = old.turned()

    assert new.open(sealed, where="x") == "349901"
    assert not new.is_current(sealed)
    assert new.is_current(new.seal("349901", where="x"))
    assert new.index("349901", scope="park") == old.index("349901", scope="park")
    with pytest.raises(secrets.CannotOpen):
        new.without_old_keys().open(sealed, where="x")


def test_equal_numbers_in_two_parks_have_nothing_in_common() -> None:
    ring = secrets.fresh_ring()

    assert ring.index("349901", scope="a") == ring.index("349901", scope="a") != ring.index("349901", scope="b")


def test_a_key_ring_is_for_its_owners_eyes(tmp_path: Path) -> None:
    ring, file = secrets.fresh_ring(), tmp_path / "keys" / "ring.json"

    secrets.write_ring(ring, file)

    assert secrets.read_ring(file) == ring
    assert file.stat().st_mode & 0o077 == 0


def test_a_file_that_unpacks_to_a_mountain_is_refused() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=1) as packed, packed.open("xl/worksheets/sheet1.xml", "w") as part:
        for _megabyte in range(sheets.MOST_UNPACKED // 2**20 + 1):
            part.write(bytes(2**20))

    with pytest.raises(sheets.TooLarge):
        sheets.read_workbook(stream.getvalue(), name="bomb.xlsx")
    with pytest.raises(sheets.NotASheet):
        sheets.read_workbook(b"not a workbook", name="x.xlsx")


@pytest.mark.parametrize("last", [(sheets.MOST_ROWS - 1, 16_383), (1_048_575, 16_383), (1_048_575, 0)])
def test_a_small_file_that_names_a_cell_far_away_costs_nobody_his_memory(last: tuple[int, int]) -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page = book.add_worksheet()
        page.write(0, 0, "姓名"), page.write(*last, "x")

    assert len(stream.getvalue()) < 10_000
    with pytest.raises(sheets.TooLarge if last[1] else sheets.TooManyRows):
        sheets.read_workbook(stream.getvalue(), name="far.xlsx")


@pytest.mark.parametrize(("rows", "fits"), [(sheets.MOST_ROWS, True), (sheets.MOST_ROWS + 1, False)])
def test_a_csv_has_as_many_rows_as_a_workbook_may_have(rows: int, fits: bool) -> None:
    content = b"a,b\n" * rows

    if fits:
        assert len(sheets.as_sheets(content, name="x.csv")[0].rows) == rows
    else:
        with pytest.raises(sheets.TooManyRows):
            sheets.as_sheets(content, name="x.csv")
