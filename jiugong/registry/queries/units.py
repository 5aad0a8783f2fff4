"""The trees of a park on a day: its enterprises, what lies below them, and the grid in which each of them lies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, FilteredRelation, Q, QuerySet
from django.db.models.functions import Length

from jiugong.registry.logic.words import LEADING_POSTS
from jiugong.registry.models import Park, Person, Place, Posting, Unit, holds_on, reaches
from jiugong.registry.queries.people import EVERYWHERE, within
from jiugong.registry.words import PlaceKind, Status, UnitKind


def enterprises_of(park: Park, reach: Sequence[str] = EVERYWHERE, day: date | None = None) -> QuerySet[Unit]:
    """The enterprises of a park, in the order in which they were entered; with a day, only those that hold on it."""
    held = holds_on(day) if day else Q()
    return (Unit.objects.filter(held, within(reach, "path", park=park), park=park, kind=UnitKind.ENTERPRISE)
            .select_related("site").order_by("pk"))


def ended_by(park: Park, reach: Sequence[str], day: date) -> QuerySet[Unit]:
    """The enterprises that had ended by a day, the latest first."""
    return enterprises_of(park, reach).filter(until__lte=day).order_by("-until", "pk")


def people_from(unit: Unit, day: date) -> QuerySet[Person]:
    """Everybody who is or will be posted to a unit, or below it, from a day on."""
    posted = Posting.objects.filter(reaches(day), unit__path__startswith=unit.path)
    return Person.objects.filter(pk__in=posted.values("person_id")).order_by("pk")


def grids_of(park: Park, reach: Sequence[str] = EVERYWHERE) -> QuerySet[Place]:
    """The grids of a park, in the order in which they were entered."""
    return Place.objects.filter(within(reach, "path", park=park), park=park, kind=PlaceKind.GRID).order_by("pk")


def parts_of(unit: Unit) -> QuerySet[Unit]:
    """What stands directly below a unit: the workshops of an enterprise, the teams of a workshop."""
    return Unit.objects.filter(parent=unit).order_by("kind", "name")


def below(unit: Unit) -> list[Unit]:
    """Everything that stands below a unit, the way down, those that have ended last."""
    parts = Unit.objects.filter(path__startswith=unit.path).exclude(pk=unit.pk).select_related("parent").order_by("path")
    return sorted(parts, key=lambda each: each.until is not None)


@dataclass(frozen=True)
class Staff:
    """The people of a unit on a day: how many, with which status, in which part, and who leads by post."""

    people: int
    key_posts: int
    by_status: Mapping[str, int]
    by_unit: Mapping[int, int]
    leaders: Mapping[int, list[str]]

    @property
    def statuses(self) -> list[tuple[str, int]]:
        """How many with each status, in the order of the list; nobody's is left out."""
        return [(str(status.label), self.by_status[status.value]) for status in Status if self.by_status.get(status.value)]


def staff_of(unit: Unit, day: date) -> Staff:
    """Count the people of a unit and its parts on a day, in two queries whatever their number."""
    posted = Posting.objects.filter(holds_on(day), unit__path__startswith=unit.path).order_by()
    counts = posted.values_list("unit__path", "status", "key_post").annotate(people=Count("pk"))
    by_status: dict[str, int] = defaultdict(int)
    by_unit: dict[int, int] = defaultdict(int)
    keys = 0
    for path, status, key_post, people in counts:
        by_status[status] += people
        keys += people if key_post else 0
        for step in steps(path):
            by_unit[step] += people
    leaders: dict[int, list[str]] = defaultdict(list)
    for leads, name in posted.filter(post__in=list(LEADING_POSTS)).values_list("unit_id", "person__name").order_by("pk"):
        leaders[leads].append(name)
    return Staff(sum(by_status.values()), keys, dict(by_status), dict(by_unit), dict(leaders))


def above(unit: Unit) -> QuerySet[Unit]:
    """The way up from a unit: itself first, the park office last."""
    way = Q(pk__in=steps(unit.path)) | Q(path=f"u/{unit.park_id}/")
    return Unit.objects.filter(way).order_by(Length("path").desc())


def steps(path: str) -> list[int]:
    """The numbers of the rows on the way down a path, the root aside: `p/1/` and `u/1/` carry the park's number."""
    return [int(step) for step in path.strip("/").split("/")[2:]]


def grids_on(park: Park, day: date) -> dict[int, Place | None]:
    """In which grid each enterprise lies on a day, by the enterprise's number; None where it lies in none."""
    rows = (Unit.objects.filter(park=park, kind=UnitKind.ENTERPRISE)
            .annotate(sited=FilteredRelation("site__sitings", condition=Q(holds_on(day, "site__sitings__"))))
            .values_list("pk", *(f"sited__grid__{field}" for field in _PLACE)))
    return {enterprise: _place(park, grid) for enterprise, *grid in rows}


_PLACE = ("pk", "parent_id", "kind", "name", "key", "address", "path")


def _place(park: Park, fields: Sequence[object]) -> Place | None:
    return Place(park=park, **dict(zip(_PLACE, fields, strict=True))) if fields[0] else None
