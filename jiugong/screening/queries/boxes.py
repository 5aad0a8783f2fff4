"""Boxes of a park: which there are, what is in them, who has them in hand, how long their swabs have been on their way."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.identifiers import folded
from jiugong.policy.errors import NotInForce
from jiugong.registry.models import Park
from jiugong.rulebook.queries import value_on
from jiugong.screening.box_errors import BoxUnknown
from jiugong.screening.logic.custody import Counts, Way, compare, not_before, way_of
from jiugong.screening.models import Box, Leg, Packed, Specimen, Tube
from jiugong.screening.queries.laboratories import tested_by
from jiugong.screening.queries.rounds import reach_into
from jiugong.screening.queries.tubes import on_branches
from jiugong.screening.stages import ENDS, Stage
from jiugong.screening.words import BoxStage

LIMIT = "transport.hours_at_most"            # of the pack: hours at room temperature until swabs are at the laboratory
SEES = (Can.SEE_BOARD, Can.BIND_SPECIMENS)
RECEIVES = (Can.CARRY_BOXES, Can.REPORT_RESULTS)


def boxes_of(actor: Actor, park: Park) -> QuerySet[Box]:
    """The boxes that an actor may see, the last one first.

    Whoever samples or reads the board sees those of the points there. Whoever only carries boxes or tests their tubes
    sees those that wait to be received, and those that he had in hand. A laboratory's account sees those that wait of the points
    that its contracts cover (`laboratories.tested_by`).
    """
    def reached(powers: Iterable[Can]) -> Q:
        return on_branches(tuple({root for power in powers for root in reach_into(actor, power, park)}), park, "point__")

    in_hand = Q(Exists(Leg.objects.filter(box=OuterRef("pk"), received_by=actor.key)))
    offered = Q(stage=Stage.OFFERED.value)
    mine = reached(SEES) | (reached(RECEIVES) & in_hand) | (reached((Can.CARRY_BOXES,)) & offered)
    if reach_into(actor, Can.REPORT_RESULTS, park):
        mine |= reached((Can.REPORT_RESULTS,)) & offered & tested_by(actor, park)
    return (Box.objects.filter(mine, park=park).select_related("park", "point__park", "point__unit", "point__place")
            .order_by("-opened_at", "-pk"))


def must_see_boxes(actor: Actor, park: Park) -> None:
    """Refuse whoever has nothing to do with boxes anywhere in a park. Raises NotAllowed."""
    if not any(reach_into(actor, power, park) for power in (*SEES, *RECEIVES)):
        actor.must(Can.CARRY_BOXES, over=park)


def box_for(actor: Actor, park: Park, pk: int) -> Box:
    """The only door from a number in a URL to a Box. Raises BoxUnknown."""
    found = boxes_of(actor, park).filter(pk=pk).first()
    if found is None:
        raise BoxUnknown(box=pk)
    return found


def box_called(actor: Actor, park: Park, code: str) -> Box:
    """The only door from a box's code to a Box: the last filling of it. Raises BoxUnknown."""
    found = boxes_of(actor, park).filter(code=folded(code)).first() if code.isprintable() else None
    if found is None:
        raise BoxUnknown(box=code)
    return found


def narrowed(boxes: QuerySet[Box], *, text: str = "", stage: str = "", differs: bool = False) -> QuerySet[Box]:
    """Boxes by a part of their code, of a tube's code in them or of their point's name; by stage; by unexplained counts."""
    if text:
        holding = Packed.objects.filter(box=OuterRef("pk"), code__icontains=text, taken_at=None)
        boxes = boxes.filter(Q(code__icontains=text) | Q(point__name__icontains=text) | Q(holder_name__icontains=text)
                             | Exists(holding))
    if stage in BoxStage.values:
        boxes = boxes.filter(stage=stage)
    if differs:
        boxes = boxes.filter(Exists(unexplained().filter(box=OuterRef("pk"))))
    return boxes


def unexplained() -> QuerySet[Leg]:
    """Hand-overs whose counts did not agree and that nobody has explained yet."""
    return Leg.objects.filter(differs=True, explained_at=None, withdrawn_at=None)


def stages_of_boxes(boxes: QuerySet[Box]) -> dict[str, int]:
    """How many of these boxes stand in each stage."""
    return dict(boxes.order_by().values_list("stage").annotate(boxes=Count("pk")))


def packed_in(boxes: Iterable[Box]) -> dict[int, list[Packed]]:
    """What is in each of these boxes, in the order in which it was put in, by the box's number."""
    found: dict[int, list[Packed]] = defaultdict(list)
    for each in Packed.objects.filter(box__in=[box.pk for box in boxes], taken_at=None).order_by("put_at", "pk"):
        found[each.box_id].append(each)
    return found


def tubes_called(park: Park, codes: Iterable[str]) -> dict[str, Tube]:
    """The tubes of these codes of which a scan has arrived, each with how many swabs are `bound`, by code."""
    rows = Tube.objects.filter(park=park, code__in=set(codes)).select_related("round", "point").annotate(
        bound=Count("specimens", filter=Q(specimens__undo__isnull=True)))
    return {tube.code: tube for tube in rows}


def legs_of(boxes: Iterable[Box]) -> dict[int, list[Leg]]:
    """The hand-overs of each of these boxes, the first one first, those that were taken back too, by the box's number."""
    found: dict[int, list[Leg]] = defaultdict(list)
    for each in Leg.objects.filter(box__in=[box.pk for box in boxes]).order_by("given_at", "pk"):
        found[each.box_id].append(each)
    return found


def counts_of(leg: Leg, packed: Sequence[Packed]) -> Counts:
    """What the two sides of a hand-over counted, beside what is on record."""
    return compare([each.code for each in packed], gave=leg.gave, counted=leg.counted, scanned=leg.scanned)


def leg_for(box: Box, pk: int) -> Leg:
    """The only door from a number in a URL to a hand-over; the caller has come through the box's door. Raises BoxUnknown."""
    found = Leg.objects.filter(box=box, pk=pk).select_related("box__park", "box__point__park", "box__point__unit",
                                                              "box__point__place").first()
    if found is None:
        raise BoxUnknown(box=box.code)
    return found


# how long --------------------------------------------------------------------------------------------------------------

def ways_of(park: Park, boxes: Sequence[Box], packed: Mapping[int, Sequence[Packed]] | None = None) -> dict[int, Way]:
    """How long the swabs of each of these boxes have been on their way, by the box's number."""
    packed = packed_in(boxes) if packed is None else packed
    codes = {each.code for rows in packed.values() for each in rows}
    known = (Specimen.objects.filter(tube__park=park, tube__code__in=codes).order_by()
             .values_list("tube__code", "tube__round__opens_at").annotate(oldest=Min("sampled_at")))
    oldest = {code: (not_before(first, opens_at, park.zone), opens_at) for code, opens_at, first in known}
    hours = hours_at_most(park)
    ways = {}
    for box in boxes:
        first, opens_at = min((oldest[each.code] for each in packed.get(box.pk, ()) if each.code in oldest), default=(None, None))
        opened = max(first, box.opened_at) if first and opens_at and not_before(
            box.opened_at, opens_at, park.zone) != box.opened_at else box.opened_at
        day = days.day_of(min(first, opened) if first else opened, park.zone)
        arrived = box.ended_at if box.stage == Stage.DELIVERED else None
        ways[box.pk] = way_of(oldest=first, opened=opened, arrived=arrived, hours=hours(day))
    return ways


def hours_at_most(park: Park) -> Callable[[date], int | None]:
    """Within how many hours swabs of a day must be at the laboratory; None where no rule in force says. Asked once a day."""
    @cache
    def ask(day: date) -> int | None:
        try:
            return int(str(value_on(park, LIMIT, day)))
        except NotInForce:
            return None
    return ask


def late_boxes(park: Park, boxes: QuerySet[Box], at: datetime) -> list[tuple[Box, Way]]:
    """Those of these boxes whose swabs are or were too long on their way at a moment, the one that waits longest first."""
    listed = list(boxes.filter(opened_at__lte=at).exclude(stage=Stage.DROPPED.value))
    ways = ways_of(park, listed)
    late = [(box, ways[box.pk]) for box in listed if ways[box.pk].is_late(at)]
    return sorted(late, key=lambda pair: (pair[1].arrived is not None, pair[1].since, pair[0].pk))


def under_way(boxes: QuerySet[Box]) -> QuerySet[Box]:
    """Boxes that are neither at the laboratory nor put away."""
    return boxes.exclude(stage__in=ENDS)


def boxes_between(park: Park, start: datetime, end: datetime) -> QuerySet[Box]:
    """The boxes opened from one moment until just before another; those that were put away empty do not count."""
    return (Box.objects.filter(park=park, opened_at__gte=start, opened_at__lt=end).exclude(stage=Stage.DROPPED.value)
            .select_related("point__unit", "point__place").order_by("opened_at", "pk"))
