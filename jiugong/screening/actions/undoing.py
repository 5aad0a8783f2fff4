"""Undoing a scan while its tube is open: a correction that is appended and journalled, never a deletion."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.screening.errors import (
    ScanNotYours,
    ScanUnknown,
    TubeClosedToUndoing,
    UndoIdReused,
    UndoMisshapen,
    UndoNeedsReason,
)
from jiugong.screening.models import Specimen, Tube, Undo

LONGEST_ID, LONGEST_REASON = 64, 200


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What became of it: `undone` or `repeat` (it was undone before), and how full the tube is now."""

    scan_id: str
    status: str
    tube: str
    bound: int
    capacity: int


def undo_scan(park: Park, scan_id: str, *, undo_id: str, reason: str, actor: Actor) -> Undone:
    """Take back a scan that the actor made himself, while its tube is open. Undoing it again changes nothing.

    The specimen stays on record and counts nowhere: not in the tube, the round, the duties, the results. Its position
    is given to the next swab where it was the last one in the tube, and stays empty where others came after it.
    Raises ScanUnknown, ScanNotYours, TubeClosedToUndoing, UndoNeedsReason, UndoMisshapen, UndoIdReused.
    """
    for field, text, longest in (("undo_id", undo_id, LONGEST_ID), ("scan_id", scan_id, LONGEST_ID),
                                 ("reason", reason.strip(), LONGEST_REASON)):
        if len(text) > longest or not text.isprintable() or (field != "reason" and not text):
            raise UndoMisshapen(field=field)
    if not reason.strip():
        raise UndoNeedsReason()
    try:
        with transaction.atomic():
            return _undo(park, scan_id, undo_id, reason.strip(), actor)
    except IntegrityError:                       # the same undo arrived twice at this very moment: it is done by now
        with transaction.atomic():
            return _undo(park, scan_id, undo_id, reason.strip(), actor)


def _undo(park: Park, scan_id: str, undo_id: str, reason: str, actor: Actor) -> Undone:
    specimen = (Specimen.every.filter(park=park, scan_id=scan_id)
                .select_related("undo", "round", "tube__point__park", "tube__point__unit", "tube__point__place").first())
    if specimen is None or not actor.may(Can.BIND_SPECIMENS, over=specimen.tube.point):
        raise ScanUnknown(scan_id=scan_id)
    if specimen.bound_by != actor.key:
        raise ScanNotYours(scan_id=scan_id)
    if hasattr(specimen, "undo"):
        return _answer(specimen, "repeat")
    if Undo.objects.filter(park=park, undo_id=undo_id).exists():
        raise UndoIdReused(undo_id=undo_id)
    tube = Tube.objects.select_for_update(no_key=True).get(pk=specimen.tube_id)           # no scan and no seal comes between
    if tube.sealed_at:
        raise TubeClosedToUndoing(tube=tube.code)

    now = clock.now()
    Undo.objects.create(park=park, undo_id=undo_id, specimen=specimen, reason=reason, undone_at=now, undone_by=actor.key)
    first_again(specimen)

    note("scan.undone", actor=actor, at=now, park_id=park.pk, subject=f"tube:{tube.code}", tube=tube.code,
         position=specimen.position, reason=reason, round=specimen.round.number)
    return _answer(specimen, "undone")


def first_again(undone: Specimen) -> None:
    """Of a person's other swabs in the round, the first one is no longer a second one."""
    if undone.person_id is None:
        return
    others = Specimen.objects.filter(round_id=undone.round_id, person_id=undone.person_id).order_by("received_at", "pk")
    first = others.first()
    if first and first.again:
        Specimen.every.filter(pk=first.pk).update(again=False)


def _answer(specimen: Specimen, status: str) -> Undone:
    return Undone(scan_id=specimen.scan_id, status=status, tube=specimen.tube.code, capacity=specimen.tube.capacity,
                  bound=Specimen.objects.filter(tube_id=specimen.tube_id).count())
