"""Entering a tube sheet after the fact: each line becomes a swab under an id of its own, safe to send twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.lib.identifiers import folded
from jiugong.lib.refusal import Refusal
from jiugong.registry.logic import badge_codes
from jiugong.registry.models import Person
from jiugong.screening.actions.scans import Answer, Scan, bind, refused
from jiugong.screening.models import Point, Round
from jiugong.screening.queries.paper import PAPER, Names

SHORTEST_NUMBER = 15                         # as many digits at least make an ID number; less is a name


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What stands on one sheet. `lines` are by position from 1, empty ones are left out: an ID number, a badge, a name, or the
    id of somebody who was ticked. The moment is when it was sampled.
    """

    entry_id: str
    round: Round
    point: Point
    tube: str
    lines: Sequence[str]
    sampled_at: datetime
    sampler: Person | None = None


def enter_sheet(sheet: Sheet, *, actor: Actor) -> list[Answer]:
    """Bind everybody on a sheet to its tube; an answer for each line that is filled, in their order.

    What is wrong with the tube (sealed, full, of another round) refuses the line: whoever types looks again.
    """
    return _enter(sheet, actor, in_any_case=False)


def enter_sheet_as_it_is(sheet: Sheet, *, actor: Actor) -> list[Answer]:
    """The same for whoever looked again: the paper says so, so it is kept, and a person settles the conflict."""
    return _enter(sheet, actor, in_any_case=True)


def _enter(sheet: Sheet, actor: Actor, *, in_any_case: bool) -> list[Answer]:
    actor.must(Can.BIND_SPECIMENS, over=sheet.point)
    park = sheet.round.park
    written = [(position, text.strip()) for position, text in enumerate(sheet.lines, start=1) if text.strip()]
    names = Names(actor, sheet.round, [text for _position, text in written if not _is_code(text)])
    read: list[Scan | Answer] = []
    for position, text in written:
        blank = Scan(scan_id=f"{sheet.entry_id}-{position}", round=sheet.round.number, tube=sheet.tube, point=sheet.point.name,
                     position=position, sampled_at=sheet.sampled_at, device=PAPER, offline=in_any_case)
        try:
            read.append(_meant(blank, text, names))
        except Refusal as refusal:
            read.append(refused(blank.scan_id, refusal, sheet.tube))
    found = [scan.person for scan in read if isinstance(scan, Scan) and scan.person]
    if found:
        looked(actor=actor, park_id=park.pk, fields=("list",), reason="entered a tube sheet", at=clock.now(), person_ids=[
            person.pk for held in names.known.values() for _ending, person in held if person.uid in found])
    bound = iter(bind(park, [scan for scan in read if isinstance(scan, Scan)], actor=actor, scanner=sheet.sampler))
    return [next(bound) if isinstance(each, Scan) else each for each in read]


def _meant(blank: Scan, text: str, names: Names) -> Scan:
    """Whom a line means: somebody ticked, a badge, an ID number, or a name. Raises NameUnknown, NameShared."""
    if uid := _ticked(text):
        return replace(blank, person=uid)
    if badge_codes.read(text):
        return replace(blank, code=text)
    if _is_number(text):
        return replace(blank, id_number=folded(text).upper())
    return replace(blank, person=names.person(text).uid)


def _is_code(text: str) -> bool:
    return bool(_ticked(text) or badge_codes.read(text)) or _is_number(text)


def _ticked(text: str) -> UUID | None:
    """The id of somebody who was ticked on a list; None for what was typed."""
    try:
        return UUID(text) if len(text) == len(str(UUID(int=0))) else None
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    number = folded(text)
    return len(number) >= SHORTEST_NUMBER and number[:-1].isdigit()
