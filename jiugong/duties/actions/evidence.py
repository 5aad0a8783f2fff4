"""The only code that records evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from jiugong.duties.errors import (
    ClientIdReused,
    EvidenceKindUnknown,
    EvidenceMisshapen,
    EvidenceRowMisshapen,
    FutureEvidence,
    TooMuchEvidence,
)
from jiugong.duties.logic import KINDS, Misshapen
from jiugong.duties.models import Evidence
from jiugong.duties.queries.parameters import Values
from jiugong.duties.queries.subjects import Subject, Subjects, Whom, about, rooted
from jiugong.duties.sentences import wrong_in_words
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Park

MOST_PIECES = 500
TRIES = 3
LONGEST_ID = 64
SKEW = timedelta(minutes=5)                  # a phone's clock may be a little fast


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One piece of evidence as a program sends it. Without `happened_at` it happened now."""

    client_id: str
    kind: str
    whom: Whom
    data: Mapping[str, object]
    happened_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a piece of evidence: `accepted`, `repeat` or `refused`. `valid` is whether it counts as done."""

    client_id: str
    status: str
    code: str = ""
    message: str = ""
    name: str = ""
    valid: bool = False


@transaction.atomic
def record(park: Park, subject: Subject, *, kind: str, data: Mapping[str, object], happened_at: datetime,
           client_id: str, actor: Actor) -> Evidence:
    """Record what somebody has done. The same `client_id` again is answered as the first time.

    Raises EvidenceKindUnknown, EvidenceMisshapen, FutureEvidence, ClientIdReused.
    """
    actor.must(Can.RECORD_EVIDENCE, over=rooted(subject))
    read = _read(Values(park), subject, kind, data, happened_at, client_id, actor)
    columns = ("kind", "person", "unit", "place", "data", "valid", "received_at", "happened_at", "recorded_by")
    evidence, is_new = Evidence.objects.get_or_create(
        park=park, client_id=client_id, defaults={name: getattr(read, name) for name in columns})
    return evidence if is_new else _same(evidence, read)


def record_all(park: Park, pieces: Sequence[Piece], *, actor: Actor) -> list[Answer]:
    """Record what many have done; one answer for each piece, in the same order.

    What cannot be recorded is refused alone and changes nothing. Raises TooMuchEvidence.
    """
    if len(pieces) > MOST_PIECES:
        raise TooMuchEvidence(count=len(pieces), most=MOST_PIECES)
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return _record_all(park, pieces, actor)
        except IntegrityError:                  # the same piece came on another line at this very moment
            if not left:
                raise
    raise AssertionError("unreachable")


def _record_all(park: Park, pieces: Sequence[Piece], actor: Actor) -> list[Answer]:
    subjects = Subjects(actor, park, Can.RECORD_EVIDENCE, [piece.whom for piece in pieces])
    known = {each.client_id: each for each in Evidence.objects.filter(
        park=park, client_id__in=[piece.client_id for piece in pieces if piece.client_id.isprintable()])}
    values = Values(park)
    new: list[Evidence] = []
    answers: list[Answer] = []
    for piece in pieces:
        try:
            subject = subjects.one(piece.whom)
            read = _read(values, subject, piece.kind, piece.data, piece.happened_at or clock.now(), piece.client_id,
                         actor)
            before = known.get(piece.client_id)
            evidence = _same(before, read) if before else read
        except Refusal as refusal:
            answers.append(Answer(client_id=piece.client_id, status="refused", code=refusal.code, message=str(refusal)))
            continue
        if before is None:
            known[piece.client_id] = evidence
            new.append(evidence)
        answers.append(Answer(client_id=piece.client_id, status="repeat" if before else "accepted", name=str(subject),
                              valid=evidence.valid))
    Evidence.objects.bulk_create(new)
    return answers


def _read(values: Values, subject: Subject, kind: str, data: Mapping[str, object], happened_at: datetime,
          client_id: str, actor: Actor) -> Evidence:
    """The evidence that these words are, not yet kept. Where they name a day themselves, it stands for the moment."""
    now, park = clock.now(), values.park
    if not 0 < len(client_id) <= LONGEST_ID or not client_id.isprintable():
        raise EvidenceRowMisshapen(field="client_id")
    shape = KINDS.get(kind)
    if shape is None:
        raise EvidenceKindUnknown(kind=kind, known=", ".join(KINDS))
    try:
        read = shape.read(data, values.on(days.day_of(happened_at, park.zone)) if shape.by_rules else {})
    except Misshapen as reason:
        raise EvidenceMisshapen(field=reason.field, wrong=wrong_in_words(reason)) from reason
    if read.day:
        happened_at = days.bounds(read.day, park.zone)[0]
    if (last := max(happened_at, read.at or happened_at)) > now + SKEW:
        raise FutureEvidence(happened_at=days.local(last, park.zone))
    return Evidence(park=park, client_id=client_id, **about(subject), kind=kind, data=dict(read.data),
                    valid=read.valid, received_at=now, happened_at=min(happened_at, now), recorded_by=actor.key)


def _same(before: Evidence, again: Evidence) -> Evidence:
    """What came before under the same id, if it says the same. Raises ClientIdReused."""
    said = ("kind", "person_id", "unit_id", "place_id", "data")
    if any(getattr(before, name) != getattr(again, name) for name in said):
        raise ClientIdReused(client_id=again.client_id)
    return before
