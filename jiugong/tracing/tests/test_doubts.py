"""What is to be verified: seen on no roster, never seen, one phone or bed of two; and who may say that it is settled."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.lib.acting import operator
from jiugong.registry.models import Assignment, Place, Posting
from jiugong.registry.words import Status
from jiugong.tracing.actions.presence_rows import Row, record_rows
from jiugong.tracing.doubt_matters import matters
from jiugong.tracing.models import Verified
from jiugong.tracing.queries.doubts import WINDOW, open_doubts
from jiugong.tracing.words import DoubtKind
from tests.cast import DAY, MORNING, Town, an_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]
STRANGER = 99


def seen(town: Town, *numbers: int, days_ago: int = 0) -> None:
    at = MORNING - timedelta(days=days_ago)
    rows = [Row(client_id=f"{number}-{days_ago}", id_number=an_id(number), kind="gate", spot="东门", entered_at=at)
            for number in numbers]
    record_rows(town.park, rows, [row.client_id for row in rows], actor=operator())


def names(town: Town, kind: DoubtKind, *, actor: Any = None) -> list[list[str]]:
    called = {person.pk: person.name for person in town.people.values()}
    return [sorted(called[pk] for pk in each.people) for each in open_doubts(actor or operator(), town.park, DAY, kind=kind)]


def signed_in(town: Town, who: str) -> Client:
    client = Client()
    client.force_login(town.users[who])
    return client


def test_who_is_seen_and_stands_on_no_roster_is_listed_until_somebody_settles_it(town: Town) -> None:
    seen(town, STRANGER)
    [doubt] = open_doubts(operator(), town.park, DAY, kind=DoubtKind.UNKNOWN)
    client, address = signed_in(town, "lin"), reverse("doubts", args=[town.park.uid])
    assert an_id(STRANGER)[-2:] in client.get(address).content.decode()

    said = {"kind": doubt.kind.value, "about": doubt.about, "reason": "供货司机，当天离开"}
    for _time in range(2):
        assert client.post(reverse("doubt-settle", args=[town.park.uid]), said).status_code == 302

    assert Verified.objects.count() == 1 and open_doubts(operator(), town.park, DAY, kind=DoubtKind.UNKNOWN) == []
    assert "供货司机" in client.get(address, {"state": "settled"}).content.decode()


def test_without_any_record_nobody_is_never_seen(town: Town) -> None:
    assert names(town, DoubtKind.NEVER_SEEN) == []


@pytest.mark.parametrize(("days_ago", "listed"), [(WINDOW - 1, False), (WINDOW, True), (WINDOW + 1, True)])
def test_the_last_day_of_the_window_counts_and_the_day_before_does_not(town: Town, days_ago: int, listed: bool) -> None:
    seen(town, STRANGER)
    seen(town, 1, days_ago=days_ago)

    assert (["吴强"] in names(town, DoubtKind.NEVER_SEEN)) is listed


@pytest.mark.parametrize("status", [Status.ON_LEAVE, Status.ISOLATED])
def test_who_is_on_leave_or_in_isolation_is_not_looked_for(town: Town, status: Status) -> None:
    seen(town, STRANGER)
    Posting.objects.filter(person=town.people["吴强"]).update(status=status)

    assert ["吴强"] not in names(town, DoubtKind.NEVER_SEEN) and ["孙丽"] in names(town, DoubtKind.NEVER_SEEN)


def test_a_phone_and_a_bed_of_two_are_one_line_each(town: Town) -> None:
    one, other = town.people["吴强"], town.people["孙丽"]
    other.phone_index = one.phone_index
    other.save(update_fields=["phone_index"])
    room = Place.objects.filter(park=town.park, kind="dorm_room").first()
    Assignment.objects.filter(person__in=[one, other], kind="dorm_room").update(place=room, bed="7")

    assert names(town, DoubtKind.PHONE_SHARED) == [["吴强", "孙丽"]] == names(town, DoubtKind.BED_SHARED)
    Assignment.objects.filter(person=other, kind="dorm_room").update(bed="8")
    assert names(town, DoubtKind.BED_SHARED) == []


def test_a_line_that_was_settled_is_another_one_when_somebody_joins_it(town: Town) -> None:
    one, other, third = (town.people[name] for name in ("吴强", "孙丽", "郑伟"))
    for each in (other, third):
        each.phone_index = one.phone_index
    other.save(update_fields=["phone_index"])
    [doubt] = open_doubts(operator(), town.park, DAY, kind=DoubtKind.PHONE_SHARED)
    signed_in(town, "lin").post(reverse("doubt-settle", args=[town.park.uid]), {
        "kind": "phone_shared", "about": doubt.about, "reason": "夫妻"})
    assert names(town, DoubtKind.PHONE_SHARED) == []
    third.save(update_fields=["phone_index"])

    assert names(town, DoubtKind.PHONE_SHARED) == [["吴强", "孙丽", "郑伟"]]


def test_an_enterprise_s_officer_sees_and_settles_only_what_is_wholly_his(town: Town) -> None:
    seen(town, STRANGER)
    client, address = signed_in(town, "fang"), reverse("doubts", args=[town.park.uid])
    page = client.get(address).content.decode()
    assert "吴强" in page and "钱进" not in page and an_id(STRANGER)[-2:] + "</span>" not in page
    mine, other = ([each for each in open_doubts(operator(), town.park, DAY, kind=DoubtKind.NEVER_SEEN)
                    if each.people == (town.people[name].pk,)][0] for name in ("吴强", "钱进"))

    def settle(about: str, reason: str = "出差") -> int:
        return client.post(reverse("doubt-settle", args=[town.park.uid]), {"kind": "never_seen", "about": about,
                                                                           "reason": reason}).status_code
    assert (settle(other.about), settle(mine.about, ""), settle(mine.about)) == (404, 422, 302)
    assert Verified.objects.count() == 1


def test_the_list_is_told_on_the_board_and_given_as_a_workbook(town: Town) -> None:
    seen(town, STRANGER)

    assert len(list(matters(operator(), town.park, MORNING))) == 1
    assert signed_in(town, "lin").get(reverse("doubts", args=[town.park.uid]), {"as": "xlsx"}).status_code == 200
