"""One row behind a figure, and how its person's number is shown: masked, or in full for a reason that is journalled."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from jiugong.briefs.scope import Scope
from jiugong.lib import clock, identifiers, secrets
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person, Posting
from jiugong.registry.words import UnitKind
from jiugong.screening.models import Specimen


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row: its facts, and whose it is. `whose` is a person, or a specimen whose person nobody knows."""

    facts: Mapping[str, Any]
    whose: Person | Specimen | None = None


def with_numbers(park: Park, lines: Iterable[Line], *, actor: Actor, reason: str = "") -> list[dict[str, Any]]:
    """The rows as people read them, with `resident_id` masked; with a reason in full, each person's look journalled."""
    listed, ring = list(lines), secrets.ring()
    if reason.strip():
        actor.must(Can.SHOW_IDENTITY, over=park)
        looked(actor=actor, park_id=park.pk, fields=("id_number",), reason=reason.strip(), at=clock.now(),
               person_ids=dict.fromkeys(line.whose.pk for line in listed if isinstance(line.whose, Person)))
    return [{**line.facts, **_number(line.whose, ring, in_full=bool(reason.strip()))} for line in listed]


def _number(whose: Person | Specimen | None, ring: secrets.KeyRing, *, in_full: bool) -> dict[str, str]:
    if whose is None:
        return {}
    number = whose.open_id_number(ring) if isinstance(whose, Person) else whose.open_number(ring)
    return {"resident_id": number if in_full else identifiers.masked_id(number)}


def posted(posting: Posting) -> dict[str, str]:
    """Where a posting stands, in words: enterprise, workshop, team. The posting's unit and its parent are fetched."""
    unit = posting.unit
    workshop = unit if unit.kind == UnitKind.WORKSHOP else unit.parent
    return {
        "name": posting.person.name,
        "enterprise": posting.enterprise.name,
        "workshop": workshop.name if workshop and workshop.kind == UnitKind.WORKSHOP else "",
        "team": unit.name if unit.kind == UnitKind.TEAM else "",
    }


def found(scope: Scope, rows: QuerySet[Any], *columns: str) -> QuerySet[Any]:
    """The rows in which what is looked for stands in one of these columns; all of them where nothing is."""
    if not scope.text:
        return rows
    return rows.filter(reduce(or_, (Q(**{f"{column}__icontains": scope.text}) for column in columns)))


WHO = ("person__name", "enterprise__name", "unit__name")
A_HANDFUL = 200                              # rows fetched at once: a page needs the first few of many thousands
MANY = 2_000                                 # and whoever goes on wants them all
WITH_UNIT = ("person", "enterprise", "unit__parent")
IN_ORDER = ("enterprise__name", "unit__path", "person__name", "pk")


def in_order(rows: QuerySet[Posting]) -> Iterator[Posting]:
    """Postings by enterprise and team, fetched by the handful as they are asked for.

    Only their numbers are put in order: thousands of whole rows would not be sorted in a store's memory.
    """
    numbers = list(rows.order_by(*IN_ORDER).values_list("pk", flat=True))
    size, start = A_HANDFUL, 0
    while some := numbers[start:start + size]:
        known = Posting.objects.select_related(*WITH_UNIT).in_bulk(some)
        yield from (known[number] for number in some if number in known)
        start, size = start + size, MANY
