"""Taking a list of training: everybody matched by name and phone, every good row kept once."""

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction

from jiugong.duties.errors import NotATrainingFile
from jiugong.duties.logic import KINDS
from jiugong.duties.logic.training_files import Trained, TrainingFile, read_training_file
from jiugong.duties.models import Evidence
from jiugong.duties.queries.parameters import Values
from jiugong.duties.sentences import problem_in_words
from jiugong.lib import clock, days, identifiers, secrets, sheets
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person, phone_index

AT_ONCE = 500                                # phones or ids asked for in one query


@dataclass(kw_only=True)
class TakenTraining:
    """What an import of training did: rows that are new, rows that were here already, bad cells."""

    file: TrainingFile
    accepted: int = 0
    repeated: int = 0

    def as_data(self) -> dict[str, Any]:
        """What an import answers, as a client reads it: the keys of every import, and how many rows became what."""
        return {
            "rows": self.file.count, "accepted": self.accepted, "repeated": self.repeated,
            "created": {"people": 0, "enterprises": 0, "trainings": self.accepted}, "changed": 0,
            "unchanged": self.repeated, "left": 0, "repaired": len(self.file.repaired), "refused": self.file.bad_rows,
            "errors": [{"sheet": each.sheet, "row": each.row, "column": each.column, "value": each.value,
                        "code": each.code, "message": problem_in_words(each)} for each in self.file.errors],
            "warnings": []}


def read_training(content: bytes, *, name: str, park: Park) -> TrainingFile:
    """Understand a list of training. Raises NotASheet, NotATrainingFile."""
    today = days.day_of(clock.now(), park.zone)
    file = read_training_file(sheets.as_sheets(content, name=name), today=today)
    if file is None:
        raise NotATrainingFile(file=name)
    return file


@transaction.atomic
def import_training(park: Park, file: TrainingFile, *, actor: Actor) -> TakenTraining:
    """Keep every good row of a list of training that was read. The same list again changes nothing."""
    actor.must(Can.IMPORT_RECORDS, over=park)
    park.one_at_a_time()
    now, ring = clock.now(), secrets.ring()
    index_of = {row.phone: phone_index(park, row.phone, ring) for row in file.rows}
    people, values = _people(park, list(index_of.values())), Values(park)
    new: dict[str, Evidence] = {}
    ids: list[str] = []
    for row in file.rows:
        person = _person(people.get(index_of[row.phone], []), row, file)
        if person is None:
            continue
        read = KINDS["training"].read(row.as_data(), values.on(row.held_on))
        client_id = _id(person, row)
        ids.append(client_id)
        new.setdefault(client_id, Evidence(
            park=park, kind="training", client_id=client_id, person=person, data=dict(read.data), valid=read.valid,
            happened_at=days.bounds(row.held_on, park.zone)[0], received_at=now, recorded_by=actor.key))
    known = _known(park, list(new))
    fresh = [each for client_id, each in new.items() if client_id not in known]
    Evidence.objects.bulk_create(fresh, batch_size=1000)
    file.errors.sort(key=lambda each: each.row)

    if fresh:
        note("training.imported", actor=actor, at=now, park_id=park.pk, created=len(fresh), refused=file.bad_rows)
    return TakenTraining(file=file, accepted=len(fresh), repeated=len(ids) - len(fresh))


def _people(park: Park, indexes: list[bytes]) -> dict[bytes, list[Person]]:
    """Everybody of the park who has one of these phones, by the phone's blind index."""
    found: dict[bytes, list[Person]] = defaultdict(list)
    for at in range(0, len(indexes), AT_ONCE):
        for person in Person.objects.filter(park=park, phone_index__in=indexes[at:at + AT_ONCE]).order_by("pk"):
            found[bytes(person.phone_index or b"")].append(person)
    return found


def _person(with_phone: list[Person], row: Trained, file: TrainingFile) -> Person | None:
    """The one of those with this phone who has this name; else what is wrong with the row."""
    if not with_phone:
        file.error(row.row, "phone", "person_unknown", identifiers.masked_phone(row.phone))
        return None
    named = [each for each in with_phone if sheets.name_key(each.name) == sheets.name_key(row.name)]
    if not named:
        file.error(row.row, "name", "name_differs", row.name)
        return None
    return named[0]


def _id(person: Person, row: Trained) -> str:
    """What makes the same row the same piece of evidence, in whichever file it stands."""
    said = f"{person.uid}|{row.course}|{row.held_on}|{row.valid_until or ''}"
    return f"training:{sha256(said.encode()).hexdigest()[:48]}"


def _known(park: Park, client_ids: list[str]) -> set[str]:
    known: set[str] = set()
    for at in range(0, len(client_ids), AT_ONCE):
        known |= set(Evidence.objects.filter(park=park, client_id__in=client_ids[at:at + AT_ONCE])
                     .values_list("client_id", flat=True))
    return known
