"""The numbers of a roster are sealed before anything is locked; what happens in between is not overlooked."""

from jiugong.lib.acting import operator
from jiugong.registry.actions.rosters import import_roster, read_roster_file
from jiugong.registry.actions.sealing import sealed
from jiugong.registry.logic.facts import RosterFile
from jiugong.registry.models import Park, Person, Posting
from jiugong.registry.tests.makers import a_firm, a_workbook, a_worker, take


def read(park: Park, *serials: int) -> RosterFile:
    content = a_workbook([a_firm(1)], [a_worker(serial) for serial in serials])
    return read_roster_file(content, name="x.xlsx", park=park, park_name=park.name, mapping={})


def test_who_became_known_after_the_numbers_were_sealed_is_not_entered_twice(park: Park) -> None:
    file = read(park, 1, 2)
    numbers = sealed(park, file)
    take(park, a_workbook([a_firm(1)], [a_worker(1)]))

    taken = import_roster(park, file, actor=operator(), numbers=numbers)

    assert taken.created_people == 1
    assert Person.objects.exclude(id_index=None).count() == Posting.objects.filter(until=None).count() == 2


def test_what_was_made_ready_writes_nothing_by_itself(park: Park) -> None:
    assert len(sealed(park, read(park, 1, 2)).new) == 2
    assert not Person.objects.exists()
