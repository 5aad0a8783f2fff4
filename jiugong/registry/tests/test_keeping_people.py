"""The roster kept by hand: somebody is added, changed, moved and leaves, and everything past stays as it was.

Long because each of the four verbs has its day before, its day and its day after.
"""

from datetime import date, timedelta

import pytest

from jiugong.lib import secrets
from jiugong.lib.acting import Actor, NotAllowed, operator
from jiugong.lib.can import Can
from jiugong.registry.actions.charges import put_in_charge
from jiugong.registry.actions.postings import change_person, hire, leave, move
from jiugong.registry.actions.units import add_enterprise, end_unit
from jiugong.registry.errors import (
    DatesOutOfOrder,
    EntryWrong,
    NameDiffers,
    NotOnRoster,
    PersonElsewhere,
    PersonKnown,
    UnitEnded,
    UnitWrong,
)
from jiugong.registry.logic.entries import Beds, Changes, Who, Work
from jiugong.registry.models import Assignment, Charge, Park, Person, Posting, Unit
from jiugong.registry.queries.people import assignments_of, posting_on, roster_on
from jiugong.registry.tests.makers import a_firm, a_number, a_phone, a_workbook, a_worker, an_actor, person, take
from jiugong.registry.words import Role

FIRST, DAY = date(2022, 7, 1), date(2022, 7, 22)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
WU = Who(name="吴新", id_number=a_number(50), phone=a_phone(50))


@pytest.fixture
def firms(park: Park) -> tuple[Unit, Unit]:
    """Two enterprises, each with a workshop, a team and one worker."""
    take(park, a_workbook([a_firm(1), a_firm(2)], [a_worker(1, 1, dorm_room="宿舍001", bed="2"), a_worker(2, 2)]), at="2022-07-01")
    first, second = Unit.objects.filter(park=park, kind="enterprise").order_by("pk")
    return first, second


def keeper_of(unit: Unit) -> Actor:
    return an_actor(unit.path, powers=[Can.KEEP_ROSTER, Can.SEE_PEOPLE])


def team_of(firm: Unit) -> Unit:
    return Unit.objects.get(enterprise=firm, kind="team")


def rows() -> int:
    return Posting.objects.count() + Person.objects.count() + Assignment.objects.count()


def posted(who: Person, day: date) -> Posting:
    """Where somebody is posted, who is posted."""
    posting = posting_on(who, day)
    assert posting
    return posting


# added --------------------------------------------------------------------------------------------------------------

def test_somebody_is_on_the_roster_from_his_day_and_not_a_day_before(park: Park, firms, notes) -> None:
    wu = hire(team_of(firms[0]), WU, Work(post="操作工", shift="day"), actor=keeper_of(firms[0]), since=DAY,
              beds=Beds(dorm_room="宿舍002", bed="1"))

    on = {day: roster_on(park, day).filter(person=wu).count() for day in (BEFORE, DAY, AFTER)}
    assert on == {BEFORE: 0, DAY: 1, AFTER: 1}
    assert wu.open_id_number(secrets.ring()) == WU.id_number
    assert [(each.place.name, each.bed) for each in assignments_of(wu, DAY)] == [("宿舍002", "1")]
    assert assignments_of(wu, BEFORE) == []
    assert [note.verb for note in notes if note.verb.startswith("person")] == ["person.hired"]


def test_sent_twice_he_is_there_once(park: Park, firms) -> None:
    first = hire(firms[0], WU, Work(), actor=operator(), since=DAY)
    before = rows()
    again = hire(firms[0], WU, Work(), actor=operator(), since=DAY)

    assert (again, rows()) == (first, before)


@pytest.mark.parametrize(("wrong", "field", "fault"), [
    ({"id_number": "12345"}, "id_number", "id_number_length"),
    ({"id_number": a_number(50)[:-1] + ("0" if a_number(50)[-1] != "0" else "1")}, "id_number", "id_number_checksum"),
    ({"id_number": ""}, "id_number", "missing"), ({"name": " "}, "name", "missing"), ({"name": "长" * 81}, "name", "too_long"),
    ({"phone": "12"}, "phone", "phone")])
def test_what_is_mistyped_is_said_of_its_field_and_nobody_is_added(firms, wrong, field, fault) -> None:
    before = rows()

    with pytest.raises(EntryWrong) as refusal:
        hire(firms[0], Who(**{**vars(WU), **wrong}), Work(), actor=operator(), since=DAY)

    assert (refusal.value.facts["field"], refusal.value.facts["fault"]) == (field, fault)
    assert rows() == before


def test_a_day_out_of_all_time_is_no_day(firms) -> None:
    with pytest.raises(EntryWrong) as refusal:
        hire(firms[0], WU, Work(), actor=operator(), since=date(1889, 1, 1))
    assert refusal.value.facts["fault"] == "date_impossible"


def test_whom_the_park_has_already_can_be_moved_by_who_keeps_both_and_by_nobody_else(park: Park, firms) -> None:
    known = Who(name="工2", id_number=a_number(2))
    before = rows()

    with pytest.raises(PersonKnown) as refusal:
        hire(firms[0], known, Work(), actor=operator(), since=DAY)
    assert refusal.value.facts["person"] == str(person(park, 2).uid)
    with pytest.raises(PersonElsewhere) as hidden:
        hire(firms[0], known, Work(), actor=keeper_of(firms[0]), since=DAY)
    assert firms[1].name not in str(hidden.value)
    with pytest.raises(NameDiffers):
        hire(firms[0], Who(name="别人", id_number=a_number(2)), Work(), actor=operator(), since=DAY)
    assert rows() == before


def test_who_has_left_is_added_again_and_is_the_same_person(park: Park, firms) -> None:
    leave(person(park, 2), actor=operator(), on=DAY)

    with pytest.raises(PersonElsewhere):
        hire(firms[0], Who(name="工2", id_number=a_number(2)), Work(), actor=keeper_of(firms[0]), since=BEFORE)
    again = hire(firms[0], Who(name="工2", id_number=a_number(2)), Work(), actor=keeper_of(firms[0]), since=DAY)

    assert again == person(park, 2)
    assert [posting.enterprise for day in (BEFORE, DAY) if (posting := posting_on(again, day))] == [firms[1], firms[0]]


def test_who_was_known_by_name_and_phone_gets_his_number(park: Park, firms) -> None:
    stranger = Person(park=park, name=WU.name).keep_phone(WU.phone, secrets.ring())
    stranger.save()

    assert hire(firms[0], WU, Work(), actor=operator(), since=DAY) == stranger
    stranger.refresh_from_db()
    assert stranger.open_id_number(secrets.ring()) == WU.id_number


def test_a_prevention_officer_touches_no_other_enterprise(park: Park, firms) -> None:
    fang, other, before = keeper_of(firms[0]), person(park, 2), rows()

    for forbidden in (lambda: hire(firms[1], WU, Work(), actor=fang, since=DAY),
                      lambda: change_person(other, Changes(post="x"), actor=fang, since=DAY),
                      lambda: change_person(other, Changes(phone=a_phone(9)), actor=fang, since=DAY),
                      lambda: move(other, firms[0], actor=fang, since=DAY),
                      lambda: move(person(park, 1), firms[1], actor=fang, since=DAY),
                      lambda: leave(other, actor=fang, on=DAY)):
        with pytest.raises(NotAllowed):
            forbidden()

    assert rows() == before
    assert posted(other, AFTER).enterprise == firms[1]


def test_who_is_in_charge_here_but_posted_elsewhere_is_not_kept_here(park: Park, firms) -> None:
    put_in_charge(person(park, 2), firms[0], Role.SAMPLER, actor=operator(), since=FIRST)

    with pytest.raises(NotAllowed):
        leave(person(park, 2), actor=keeper_of(firms[0]), on=DAY)


# changed ------------------------------------------------------------------------------------------------------------

def test_a_change_holds_from_its_day_and_the_past_stays(park: Park, firms, notes) -> None:
    worker = person(park, 1)

    change_person(worker, Changes(status="on_leave", key_post=True, beds={"bed": "4"}), actor=keeper_of(firms[0]), since=DAY)

    assert [(posting.status, posting.key_post) for day in (BEFORE, DAY) if (posting := posting_on(worker, day))] == [
        ("on_duty", False), ("on_leave", True)]
    assert [assignments_of(worker, day)[0].bed for day in (BEFORE, DAY)] == ["2", "4"]
    assert {note.facts["field"] for note in notes if note.verb == "person.changed"} == {"status", "key_post", "dorm_room"}
    before = rows()
    change_person(worker, Changes(status="on_leave", key_post=True, beds={"bed": "4"}), actor=operator(), since=DAY)
    assert rows() == before


def test_a_change_is_undone_by_saying_what_is_right_from_the_same_day(park: Park, firms) -> None:
    worker = person(park, 1)
    change_person(worker, Changes(status="isolated"), actor=operator(), since=DAY)

    change_person(worker, Changes(status="on_duty"), actor=operator(), since=DAY)

    assert [posted(worker, day).status for day in (BEFORE, DAY, AFTER)] == ["on_duty"] * 3
    assert Posting.objects.filter(person=worker, status="isolated").count() == 1
    assert roster_on(park, DAY).filter(person=worker).count() == 1


def test_what_is_planned_for_later_stays_planned(park: Park, firms) -> None:
    worker = person(park, 1)
    change_person(worker, Changes(status="on_leave", beds={"dorm_room": "宿舍009"}), actor=operator(), since=AFTER)

    change_person(worker, Changes(post="质检员", beds={"dorm_room": "宿舍005"}), actor=operator(), since=DAY)

    told = [(posting.post, posting.status) for day in (BEFORE, DAY, AFTER) if (posting := posting_on(worker, day))]
    assert told == [("操作工", "on_duty"), ("质检员", "on_duty"), ("操作工", "on_leave")]
    assert [assignments_of(worker, day)[0].place.name for day in (BEFORE, DAY, AFTER)] == ["宿舍001", "宿舍005", "宿舍009"]


def test_name_and_phone_have_no_dates_and_phones_are_noted_masked(park: Park, firms, notes) -> None:
    change_person(person(park, 1), Changes(name="新名", phone=a_phone(77)), actor=operator(), since=DAY)

    assert (person(park, 1).name, person(park, 1).open_phone(secrets.ring())) == ("新名", a_phone(77))
    assert a_phone(77) not in str([note.facts for note in notes])


def test_nobody_is_changed_on_a_day_on_which_he_is_not_there(park: Park, firms) -> None:
    with pytest.raises(NotOnRoster):
        change_person(person(park, 1), Changes(status="on_leave"), actor=operator(), since=FIRST - timedelta(days=1))
    change_person(person(park, 1), Changes(status="on_leave"), actor=operator(), since=FIRST)
    assert posted(person(park, 1), FIRST).status == "on_leave"


# moved --------------------------------------------------------------------------------------------------------------

def test_a_move_keeps_the_past_and_gives_up_bed_and_charges_there(park: Park, firms) -> None:
    worker = person(park, 1)
    put_in_charge(worker, team_of(firms[0]), Role.SAMPLER, actor=operator(), since=FIRST)

    left = move(worker, team_of(firms[1]), actor=operator(), since=DAY, changes=Changes(post="班组长"))

    assert [(posting.enterprise, posting.post) for day in (BEFORE, DAY) if (posting := posting_on(worker, day))] == [
        (firms[0], "操作工"), (firms[1], "班组长")]
    assert (len(assignments_of(worker, BEFORE)), assignments_of(worker, DAY)) == (1, [])
    assert ([charge.until for charge in left.ended], left.kept) == ([DAY], [])
    before = rows()
    move(worker, team_of(firms[1]), actor=operator(), since=DAY, changes=Changes(post="班组长"))
    assert rows() == before


def test_within_an_enterprise_a_move_keeps_the_bed(park: Park, firms) -> None:
    move(person(park, 1), firms[0], actor=keeper_of(firms[0]), since=DAY)

    assert posted(person(park, 1), DAY).unit == firms[0]
    assert len(assignments_of(person(park, 1), DAY)) == 1


def test_nobody_is_posted_to_the_park_office_or_to_what_has_ended(park: Park, firms) -> None:
    office = Unit.objects.get(park=park, kind="park_office")
    end_unit(firms[1], actor=operator(), on=DAY, people=1)
    before = rows()

    with pytest.raises(UnitWrong):
        move(person(park, 1), office, actor=operator(), since=DAY)
    with pytest.raises(UnitEnded):
        move(person(park, 1), team_of(firms[1]), actor=operator(), since=DAY)
    with pytest.raises(UnitEnded):
        hire(firms[1], WU, Work(), actor=operator(), since=AFTER)
    assert rows() == before
    hire(firms[1], WU, Work(), actor=operator(), since=BEFORE)


# left ---------------------------------------------------------------------------------------------------------------

def test_who_leaves_is_there_on_the_day_before_and_not_on_the_day(park: Park, firms) -> None:
    worker = person(park, 1)

    leave(worker, actor=keeper_of(firms[0]), on=DAY)
    before = rows()
    leave(worker, actor=operator(), on=DAY)

    assert [posting_on(worker, day) is not None for day in (BEFORE, DAY, AFTER)] == [True, False, False]
    assert [len(assignments_of(worker, day)) for day in (BEFORE, DAY)] == [1, 0]
    assert rows() == before
    with pytest.raises(NotOnRoster):
        leave(worker, actor=operator(), on=AFTER)


def test_nobody_leaves_before_he_came_and_on_his_first_day_he_never_was_there(park: Park, firms) -> None:
    worker = person(park, 1)

    with pytest.raises(DatesOutOfOrder):
        leave(worker, actor=operator(), on=FIRST - timedelta(days=1))
    assert posting_on(worker, FIRST)
    leave(worker, actor=operator(), on=FIRST)
    assert not posting_on(worker, FIRST)


def test_a_charge_that_only_the_office_settles_outlasts_who_leaves(park: Park, firms) -> None:
    worker = person(park, 1)
    put_in_charge(worker, firms[0], Role.PREVENTION_OFFICER, actor=operator(), since=FIRST)

    left = leave(worker, actor=keeper_of(firms[0]), on=DAY)

    assert [charge.role for charge in left.kept] == ["prevention_officer"]
    assert Charge.objects.get(person=worker, role="prevention_officer").until is None


def test_a_file_that_comes_after_finds_what_was_said_by_hand(park: Park, firms) -> None:
    wu = hire(team_of(firms[0]), WU, Work(post="操作工", shift="day"), actor=operator(), since=DAY)
    listed = a_worker(50, 1, name=WU.name, phone=WU.phone, arrived_on=DAY)

    taken = take(park, a_workbook([a_firm(1)], [a_worker(1, 1, dorm_room="宿舍001", bed="2"), listed]), at="2022-07-23")

    assert (taken.created_people, taken.left, posted(wu, AFTER).unit) == (0, 0, team_of(firms[0]))


def test_an_enterprise_added_by_hand_has_a_site_for_its_beds(park: Park) -> None:
    firm = add_enterprise(park, "新来有限公司", actor=operator(), since=FIRST)

    wu = hire(firm, WU, Work(), actor=operator(), since=DAY, beds=Beds(bus="1号线"))

    assert firm.site
    assert assignments_of(wu, DAY)[0].place.path.startswith(firm.site.path)
