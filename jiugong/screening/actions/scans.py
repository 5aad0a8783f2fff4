"""Binding people to tubes as devices send it: up to 500 scans at once, each answered, safe to send twice.

What several devices send at one moment is bound together, in one transaction (`bind_together`): a point under load
then pays for a few questions, however many devices wait. Long because what a scan may meet is told in one place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.identifiers import folded
from jiugong.lib.keeping import rows_were_appended
from jiugong.lib.refusal import Refusal
from jiugong.lib.sheets import name_key, tidy_title
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person
from jiugong.registry.words import PlaceKind
from jiugong.screening.actions.appending import TABLE, SpecimenRow, append_specimens
from jiugong.screening.actions.tally import Before, PointAt, RoundAt, Somebody, Tally, TubeAt
from jiugong.screening.errors import (
    AFTER_SEAL,
    ALREADY_SAMPLED,
    OTHER_ROUND,
    OVERFULL,
    SCAN_UNDONE,
    WALK_IN,
    PersonUnknown,
    ScanIdReused,
    ScanMisshapen,
    SubjectUnclear,
    TooManyScans,
    TubeAlreadySealed,
    TubeFull,
    TubeInOtherRound,
)
from jiugong.screening.models import Point, sealed_number
from jiugong.screening.words import PointKind, SubjectKind

MOST_SCANS = 500
MOST_POSITIONS = 1000
LONGEST = {"scan_id": 64, "tube": 40, "point": 120, "id_number": 40, "code": 300, "lot": 80, "device": 60}
NEEDED = ("scan_id", "tube")
TRIES = 3
MOST_SKEW = timedelta(days=3650)             # a device that says it is ten years off says nothing
SAID = {"screening.already_sampled": ALREADY_SAMPLED, "screening.walk_in": WALK_IN, "screening.scan_undone": SCAN_UNDONE,
        "screening.after_seal": AFTER_SEAL, "screening.tube_overfull": OVERFULL, "screening.tube_in_other_round": OTHER_ROUND}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """One subject bound to one tube, as a device sends it. `position` 0 is "the next"; moments are aware.

    `offline`: made without a connection. The swab is in the tube by now, so it is kept whatever became of the tube.
    """

    scan_id: str
    round: int
    tube: str
    point: str
    id_number: str = ""
    person: UUID | None = None               # somebody whom the park knows, by the id of his page
    code: str = ""                           # the code of his badge, as a camera read it
    place_id: int | None = None
    lot: str = ""
    position: int = 0
    sampled_at: datetime | None = None
    device_at: datetime | None = None        # what the device's own clock said
    device: str = ""
    offline: bool = False

    def tidied(self) -> "Scan":
        """The same scan as a file would have it: no spaces and no full-width signs in codes and numbers."""
        return replace(self, tube=folded(self.tube), code=self.code.strip(), id_number=folded(self.id_number).upper(),
                       point=tidy_title(self.point), lot=tidy_title(self.lot), device=tidy_title(self.device))

    @property
    def kind(self) -> SubjectKind:
        if self.place_id:
            return SubjectKind.PLACE
        return SubjectKind.LOT if self.lot else SubjectKind.PERSON


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What one device sent at once: its scans, who acts, who holds it where the park knows him, when it arrived.

    `device_now` is what the device's clock said when it sent; how far it is off is kept with each scan.
    """

    scans: Sequence[Scan]
    actor: Actor
    received_at: datetime
    scanner: Person | None = None
    device_now: datetime | None = None

    @property
    def skew(self) -> timedelta | None:
        """How far the park's clock is ahead of the device's; None where the device did not say, or talks nonsense."""
        skew = self.received_at - self.device_now if self.device_now else None
        return skew if skew is not None and abs(skew) <= MOST_SKEW else None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a scan: `accepted`, `repeat` (it came before) or `refused`, with what its sender should know."""

    scan_id: str
    status: str
    code: str = ""
    name: str = ""
    tube: str = ""
    position: int = 0
    bound: int = 0
    capacity: int = 0
    refusal: Refusal | None = None

    @property
    def message(self) -> str:
        """In the language of whoever asks for it: the scan may have been bound by another thread."""
        return str(self.refusal) if self.refusal else str(SAID.get(self.code, ""))

    def as_data(self) -> dict[str, Any]:
        return {"scan_id": self.scan_id, "status": self.status, "code": self.code, "message": self.message, "name": self.name,
                "tube": self.tube, "position": self.position, "bound": self.bound, "capacity": self.capacity}


def refused(scan_id: str, refusal: Refusal, tube: str = "") -> Answer:
    """The answer to a scan that cannot be bound."""
    return Answer(scan_id=scan_id, status="refused", code=refusal.code, refusal=refusal, tube=tube)


def bind(park: Park, scans: Sequence[Scan], *, actor: Actor, scanner: Person | None = None,
         device_now: datetime | None = None) -> list[Answer]:
    """Bind a batch, in the order in which it came; one answer for each scan, in the same order.

    What cannot be bound is refused alone and changes nothing. `scanner` is who holds the device, where the park
    knows him. Raises TooManyScans.
    """
    return bind_together(park, [Sending(scans=scans, actor=actor, scanner=scanner, device_now=device_now,
                                        received_at=clock.now())])[0]


def bind_together(park: Park, sendings: Sequence[Sending]) -> list[list[Answer]]:
    """Bind what several devices sent, in one transaction: all of it is written, or nothing is. Raises TooManyScans."""
    for sending in sendings:
        if len(sending.scans) > MOST_SCANS:
            raise TooManyScans(count=len(sending.scans), most=MOST_SCANS)
    sendings = [replace(sending, scans=[scan.tidied() for scan in sending.scans]) for sending in sendings]
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return _bind(park, sendings)
        except IntegrityError:                  # another device bound the same tube or scan at this very moment
            if not left:
                raise
    raise AssertionError("unreachable")


def _bind(park: Park, sendings: Sequence[Sending]) -> list[list[Answer]]:
    wrong = [[_misshapen(scan) for scan in sending.scans] for sending in sendings]
    known = [scan for sending, fields in zip(sendings, wrong, strict=True)
             for scan, field in zip(sending.scans, fields, strict=True) if field is None]         # nonsense is not asked for
    tally = Tally(park, scan_ids=[scan.scan_id for scan in known], tubes={scan.tube for scan in known},
                  rounds={scan.round for scan in known}, points={name_key(scan.point) for scan in known},
                  id_numbers={scan.id_number for scan in known if scan.id_number},
                  uids={scan.person for scan in known if scan.person}, codes={scan.code for scan in known if scan.code},
                  place_ids={scan.place_id for scan in known if scan.place_id})
    new: list[tuple[TubeAt, SpecimenRow]] = []
    answers = [[_bound(scan, sending, tally, new) if field is None else refused(scan.scan_id, ScanMisshapen(field=field), scan.tube)
                for scan, field in zip(sending.scans, fields, strict=True)]
               for sending, fields in zip(sendings, wrong, strict=True)]
    tally.write_tubes()
    append_specimens([row._replace(tube_id=tube.pk) for tube, row in new])
    rows_were_appended(TABLE, park.pk, park.zone, "scan_id", {row.scan_id: row.sampled_at for _tube, row in new})
    return answers


def _bound(scan: Scan, sending: Sending, tally: Tally, new: list[tuple[TubeAt, SpecimenRow]]) -> Answer:
    try:
        return _bind_one(scan, sending, tally, new)
    except Refusal as refusal:
        return refused(scan.scan_id, refusal, scan.tube)


def _bind_one(scan: Scan, sending: Sending, tally: Tally, new: list[tuple[TubeAt, SpecimenRow]]) -> Answer:
    before = tally.known.get(scan.scan_id)
    if before:
        tally.must_bind(sending.actor, tally.point_by_pk[before.point_id])
        return _repeat(scan, before, tally)
    somebody = _subject(scan, tally)
    the_round = tally.round(scan.round, offline=scan.offline)
    tube, strange = _tube(scan, the_round, tally, sending)

    again = somebody is not None and (the_round.pk, somebody.pk) in tally.sampled
    is_walk_in = scan.kind is SubjectKind.PERSON and somebody is None
    row = _row(scan, sending, tally, the_round, somebody, tube.take(scan.position), is_walk_in, again)
    if somebody:
        tally.sampled.add((the_round.pk, somebody.pk))
    tally.known[scan.scan_id] = Before(
        scan.scan_id, tube.code, tube.point.pk, the_round.number, row.kind, row.person_id,
        somebody.name if somebody else None, row.id_index, row.place_id, row.lot, row.position, again, None)
    new.append((tube, row))
    return _accepted(tally.known[scan.scan_id], tube, strange)


def _row(scan: Scan, sending: Sending, tally: Tally, the_round: RoundAt, somebody: Somebody | None, position: int,
         is_walk_in: bool, again: bool) -> SpecimenRow:
    now, scanner, skew = sending.received_at, sending.scanner, sending.skew
    told = scan.device_at or scan.sampled_at or now
    sampled_at = scan.device_at + skew if scan.device_at and skew is not None else scan.sampled_at or told
    return SpecimenRow(
        park_id=tally.park.pk, scan_id=scan.scan_id, round_id=the_round.pk, tube_id=0, position=position, kind=scan.kind.value,
        person_id=somebody.pk if somebody else None,
        id_sealed=sealed_number(scan.scan_id, scan.id_number, tally.ring) if is_walk_in else None,
        id_index=tally.indexes[scan.id_number] if is_walk_in else None, place_id=scan.place_id or None, lot=scan.lot,
        scanner_id=scanner.pk if scanner and scanner.park_id == tally.park.pk else None, scanner_sealed=None,
        scanner_index=None, device=scan.device, sampled_at=min(sampled_at, now), device_at=told, received_at=now,
        skew_seconds=None if skew is None else round(skew.total_seconds()), again=again, bound_by=sending.actor.key)


def _misshapen(scan: Scan) -> str | None:
    """Which field our tables cannot hold."""
    for name, longest in LONGEST.items():
        text = getattr(scan, name)
        if text and (len(text) > longest or not text.isprintable()):
            return name
    if not scan.scan_id.strip() or not scan.tube.strip():
        return "tube" if scan.scan_id.strip() else "scan_id"
    return None if 0 <= scan.position <= MOST_POSITIONS else "position"


def _subject(scan: Scan, tally: Tally) -> Somebody | None:
    """Whose specimen it is, where the park knows him.

    Raises SubjectUnclear, PersonUnknown, NotHere, BadgeUnknown, BadgeWithdrawn, BadgeExpired.
    """
    if bool(scan.id_number) + bool(scan.person) + bool(scan.code) + bool(scan.place_id) + bool(scan.lot) != 1:
        raise SubjectUnclear()
    if scan.code:
        return tally.shown(scan.code)
    if scan.person and scan.person not in tally.named:
        raise PersonUnknown()
    if scan.place_id and scan.place_id not in tally.places:
        raise NotHere()
    return tally.named[scan.person] if scan.person else tally.person(scan.id_number)


def _tube(scan: Scan, the_round: RoundAt, tally: Tally, sending: Sending) -> tuple[TubeAt, str]:
    """The tube a scan names, or a new one at the scan's point; and what is strange about it, where the scan is kept all
    the same. Raises TubeFull, TubeAlreadySealed, TubeInOtherRound.
    """
    tube = tally.tubes.get(scan.tube)
    if tube is None:
        point = tally.point(scan.point) or _new_point(scan, tally, sending.actor)
        tally.must_bind(sending.actor, point)                    # a new point stands in a park where he may do both
        return tally.open_tube(scan.tube, the_round, point, sending.received_at), ""
    tally.must_bind(sending.actor, tube.point)
    wrong: Refusal | None = None
    if tube.round_id != the_round.pk:
        wrong, strange = TubeInOtherRound(tube=tube.code, other=tally.round_number(tube.round_id)), "screening.tube_in_other_round"
    elif tube.is_sealed:
        wrong, strange = TubeAlreadySealed(tube=tube.code), "screening.after_seal"
    elif tube.bound >= tube.capacity:
        wrong, strange = TubeFull(tube=tube.code, capacity=tube.capacity), "screening.tube_overfull"
    if wrong and not scan.offline:
        raise wrong
    return tube, strange if wrong else ""


def _new_point(scan: Scan, tally: Tally, actor: Actor) -> PointAt:
    """Whoever may open rounds in the park may also sample at a point that nobody has named before."""
    both = actor.may(Can.OPEN_ROUNDS, over=tally.park) and actor.may(Can.BIND_SPECIMENS, over=tally.park)
    if not scan.point or not both:
        raise tally.unknown_point(scan.point, actor)
    return tally.add_point(new_point(tally.park, scan.point))


def new_point(park: Park, name: str) -> Point:
    """Enter a point by its name: one named after an enterprise or a grid stands there, any other is public."""
    key = name_key(name)
    bare = key.removesuffix("采样点")
    unit = park.units.filter(kind="enterprise", key=bare).first()
    place = None if unit else park.places.filter(kind=PlaceKind.GRID, key=bare).first()
    return Point.objects.create(park=park, name=tidy_title(name), key=key, unit=unit, place=place,
                                kind=PointKind.ENTERPRISE if unit else PointKind.PUBLIC)


def _repeat(scan: Scan, before: Before, tally: Tally) -> Answer:
    """The same scan again answers as it did; other content under the same id is refused."""
    if before.kind == SubjectKind.PERSON:
        somebody = (tally.named.get(scan.person) if scan.person else tally.badges.get(scan.code) if scan.code
                    else tally.person(scan.id_number))
        typed = bytes(before.id_index or b"") == tally.indexes.get(scan.id_number, b"-")
        same_subject = typed or bool(before.person_id and somebody and before.person_id == somebody.pk)
    else:
        same_subject = (before.place_id, before.lot) == (scan.place_id, scan.lot)
    if (before.tube, before.round) != (scan.tube, scan.round) or not same_subject:
        raise ScanIdReused(scan_id=scan.scan_id)
    answer = replace(_accepted(before, tally.tubes[before.tube], ""), status="repeat")
    return replace(answer, code="screening.scan_undone") if before.undone else answer


def _accepted(bound: Before, tube: TubeAt, strange: str) -> Answer:
    is_walk_in = bound.kind == SubjectKind.PERSON and bound.person_id is None
    code = strange or ("screening.already_sampled" if bound.again else "screening.walk_in" if is_walk_in else "")
    return Answer(scan_id=bound.scan_id, status="accepted", code=code, name=bound.person or "", tube=tube.code,
                  position=bound.position, bound=tube.bound, capacity=tube.capacity)
