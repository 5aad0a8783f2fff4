"""What a device sends, read row by row, bound at the desk, and answered row by row: one way for every door."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor
from jiugong.lib.refusal import Refusal
from jiugong.monitoring import SCANS
from jiugong.registry.models import Park, Person
from jiugong.screening.actions.permits import permitted
from jiugong.screening.actions.scans import MOST_SCANS, Answer, Scan, Sending, refused
from jiugong.screening.desk import bind_at_desk
from jiugong.screening.errors import MomentUnclear, ScanMisshapen, TooManyScans


class ScanIn(BaseModel):
    """One swab in one tube: of a person (`resident_id`, `person` or `code`), of a `place`, or of a `lot` of goods."""

    scan_id: str
    round: int = Field(ge=0, le=2**31 - 1)
    tube: str
    point: str = ""
    resident_id: str = ""
    person: UUID | None = None
    code: str = Field("", description="The code of a person's badge, as it was read.")
    place: int | None = Field(None, ge=1, le=2**62)
    lot: str = ""
    position: int = Field(0, ge=-(2**31), le=2**31 - 1, description="Its place in the tube; 0 or absent is the next one.")
    sampled_at: str = Field("", description="ISO moment in the park's time; absent is now.")
    device_at: str = Field("", description="ISO moment as the device's own clock said it; set right by `device_now`.")
    device: str = ""
    offline: bool = Field(False, description="Made without a connection: kept whatever became of the tube meanwhile.")


class ScansIn(BaseModel):
    """Up to 500 scans. Each row has the shape of `ScanIn`; a row that has not is refused alone."""

    park: str = Field("", description="Name or id. May be absent where you see exactly one park.")
    scans: list[dict[str, Any]]
    device_now: str = Field("", description="What the device's clock says now; how far it is off is kept with each scan.")


def receive(park: Park, sent: ScansIn, *, actor: Actor, scanner: Person | None) -> dict[str, Any]:
    """Bind what was sent: an answer for each scan in the same order, the park's time, and how far the device's is off.

    Raises TooManyScans, MomentUnclear.
    """
    sending, shapeless = understood(park, sent, actor=actor, scanner=scanner)
    return told(sending, shapeless, bind_at_desk(park, sending))


def understood(park: Park, sent: ScansIn, *, actor: Actor, scanner: Person | None) -> tuple[Sending, dict[int, Answer]]:
    """The scans that can be read and may be made, and by its place in the list the answer to each row that cannot.

    Raises TooManyScans, MomentUnclear.
    """
    if len(sent.scans) > MOST_SCANS:
        raise TooManyScans(count=len(sent.scans), most=MOST_SCANS)
    rows = permitted(park, [_scan(row, park) for row in sent.scans], scanner)
    shapeless = {at: refused(str(sent.scans[at].get("scan_id", ""))[:64], row) for at, row in enumerate(rows)
                 if isinstance(row, Refusal)}
    return Sending(scans=[row for row in rows if isinstance(row, Scan)], actor=actor, scanner=scanner, received_at=clock.now(),
                   device_now=moment(sent.device_now, park) if sent.device_now else None), shapeless


def told(sending: Sending, shapeless: dict[int, Answer], bound: list[Answer]) -> dict[str, Any]:
    """What the device hears, in the language of whoever asks now."""
    following = iter(bound)
    answers = [shapeless[at] if at in shapeless else next(following) for at in range(len(shapeless) + len(bound))]
    for (status, code), scans in Counter((answer.status, answer.code) for answer in answers).items():
        SCANS.labels(status, code).inc(scans)
    return {"answers": [answer.as_data() for answer in answers], "now": sending.received_at,
            "skew": None if sending.skew is None else round(sending.skew.total_seconds())}


def _scan(row: dict[str, Any], park: Park) -> Scan | Refusal:
    """A row as a scan, or which field of it has not its shape."""
    try:
        read = ScanIn.model_validate(row)
    except ValidationError as reason:
        return ScanMisshapen(field=".".join(map(str, reason.errors()[0]["loc"])) or "row")
    moments: dict[str, datetime | None] = {}
    for field, text in (("sampled_at", read.sampled_at), ("device_at", read.device_at)):
        try:
            moments[field] = moment(text, park) if text else None
        except MomentUnclear:
            return ScanMisshapen(field=field)
    return Scan(scan_id=read.scan_id, round=read.round, tube=read.tube, point=read.point, id_number=read.resident_id,
                person=read.person, code=read.code, place_id=read.place, lot=read.lot, position=read.position,
                device=read.device, offline=read.offline, sampled_at=moments["sampled_at"], device_at=moments["device_at"])


def moment(text: str, park: Park) -> datetime:
    """A moment as a program writes it. Raises MomentUnclear."""
    try:
        read = days.moment(text, park.zone)
        days.day_of(read, park.zone)                             # the last hours of the calendar have no day here
        return read
    except (ValueError, OverflowError):
        raise MomentUnclear(text=text) from None
