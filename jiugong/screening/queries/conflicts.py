"""Conflicts between scans of some rounds: found among the rows, never copied, whatever arrived first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.screening.logic.conflicts import (
    CLOCK_WRONG,
    LATE_BY,
    Conflict,
    Swab,
    conflicts_among,
    is_of_another_time,
    still_open,
)
from jiugong.screening.logic.custody import not_before
from jiugong.screening.models import Point, Retest, Round, SettledSwab, Settlement, Specimen
from jiugong.screening.queries.rounds import reach_into
from jiugong.screening.queries.tubes import on_branches
from jiugong.screening.words import Verdict

A_FEW = 200                                  # rounds in one question that asks of each round for itself
A_PART = 5_000                               # numbers in one question: databases bound it
RECENT = timedelta(days=14)                  # rounds that a list opens with; an older one is chosen
NOW = timedelta(days=1)                      # rounds that the board asks about: a page that is loaded all day long
SEES = (Can.SEE_BOARD, Can.BIND_SPECIMENS)
OF_A_SWAB = ("pk", "round_id", "tube_id", "tube__capacity", "tube__sealed_at", "tube__point_id", "person_id", "id_index", "kind",
             "sampled_at", "device", "skew_seconds", "received_at", "device_at", "round__imported", "round__opens_at",
             "round__closes_at")
SAID = ("person__name", "lot", "place__name", "tube__code", "device", "scanner__name")     # where words are looked for in a swab


@dataclass(frozen=True)
class Found:
    """A conflict with its rows: each swab with its person, tube, point and round."""

    conflict: Conflict
    swabs: list[Specimen]

    @property
    def kind(self) -> str:
        return self.conflict.kind

    @property
    def ids(self) -> set[int]:
        return set(self.conflict.swabs)


@dataclass(frozen=True)
class Waiting:
    """A conflict before its rows are read: since when it is, and at which points its swabs were taken."""

    conflict: Conflict
    since: datetime
    points: tuple[Point, ...]

    @property
    def kind(self) -> str:
        return self.conflict.kind


def rounds_between(park: Park, first: date, last: date) -> QuerySet[Round]:
    """The rounds of these days, both included."""
    return Round.objects.filter(park=park, day__gte=first, day__lte=last)


def open_conflicts(park: Park, rounds: Iterable[Round], reach: Sequence[str]) -> list[Found]:
    """What of these rounds needs a person, within a reach: where at least one of its swabs was taken; the oldest first."""
    return with_swabs(waiting_conflicts(park, rounds, reach))


def waiting_conflicts(park: Park, rounds: Iterable[Round], reach: Sequence[str]) -> list[Waiting]:
    """The same without reading who and by whom: what a count and a page of thousands need."""
    numbers = [each.pk for each in rounds]
    facts = {swab.pk: (swab, point, since) for swab, point, since in _facts(park, _candidates(park, numbers))}
    conflicts = [each for each in conflicts_among(swab for swab, _point, _since in facts.values()) if each.round in set(numbers)]
    points = {point.pk: point for part in _parts(sorted({point for _swab, point, _since in facts.values()}))
              for point in Point.objects.filter(pk__in=part).select_related("park", "unit", "place")}
    found = [Waiting(each, facts[each.swabs[0]][2], tuple(points[pk] for pk in sorted({facts[swab][1] for swab in each.swabs})))
             for each in still_open(conflicts, _settled(facts))]
    seen = [each for each in found if any(is_within(point, reach) for point in each.points)]
    return sorted(seen, key=lambda each: (each.since, each.kind, each.conflict.swabs[0]))


def with_swabs(waiting: Sequence[Waiting]) -> list[Found]:
    """These conflicts with the rows of their swabs."""
    rows = {row.pk: row for part in _parts(sorted({pk for each in waiting for pk in each.conflict.swabs}))
            for row in Specimen.objects.filter(pk__in=part).select_related(
                "person", "place", "round", "scanner", "tube__round", "tube__point__park", "tube__point__unit",
                "tube__point__place")}
    return [Found(each.conflict, [rows[pk] for pk in each.conflict.swabs if pk in rows]) for each in waiting]


def that_say(waiting: Sequence[Waiting], text: str, park: Park, reach: Sequence[str]) -> list[Waiting]:
    """Those with these words in a swab within the reach: its name, tube, device or scanner, a walk-in's masked number."""
    said: set[int] = set()
    for part in _parts(sorted({pk for each in waiting for pk in each.conflict.swabs})):
        swabs = Specimen.objects.filter(on_branches(tuple(reach), park, "tube__point__"), pk__in=part)
        said.update(swabs.filter(_says(text)).values_list("pk", flat=True))
        if any(sign.isdigit() for sign in text):
            strangers = swabs.filter(kind="person", person=None).only("scan_id", "id_sealed", "person")
            said.update(row.pk for row in strangers if text.upper() in row.masked_id)
    return [each for each in waiting if not said.isdisjoint(each.conflict.swabs)]


def _says(text: str, prefix: str = "") -> Q:
    found = Q(pk__in=[])
    for column in SAID:
        found |= Q(**{f"{prefix}{column}__icontains": text})
    return found


def is_within(point: Point, reach: Sequence[str]) -> bool:
    """Does a point stand on one of these branches?"""
    return branches_within(point.branches, reach)


def branches_within(branches: Iterable[str], reach: Sequence[str]) -> bool:
    """The same of a point's own branches."""
    return any(branch.startswith(tuple(reach)) for branch in branches)


def reach_of(actor: Actor, park: Park) -> tuple[str, ...]:
    """Where an actor sees conflicts: where he reads the board, and where he samples."""
    return tuple({root for power in SEES for root in reach_into(actor, power, park)})


def settlements_of(park: Park, rounds: QuerySet[Round], reach: Sequence[str], *, kind: str = "",
                   text: str = "") -> QuerySet[Settlement]:
    """What was settled in these rounds, the last one first, with its swabs, within a reach; of a kind, and with these words."""
    seen = SettledSwab.objects.filter(on_branches(tuple(reach), park, "specimen__tube__point__"), settlement=OuterRef("pk"))
    rows = Settlement.objects.filter(Exists(seen), park=park, round__in=rounds.order_by().values("pk"))
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(reason__icontains=text) | Q(settled_by_name__icontains=text)
                           | Exists(seen.filter(_says(text, "specimen__"))))
    return (rows.select_related("round").order_by("-settled_at", "-pk")
            .prefetch_related("swabs__specimen__person", "swabs__specimen__place", "swabs__specimen__undo",
                              "swabs__specimen__tube__point__park", "swabs__specimen__tube__point__unit",
                              "swabs__specimen__tube__point__place"))


# which rows take part --------------------------------------------------------------------------------------------------

def _candidates(park: Park, rounds: Sequence[int]) -> set[int]:
    """The numbers of all swabs that can take part in a conflict of these rounds, in a flat number of questions.

    Only what has happened: no swab is taken after now, but a demonstration's clock stands in the past.
    """
    happened = Specimen.objects.filter(park=park, sampled_at__lte=clock.now())
    taken = happened.filter(round__in=rounds)
    found: set[int] = set()
    for column in ("person", "id_index"):
        twice = (taken.filter(**{f"{column}__isnull": False}).order_by().values("round", column).annotate(swabs=Count("pk"))
                 .filter(swabs__gt=1).values_list("round", column))
        of_whom: dict[int, list[Any]] = defaultdict(list)
        for number, whose in twice:
            of_whom[number].append(whose)
        for number, whose_all in of_whom.items():
            for part in _parts(whose_all):
                found.update(taken.filter(**{"round": number, f"{column}__in": part}).values_list("pk", flat=True))
    overfull = taken.order_by().values("tube").annotate(swabs=Count("pk")).filter(swabs__gt=F("tube__capacity")).values("tube")
    strange = happened.filter(Q(tube__in=overfull) | Q(tube__in=taken.exclude(
        round=F("tube__round")).values("tube")))
    found.update(strange.values_list("pk", flat=True))
    wrong = int(CLOCK_WRONG.total_seconds())
    found.update(taken.filter(
        Q(sampled_at__gt=F("tube__sealed_at")) | Q(skew_seconds__gt=wrong) | Q(skew_seconds__lt=-wrong)
        | Q(kind="person", person=None)).values_list("pk", flat=True))
    found.update(_late(taken, rounds))
    return found - _answers(park, found)


def _answers(park: Park, found: Iterable[int]) -> set[int]:
    """Those of these swabs that answer a single retest: they are asked for, and conflict with nothing of their round."""
    waited = Retest.objects.filter(park=park, specimen__person=OuterRef("person"), specimen__round=OuterRef("round"),
                                   ).exclude(specimen=OuterRef("pk"))
    answers = Exists(waited.filter(opened_at__lt=OuterRef("sampled_at"))) | Q(scan_id__startswith="retest:") & Exists(waited)
    people = Retest.objects.filter(park=park).values("specimen__person")
    return {pk for part in _parts(sorted(found)) for pk in Specimen.objects.filter(
        answers, pk__in=part, person__in=people).values_list("pk", flat=True)}


def _late(taken: QuerySet[Specimen], rounds: Sequence[int]) -> Iterable[int]:
    """Swabs of another time than their round; the rounds of imported history have no time of their own."""
    windows = Round.objects.filter(pk__in=rounds, imported=False).values_list("pk", "opens_at", "closes_at")
    for start in range(0, len(windows), A_FEW):
        asked = Q(pk=None)
        for number, opens_at, closes_at in windows[start:start + A_FEW]:
            asked |= Q(round=number) & (Q(received_at__gt=closes_at + LATE_BY) | Q(skew_seconds=None) & (
                Q(device_at__lt=opens_at - LATE_BY) | Q(device_at__gt=closes_at + LATE_BY)))
        yield from taken.filter(asked).values_list("pk", flat=True)


def _facts(park: Park, candidates: Iterable[int]) -> Iterable[tuple[Swab, int, datetime]]:
    """Each swab with the number of its point and since when it waits; read without making rows of them, for thousands."""
    for part in _parts(sorted(candidates)):
        for (pk, number, tube, capacity, sealed_at, point, person, index, kind, sampled_at, device, seconds, received_at, device_at,
             imported, opens_at, closes_at) in Specimen.objects.filter(pk__in=part).values_list(*OF_A_SWAB).iterator():
            skew = None if seconds is None else timedelta(seconds=seconds)
            is_late = not imported and is_of_another_time(
                opens_at=opens_at, closes_at=closes_at, received_at=received_at, device_at=device_at, skew=skew)
            yield Swab(pk=pk, round=number, tube=tube, capacity=capacity, sealed_at=sealed_at,
                       whose=person or (bytes(index) if index else None), is_stranger=kind == "person" and person is None,
                       sampled_at=sampled_at, device=device, skew=skew, is_late=is_late), point, not_before(
                           sampled_at, opens_at, park.zone)


def _settled(rows: Iterable[int]) -> dict[str, set[int]]:
    """Of which swabs somebody has said that all is real, by the kind of conflict. One that was struck is not here any more."""
    found: dict[str, set[int]] = defaultdict(set)
    for part in _parts(sorted(rows)):
        for kind, pk in SettledSwab.objects.filter(
                specimen__in=part, settlement__verdict=Verdict.REAL).values_list("settlement__kind", "specimen"):
            found[kind].add(pk)
    return found


def _parts(numbers: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (numbers[start:start + A_PART] for start in range(0, len(numbers), A_PART))
