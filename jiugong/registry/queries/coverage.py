"""The arithmetic of every duty: owed = done + excused + missing, at any moment, for any branch.

Three sets of subjects meet: who owes (rows of the roster, of units or of places), who has done it, who is excused.
Whoever has done it counts as done even where he was excused; whoever is neither is missing.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet


@dataclass(frozen=True)
class Coverage:
    """How far a duty is done in one scope. Always adds up, because `missing` is what is left."""

    owed: int = 0
    done: int = 0
    excused: int = 0

    @property
    def missing(self) -> int:
        return self.owed - self.done - self.excused

    @property
    def percent(self) -> int:
        """Done of what must still be done by somebody, rounded down: 100 only when nobody is missing."""
        asked = self.owed - self.excused
        return 100 if asked <= 0 else self.done * 100 // asked

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.owed + other.owed, self.done + other.done, self.excused + other.excused)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A duty as three sets: rows that owe, and the subjects that did it or are excused.

    `owed` is a queryset of rows with a `subject` column (a posting's person, a unit, a place); `done` and `excused`
    are querysets with the same column under `subject_of_done` and `subject_of_excused`.
    """

    owed: QuerySet[Any]
    done: QuerySet[Any]
    excused: QuerySet[Any]
    subject: str = "person_id"
    subject_of_done: str = "person_id"
    subject_of_excused: str = "person_id"

    def _is_done(self) -> Exists:
        return Exists(self.done.filter(**{self.subject_of_done: OuterRef(self.subject)}))

    def _is_excused(self) -> Exists:
        return Exists(self.excused.filter(**{self.subject_of_excused: OuterRef(self.subject)}))

    def coverage(self) -> Coverage:
        """The whole scope in one row."""
        owed = self.owed.count()
        missing = self.missing().count()
        excused = self.excused_rows().count()
        return Coverage(owed, owed - missing - excused, excused)

    def coverage_by(self, *columns: str) -> dict[Any, Coverage]:
        """The same by a column such as `enterprise_id`: one query whatever the number of groups."""
        rows = (self.owed.annotate(is_done=self._is_done(), is_excused=self._is_excused())
                .order_by().values(*columns)
                .annotate(owed=Count("pk"), done=Count("pk", filter=Q(is_done=True)),
                          excused=Count("pk", filter=Q(is_done=False, is_excused=True))))
        return {(row[columns[0]] if len(columns) == 1 else tuple(row[each] for each in columns)):
                Coverage(row["owed"], row["done"], row["excused"]) for row in rows}

    def missing(self) -> QuerySet[Any]:
        """The rows that owe, have not done it, and are not excused."""
        return self.owed.filter(~self._is_done(), ~self._is_excused())

    def done_rows(self) -> QuerySet[Any]:
        return self.owed.filter(self._is_done())

    def excused_rows(self) -> QuerySet[Any]:
        return self.owed.filter(~self._is_done(), self._is_excused())
