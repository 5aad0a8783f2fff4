"""Settling a conflict between scans: everything is as it is, or one swab did not happen. With a reason, by name."""

from collections.abc import Collection

from django.db import IntegrityError, transaction

from jiugong.lib import clock
from jiugong.lib.acting import EVERYTHING, Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.screening.actions.undoing import first_again
from jiugong.screening.conflict_errors import ConflictMoved, SettlementIdReused, SettlementMisshapen
from jiugong.screening.models import Round, SettledSwab, Settlement, Specimen, Tube, Undo
from jiugong.screening.queries.conflicts import Found, open_conflicts
from jiugong.screening.words import ConflictKind, Verdict

LONGEST_ID, LONGEST_REASON = 64, 200


def keep_all(park: Park, kind: str, scan_ids: Collection[str], *, settle_id: str, reason: str, actor: Actor) -> Settlement:
    """Say that every swab of a conflict is real: it leaves the list and stays readable. The same again changes nothing.

    Raises ConflictMoved where these scans are not the whole of a conflict any more, SettlementMisshapen, SettlementIdReused.
    """
    return _settle(park, kind, scan_ids, settle_id, reason, actor, struck="")


def strike(park: Park, kind: str, scan_ids: Collection[str], *, struck: str, settle_id: str, reason: str,
           actor: Actor) -> Settlement:
    """Say that one swab of a conflict did not happen: it stays on record and counts nowhere, also after its tube was sealed.

    Raises what `keep_all` raises.
    """
    actor.must_somewhere(Can.SETTLE_SAMPLING, within=park)
    if struck not in scan_ids:
        raise SettlementMisshapen(field="struck")
    return _settle(park, kind, scan_ids, settle_id, reason, actor, struck=struck)


def _settle(park: Park, kind: str, scan_ids: Collection[str], settle_id: str, reason: str, actor: Actor, *,
            struck: str) -> Settlement:
    actor.must_somewhere(Can.SETTLE_SAMPLING, within=park)
    reason = reason.strip()
    for field, text, longest in (("settle_id", settle_id, LONGEST_ID), ("reason", reason, LONGEST_REASON)):
        if not text or len(text) > longest or not text.isprintable():
            raise SettlementMisshapen(field=field)
    if kind not in ConflictKind.values:
        raise SettlementMisshapen(field="kind")
    try:
        with transaction.atomic():
            return _decide(park, kind, set(scan_ids), settle_id, reason, actor, struck)
    except IntegrityError:                       # the same was sent twice at this very moment
        with transaction.atomic():
            return _decide(park, kind, set(scan_ids), settle_id, reason, actor, struck)


def _decide(park: Park, kind: str, scan_ids: set[str], settle_id: str, reason: str, actor: Actor, struck: str) -> Settlement:
    before = Settlement.objects.filter(park=park, settle_id=settle_id).first()
    if before:
        if before.kind != kind or {each.specimen.scan_id for each in before.swabs.select_related("specimen")} != scan_ids:
            raise SettlementIdReused(settle_id=settle_id)
        return before
    found = _found(park, kind, scan_ids)
    if found is None:
        raise ConflictMoved()
    for swab in found.swabs:
        actor.must(Can.SETTLE_SAMPLING, over=swab.tube.point)
    gone = next((swab for swab in found.swabs if swab.scan_id == struck), None)
    now = clock.now()

    settlement = Settlement.objects.create(
        park=park, settle_id=settle_id, round_id=found.conflict.round, kind=kind, reason=reason, settled_at=now,
        verdict=(Verdict.STRUCK if gone else Verdict.REAL).value, settled_by=actor.key, settled_by_name=actor.name)
    SettledSwab.objects.bulk_create([SettledSwab(settlement=settlement, specimen=swab) for swab in found.swabs])
    if gone:
        Tube.objects.select_for_update(no_key=True).get(pk=gone.tube_id)                    # no scan comes between
        Undo.objects.create(park=park, undo_id=settle_id, specimen=gone, reason=reason, undone_at=now, undone_by=actor.key)
        first_again(gone)

    note("conflict.settled", actor=actor, at=now, park_id=park.pk, subject=f"round:{settlement.round.number}", kind=kind,
         verdict=settlement.verdict, reason=reason, tube=gone.tube.code if gone else "", position=gone.position if gone else "",
         specimens=len(found.swabs))
    return settlement


def _found(park: Park, kind: str, scan_ids: set[str]) -> Found | None:
    """The open conflict of this kind that consists of just these scans."""
    first = Specimen.objects.filter(park=park, scan_id__in=scan_ids).values("round")
    rounds = Round.objects.filter(park=park, pk__in=first)
    return next((each for each in open_conflicts(park, rounds, (EVERYTHING,)) if each.kind == kind
                 and {swab.scan_id for swab in each.swabs} == scan_ids), None)
