"""Flagged scans: whose scanner was not trained on the day of the scan, or is not known. They are kept and count."""

from datetime import timedelta

import pytest

from jiugong.lib import secrets
from jiugong.screening.actions.scan_files import import_scans, read_scan_file
from jiugong.screening.actions.scans import bind
from jiugong.screening.models import Specimen
from jiugong.screening.queries.flagged import flagged_scans
from jiugong.screening.tests.conftest import DAY, MORNING, an_actor, id_number
from jiugong.screening.words import Flag

A_DAY = timedelta(days=1)
PHONE, STRANGE = "19900000001", "19900000002"


@pytest.fixture
def shu(a_worker):
    person = a_worker(number=90, name="舒航")
    person.keep_phone(PHONE, secrets.ring()).save()
    return person


@pytest.fixture
def taken(park, boss):
    """Scans from a file: (day, telephone) each."""
    def take(*rows: tuple[str, str]) -> None:
        lines = ["扫码ID,轮次,采样日期时间,采样点,试管编号,管内序号,身份证号,扫码员手机", *(
            f"f{at},{day[-2:]},{day} 07:0{at}:00,采样点,T{day[-2:]},{at},{id_number(at)},{phone}"
            for at, (day, phone) in enumerate(rows, start=1))]
        import_scans(park, read_scan_file("\n".join(lines).encode("utf-8-sig"), name="s.csv", park=park), actor=boss)
    return take


def flags(park) -> list[tuple[str, Flag, int]]:
    return sorted((str(each.day)[-2:], each.why, each.swabs) for each in flagged_scans(park, DAY - 7 * A_DAY, DAY, ("",)))


def test_a_trained_scanner_is_not_flagged(park, shu, train, taken):
    train(shu)
    taken(("2022-07-21", PHONE), ("2022-07-22", PHONE))

    assert flags(park) == []


def test_each_day_is_judged_by_the_training_of_that_day(park, shu, train, taken):
    train(shu, held_on=DAY - 2 * A_DAY, until=DAY - A_DAY)                    # counts on the 20th and the 21st
    taken(("2022-07-19", PHONE), ("2022-07-20", PHONE), ("2022-07-21", PHONE), ("2022-07-22", PHONE), ("2022-07-22", PHONE))

    assert flags(park) == [("19", Flag.LATER, 1), ("22", Flag.EXPIRED, 2)]
    assert Specimen.objects.count() == 5


def test_unknown_telephones_and_scans_of_nobody_are_flagged_each_for_itself(park, boss, shu, taken, a_scan):
    taken(("2022-07-22", PHONE), ("2022-07-22", STRANGE), ("2022-07-22", "19900000003"), ("2022-07-22", ""))

    assert flags(park) == [("22", Flag.NEVER, 1), ("22", Flag.NOBODY, 1), ("22", Flag.UNKNOWN_PHONE, 1),
                           ("22", Flag.UNKNOWN_PHONE, 1)]
    phones = {each.phone for each in flagged_scans(park, DAY, DAY, ("",)) if each.why is Flag.UNKNOWN_PHONE}
    assert all("*" in phone and STRANGE not in phone for phone in phones) and len(phones) >= 1


def test_a_live_scan_without_training_is_flagged_and_kept(park, boss, shu, round_1, a_scan):
    bind(park, [a_scan(1), a_scan(2)], actor=boss, scanner=shu)

    [found] = flagged_scans(park, DAY, DAY, ("",))

    assert (found.person, found.why, found.swabs, found.first_at) == (shu, Flag.NEVER, 2, MORNING)


def test_who_sees_one_enterprise_sees_what_was_scanned_at_its_points(park, boss, shu, round_1, a_point, a_scan):
    a_point(enterprise="甲", name="甲点")
    a_point(enterprise="乙", name="乙点")
    bind(park, [a_scan(1, point="甲点"), a_scan(2, point="乙点", tube="T2")], actor=boss, scanner=shu)
    fang = an_actor(park.units.get(name="甲").path)

    assert [each.swabs for each in flagged_scans(park, DAY, DAY, tuple(fang.reach(next(iter(fang.powers)))))] == [1]


def test_the_page_says_who_when_and_why(park, shu, taken, as_role, page_of):
    taken(("2022-07-22", PHONE), ("2022-07-22", STRANGE))
    lin = as_role("duty_officer")

    page = lin.get(page_of("flagged-scans")).content.decode()
    assert "舒航" in page and "never trained as scanning officer" in page and "telephone of nobody on record" in page
    assert STRANGE not in page
    assert "舒航" not in lin.get(page_of("flagged-scans", why="unknown_phone")).content.decode()
    assert "No scan like that" in lin.get(page_of("flagged-scans", day="2022-07-10")).content.decode()
    assert lin.get(page_of("flagged-scans", **{"as": "xlsx"})).status_code == 200
    told = lin.get("/api/v1/screening/flagged-scans", {"park": str(park.uid)}).json()["scanners"]
    assert {each["why"] for each in told} == {"never", "unknown_phone"}
