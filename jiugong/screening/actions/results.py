"""Taking results: from a laboratory's program, each answered, or as a whole workbook."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from jiugong.lib import clock, progress
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.lib.sheets import as_sheets
from jiugong.registry.models import Park
from jiugong.screening.actions.ledger import in_parts
from jiugong.screening.actions.scan_files import Taken
from jiugong.screening.errors import (
    SENTENCES,
    NoResultsInFile,
    ResultFromTheFuture,
    ResultUnknown,
    TooManyResults,
    TubeUnknown,
)
from jiugong.screening.happenings import ResultCorrected, RetestAnswered, TubeInvalid, TubePositive, TubeSuspicious
from jiugong.screening.laboratory_errors import LaboratoryNotContracted
from jiugong.screening.logic.reading import Records, ResultRow, read_results
from jiugong.screening.models import Laboratory, Result, Retest, Specimen, Tube
from jiugong.screening.queries.laboratories import Reporters
from jiugong.screening.words import ResultValue

MOST_RESULTS = 500
STEPS = 4                                    # read, what is known, compared, told
SKEW = timedelta(minutes=5)                  # a laboratory's clock may be a little fast
TELLING = {ResultValue.POSITIVE: TubePositive, ResultValue.SUSPICIOUS: TubeSuspicious, ResultValue.INVALID: TubeInvalid}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a laboratory says of one tube. `swabs` is how many it counted."""

    tube: str
    value: str
    reported_at: datetime
    swabs: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What became of one report: `accepted`, `repeat` (it came before) or `refused`. `bound` is how many we bound."""

    tube: str
    status: str
    code: str = ""
    message: str = ""
    value: str = ""
    bound: int = 0


def read_result_file(content: bytes, *, name: str, park: Park) -> Records:
    """Understand a laboratory's workbook. Raises NotASheet, NoResultsInFile."""
    records = read_results(as_sheets(content, name=name), zone=park.zone)
    if records is None:
        raise NoResultsInFile(file=name)
    return records


def report(park: Park, reported: Report, *, actor: Actor) -> Result:
    """Record what a laboratory says of a tube; the same report again is answered as the first time.

    Raises TubeUnknown, ResultUnknown, ResultFromTheFuture, AccountWithoutLaboratory, LaboratoryNotContracted.
    """
    actor.must(Can.REPORT_RESULTS, over=park)
    with transaction.atomic():
        park.one_at_a_time()
        tubes, reporters = _tubes(park, [reported]), _reporters(park, actor)
        _refuse_wrong(reported, tubes)
        tube = tubes[reported.tube]
        laboratory = reporters.laboratory_of(tube)
        before = Result.objects.filter(tube=tube, value=reported.value, reported_at=reported.reported_at).first()
        return before or _record(park, [(tube, reported, laboratory)], actor)[0]


@transaction.atomic
def report_all(park: Park, reports: Sequence[Report], *, actor: Actor) -> list[Reported]:
    """Record what a laboratory says of many tubes; one answer for each report, in the same order.

    What cannot be recorded is refused alone and changes nothing. Raises TooManyResults, AccountWithoutLaboratory.
    """
    actor.must(Can.REPORT_RESULTS, over=park)
    if len(reports) > MOST_RESULTS:
        raise TooManyResults(count=len(reports), most=MOST_RESULTS)
    park.one_at_a_time()
    tubes, reporters = _tubes(park, reports), _reporters(park, actor)
    known = _known(park, tubes)
    new: list[tuple[Tube, Report, Laboratory | None]] = []
    answers: list[Reported] = []
    for each in reports:
        try:
            _refuse_wrong(each, tubes)
            laboratory = reporters.laboratory_of(tubes[each.tube])
        except Refusal as refusal:
            answers.append(Reported(tube=each.tube, status="refused", code=refusal.code, message=str(refusal)))
            continue
        tube = tubes[each.tube]
        key = tube.pk, each.value, each.reported_at
        differs = each.swabs is not None and each.swabs != tube.bound      # type: ignore[attr-defined]
        answers.append(Reported(
            tube=tube.code, status="repeat" if key in known else "accepted", value=each.value,
            code="screening.swabs_differ" if differs else "", bound=tube.bound,    # type: ignore[attr-defined]
            message=str(SENTENCES["swabs_differ"]) % {
                "counted": each.swabs, "bound": tube.bound} if differs else ""))   # type: ignore[attr-defined]
        if key not in known:
            known.add(key)
            new.append((tube, each, laboratory))

    _record(park, new, actor)
    return answers


@transaction.atomic
def import_results(park: Park, records: Records, *, actor: Actor) -> Taken:
    """Take the good rows of a laboratory's workbook that was read. The same file again changes nothing."""
    if not actor.may(Can.REPORT_RESULTS, over=park):        # a laboratory's file says what its program may say
        actor.must(Can.IMPORT_RECORDS, over=park)
    park.one_at_a_time()
    progress.step(1, STEPS)
    tubes, reporters = _tubes(park, records.results), _reporters(park, actor)
    known = _known(park, tubes)
    progress.step(2, STEPS)
    new, unchanged = [], 0
    for row in records.results:
        tube = tubes.get(row.tube)
        if tube is None:
            records.error(row.row, "tube", "tube_unknown", row.tube)
            continue
        try:
            laboratory = reporters.laboratory_of(tube)
        except LaboratoryNotContracted as refusal:
            records.error(row.row, "tube", "laboratory_not_contracted", row.tube, **refusal.facts)
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
        new.append((tube, Report(tube=row.tube, value=row.value, reported_at=row.reported_at, swabs=row.swabs),
                    laboratory))

    progress.step(3, STEPS)
    _record(park, new, actor)

    note("results.imported", actor=actor, at=clock.now(), park_id=park.pk, results=len(new), refused=records.bad_rows)
    return Taken(records=records, created={"results": len(new)}, unchanged=unchanged)


def _tubes(park: Park, reports: Sequence[Report | ResultRow]) -> dict[str, Tube]:
    """The tubes that a laboratory speaks of, each with how many swabs were `bound`."""
    found = Tube.objects.filter(park=park).select_related("round", "point__unit").annotate(
        bound=Count("specimens", filter=Q(specimens__undo__isnull=True)))
    codes = {each.tube for each in reports if each.tube.isprintable()}
    return {tube.code: tube for tube in in_parts(found, "code", codes)}


def _reporters(park: Park, actor: Actor) -> Reporters:
    """For whom the actor reports. Raises AccountWithoutLaboratory."""
    reporters = Reporters(park, actor)
    reporters.must_be_tied()
    return reporters


def _known(park: Park, tubes: dict[str, Tube]) -> set[tuple[int, str, datetime]]:
    return {(each.tube_id, each.value, each.reported_at) for each in in_parts(
        Result.objects.filter(park=park), "tube_id", [tube.pk for tube in tubes.values()])}


def _refuse_wrong(reported: Report, tubes: dict[str, Tube]) -> None:
    if reported.value not in ResultValue.values:
        raise ResultUnknown(value=reported.value, known=", ".join(ResultValue.values))
    if reported.reported_at > clock.now() + SKEW:
        raise ResultFromTheFuture(reported_at=reported.reported_at.isoformat())
    if reported.tube not in tubes:
        raise TubeUnknown(tube=reported.tube)


def _record(park: Park, reports: Sequence[tuple[Tube, Report, Laboratory | None]], actor: Actor) -> list[Result]:
    """Append the results, seal their tubes, close the retests that they answer, and tell what is not negative."""
    now, before = clock.now(), _said_before([tube for tube, *_rest in reports])
    results = Result.objects.bulk_create([
        Result(park=park, tube=tube, value=each.value, reported_at=each.reported_at, received_at=now, swabs=each.swabs,
               reported_by=actor.key, laboratory=laboratory) for tube, each, laboratory in reports], batch_size=2000)
    for tube, each, _laboratory in reports:
        tube.sealed_at = tube.sealed_at or each.reported_at
    Tube.objects.bulk_update([tube for tube, *_rest in reports], ["sealed_at"], batch_size=500)
    waiting: list[Result] = []                       # told in the order of the laboratory, whatever the file's is
    for result in sorted(results, key=lambda each: each.reported_at):
        happening = TELLING.get(ResultValue(result.value))
        if happening:
            _close_retests(park, waiting)
            waiting = []
            tell(happening(tube_id=result.tube_id, result_id=result.pk, at=result.reported_at))
        waiting.append(result)
    _close_retests(park, waiting)
    _tell_corrections(results, before)
    return results


def _said_before(tubes: Sequence[Tube]) -> dict[int, Result]:
    """What the laboratory said last of each of these tubes, where it was not negative."""
    said: dict[int, Result] = {}
    for result in in_parts(Result.objects.order_by("reported_at", "pk"), "tube_id", {tube.pk for tube in tubes}):
        said[result.tube_id] = result
    return {tube: result for tube, result in said.items() if result.value != ResultValue.NEGATIVE}


def _tell_corrections(results: Sequence[Result], before: dict[int, Result]) -> None:
    """Say of which tubes the laboratory says now that they are negative, and of whose single retest it says otherwise."""
    for result in sorted(results, key=lambda each: each.reported_at):
        was = before.get(result.tube_id)
        if was is None or was.value == result.value or result.reported_at < was.reported_at:
            continue
        if result.value == ResultValue.NEGATIVE:
            tell(ResultCorrected(tube_id=result.tube_id, was=was.value, value=result.value, at=result.reported_at))
        for retest in Retest.objects.filter(closed_by__tube=result.tube_id).select_related("specimen"):
            alone = Specimen.objects.filter(tube=result.tube_id).order_by("sampled_at").first()
            tell(RetestAnswered(park_id=result.park_id, person_id=retest.specimen.person_id, specimen_id=retest.specimen_id,
                                value=result.value, sampled_at=alone.sampled_at if alone else result.reported_at,
                                at=result.reported_at))


def _close_retests(park: Park, results: Sequence[Result]) -> None:
    """A tube with one person's swab alone answers the retest that was opened for him before it was taken."""
    open_retests = list(Retest.objects.filter(park=park, closed_by=None).select_related("specimen"))
    if not open_retests or not results:
        return
    members: dict[int, list[Specimen]] = defaultdict(list)
    sampled: dict[int, datetime] = {}
    for specimen in in_parts(Specimen.objects.filter(park=park), "tube_id", {result.tube_id for result in results}):
        members[specimen.tube_id].append(specimen)
    for result in sorted(results, key=lambda each: each.reported_at):
        if len(members[result.tube_id]) != 1 or result.value == ResultValue.INVALID:
            continue
        alone = members[result.tube_id][0]
        for retest in open_retests:
            answered = (retest.specimen.whose == alone.whose and alone.sampled_at >= retest.opened_at
                        and retest.specimen_id != alone.pk)
            if retest.closed_by is None and alone.whose and answered:
                retest.closed_by = result
                sampled[retest.pk] = alone.sampled_at
    closed = [retest for retest in open_retests if retest.closed_by]
    Retest.objects.bulk_update(closed, ["closed_by"], batch_size=500)
    for retest in closed:
        answer: Any = retest.closed_by
        tell(RetestAnswered(park_id=park.pk, person_id=retest.specimen.person_id, specimen_id=retest.specimen_id,
                            value=answer.value, sampled_at=sampled[retest.pk], at=answer.reported_at))
