"""The arithmetic of every duty: owed = done + excused + missing, at any moment, for any branch.

Three sets of subjects meet: who owes (rows of the roster, of units or of places), who has done it, who is excused.
Whoever has done it counts as done even where he was excused; whoever is neither is missing.
"""

from collections.abc import Iterable
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


def total(covered: Iterable[Coverage]) -> Coverage:
    """The sum of many, at once: a park has hundreds of them in every figure."""
    each = list(covered)
    return Coverage(sum(one.owed for one in each), sum(one.done for one in each), sum(one.excused for one in each))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A duty as three sets: rows that owe, and the subjects that did it or are excused.

    `owed` is a queryset of rows with a `subject` column (a posting's person, a unit, a place); `done` and `excused`
    are querysets with the same column under `subject_of_done` and `subject_of_excused`. `listed` is `done` once more, for
    a store that lists what was done in a short window faster than it looks for it with each row that owes.
    """

    owed: QuerySet[Any]
    done: QuerySet[Any]
    excused: QuerySet[Any]
    subject: str = "person_id"
    subject_of_done: str = "person_id"
    subject_of_excused: str = "person_id"
    listed: QuerySet[Any] | None = None

    def coverage(self) -> Coverage:
        """The whole scope in one question: one look at each row that owes."""
        return Coverage(**self.owed.order_by().aggregate(**self._counts()))

    def coverage_by(self, column: str) -> dict[Any, Coverage]:
        """The same by a column such as `enterprise_id`: one question whatever the number of groups."""
        found = self.owed.order_by().values_list(column).annotate(**{f"all_{name}": each for name, each in self._counts().items()})
        return {key: Coverage(*counts) for key, *counts in found}

    def missing(self) -> QuerySet[Any]:
        """The rows that owe, have not done it, and are not excused."""
        return self.owed.filter(~self._is_done(), ~self._is_excused())

    def done_rows(self) -> QuerySet[Any]:
        return self.owed.filter(self._is_done())

    def excused_rows(self) -> QuerySet[Any]:
        return self.owed.filter(self._is_excused(), ~self._is_done())

    def _counts(self) -> dict[str, Count]:
        return {"owed": Count("pk"), "done": Count("pk", filter=self._is_done()),
                "excused": Count("pk", filter=self._is_excused() & ~self._is_done())}

    def _is_done(self) -> Q:
        if self.listed is not None:
            return self._among(self.listed, self.subject_of_done)
        return Q(Exists(self.done.filter(**{self.subject_of_done: OuterRef(self.subject)})))

    def _is_excused(self) -> Q:
        """Excuses are few, so they are listed once and the rows are looked for among them."""
        return self._among(self.excused, self.subject_of_excused)

    def _among(self, rows: QuerySet[Any], column: str) -> Q:
        """Is the subject of a row one of these? A list with nobody in it would answer neither yes nor no."""
        return Q(**{f"{self.subject}__in": rows.filter(**{f"{column}__isnull": False}).order_by().values(column)})
