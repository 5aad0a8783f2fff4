"""The arithmetic of every duty: owed = done + excused + missing, at any moment, for any branch.

Three sets of subjects meet: who owes (rows of the roster, of units or of places), who has done it, who is excused.
Whoever has done it counts as done even where he was excused; whoever is neither is missing.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet


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

    def coverage(self) -> Coverage:
        """The whole scope: one look at each row that owes, and another at who is excused where anybody is."""
        found = self.owed.order_by().aggregate(owed=Count("pk"), done=Count("pk", filter=Exists(self._done_here())))
        return Coverage(found["owed"], found["done"], self.excused_rows().count() if self.excused.exists() else 0)

    def coverage_by(self, column: str) -> dict[Any, Coverage]:
        """The same by a column such as `enterprise_id`: as many queries whatever the number of groups."""
        found = self.owed.order_by().values_list(column).annotate(
            rows=Count("pk"), finished=Count("pk", filter=Exists(self._done_here())))
        excused = _count_by(self.excused_rows(), column) if self.excused.exists() else {}
        return {key: Coverage(owed, done, excused.get(key, 0)) for key, owed, done in found}

    def missing(self) -> QuerySet[Any]:
        """The rows that owe, have not done it, and are not excused."""
        return self._not_done().filter(~Exists(self._excused_here()))

    def done_rows(self) -> QuerySet[Any]:
        return self.owed.filter(Exists(self._done_here()))

    def excused_rows(self) -> QuerySet[Any]:
        """Excuses are few, so they are listed once and the rows are looked for among them."""
        few = self.excused.order_by().values(self.subject_of_excused)
        return self._not_done().filter(**{f"{self.subject}__in": few})

    def _not_done(self) -> QuerySet[Any]:
        return self.owed.filter(~Exists(self._done_here()))

    def _done_here(self) -> QuerySet[Any]:
        return self.done.filter(**{self.subject_of_done: OuterRef(self.subject)})

    def _excused_here(self) -> QuerySet[Any]:
        return self.excused.filter(**{self.subject_of_excused: OuterRef(self.subject)})


def _count_by(rows: QuerySet[Any], column: str) -> dict[Any, int]:
    return dict(rows.order_by().values_list(column).annotate(count=Count("pk")))
