"""Taking a file of scans: rounds and points it does not know are made, tubes take the size that holds them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from jiugong.lib import clock, days, identifiers, progress
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.sheets import Problem, as_sheets, name_key
from jiugong.registry.models import Park
from jiugong.screening.actions.ledger import Ledger
from jiugong.screening.actions.scans import new_point
from jiugong.screening.errors import NoScansInFile, sentence
from jiugong.screening.logic.pools import smallest_that_holds
from jiugong.screening.logic.reading import Records, ScanRow, read_scans
from jiugong.screening.models import Round, Specimen, Tube
from jiugong.screening.words import SubjectKind

LARGEST = 20
STEPS = 5                                    # read, what is known, tubes, swabs, told


@dataclass(kw_only=True)
class Taken:
    """What an import of records did: rows that are new, rows that were here already, bad cells."""

    records: Records
    created: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    changed: int = 0
    with_values: bool = False                # a list of points holds nobody's number: what stood in a bad cell is told

    @property
    def refused(self) -> int:
        return self.records.bad_rows

    def as_data(self) -> dict[str, Any]:
        """What an import answers, as a client reads it: the same keys whatever was imported."""
        return {
            "created": {"people": 0, "enterprises": 0, **self.created}, "changed": self.changed, "unchanged": self.unchanged,
            "left": 0, "repaired": len(self.records.repaired), "refused": self.refused,
            "errors": [self._problem_as_data(problem) for problem in self.records.errors],
            "warnings": [self._problem_as_data(problem) for problem in self.records.warnings],
        }

    def _problem_as_data(self, problem: Problem) -> dict[str, Any]:
        told = {"sheet": problem.sheet, "row": problem.row, "column": problem.column, "code": problem.code,
                "message": sentence(problem)}
        return told | {"value": problem.value} if self.with_values else told


def read_scan_file(content: bytes, *, name: str, park: Park) -> Records:
    """Understand a file of scans. Raises NotASheet, NoScansInFile."""
    records = read_scans(as_sheets(content, name=name), zone=park.zone, today=clock.now().date())
    if records is None:
        raise NoScansInFile(file=name)
    return records


@transaction.atomic
def import_scans(park: Park, records: Records, *, actor: Actor) -> Taken:
    """Take the good rows of a file of scans that was read. The same file again changes nothing."""
    actor.must(Can.IMPORT_RECORDS, over=park)
    park.one_at_a_time()
    rows = records.scans
    progress.step(1, STEPS)
    ledger = Ledger(park, scan_ids=[row.scan_id for row in rows], tubes={row.tube for row in rows},
                    id_numbers={row.id_number for row in rows}, phones={row.scanner for row in rows})

    progress.step(2, STEPS)
    fresh, unchanged = _fresh(rows, ledger, records)
    fresh = _that_fit(fresh, ledger, records)
    created = {"rounds": _rounds(fresh, ledger), "points": _points(fresh, ledger),
               "tubes": _tubes(fresh, ledger), "specimens": len(fresh)}
    progress.step(3, STEPS)
    Specimen.objects.bulk_create(_specimens(fresh, ledger, records), batch_size=2000)
    progress.step(4, STEPS)
    _flag_scanners(fresh, ledger, records)

    note("scans.imported", actor=actor, at=clock.now(), park_id=park.pk, refused=records.bad_rows,
         rounds=created["rounds"], points=created["points"], tubes=created["tubes"], specimens=created["specimens"])
    return Taken(records=records, created=created, unchanged=unchanged)


def _fresh(rows: Sequence[ScanRow], ledger: Ledger, records: Records) -> tuple[list[ScanRow], int]:
    """The rows that are not on record yet; the same id with another person or tube is an error."""
    fresh: dict[str, ScanRow] = {}
    unchanged = 0
    for row in rows:
        before, earlier = ledger.known.get(row.scan_id), fresh.get(row.scan_id)
        if before:
            person = ledger.person(row.id_number)
            same_subject = before.person == person if before.person else (
                bytes(before.id_index or b"") == ledger.indexes[row.id_number])
            same = before.tube.code == row.tube and same_subject
        elif earlier:
            same = (earlier.tube, earlier.id_number) == (row.tube, row.id_number)
        else:
            fresh[row.scan_id] = row
            continue
        if same:
            unchanged += 1
        else:
            records.error(row.row, "scan_id", "scan_id_reused", row.scan_id)
    return list(fresh.values()), unchanged


def _that_fit(rows: list[ScanRow], ledger: Ledger, records: Records) -> list[ScanRow]:
    """The rows whose tube can hold them: a tube belongs to one round and holds at most twenty."""
    fit, bound = [], Counter(ledger.bound)
    round_of = {code: tube.round.number for code, tube in ledger.tubes.items()}
    for row in rows:
        other = round_of.setdefault(row.tube, row.round)
        if other != row.round:
            records.error(row.row, "tube", "tube_in_other_round", row.tube, tube=row.tube, other=other)
        elif bound[row.tube] >= LARGEST:
            records.error(row.row, "tube", "tube_full", row.tube, tube=row.tube)
        else:
            bound[row.tube] += 1
            fit.append(row)
            if row.tube in ledger.tubes and ledger.tubes[row.tube].sealed_at:
                records.warning(row.row, "tube", "tube_sealed_before", row.tube)
    return fit


def _rounds(rows: list[ScanRow], ledger: Ledger) -> int:
    """Make the rounds that are not known; the window of an imported round grows with its scans."""
    times: dict[int, tuple[datetime, datetime]] = {}
    for row in rows:
        first, last = times.get(row.round, (row.sampled_at, row.sampled_at))
        times[row.round] = min(first, row.sampled_at), max(last, row.sampled_at)
    new = 0
    for number, (first, last) in times.items():
        known = ledger.rounds.get(number)
        if known is None:
            new += 1
            ledger.rounds[number] = Round.objects.create(
                park=ledger.park, number=number, day=days.day_of(first, ledger.park.zone), opens_at=first,
                closes_at=last, pool_size=LARGEST, imported=True)
        elif known.imported and (first < known.opens_at or last > known.closes_at):
            known.opens_at, known.closes_at = min(first, known.opens_at), max(last, known.closes_at)
            known.day = days.day_of(known.opens_at, ledger.park.zone)
            known.save(update_fields=["opens_at", "closes_at", "day"])
    return new


def _points(rows: list[ScanRow], ledger: Ledger) -> int:
    new = {name_key(row.point): row.point for row in rows if name_key(row.point) not in ledger.points}
    for name in new.values():
        ledger.points[name_key(name)] = new_point(ledger.park, name)
    return len(new)


def _tubes(rows: list[ScanRow], ledger: Ledger) -> int:
    """Make the tubes that are not known, each of the smallest size that holds its swabs; let known ones grow."""
    first: dict[str, ScanRow] = {}
    swabs: Counter[str] = Counter()
    for row in rows:
        swabs[row.tube] += 1
        if row.tube not in first or row.sampled_at < first[row.tube].sampled_at:
            first[row.tube] = row
    new, grown = [], []
    for code, row in first.items():
        tube = ledger.tubes.get(code)
        size = smallest_that_holds(swabs[code] + ledger.bound[code]) or LARGEST
        if tube is None:
            new.append(Tube(park=ledger.park, code=code, round=ledger.rounds[row.round], capacity=size,
                            point=ledger.points[name_key(row.point)], opened_at=row.sampled_at))
        elif size > tube.capacity:
            tube.capacity = size
            grown.append(tube)
    Tube.objects.bulk_create(new, batch_size=2000)
    Tube.objects.bulk_update(grown, ["capacity"], batch_size=500)
    ledger.tubes |= {tube.code: tube for tube in new}
    return len(new)


def _specimens(rows: list[ScanRow], ledger: Ledger, records: Records) -> list[Specimen]:
    now = clock.now()
    made = []
    for row in sorted(rows, key=lambda each: (each.round, each.sampled_at, each.row)):
        the_round, person = ledger.rounds[row.round], ledger.person(row.id_number)
        if row.position and row.position in ledger.positions[row.tube]:
            records.warning(row.row, "position", "position_taken", str(row.position), position=row.position)
        specimen = Specimen(
            park=ledger.park, scan_id=row.scan_id, round=the_round, tube=ledger.tubes[row.tube],
            kind=SubjectKind.PERSON, person=person, device=row.device, scanner=ledger.scanner(row.scanner),
            position=row.position or ledger.next_position(row.tube), sampled_at=row.sampled_at,
            device_at=row.sampled_at, received_at=now)
        ledger.positions[row.tube].add(specimen.position)
        _name(specimen, row, ledger, records)
        made.append(specimen)
    return made


def _name(specimen: Specimen, row: ScanRow, ledger: Ledger, records: Records) -> None:
    """Say whose swab it is, or keep the number of a walk-in; say who scanned it, or keep the unknown phone."""
    if specimen.person:
        sampled = ledger.sampled_in(specimen.round)
        specimen.again = specimen.person.pk in sampled
        sampled.add(specimen.person.pk)
        if specimen.again:
            records.warning(row.row, "id_number", "sampled_again")
    else:
        specimen.keep_number(row.id_number, ledger.ring, ledger.indexes[row.id_number])
        records.warning(row.row, "id_number", "walk_in")
    if row.scanner and specimen.scanner is None:
        specimen.keep_scanner(row.scanner, ledger.ring, ledger.phones[row.scanner])


def _flag_scanners(rows: list[ScanRow], ledger: Ledger, records: Records) -> None:
    """One warning for each telephone that belongs to nobody, at its first row."""
    unknown = [row for row in rows if row.scanner and not ledger.scanner(row.scanner)]
    count = Counter(row.scanner for row in unknown)
    for row in unknown:
        if times := count.pop(row.scanner, 0):
            records.warning(row.row, "scanner", "scanner_unknown", identifiers.masked_phone(row.scanner), rows=times)
