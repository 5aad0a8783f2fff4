"""Binding people to tubes as devices send it: up to 500 scans at once, each answered, safe to send twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.identifiers import folded
from jiugong.lib.refusal import Refusal
from jiugong.lib.sheets import name_key, tidy_title
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person, Place
from jiugong.registry.words import PlaceKind
from jiugong.screening.actions.ledger import Ledger
from jiugong.screening.errors import (
    ALREADY_SAMPLED,
    SCAN_UNDONE,
    WALK_IN,
    PersonUnknown,
    PointUnknown,
    RoundUnknown,
    ScanIdReused,
    ScanMisshapen,
    SubjectUnclear,
    TooManyScans,
    TubeAlreadySealed,
    TubeFull,
    TubeInOtherRound,
)
from jiugong.screening.models import Point, Round, Specimen, Tube
from jiugong.screening.words import PointKind, SubjectKind

MOST_SCANS = 500
MOST_POSITIONS = 1000
LONGEST = {"scan_id": 64, "tube": 40, "point": 120, "id_number": 40, "code": 300, "lot": 80, "device": 60}
NEEDED = ("scan_id", "tube")
TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Scan:
    """One subject bound to one tube, as a device sends it. `position` 0 is "the next"; moments are aware."""

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
    device: str = ""

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
class Answer:
    """What became of a scan: `accepted`, `repeat` (it came before) or `refused`, with what its sender should know."""

    scan_id: str
    status: str
    code: str = ""
    message: str = ""
    name: str = ""
    tube: str = ""
    position: int = 0
    bound: int = 0
    capacity: int = 0


def bind(park: Park, scans: Sequence[Scan], *, actor: Actor, scanner: Person | None = None) -> list[Answer]:
    """Bind a batch, in the order in which it came; one answer for each scan, in the same order.

    What cannot be bound is refused alone and changes nothing. `scanner` is who holds the device, where the park
    knows him. Raises TooManyScans.
    """
    if len(scans) > MOST_SCANS:
        raise TooManyScans(count=len(scans), most=MOST_SCANS)
    scans = [scan.tidied() for scan in scans]
    if scanner and scanner.park_id != park.pk:
        scanner = None
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return _bind(park, scans, actor, scanner)
        except IntegrityError:                  # another device bound the same tube or scan at this very moment
            if not left:
                raise
    raise AssertionError("unreachable")


def _bind(park: Park, scans: Sequence[Scan], actor: Actor, scanner: Person | None) -> list[Answer]:
    known = [scan for scan in scans if _misshapen(scan) is None]             # the database is asked for no nonsense
    ledger = Ledger(park, scan_ids=[scan.scan_id for scan in known], tubes={scan.tube for scan in known},
                    id_numbers={scan.id_number for scan in known}, phones=(), locked=True,
                    uids={scan.person for scan in known if scan.person}, codes={scan.code for scan in known if scan.code})
    places = {place.pk: place for place in Place.objects.filter(
        park=park, pk__in={scan.place_id for scan in scans if scan.place_id})}
    new: list[Specimen] = []
    answers: list[Answer] = []
    for scan in scans:
        try:
            answers.append(_bind_one(scan, ledger, places, new, actor, scanner))
        except Refusal as refusal:
            answers.append(Answer(scan_id=scan.scan_id, status="refused", code=refusal.code, message=str(refusal),
                                  tube=scan.tube))
    Specimen.objects.bulk_create(new)
    return answers


def _bind_one(scan: Scan, ledger: Ledger, places: dict[int, Place], new: list[Specimen], actor: Actor,
              scanner: Person | None) -> Answer:
    if wrong := _misshapen(scan):
        raise ScanMisshapen(field=wrong)
    before = ledger.known.get(scan.scan_id)
    if before:
        actor.must(Can.BIND_SPECIMENS, over=before.tube.point)
        return _repeat(scan, before, ledger)
    person = _subject(scan, ledger, places)
    the_round = ledger.rounds.get(scan.round)
    if the_round is None:
        raise RoundUnknown(round=scan.round, known=", ".join(map(str, ledger.rounds)) or "-")
    tube = _tube(scan, the_round, ledger, actor)

    now = clock.now()
    specimen = Specimen(
        park=ledger.park, scan_id=scan.scan_id, round=the_round, tube=tube, kind=scan.kind, person=person,
        place=places.get(scan.place_id or 0), lot=scan.lot, scanner=scanner, device=scan.device,
        position=ledger.bind(tube.code, scan.position), device_at=scan.sampled_at or now,
        sampled_at=min(scan.sampled_at or now, now), received_at=now,
        again=bool(person and person.pk in ledger.sampled_in(the_round)), bound_by=actor.key)
    if scan.kind == SubjectKind.PERSON and person is None:
        specimen.keep_number(scan.id_number, ledger.ring, ledger.indexes[scan.id_number])
    if person:
        ledger.sampled_in(the_round).add(person.pk)
    ledger.known[scan.scan_id] = specimen
    new.append(specimen)
    return _accepted(specimen, ledger)


def _misshapen(scan: Scan) -> str | None:
    """Which field our tables cannot hold."""
    for name, longest in LONGEST.items():
        text = getattr(scan, name)
        if len(text) > longest or not text.isprintable() or (name in NEEDED and not text.strip()):
            return name
    return None if 0 <= scan.position <= MOST_POSITIONS else "position"


def _subject(scan: Scan, ledger: Ledger, places: dict[int, Place]) -> Person | None:
    """Whose specimen it is, where the park knows him.

    Raises SubjectUnclear, PersonUnknown, NotHere, BadgeUnknown, BadgeWithdrawn, BadgeExpired.
    """
    if sum(map(bool, (scan.id_number, scan.person, scan.code, scan.place_id, scan.lot))) != 1:
        raise SubjectUnclear()
    if scan.code:
        return ledger.shown(scan.code)
    if scan.person and scan.person not in ledger.named:
        raise PersonUnknown()
    if scan.place_id and scan.place_id not in places:
        raise NotHere()
    return ledger.named[scan.person] if scan.person else ledger.person(scan.id_number)


def _tube(scan: Scan, the_round: Round, ledger: Ledger, actor: Actor) -> Tube:
    """The tube a scan names, or a new one at the scan's point. Raises TubeFull, TubeAlreadySealed, TubeInOtherRound."""
    tube: Tube | None = ledger.tubes.get(scan.tube)
    if tube is None:
        point = ledger.point(scan.point) or _new_point(scan, ledger, actor)
        actor.must(Can.BIND_SPECIMENS, over=point)               # a new point stands in a park where he may do both
        tube = Tube.objects.create(park=ledger.park, code=scan.tube, round=the_round, point=point,
                                   capacity=the_round.pool_size, opened_at=clock.now())
        ledger.tubes[tube.code] = tube
        return tube
    actor.must(Can.BIND_SPECIMENS, over=tube.point)
    if tube.round_id != the_round.pk:
        raise TubeInOtherRound(tube=tube.code, other=tube.round.number)
    if tube.sealed_at:
        raise TubeAlreadySealed(tube=tube.code)
    if ledger.bound[tube.code] >= tube.capacity:
        raise TubeFull(tube=tube.code, capacity=tube.capacity)
    return tube


def _new_point(scan: Scan, ledger: Ledger, actor: Actor) -> Point:
    """Whoever may open rounds in the park may also sample at a point that nobody has named before."""
    both = actor.may(Can.OPEN_ROUNDS, over=ledger.park) and actor.may(Can.BIND_SPECIMENS, over=ledger.park)
    if not scan.point or not both:
        known = sorted(point.name for point in ledger.points.values() if actor.may(Can.BIND_SPECIMENS, over=point))
        raise PointUnknown(point=scan.point or "-", known=", ".join(known) or "-")
    return new_point(ledger, scan.point)


def new_point(ledger: Ledger, name: str) -> Point:
    """Enter a point by its name: one named after an enterprise or a grid stands there, any other is public."""
    key = name_key(name)
    bare = key.removesuffix("采样点")
    unit = ledger.park.units.filter(kind="enterprise", key=bare).first()
    place = None if unit else ledger.park.places.filter(kind=PlaceKind.GRID, key=bare).first()
    point = Point.objects.create(park=ledger.park, name=tidy_title(name), key=key, unit=unit, place=place,
                                 kind=PointKind.ENTERPRISE if unit else PointKind.PUBLIC)
    ledger.points[key] = point
    return point


def _repeat(scan: Scan, before: Specimen, ledger: Ledger) -> Answer:
    """The same scan again answers as it did; other content under the same id is refused."""
    if before.kind == SubjectKind.PERSON:
        person = (ledger.named.get(scan.person) if scan.person else ledger.badges.get(scan.code) if scan.code
                  else ledger.person(scan.id_number))
        typed = bytes(before.id_index or b"") == ledger.indexes.get(scan.id_number, b"-")
        same_subject = typed or bool(before.person and before.person == person)
    else:
        same_subject = (before.place_id, before.lot) == (scan.place_id, scan.lot)
    if before.tube.code != scan.tube or not same_subject:
        raise ScanIdReused(scan_id=scan.scan_id)
    answer = replace(_accepted(before, ledger), status="repeat")
    if hasattr(before, "undo"):
        return replace(answer, code="screening.scan_undone", message=str(SCAN_UNDONE))
    return answer


def _accepted(specimen: Specimen, ledger: Ledger) -> Answer:
    code = message = ""
    if specimen.again:
        code, message = "screening.already_sampled", str(ALREADY_SAMPLED)
    elif specimen.kind == SubjectKind.PERSON and specimen.person is None:
        code, message = "screening.walk_in", str(WALK_IN)
    return Answer(scan_id=specimen.scan_id, status="accepted", code=code, message=message,
                  name=specimen.person.name if specimen.person else "", tube=specimen.tube.code,
                  position=specimen.position, bound=ledger.bound[specimen.tube.code], capacity=specimen.tube.capacity)
