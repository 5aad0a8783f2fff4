"""A round's roster as a device carries it: enough to know people by, and no number of anybody."""

import base64
import gzip
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiugong.journal.models import LookUp
from jiugong.lib import clock, secrets
from jiugong.registry.logic import badge_codes
from jiugong.registry.models import Badge, Person, Posting
from jiugong.registry.words import BadgeKind
from jiugong.screening.queries.rosters import hashed, roster_for_a_device
from jiugong.screening.tests.conftest import CLOSES, MORNING, id_number

ROSTER = "/api/v1/screening/rounds/1/roster"


def a_badge(person: Person) -> Badge:
    """A card of somebody, not yet saved."""
    return Badge(park=person.park, person=person, kind=BadgeKind.CARD, code=badge_codes.fresh_code(), issued_at=MORNING,
                 issued_by="house:test")


def shown(badge: Badge) -> str:
    return f"{badge.code}.{badge_codes.signature_of(badge.code, park=str(badge.park.uid), ring=secrets.ring())}"


def test_a_device_knows_people_by_a_keyed_hash_of_their_badge(as_role, round_1, a_worker):
    badge = a_badge(a_worker(number=1, name="林一"))
    badge.save()

    answer = as_role("scanner").get(ROSTER)

    told = answer.json()
    (row,) = told["people"]
    assert (row[0], row[2]) == ("林一", 0)
    assert row[3:] == [hashed(f"badge:{shown(badge)}", base64.b64decode(told["match"]))]
    assert len(row[3]) == 8
    assert id_number(1) not in answer.content.decode()
    assert badge.code not in answer.content.decode()


def test_nothing_on_it_depends_on_an_id_number(as_role, round_1, a_worker):
    """Whoever has the list has its key too, and could try all numbers in seconds: so there is nothing to try them on."""
    people = [a_worker(number=number) for number in (1, 2)]
    Badge.objects.bulk_create(map(a_badge, people[:1]))
    browser = as_role("scanner")
    before = browser.get(ROSTER).json()

    for person, number in zip(people, (78, 79), strict=True):
        person.keep_id_number(id_number(number), secrets.ring()).save()
    after = browser.get(ROSTER).json()

    assert [len(row) for row in after["people"]] == [4, 3], "who has no badge has no hash"
    assert after == before


@pytest.mark.parametrize(("change", "known"), [({"withdrawn_at": MORNING}, 0), ({"expires_at": MORNING}, 0),
                                               ({"expires_at": MORNING + timedelta(seconds=1)}, 1)])
def test_a_badge_that_holds_no_more_is_nobodys(as_role, round_1, a_worker, change, known):
    badge = a_badge(a_worker(number=1))
    for field, value in change.items():
        setattr(badge, field, value)
    badge.save()

    assert len(as_role("scanner").get(ROSTER).json()["people"][0]) == 3 + known


def test_every_session_has_keys_of_its_own(as_role, round_1, a_worker):
    a_badge(a_worker(number=1)).save()
    browser = as_role("scanner")
    first = browser.get(ROSTER).json()
    again = browser.get(ROSTER).json()
    browser.session.flush()
    other = as_role("scanner").get(ROSTER).json()

    assert (first["key"], first["match"]) == (again["key"], again["match"])
    assert first["key"] != first["match"]
    assert other["key"] != first["key"]
    assert other["people"][0][3] != first["people"][0][3]


def test_taking_it_is_a_look_at_everybody_on_it(as_role, round_1, a_worker):
    people = {a_worker(number=number).pk for number in (1, 2)}

    as_role("scanner").get(ROSTER)

    assert set(LookUp.objects.filter(reason__contains="device").values_list("person_id", flat=True)) == people


@pytest.mark.parametrize(("at", "people"), [(CLOSES - timedelta(seconds=1), 1), (CLOSES, 0), (CLOSES + timedelta(hours=1), 0)])
def test_of_a_round_that_is_over_there_is_nothing_to_carry(as_role, round_1, a_worker, at, people):
    a_worker(number=1)

    with clock.standing_at(at):
        told = as_role("scanner").get(ROSTER).json()

    assert len(told["people"]) == people
    assert LookUp.objects.count() == people


def test_who_does_not_sample_gets_no_roster(as_role, round_1, a_worker):
    a_worker(number=1)

    assert as_role("auditor").get(ROSTER).status_code == 403
    assert not LookUp.objects.exists()


@pytest.mark.parametrize("header", ["gzip", ""])
def test_it_travels_packed_where_the_device_can_unpack_it(as_role, round_1, a_worker, header):
    a_worker(number=1, name="林一")

    answer = as_role("scanner").get(ROSTER, headers={"accept-encoding": header})

    content = gzip.decompress(answer.content) if header else answer.content
    assert json.loads(content)["people"][0][0] == "林一"
    assert answer.headers.get("Content-Encoding", "") == header


def test_as_many_questions_for_twenty_one_as_for_one(round_1, a_worker):
    counted = []
    for numbers in (range(1, 2), range(2, 22)):
        for number in numbers:
            a_worker(number=number)
        with CaptureQueriesContext(connection) as asked:
            found = roster_for_a_device(round_1, ("",), match_key=b"k", at=MORNING)
        counted.append(len(asked))

    assert len(found.people) == 21
    assert counted[0] == counted[1]


def test_two_thousand_people_are_less_than_a_third_of_a_megabyte(as_role, round_1, a_worker):
    one = Posting.objects.select_related("person").get(person=a_worker(number=1))
    ring, park = secrets.ring(), one.park
    people = Person.objects.bulk_create([Person(park=park, name=f"人{number}").keep_id_number(f"{10**17 + number}", ring)
                                         for number in range(2_000)], batch_size=2_000)
    Posting.objects.bulk_create([Posting(park=park, person=each, unit_id=one.unit_id, enterprise_id=one.enterprise_id,
                                         status=one.status, since=one.since) for each in people], batch_size=2_000)
    Badge.objects.bulk_create(map(a_badge, people), batch_size=2_000)
    browser = as_role("scanner")

    answer = browser.get(ROSTER, headers={"accept-encoding": "gzip"})

    assert len(json.loads(gzip.decompress(answer.content))["people"]) == 2_001
    assert len(answer.content) < 300_000
