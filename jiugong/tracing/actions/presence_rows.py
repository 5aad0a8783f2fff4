"""Whereabouts row by row, as a gate or a canteen sends them: each row once, however often it comes, and answered by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from jiugong.lib import clock, identifiers
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Park
from jiugong.tracing.actions.presence_files import Dwell, spots_of
from jiugong.tracing.actions.pseudonyms import numbered, pseudonyms_of
from jiugong.tracing.errors import PersonUnknown, PresenceIdReused, RowMisshapen, StayOutOfOrder, TooManyRows
from jiugong.tracing.logic.presence_files import LONGEST_NAME, LONGEST_NUMBER
from jiugong.tracing.logic.spots import kind_of, source_of
from jiugong.tracing.models import Presence, Pseudonym, Spot

MOST_ROWS, LONGEST_ID = 500, 64


@dataclass(frozen=True, kw_only=True)
class Row:
    """One stay that a program sends: of an ID number or of a person of the roster. `left_at` None: nobody scanned out."""

    client_id: str
    kind: str
    spot: str
    entered_at: datetime
    id_number: str = ""
    person: UUID | None = None
    left_at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a row: `accepted`, `repeat` (it was here already), or `refused` with the reason."""

    client_id: str
    status: str
    code: str = ""
    message: str = ""
    on_roster: bool | None = None

    def as_data(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if value not in ("", None)}


@transaction.atomic
def record_rows(park: Park, rows: Sequence[Row | Refusal], ids: Sequence[str], *, actor: Actor) -> list[Answer]:
    """Keep these stays and answer each in the same order. A row that is a refusal already is answered with it.

    Raises NotAllowed, TooManyRows.
    """
    actor.must(Can.IMPORT_RECORDS, over=park)
    if len(rows) > MOST_ROWS:
        raise TooManyRows(count=len(rows), most=MOST_ROWS)
    park.one_at_a_time()
    checked = [row if isinstance(row, Refusal) else _wrong(row) or row for row in rows]
    ledger = _Ledger(park, [row for row in checked if isinstance(row, Row)])
    answers = [_refused(client_id, row) if isinstance(row, Refusal) else ledger.answer(row)
               for client_id, row in zip(ids, checked, strict=True)]
    Presence.objects.bulk_create(ledger.new, batch_size=MOST_ROWS)

    if ledger.new:
        note("presence.sent", actor=actor, at=ledger.now, park_id=park.pk, created=len(ledger.new),
             refused=sum(answer.status == "refused" for answer in answers))
    return answers


class _Ledger:
    """What is on record already for these rows, and what they add."""

    def __init__(self, park: Park, rows: Sequence[Row]) -> None:
        self.park, self.now, self.new = park, clock.now(), list[Presence]()
        self.people = _people(park, {row.person for row in rows if row.person})
        self.numbers: Mapping[str, Pseudonym] = pseudonyms_of(park, {_number(row) for row in rows if not row.person})
        self.spots = spots_of(park, {_spot(row) for row in rows})[0]
        self.dwell = Dwell(park)
        self.by_id = {each.client_id: each for each in Presence.objects.filter(
            park=park, client_id__in=[row.client_id for row in rows])}
        self.by_stay = {_stay(each): each for each in Presence.objects.filter(
            park=park, entered_at__in={row.entered_at for row in rows})}

    def answer(self, row: Row) -> Answer:
        """Keep a row, or say that it was here, or why it cannot be kept."""
        who = self.people.get(row.person) if row.person else self.numbers[_number(row)]
        if who is None:
            return _refused(row.client_id, PersonUnknown())
        made = self._made(row, who, self.spots[_spot(row)])
        before = self.by_id.get(row.client_id)
        if before and _begun(before) != _begun(made):
            return _refused(row.client_id, PresenceIdReused())
        on_roster = who.person_id is not None
        if before or _stay(made) in self.by_stay:
            return Answer(client_id=row.client_id, status="repeat", on_roster=on_roster)
        self.by_id[row.client_id] = self.by_stay[_stay(made)] = made
        self.new.append(made)
        return Answer(client_id=row.client_id, status="accepted", on_roster=on_roster)

    def _made(self, row: Row, who: Pseudonym, spot: Spot) -> Presence:
        left_at = row.left_at or row.entered_at + timedelta(minutes=self.dwell.minutes(spot.kind, row.entered_at))
        return Presence(park=self.park, who=who, spot=spot, entered_at=row.entered_at, left_at=left_at,
                        assumed=row.left_at is None, source=source_of(row.source), client_id=row.client_id, received_at=self.now)


def _people(park: Park, wanted: set[UUID]) -> dict[UUID, Pseudonym]:
    if not wanted:
        return {}
    numbered(park)
    rows = Pseudonym.objects.filter(park=park, person__uid__in=wanted).select_related("person")
    return {row.person.uid: row for row in rows if row.person}


def _wrong(row: Row) -> Refusal | None:
    """Which field of a row cannot be kept."""
    if not 0 < len(row.client_id) <= LONGEST_ID:
        return RowMisshapen(field="client_id")
    if not row.person and not 0 < len(_number(row)) <= LONGEST_NUMBER:
        return RowMisshapen(field="resident_id")
    if not 0 < len(row.spot.strip()) <= LONGEST_NAME:
        return RowMisshapen(field="spot")
    if row.left_at and row.left_at < row.entered_at:
        return StayOutOfOrder()
    return None


def _number(row: Row) -> str:
    return identifiers.folded(row.id_number).lstrip("'").upper()


def _spot(row: Row) -> tuple[str, str]:
    return kind_of(row.kind) or "venue", row.spot.strip()


def _stay(one: Presence) -> tuple[int, int, datetime, datetime, str]:
    return one.who_id, one.spot_id, one.entered_at, one.left_at, one.source


def _begun(one: Presence) -> tuple[int, int, datetime, str]:
    """What makes a stay the same even when its assumed end was set right since."""
    return one.who_id, one.spot_id, one.entered_at, one.source


def _refused(client_id: str, reason: Refusal) -> Answer:
    return Answer(client_id=client_id, status="refused", code=reason.code, message=str(reason))
