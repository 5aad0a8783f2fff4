"""Verifying names what somebody did who has the database and not the keys; and nothing that he did not do.

Long because every way of changing a closed day is tried in one place.
"""

import json
import shutil
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jiugong.closing import heads
from jiugong.closing.actions.sealing import OWN
from jiugong.closing.logic.comparing import Rows, What, differences
from jiugong.closing.logic.sealing import packed, row_digest, unpacked
from jiugong.closing.models import Afterword, Check, Seal, SealedTable
from jiugong.closing.rows import model_of, rows_of_day, sealed_tables
from jiugong.closing.tests.conftest import AFTERWARDS, NEXT_DAY, given_back, reports, scans, sql
from jiugong.duties.models import Evidence
from jiugong.lasting.models import Erasure, ErasureStage
from jiugong.lib import clock, keeping
from jiugong.screening.models import Specimen
from tests.cast import DAY, MORNING
from tests.skips import only_where_a_text_may_be_any_bytes

EARLIER = date(2022, 7, 21)
SEALS = (*OWN, "closing_seal", "closing_sealedtable")


def a_row(table: str, park: Any, day: date) -> int | None:
    """A row of a table that the seal of a day covers."""
    if table in SEALS:
        path = {"closing_miss": "count__seal", "closing_count": "seal", "closing_sealedtable": "seal", "closing_closing": "seal",
                "closing_seal": "pk"}[table]
        rows = model_of(table)._base_manager.filter(**{path: Seal.objects.get(park=park, day=day).pk})
    else:
        rows = rows_of_day(keeping.tables()[table], park, day)
    return rows.order_by("pk").values_list("pk", flat=True).first()


def other_value(field: Any) -> str:
    """An SQL expression that is another value than the one that stands there."""
    kind, column = field.get_internal_type(), connection.ops.quote_name(field.column)
    if kind == "BooleanField":
        return f"NOT {column}"
    if kind == "UUIDField":
        return "'00000000-0000-4000-8000-000000000001'"
    if kind == "DateField":
        return "'1999-01-02'"
    if kind == "DateTimeField":
        return "'1999-01-02 03:04:05+00'" if connection.vendor == "postgresql" else "'1999-01-02 03:04:05'"
    if kind == "TimeField":
        return "'03:04:05'"
    if kind == "JSONField":
        return "'[7]'"
    if kind == "BinaryField":
        return "'\\x07'::bytea" if connection.vendor == "postgresql" else "x'07'"
    if kind in ("CharField", "TextField", "URLField"):
        return "'zz'"
    return f"coalesce({column}, 0) + 7000"


@pytest.fixture
def sealed(over, close):
    """Three days are closed, not in their order; a report came late for the first."""
    reports(over, "吴强", MORNING)
    close(DAY)
    close(EARLIER)
    close(date(2022, 7, 20))
    reports(over, "孙丽", MORNING, received=AFTERWARDS)
    return over


@pytest.fixture
def unbound():
    """The database's own promises are no help against whoever owns it: he takes them off first."""
    if connection.vendor == "postgresql":
        sql("SET CONSTRAINTS ALL IMMEDIATE")                    # what waits to be checked would keep a promise in its place
        sql("SET LOCAL session_replication_role = replica")
    else:
        sql("PRAGMA ignore_check_constraints = ON")
    yield
    sql("SET LOCAL session_replication_role = DEFAULT" if connection.vendor == "postgresql"
        else "PRAGMA ignore_check_constraints = OFF")


def checks_of(table: str) -> list[str]:
    return [each.name for each in model_of(table)._meta.constraints if type(each).__name__ == "CheckConstraint"]


def take_off_checks(table: str) -> None:
    if connection.vendor == "postgresql":
        for name in checks_of(table):
            sql(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"')


def test_days_that_nobody_touched_are_as_they_were_sealed(sealed, differs):
    assert differs() == []
    assert Check.objects.get().days == 3


def test_every_column_of_every_table_that_a_day_seals_is_covered(sealed, differs, unbound):
    """One edit at a time in each table, in every column of a row; of the seal's own tables and of the park one at a time at all."""
    edits = {table: [field for field in model_of(table)._meta.concrete_fields if not field.primary_key
                     and (table, field.name) != ("registry_park", "uid")]                # under another uid nothing fits
             for table in (*(each.name for each in sealed_tables()), *SEALS) if a_row(table, sealed.park, DAY)}
    alone = [{table: field} for table in (*SEALS, "registry_park") for field in edits.pop(table, ())]
    together = [{table: fields[at] for table, fields in edits.items() if at < len(fields)}
                for at in range(max(map(len, edits.values())))]
    unseen = []
    for each in (*together, *alone):
        with given_back():
            rows = {table: a_row(table, sealed.park, DAY) for table in each}
            for table, field in each.items():
                take_off_checks(table)
                sql(f'UPDATE "{table}" SET "{field.column}" = {other_value(field)} WHERE id = %s', rows[table])        # noqa: S608
            found = {found[1:] for found in differs()}
            unseen += [f"{table}.{field.column}" for table, field in each.items() if (table, rows[table], "edited") not in found]

    assert not unseen
    assert sum(map(len, (*together, *alone))) > 120


def test_under_another_uid_no_seal_of_a_park_fits(sealed, differs):
    sql("UPDATE registry_park SET uid = %s WHERE id = %s",
        "00000000-0000-4000-8000-000000000001" if connection.vendor == "postgresql" else "00000000000040008000000000000001",
        sealed.park.pk)
    sealed.park.refresh_from_db()

    assert {each[1:] for each in differs()} >= {("closing_seal", seal.pk, "edited") for seal in Seal.objects.all()}


def test_every_row_that_was_deleted_is_named(sealed, differs, unbound):
    unseen = []
    for table in (*(each.name for each in sealed_tables()), *SEALS):
        if (row := a_row(table, sealed.park, DAY)) and table != "registry_park":            # without it nobody asks
            with given_back():
                sql(f'DELETE FROM "{table}" WHERE id = %s', row)                                           # noqa: S608
                if (DAY.isoformat(), table, row, "deleted") not in differs():
                    unseen.append(table)

    assert not unseen


def test_rows_that_nobody_received_are_named(sealed, differs):
    Evidence.objects.bulk_create([])                            # nothing comes by the late path
    sql("INSERT INTO duties_evidence (park_id, kind, client_id, person_id, happened_at, received_at, valid, data, recorded_by)"
        " SELECT park_id, kind, 'forged', person_id, happened_at, received_at, valid, data, recorded_by"
        " FROM duties_evidence ORDER BY id LIMIT 1")
    forged = Evidence.objects.get(client_id="forged").pk

    assert differs() == [(DAY.isoformat(), "duties_evidence", forged, "inserted")]


def test_a_closing_that_nobody_began_is_named(sealed, differs):
    sql("INSERT INTO closing_closing (park_id, day, began_at, begun_by, begun_by_name, mac)"
        " SELECT park_id, '2022-07-11', began_at, begun_by, begun_by_name, mac FROM closing_closing ORDER BY id LIMIT 1")

    assert [(day, table, what) for day, table, _row, what in differs()] == [("2022-07-11", "closing_closing", "inserted")]


def test_a_row_that_was_moved_to_another_closed_day_is_named_once_where_it_is_missed(sealed, differs):
    row = Evidence.objects.earliest("pk").pk
    sql("UPDATE duties_evidence SET happened_at = %s WHERE id = %s", MORNING - timedelta(days=1), row)

    assert differs() == [(DAY.isoformat(), "duties_evidence", row, "edited")]


def test_a_row_that_came_late_is_guarded_from_then_on(sealed, differs):
    row = Evidence.objects.latest("pk").pk
    with given_back():
        sql("UPDATE duties_evidence SET valid = NOT valid WHERE id = %s", row)
        assert differs() == [(DAY.isoformat(), "duties_evidence", row, "edited")]
    with given_back():
        sql("DELETE FROM duties_evidence WHERE id = %s", row)
        assert differs() == [(DAY.isoformat(), "duties_evidence", row, "deleted")]
    with given_back():
        sql("DELETE FROM closing_afterword")
        assert differs() == [(DAY.isoformat(), "duties_evidence", row, "inserted")]
    with given_back():
        word = Afterword.objects.get(table="duties_evidence", row=row).pk
        sql("UPDATE closing_afterword SET digest = mac WHERE id = %s", word)
        assert {each[1:] for each in differs()} == {("closing_afterword", word, "edited"), ("duties_evidence", row, "inserted")}


def _copied_afterword(pk: int) -> None:
    columns = ", ".join(f'"{name}"' for name in ("park_id", "table", "row", "what", "day", "digest", "at", "mac"))
    sql(f"INSERT INTO closing_afterword ({columns}) SELECT {columns} FROM closing_afterword WHERE id = %s", pk)           # noqa: S608


def test_an_older_state_is_not_brought_back_by_a_copy_of_what_the_house_once_wrote_of_it(sealed, differs):
    row = Evidence.objects.latest("pk").pk
    older = Afterword.objects.get(table="duties_evidence", row=row).pk
    Evidence.objects.filter(pk=row).update(valid=False)         # by the house, which writes it down
    assert differs() == []

    sql("UPDATE duties_evidence SET valid = NOT valid WHERE id = %s", row)
    _copied_afterword(older)
    copy = Afterword.objects.latest("pk").pk

    assert {found[1:] for found in differs()} == {("duties_evidence", row, "edited"), ("closing_afterword", copy, "inserted")}


def test_what_the_house_removed_is_not_put_back_unseen(sealed, differs):
    row = Evidence.objects.latest("pk").pk
    Evidence.objects.filter(pk=row).delete()                    # by the house, as at the end of its time
    assert differs() == []

    sql("INSERT INTO duties_evidence (id, park_id, kind, client_id, person_id, happened_at, received_at, valid, data, recorded_by)"
        " SELECT %s, park_id, kind, 'forged', person_id, happened_at, received_at, valid, data, recorded_by"
        " FROM duties_evidence ORDER BY id LIMIT 1", row)

    assert differs() == [(DAY.isoformat(), "duties_evidence", row, "inserted")]


def test_names_of_a_seal_are_blank_by_the_houses_own_erasure_alone(sealed, differs):
    seal = Seal.objects.get(day=DAY)
    Erasure.objects.create(park=sealed.park, stage=ErasureStage.RELEASED, listed={}, list_sha256="", proposed_by="user:1",
                           proposed_by_name="", proposed_at=AFTERWARDS)
    sql("UPDATE closing_seal SET sealed_by_name = '' WHERE id = %s", seal.pk)
    sql("UPDATE closing_closing SET begun_by_name = '', begun_by = 'user:9' WHERE id = %s", seal.closing_id)

    assert {found[1:] for found in differs()} >= {("closing_seal", seal.pk, "edited")}


@only_where_a_text_may_be_any_bytes
@pytest.mark.parametrize("hidden", ["char(0)", "char(0) || 'off_post'", "CAST(x'ff' AS TEXT)"])
def test_what_a_text_hides_behind_its_end_is_an_edit(sealed, differs, hidden):
    row = a_row("registry_posting", sealed.park, DAY)
    sql(f"UPDATE registry_posting SET status = status || {hidden} WHERE id = %s", row)                                  # noqa: S608

    assert (DAY.isoformat(), "registry_posting", row, "edited") in differs()


@only_where_a_text_may_be_any_bytes
@pytest.mark.parametrize(("table", "column"), [("closing_seal", "sealed_by_name"), ("closing_seal", "content"),
                                               ("closing_sealedtable", "table"), ("closing_count", "title_zh"),
                                               ("closing_closing", "begun_by_name"), ("closing_afterword", "what")])
def test_bytes_that_are_no_text_do_not_blind_whoever_verifies(sealed, differs, table, column):
    row = model_of(table)._base_manager.earliest("pk").pk
    take_off_checks(table)
    sql(f"""UPDATE {table} SET "{column}" = CAST(x'ff' AS TEXT) WHERE id = %s""", row)                                  # noqa: S608

    assert (table, row) in {found[1:3] for found in differs()}


def test_a_ciphertext_that_does_not_open_to_its_index_is_an_edit(sealed, differs):
    row = Specimen.objects.get(scan_id="stranger")
    sql("UPDATE screening_specimen SET id_sealed = scanner_sealed, id_index = id_index WHERE id = %s", row.pk)
    assert differs() == [(DAY.isoformat(), "screening_specimen", row.pk, "edited")]


def test_a_ciphertext_of_another_row_is_an_edit(sealed, differs):
    row = Specimen.objects.get(scan_id="stranger")
    changed = bytes(row.id_sealed or b"")[:-1] + b"\0"
    Specimen.every.filter(pk=row.pk).update(id_sealed=changed)      # as turning the keys would write it

    assert differs() == [(DAY.isoformat(), "screening_specimen", row.pk, "edited")]


# --- seals ------------------------------------------------------------------------------------------------------------

def _without(seal: Seal) -> None:
    for statement in ("DELETE FROM closing_miss WHERE count_id IN (SELECT id FROM closing_count WHERE seal_id = %s)",
                      "DELETE FROM closing_count WHERE seal_id = %s", "DELETE FROM closing_sealedtable WHERE seal_id = %s",
                      "UPDATE closing_seal SET previous_id = NULL WHERE previous_id = %s",
                      "DELETE FROM closing_seal WHERE id = %s"):
        sql(statement, seal.pk)
    sql("DELETE FROM closing_closing WHERE id = %s", seal.closing_id)
    sql("DELETE FROM journal_entry WHERE verb = 'day.closed' AND subject = %s", f"day:{seal.day}")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_seal_that_was_deleted_whole_is_missed_the_last_one_too(sealed, differs, number):
    seal = Seal.objects.get(number=number)
    _without(seal)

    assert (seal.day.isoformat(), "closing_seal", seal.pk, "deleted") in differs()


def test_a_day_that_was_unsealed_changed_and_sealed_again_is_named(sealed, close, differs):
    seal = Seal.objects.get(number=3)
    _without(seal)
    sql("UPDATE registry_posting SET status = 'off_post' WHERE id = %s", a_row("registry_posting", sealed.park, DAY))
    close(seal.day)

    assert (seal.day.isoformat(), "closing_seal", seal.pk) in {each[:3] for each in differs()}


def test_the_same_day_sealed_again_after_an_older_copy_was_put_back_is_no_loss(sealed, close, differs):
    seal = Seal.objects.get(number=3)
    _without(seal)
    close(seal.day)

    assert differs() == []


def test_without_the_file_beside_the_keys_the_chain_still_tells_of_a_seal_in_the_middle(sealed, differs):
    heads.file_of(sealed.park).unlink()
    assert differs() == []
    seal = Seal.objects.get(number=2)
    _without(seal)

    assert (seal.day.isoformat(), "closing_seal", seal.pk, "deleted") in differs()


def test_half_a_line_beside_the_keys_is_passed_over(sealed, differs):
    with heads.file_of(sealed.park).open("a") as file:
        file.write('{"number": 4, "da')

    assert differs() == []
    shutil.copy(heads.file_of(sealed.park), heads.file_of(sealed.park).with_suffix(".copy"))


def test_who_has_sql_alone_cannot_seal_anew(sealed, differs):
    """He writes digests that fit his rows, as far as he can make any, and a mac under a key that he made up."""
    seal = Seal.objects.get(day=DAY)
    kept = SealedTable.objects.get(seal=seal, table="duties_evidence")
    row = Evidence.objects.earliest("pk").pk
    rows = unpacked(bytes(kept.blob)) | {row: row_digest(b"made up", "duties_evidence", row, "what he likes")}
    sql("UPDATE duties_evidence SET valid = NOT valid WHERE id = %s", row)
    SealedTable.objects.filter(pk=kept.pk).update(blob=packed(rows))

    assert (DAY.isoformat(), "closing_sealedtable", kept.pk, "edited") in differs()


# --- laws -------------------------------------------------------------------------------------------------------------

ROWS = st.dictionaries(st.integers(1, 2**40), st.binary(min_size=12, max_size=12), max_size=30)


@pytest.mark.pure
@given(rows=ROWS)
def test_what_is_packed_is_unpacked(rows):
    assert unpacked(packed(rows)) == rows


@pytest.mark.pure
@given(sealed=ROWS, now=ROWS, gone=st.sets(st.integers(1, 2**40)))
def test_what_differs_is_exactly_what_was_edited_deleted_or_inserted(sealed, now, gone):
    now = {**sealed, **now}
    for row in gone & sealed.keys():
        del now[row]
    found = differences(Rows(sealed=sealed, now=now, elsewhere=lambda rows: {row: now[row] for row in rows if row in now}))

    assert found == {
        **dict.fromkeys(sealed.keys() - now.keys(), What.DELETED), **dict.fromkeys(now.keys() - sealed.keys(), What.INSERTED),
        **{row: What.EDITED for row in now.keys() & sealed.keys() if now[row] != sealed[row]}}


ATTACKS = st.lists(st.tuples(st.sampled_from(["duties_evidence", "screening_specimen", "registry_posting", "closing_miss",
                                              "duties_excuse", "screening_tube", "journal_message"]),
                             st.sampled_from(["edited", "deleted"]), st.integers(0, 40)), max_size=5)


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attacks=ATTACKS, order=st.permutations([DAY, EARLIER, date(2022, 7, 20)]))
def test_verify_is_true_exactly_for_untouched_days_however_they_were_closed(over, close, differs, unbound, attacks, order):
    with given_back():
        heads.file_of(over.park).unlink(missing_ok=True)
        for name in ("吴强", "孙丽", "钱进"):
            reports(over, name, MORNING)
        for day in order:
            close(day)
        done: dict[tuple[str, int], str] = {}
        for table, what, at in attacks:
            rows = rows_of_day(keeping.tables()[table], over.park, DAY) if table != "closing_miss" else (
                model_of(table)._base_manager.filter(count__seal__day=DAY))
            pks = list(rows.order_by("pk").values_list("pk", flat=True))
            if not pks or (row := pks[at % len(pks)], done.get((table, pks[at % len(pks)])))[1]:
                continue
            field = next(each for each in model_of(table)._meta.concrete_fields if each.get_internal_type() == "ForeignKey"
                         and each.name not in ("park", "count") and (table, each.name) != ("duties_evidence", "unit"))
            take_off_checks(table)
            change = f'UPDATE "{table}" SET "{field.column}" = coalesce("{field.column}", 0) + 9000 WHERE id = %s'    # noqa: S608
            sql(change if what == "edited" else f'DELETE FROM "{table}" WHERE id = %s', row)                       # noqa: S608
            done[table, row] = what

        found = {(table, row): what for day, table, row, what in differs() if day == DAY.isoformat()}
        assert found == done


def test_a_copy_of_the_database_verifies_as_the_database_does(sealed, differs):
    """The seals know nothing of the file or server in which they stand, and nothing of the time."""
    with clock.standing_at(AFTERWARDS + timedelta(days=400)):
        scans(sealed, 4, MORNING)
        assert differs() == []
    assert json.loads(Seal.objects.get(number=1).content)["number"] == 1
    assert NEXT_DAY > DAY
