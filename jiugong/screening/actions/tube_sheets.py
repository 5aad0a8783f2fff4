"""Printing tube sheets: which codes they bear, and whose roster stands on them."""

from django.db import transaction
from django.db.models import Max

from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked, note
from jiugong.lib.can import Can
from jiugong.registry.actions.badges import MOST_BADGES, issue_badges
from jiugong.registry.models import Badge, Park, Person, Unit
from jiugong.screening.logic.tube_codes import LAST_NUMBER, code_of
from jiugong.screening.models import Point, Round, SheetRun, Tube
from jiugong.screening.paper_errors import SheetsMisshapen, SheetsOfNobody
from jiugong.screening.queries.paper import people_owing

MOST_SHEETS, LONGEST_ID = 200, 64


@transaction.atomic
def run_sheets(the_round: Round, point: Point, *, sheets: int, run_id: str, actor: Actor) -> SheetRun:
    """Keep that so many sheets are printed without codes. The same id again is the same run. Raises SheetsMisshapen."""
    return _run(the_round, point, sheets, run_id, actor, None, with_codes=False)


@transaction.atomic
def run_coded_sheets(the_round: Round, point: Point, *, sheets: int, run_id: str, actor: Actor) -> SheetRun:
    """Take the next codes of the park's series for so many sheets; no other sheet ever bears them.

    The same id again is the same run. Raises SheetsMisshapen.
    """
    return _run(the_round, point, sheets, run_id, actor, None, with_codes=True)


@transaction.atomic
def run_roster_sheets(the_round: Round, point: Point, unit: Unit, *, run_id: str, actor: Actor) -> SheetRun:
    """Take codes for sheets that bear the names and badges of a team; whoever has no badge yet gets one.

    Raises SheetsOfNobody, TooManyBadges, SheetsMisshapen.
    """
    actor.must(Can.ISSUE_BADGES, over=unit)
    people = people_owing(the_round, unit)
    if not people:
        raise SheetsOfNobody(unit=unit.name)
    badges_for(the_round.park, people[:MOST_BADGES], actor=actor)
    return _run(the_round, point, -(-len(people) // the_round.pool_size), run_id, actor, unit, with_codes=True)


def badges_for(park: Park, people: list[Person], *, actor: Actor) -> list[Badge]:
    """The badges of these people as they stand on sheets; each of them is journalled as looked at. Raises TooManyBadges."""
    badges = issue_badges(park, people, actor=actor)
    looked(actor=actor, park_id=park.pk, person_ids=[person.pk for person in people], fields=("badge",),
           reason="printed tube sheets", at=clock.now())
    return badges


def _run(the_round: Round, point: Point, sheets: int, run_id: str, actor: Actor, unit: Unit | None, *,
         with_codes: bool) -> SheetRun:
    actor.must(Can.BIND_SPECIMENS, over=point)
    if not run_id or len(run_id) > LONGEST_ID or not run_id.isprintable():
        raise SheetsMisshapen(field="run_id")
    if not 1 <= sheets <= MOST_SHEETS:
        raise SheetsMisshapen(field="sheets")
    park = the_round.park
    park.one_at_a_time()
    if before := SheetRun.objects.filter(park=park, run_id=run_id).select_related("round", "point", "unit").first():
        return before
    first = _next_free(park, sheets) if with_codes else None
    now = clock.now()

    run = SheetRun.objects.create(
        park=park, run_id=run_id, round=the_round, point=point, unit=unit, sheets=sheets, first=first,
        last=first + sheets - 1 if first else None, printed_at=now, printed_by=actor.key, printed_by_name=actor.name)

    note("sheets.printed", actor=actor, at=now, park_id=park.pk, subject=f"round:{the_round.number}", sheets=sheets,
         point=point.name, tube=code_of(first) if first else "")
    return run


def _next_free(park: Park, sheets: int) -> int:
    """The first of so many numbers that no sheet bears and no tube has."""
    first = (SheetRun.objects.filter(park=park).aggregate(last=Max("last"))["last"] or 0) + 1
    while True:
        if first + sheets - 1 > LAST_NUMBER:
            raise SheetsMisshapen(field="sheets")
        wanted = {code_of(number): number for number in range(first, first + sheets)}
        taken = [wanted[code] for code in Tube.objects.filter(park=park, code__in=wanted).values_list("code", flat=True)]
        if not taken:
            return first
        first = max(taken) + 1
