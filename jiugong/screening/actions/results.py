"""Taking results: one tube at a time from a laboratory's program, or a whole workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.screening.actions.ledger import in_parts
from jiugong.screening.actions.scan_files import Taken
from jiugong.screening.errors import NoResultsInFile, ResultUnknown, TubeUnknown
from jiugong.screening.happenings import TubeInvalid, TubePositive, TubeSuspicious
from jiugong.screening.logic.reading import Records, as_sheets, read_results
from jiugong.screening.models import Result, Retest, Tube
from jiugong.screening.words import ResultValue

TELLING = {ResultValue.POSITIVE: TubePositive, ResultValue.SUSPICIOUS: TubeSuspicious, ResultValue.INVALID: TubeInvalid}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a laboratory says of one tube. `swabs` is how many it counted."""

    tube: str
    value: str
    reported_at: datetime
    swabs: int | None = None


def read_result_file(content: bytes, *, name: str, park: Park) -> Records:
    """Understand a laboratory's workbook. Raises NotASheet, NoResultsInFile."""
    records = read_results(as_sheets(content, name=name), zone=park.zone)
    if records is None:
        raise NoResultsInFile(file=name)
    return records


@transaction.atomic
def report(park: Park, reported: Report, *, actor: Actor) -> Result:
    """Record what a laboratory says of a tube; the same report again is answered as the first time.

    Raises TubeUnknown, ResultUnknown.
    """
    actor.must(Can.REPORT_RESULTS, over=park)
    if reported.value not in ResultValue.values:
        raise ResultUnknown(value=reported.value, known=", ".join(ResultValue.values))
    tube = Tube.objects.filter(park=park, code=reported.tube).select_related("round").first()
    if tube is None:
        raise TubeUnknown(tube=reported.tube)
    before = Result.objects.filter(tube=tube, value=reported.value, reported_at=reported.reported_at).first()
    if before:
        return before
    return _record(park, [(tube, reported)], actor)[0]


@transaction.atomic
def import_results(park: Park, records: Records, *, actor: Actor) -> Taken:
    """Take the good rows of a laboratory's workbook that was read. The same file again changes nothing."""
    actor.must(Can.IMPORT_RECORDS, over=park)
    tubes = {tube.code: tube for tube in in_parts(
        Tube.objects.filter(park=park).select_related("round").annotate(bound=Count("specimens")), "code",
        {row.tube for row in records.results})}
    known = {(each.tube_id, each.value, each.reported_at) for each in in_parts(
        Result.objects.filter(park=park), "tube_id", [tube.pk for tube in tubes.values()])}
    new, unchanged = [], 0
    for row in records.results:
        tube = tubes.get(row.tube)
        if tube is None:
            records.error(row.row, "tube", "tube_unknown", row.tube)
            continue
        if (tube.pk, row.value, row.reported_at) in known:
            unchanged += 1
            continue
        known.add((tube.pk, row.value, row.reported_at))
        if row.swabs is not None and row.swabs != tube.bound:              # type: ignore[attr-defined]
            records.warning(row.row, "swabs", "swabs_differ", str(row.swabs), counted=row.swabs,
                            bound=tube.bound)                              # type: ignore[attr-defined]
        if row.round is not None and row.round != tube.round.number:
            records.warning(row.row, "round", "round_differs", str(row.round), other=tube.round.number)
        new.append((tube, Report(tube=row.tube, value=row.value, reported_at=row.reported_at, swabs=row.swabs)))

    _record(park, new, actor)

    note("results.imported", actor=actor, at=clock.now(), park_id=park.pk, results=len(new), refused=records.bad_rows)
    return Taken(records=records, created={"results": len(new)}, unchanged=unchanged)


def _record(park: Park, reports: Sequence[tuple[Tube, Report]], actor: Actor) -> list[Result]:
    """Append the results, seal their tubes, close the retests that they answer, and tell what is not negative."""
    now = clock.now()
    results = Result.objects.bulk_create([
        Result(park=park, tube=tube, value=each.value, reported_at=each.reported_at, received_at=now, swabs=each.swabs,
               reported_by=actor.key) for tube, each in reports], batch_size=2000)
    for tube, each in reports:
        tube.sealed_at = tube.sealed_at or each.reported_at
    Tube.objects.bulk_update([tube for tube, _each in reports], ["sealed_at"], batch_size=500)
    _close_retests(park, results)
    for result in results:
        happening = TELLING.get(ResultValue(result.value))
        if happening:
            tell(happening(tube_id=result.tube_id, result_id=result.pk, at=result.reported_at))
    return results


def _close_retests(park: Park, results: list[Result]) -> None:
    """A tube with one person's swab alone answers the retest that was opened for him before it was taken."""
    open_retests = list(Retest.objects.filter(specimen__park=park, closed_by=None).select_related("specimen"))
    if not open_retests:
        return
    waiting = {retest.specimen.person_id: retest for retest in open_retests if retest.specimen.person_id}
    alone = in_parts(Tube.objects.annotate(bound=Count("specimens")).filter(bound=1).values_list(
        "pk", "specimens__person_id", "specimens__sampled_at"), "pk", [result.tube_id for result in results])
    by_tube = {tube: (person, at) for tube, person, at in alone}
    for result in results:
        person, sampled_at = by_tube.get(result.tube_id, (None, None))
        retest = waiting.get(person)
        if retest and sampled_at >= retest.opened_at and result.value != ResultValue.INVALID:
            retest.closed_by = result
            retest.save(update_fields=["closed_by"])
