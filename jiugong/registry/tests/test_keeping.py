"""Saved mappings, files on their way in, and the turning of the keys."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.conf import settings

from jiugong.lib import clock, secrets
from jiugong.lib.acting import NotAllowed, operator
from jiugong.lib.can import Can
from jiugong.lib.sheets import read_workbook
from jiugong.registry.actions.keys import rotate_keys
from jiugong.registry.actions.mappings import save_mapping
from jiugong.registry.actions.rosters import import_roster, read_roster_file
from jiugong.registry.actions.sealing import sealed
from jiugong.registry.actions.uploads import discard_upload, keep_upload
from jiugong.registry.errors import MappingUnknown, MappingWrong, SealedColumnForgotten, UploadGone, UploadTooLarge
from jiugong.registry.logic.suggesting import suggest_mapping
from jiugong.registry.models import Mapping, Park, Person, Upload
from jiugong.registry.queries.mappings import mapping_called
from jiugong.registry.queries.people import search_people
from jiugong.registry.queries.uploads import UploadKind, content_of, upload_for
from jiugong.registry.sealed import SEALED, SealedColumn, add_sealed
from jiugong.registry.tests.makers import (
    a_firm,
    a_number,
    a_park,
    a_phone,
    a_workbook,
    a_worker,
    an_actor,
    person,
    take,
)

NOW = datetime(2022, 7, 24, 8, tzinfo=UTC)
THEIRS = {"人员台账": {"名字": "姓名", "证号": "身份证号", "在哪": "企业名称"}}
OURS = {"人员台账": {"姓名": "名字", "身份证号": "证号", "企业名称": "在哪"}}


@pytest.mark.parametrize("written", [THEIRS, OURS], ids=["theirs to ours", "ours to theirs"])
def test_a_mapping_is_kept_the_right_way_round(park: Park, written) -> None:
    save_mapping(park, "甲厂", written, actor=operator())

    assert mapping_called(park, "甲厂") == THEIRS


def test_a_mapping_saved_twice_is_one(park: Park) -> None:
    save_mapping(park, "甲厂", {"人员台账": {"名": "姓名"}}, actor=operator())
    save_mapping(park, "甲厂", THEIRS, actor=operator())

    assert Mapping.objects.get().headings == THEIRS


@pytest.mark.parametrize("wrong", [{"花名册": {"名字": "姓名"}}, {"人员台账": {"名字": "姓和名"}}, {"人员台账": "姓名"},
                                   ["姓名"]])
def test_a_mapping_to_what_we_do_not_have_is_refused(park: Park, wrong) -> None:
    with pytest.raises(MappingWrong):
        save_mapping(park, "甲厂", wrong, actor=operator())

    assert not Mapping.objects.exists()


def test_an_unknown_mapping_is_answered_with_those_that_are_saved(park: Park) -> None:
    save_mapping(park, "甲厂", THEIRS, actor=operator())

    with pytest.raises(MappingUnknown) as refusal:
        mapping_called(park, "乙厂")
    assert refusal.value.facts["saved"] == "甲厂"
    with pytest.raises(MappingUnknown):
        mapping_called(a_park("别园"), "甲厂")


def test_what_is_left_to_map_is_named() -> None:
    strange = {"人员台账": {"name": "名字", "id_number": "证号"}}
    book = read_workbook(a_workbook([a_firm()], [a_worker()], headings=strange), name="")

    firms, people = suggest_mapping(book)

    assert (firms.kind, firms.unknown) == ("企业信息", [])
    assert (people.kind, people.row, people.unknown) == ("人员台账", 2, ["名字", "证号"])
    assert people.understood["手机号"] == "手机号"
    assert {"姓名", "身份证号"} <= set(people.missing)


# uploads ------------------------------------------------------------------------------------------------------------

def test_an_upload_waits_sealed_and_comes_back_as_it_was(park: Park) -> None:
    content = b"PK\x00\xff some bytes"

    upload = keep_upload(park, content, name="花名册.xlsx", kind=UploadKind.ROSTER, actor=operator(), mapping="甲厂")

    assert content not in bytes(Upload.objects.get().sealed)
    assert content_of(upload_for(operator(), str(upload.uid))) == content
    discard_upload(upload, actor=operator())
    with pytest.raises(UploadGone):
        upload_for(operator(), str(upload.uid))


def test_an_upload_lasts_a_day(park: Park) -> None:
    with clock.standing_at(NOW):
        upload = keep_upload(park, b"x", name="a.xlsx", kind=UploadKind.ROSTER, actor=operator())
    with clock.standing_at(NOW + timedelta(hours=23, minutes=59)):
        assert upload_for(operator(), upload.uid) == upload
    with clock.standing_at(NOW + timedelta(days=1)):
        with pytest.raises(UploadGone):
            upload_for(operator(), upload.uid)
        keep_upload(park, b"y", name="b.xlsx", kind=UploadKind.SCANS, actor=operator())

    assert [each.name for each in Upload.objects.all()] == ["b.xlsx"]


def test_only_who_may_import_reaches_an_upload(park: Park) -> None:
    upload = keep_upload(park, b"x", name="a.xlsx", kind=UploadKind.ROSTER, actor=operator())
    laboratory = an_actor(*park.branches, powers=[Can.IMPORT_RECORDS])

    with pytest.raises(UploadGone):
        upload_for(laboratory, upload.uid)
    with pytest.raises(UploadGone):
        upload_for(an_actor(*a_park("别园").branches), upload.uid)
    with pytest.raises(NotAllowed):
        keep_upload(park, b"x", name="a.xlsx", kind=UploadKind.ROSTER, actor=laboratory)
    with pytest.raises(UploadGone):
        upload_for(operator(), "nothing")


def test_a_file_that_is_too_large_is_not_kept(park: Park, settings) -> None:
    settings.MOST_UPLOAD_BYTES = 1024 * 1024
    keep_upload(park, bytes(1024 * 1024), name="a.xlsx", kind=UploadKind.ROSTER, actor=operator())

    with pytest.raises(UploadTooLarge) as refusal:
        keep_upload(park, bytes(1024 * 1024 + 1), name="b.xlsx", kind=UploadKind.ROSTER, actor=operator())

    assert refusal.value.facts["most"] == 1
    assert Upload.objects.count() == 1


# keys ---------------------------------------------------------------------------------------------------------------

@pytest.fixture
def own_keys(tmp_path, settings):
    """A key ring that this test alone turns."""
    usual = settings.KEY_RING_FILE
    settings.KEY_RING_FILE = tmp_path / "key-ring.json"
    secrets.write_ring(secrets.fresh_ring(), settings.KEY_RING_FILE)
    secrets.keep_keys_in(settings.KEY_RING_FILE)
    specimen = apps.get_model("screening", "Specimen")
    add_sealed(SealedColumn(specimen, "id_sealed", "screening_specimen.id_number", "scan_id"),
               SealedColumn(specimen, "scanner_sealed", "screening_specimen.scanner", "scan_id"))
    yield settings.KEY_RING_FILE
    secrets.keep_keys_in(usual)


def test_a_roster_that_was_sealed_before_the_keys_were_turned_is_sealed_anew(own_keys, park: Park) -> None:
    file = read_roster_file(a_workbook([a_firm()], [a_worker(1)]), name="x.xlsx", park=park, park_name=park.name, mapping={})
    numbers = sealed(park, file)
    rotate_keys(actor=operator())

    import_roster(park, file, actor=operator(), numbers=numbers)

    assert person(park, 1).open_id_number(secrets.ring()) == a_number(1)
    assert person(park, 1).open_phone(secrets.ring()) == a_phone(1)


def test_turned_keys_open_everything_and_the_old_ones_are_gone(own_keys, park: Park) -> None:
    take(park, a_workbook([a_firm()], [a_worker(serial) for serial in range(1, 4)]))
    upload = keep_upload(park, b"x", name="a.xlsx", kind=UploadKind.ROSTER, actor=operator())
    before = secrets.ring()
    indexes = list(Person.objects.order_by("pk").values_list("id_index", "phone_index"))

    turned = rotate_keys(actor=operator())

    after = secrets.ring()
    assert (turned.resealed, turned.dropped) == (3 + 4 + 1, 1)
    assert set(after.keys) == {after.current} and after.current != before.current
    assert list(Person.objects.order_by("pk").values_list("id_index", "phone_index")) == indexes
    assert person(park, 1).open_id_number(after) == a_number(1)
    assert person(park, 2).open_phone(after) == a_phone(2)
    assert [each.name for each in search_people(operator(), park, a_number(3))] == ["工3"]
    assert content_of(Upload.objects.get(pk=upload.pk)) == b"x"
    with pytest.raises(secrets.CannotOpen):
        person(park, 1).open_id_number(before)


def test_a_rotation_that_was_cut_off_is_finished_by_the_next(own_keys, park: Park) -> None:
    take(park, a_workbook([a_firm()], [a_worker(1), a_worker(2)]))
    secrets.write_ring(secrets.ring().turned(), own_keys)
    half = person(park, 1)
    half.keep_id_number(a_number(1), secrets.ring()).save()
    current = secrets.ring().current

    turned = rotate_keys(actor=operator())

    assert (turned.current, turned.dropped, turned.resealed) == (current, 1, 1 + 3)
    assert person(park, 2).open_id_number(secrets.ring()) == a_number(2)


def test_a_value_that_does_not_open_keeps_its_old_key(own_keys, park: Park) -> None:
    take(park, a_workbook([a_firm()], [a_worker(1), a_worker(2)]))
    Person.objects.filter(pk=person(park, 2).pk).update(id_sealed=person(park, 1).id_sealed)

    with pytest.raises(secrets.CannotOpen):
        rotate_keys(actor=operator())

    assert len(secrets.ring().keys) == 2
    assert person(park, 1).open_id_number(secrets.ring()) == a_number(1)


def test_only_who_runs_the_server_turns_keys(own_keys, park: Park) -> None:
    with pytest.raises(NotAllowed):
        rotate_keys(actor=an_actor(*park.branches))

    assert len(secrets.ring().keys) == 1


def test_keys_are_not_turned_while_a_sealed_column_is_forgotten(own_keys, park: Park) -> None:
    kept = SEALED.pop(0)
    try:
        with pytest.raises(SealedColumnForgotten) as refusal:
            rotate_keys(actor=operator())
    finally:
        SEALED.insert(0, kept)

    assert refusal.value.facts["columns"] == "registry_person.id_sealed"
    assert len(secrets.ring().keys) == 1


def test_a_room_adds_its_sealed_columns_once() -> None:
    before = list(SEALED)

    add_sealed(SealedColumn(Person, "id_sealed", "registry_person.id_number"))

    assert before == SEALED
    assert settings.KEY_RING_FILE.exists()
