"""Every change leaves an entry, every look at a person a row, and what was undone leaves neither."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from jiugong.accounts.queries import actor_for
from jiugong.journal.models import Entry, LookUp
from jiugong.journal.queries.entries import entries_of, look_ups_of, looks_at, looks_together, on_day
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, looked, note, operator
from jiugong.registry.actions.charges import put_in_charge
from jiugong.registry.actions.looking import show_in_full
from jiugong.registry.errors import ReasonNeeded
from jiugong.registry.queries.rosters import export_roster
from jiugong.registry.words import Role
from tests.cast import MORNING, Town


@pytest.fixture(autouse=True)
def _morning(this_morning: datetime) -> None:
    """Everything happens at 08:42."""


def test_a_change_is_noted_with_who_when_and_what(town: Town) -> None:
    lin, wu = actor_for(town.users["lin"]), town.people["吴强"]

    put_in_charge(wu, town.firms["东风木业有限公司"], Role.SAMPLER, actor=lin)

    entry = entries_of(lin, town.park)[0]
    assert (entry.verb, entry.subject, entry.actor, entry.at) == ("charge.given", f"person:{wu.pk}", lin.key, MORNING)
    assert entry.facts["over"] == "东风木业有限公司"


def test_what_is_undone_leaves_no_entry(town: Town) -> None:
    before = Entry.objects.count()

    with transaction.atomic():
        put_in_charge(town.people["吴强"], town.park.places.get(kind="park"), Role.PARK_CHIEF, actor=operator())
        transaction.set_rollback(True)

    assert Entry.objects.count() == before


def test_a_number_shown_in_full_leaves_a_row_with_the_reason(town: Town) -> None:
    fang, wu = actor_for(town.users["fang"]), town.people["吴强"]

    show_in_full(wu, actor=fang, reason="核对证件")

    row = looks_at(fang, wu).get()
    assert (row.actor_name, row.reason, row.fields, row.at) == ("方敏", "核对证件", "id_number,phone", MORNING)


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_shown_and_nothing_is_written(town: Town, reason: str) -> None:
    with pytest.raises(ReasonNeeded):
        show_in_full(town.people["吴强"], actor=actor_for(town.users["fang"]), reason=reason)
    with pytest.raises(ReasonNeeded):
        export_roster(actor_for(town.users["lin"]), town.park, reason=reason)

    assert not LookUp.objects.exists()


def test_who_may_not_see_somebody_sees_nothing_and_nothing_is_written(town: Town, other_town: Town) -> None:
    for actor in (actor_for(town.users["bo"]), actor_for(town.users["zhou"]), actor_for(other_town.users["ines"])):
        with pytest.raises(NotAllowed):
            show_in_full(town.people["吴强"], actor=actor, reason="好奇")

    assert not LookUp.objects.exists()


def test_an_export_looks_at_everybody_on_it(town: Town) -> None:
    lin = actor_for(town.users["lin"])

    export_roster(lin, town.park, reason="月度备份")

    seen = set(LookUp.objects.values_list("person__name", flat=True))
    assert {"吴强", "卫红", "林园"} <= seen
    together = looks_together(look_ups_of(lin, town.park)).get()
    assert (together["people"], together["reason"]) == (LookUp.objects.count(), "月度备份")


def test_two_looks_at_one_moment_by_two_people_stay_two(town: Town) -> None:
    show_in_full(town.people["吴强"], actor=actor_for(town.users["fang"]), reason="一")
    show_in_full(town.people["吴强"], actor=actor_for(town.users["lin"]), reason="一")

    assert len(looks_together(look_ups_of(operator(), town.park))) == 2


def test_only_who_reads_the_journal_reads_it(town: Town, other_town: Town) -> None:
    for actor in (*(actor_for(town.users[name]) for name in ("tao", "fang", "zhou", "shu", "yan")),
                  actor_for(other_town.users["ines"])):
        for asked in (entries_of, look_ups_of):
            with pytest.raises(NotAllowed):
                asked(actor, town.park)


def test_a_journal_holds_its_own_park_alone(town: Town, other_town: Town) -> None:
    note("thing.done", actor=operator(), at=MORNING, park_id=other_town.park.pk, subject="secret")
    looked(actor=operator(), park_id=other_town.park.pk, person_ids=[other_town.people["伊某"].pk], fields=("phone",),
           reason="r", at=MORNING)
    kai = actor_for(town.users["kai"])

    assert not entries_of(kai, town.park).filter(subject="secret").exists()
    assert not look_ups_of(kai, town.park).exists()


@pytest.mark.parametrize(("at", "found"), [
    (datetime(2022, 7, 22, 15, 59, 59, tzinfo=UTC), True), (datetime(2022, 7, 22, 16, tzinfo=UTC), False),
    (datetime(2022, 7, 21, 16, tzinfo=UTC), True), (datetime(2022, 7, 21, 15, 59, 59, tzinfo=UTC), False)])
def test_a_day_of_the_journal_is_the_parks_day(town: Town, at: datetime, found: bool) -> None:
    with clock.standing_at(at):
        note("thing.done", actor=operator(), at=clock.now(), park_id=town.park.pk)

    on_that_day = on_day(entries_of(operator(), town.park), MORNING.date(), town.park)

    assert on_that_day.filter(verb="thing.done").exists() is found


def test_a_very_long_reason_is_cut_and_not_lost(town: Town) -> None:
    show_in_full(town.people["吴强"], actor=operator(), reason="长" * 500)

    assert LookUp.objects.get().reason == "长" * 300


def _let_go(client: Client, **other: str) -> Any:
    sent = {"let_go_id": "a1b2c3d4", "kind": "scan", "code": "screening.tube_sealed", "reason": "done_again",
            "device": "web-0a1b2c3d", "device_at": (MORNING - timedelta(minutes=50)).isoformat(),
            "device_now": (MORNING - timedelta(minutes=40)).isoformat()}
    return client.post("/api/v1/journal/let-go", sent | other, content_type="application/json")


def test_what_was_refused_and_let_go_is_told_once_by_whom_and_when(town: Town) -> None:
    shu = Client()
    shu.force_login(town.users["shu"])

    told = [_let_go(shu, park=str(town.park.uid)).json()["status"] for _twice in range(2)]

    entry = Entry.objects.get(verb="refused.let_go")
    assert told == ["accepted", "repeat"]
    assert (entry.subject, entry.actor, entry.at) == ("let_go:a1b2c3d4", f"user:{town.users['shu'].pk}",
                                                     MORNING - timedelta(minutes=10))
    assert entry.facts == {"kind": "scan", "code": "screening.tube_sealed", "reason": "done_again", "device": "web-0a1b2c3d"}
    lin = Client()
    lin.force_login(town.users["lin"])
    page = lin.get(f"/parks/{town.park.uid}/journal", {"verb": "refused.let_go"}, headers={"accept-language": "en"})
    assert "It was done again and is recorded" in page.content.decode()


@pytest.mark.parametrize("other", [
    {"code": "吴强"}, {"reason": "吴强病了"}, {"device": "吴强的手机"}, {"kind": "11010519491231002X"}, {"let_go_id": ""}])
def test_what_is_let_go_has_no_room_for_anybodys_data(town: Town, other: dict[str, str]) -> None:
    shu = Client()
    shu.force_login(town.users["shu"])

    assert _let_go(shu, park=str(town.park.uid), **other).status_code == 422
    assert not Entry.objects.filter(verb="refused.let_go").exists()
