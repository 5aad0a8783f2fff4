"""Which days of a park are closed, by whom, what came late, when they were last verified."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Count as Counted
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import get_language

from jiugong.closing.models import Afterword, AfterwordKind, Check, Count, Miss, Seal
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.registry.queries.people import today_in, within
from jiugong.screening.models import Round

LATELY = 14                                  # days that are listed though nobody opened a round on them
SUMMED: tuple[Literal["owed", "done", "excused", "missed"], ...] = ("owed", "done", "excused", "missed")


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """A day as the list shows it; without a seal it is open."""

    day: date
    seal: Seal | None = None
    sums: dict[str, int] = field(default_factory=dict)
    late: int = 0


def as_data(seal: Seal) -> dict[str, Any]:
    """A closed day as a program reads it: the same every time."""
    counts = list(seal.counts.order_by("kind", "key", "window", "pk"))
    return {"park": seal.park.name, "day": seal.day.isoformat(), "number": seal.number, "seal": seal.short,
            "closed_at": seal.sealed_at.isoformat(), "closed_by": seal.sealed_by_name, "release": seal.release,
            "owed": sum(each.owed for each in counts), "done": sum(each.done for each in counts),
            "excused": sum(each.excused for each in counts), "missed": sum(each.missed for each in counts),
            "counts": [{"kind": each.kind, "key": each.key, "window": each.window, "subject": each.subject, "title": title_of(each),
                        "owed": each.owed, "done": each.done, "excused": each.excused, "missed": each.missed} for each in counts]}


def title_of(count: Any) -> str:
    """What a duty or round is called, in the reader's language."""
    return str(count.title_zh if (get_language() or "zh").startswith("zh") else count.title_en)


def days_listed(actor: Actor, park: Park, state: str = "") -> list[date]:
    """The days of a park that are over: closed ones, those with a round, and the last two weeks; latest first.

    Raises NotAllowed.
    """
    actor.must(Can.SEE_BOARD, over=park)
    yesterday = today_in(park) - timedelta(days=1)
    closed = set(Seal.objects.filter(park=park).values_list("day", flat=True))
    if state == "closed":
        return sorted(closed, reverse=True)
    known = closed | set(Round.objects.filter(park=park, day__lte=yesterday).values_list("day", flat=True))
    known |= {yesterday - timedelta(days=ago) for ago in range(LATELY)}
    return sorted(known - closed if state == "open" else known, reverse=True)


def rows_of_days(park: Park, listed: Iterable[date]) -> list[DayRow]:
    """What the list shows of some days, in the order given."""
    wanted = list(listed)
    seals = {seal.day: seal for seal in Seal.objects.filter(park=park, day__in=wanted).select_related("park")}
    summed = Count.objects.filter(seal__in=seals.values()).order_by().values("seal").annotate(
        owed=Sum("owed"), done=Sum("done"), excused=Sum("excused"), missed=Sum("missed"))
    sums: dict[int, dict[str, int]] = {each["seal"]: {name: each[name] for name in SUMMED} for each in summed}
    late = dict(_late(park).filter(day__in=wanted).order_by().values_list("day").annotate(rows=Counted("pk")))
    return [DayRow(day=day, seal=seals.get(day), late=late.get(day, 0),
                   sums=sums.get(seals[day].pk, {}) if day in seals else {}) for day in wanted]


def _late(park: Park) -> QuerySet[Afterword]:
    return Afterword.objects.filter(park=park, what=AfterwordKind.LATE.value, day__isnull=False)


def late_rows(park: Park, first: date, last: date) -> QuerySet[Afterword]:
    """What arrived for closed days of a period after they were closed."""
    return _late(park).filter(day__gte=first, day__lte=last).order_by("day", "table", "row")


def late_by_table(park: Park, day: date) -> list[tuple[str, int]]:
    """How many rows of each table arrived for a day after it was closed."""
    return list(_late(park).filter(day=day).order_by("table").values_list("table").annotate(rows=Counted("pk")))


def seals_of(park: Park, first: date, last: date) -> QuerySet[Seal]:
    """The seals of a period."""
    return Seal.objects.filter(park=park, day__gte=first, day__lte=last)


def misses_between(park: Park, first: date, last: date, reach: Sequence[str]) -> QuerySet[Miss]:
    """Who or what missed something on the closed days of a period, within a reach."""
    of_places = Q(place__isnull=False) & within(reach, "place__path", park=park)
    return Miss.objects.filter(of_places | (Q(place__isnull=True) & within(reach, park=park)),
                               count__seal__park=park, count__seal__day__gte=first, count__seal__day__lte=last)


def seals_between(park: Park, first: date, last: date) -> list[DayRow]:
    """The closed days of a period, with what came late."""
    return rows_of_days(park, seals_of(park, first, last).order_by("day").values_list("day", flat=True))


def is_sealed(park_id: int, day: date) -> bool:
    """Is a day of a park closed and sealed?"""
    return Seal.objects.filter(park=park_id, day=day).exists()


def seal_of(actor: Actor, park: Park, day: date) -> Seal | None:
    """The seal of a day, where it is closed. Raises NotAllowed."""
    actor.must(Can.SEE_BOARD, over=park)
    return Seal.objects.filter(park=park, day=day).select_related("park").first()


def count_for(actor: Actor, park: Park, day: date, pk: int) -> Count:
    """The only door from a number in a URL to what a duty or round came to. Raises NotHere."""
    found = Count.objects.filter(pk=pk, seal__park=park, seal__day=day).select_related("seal").first()
    if found is None or not actor.may_somewhere(Can.SEE_PEOPLE, within=park):
        raise NotHere()
    return found


def misses_of(actor: Actor, park: Park, count: Count, text: str = "") -> QuerySet[Miss]:
    """Who or what missed a duty or round, as far as the actor may see people; by unit and name."""
    reach = actor.reach(Can.SEE_PEOPLE)
    path = "place__path" if count.subject == "place" else "unit__path"
    rows = count.misses.filter(within(reach, path, park=park)).select_related("person", "unit__parent", "unit__enterprise", "place")
    if text:
        name = {"person": "person__name", "place": "place__name"}.get(count.subject, "unit__name")
        rows = rows.filter(**{f"{name}__icontains": text})
    return rows.order_by(path, "person__name", "pk")


def last_check(park: Park) -> Check | None:
    """When somebody last verified the park's closed days, and what he found."""
    return Check.objects.filter(park=park, at__lte=clock.now()).order_by("-at", "-pk").first()
