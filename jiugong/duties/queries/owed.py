"""The duties page: everything that is owed today by kind, and for one duty who owes it, in which state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from jiugong.duties.queries.owing import Due, asked_by, due_at
from jiugong.duties.queries.vaccination import in_priority
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.coverage import Asked, Coverage

SHOWN = ("missing", "done", "excused", "owed")


@dataclass(frozen=True, kw_only=True)
class OwedDuty:
    """A duty in its window with its share of the actor's part of the park."""

    due: Due
    asked: Asked
    covered: Coverage
    late: int

    @property
    def kind(self) -> str:
        return self.due.rule.evidence


def owed_today(actor: Actor, park: Park, at: datetime) -> list[OwedDuty]:
    """Every duty that is due, and how far it is. Raises NotAllowed."""
    actor.must_somewhere(Can.SEE_BOARD, within=park)
    return [owed_duty(actor, park, due, at) for due in due_at(park, at)]


def owed_duty(actor: Actor, park: Park, due: Due, at: datetime) -> OwedDuty:
    """One duty, and how far it is in the actor's part of the park."""
    asked = asked_by(park, due, at, actor.reach(Can.SEE_BOARD))
    covered = asked.coverage()
    return OwedDuty(due=due, asked=asked, covered=covered, late=covered.missing if due.is_late(at) else 0)


def rows_of(duty: OwedDuty, show: str, text: str) -> QuerySet[Any]:
    """The people, units or places of a duty in one state; people to be vaccinated in their order."""
    subject, asked = duty.due.rule.subject, duty.asked
    rows: QuerySet[Any] = {"owed": lambda: asked.owed, "done": asked.done_rows, "excused": asked.excused_rows}.get(
        show, asked.missing)()
    if subject == "person":
        rows = rows.select_related("person", "enterprise", "unit__parent")
        rows = rows.filter(person__name__icontains=text) if text else rows
        if duty.kind == "vaccination":
            return in_priority(rows, duty.due.rule.day)
        return rows.order_by("enterprise__name", "unit__path", "person__name", "pk")
    rows = rows.select_related("enterprise", "parent") if subject == "unit" else rows.select_related("parent")
    return (rows.filter(name__icontains=text) if text else rows).order_by("path")


def states_of(duty: OwedDuty, pks: Sequence[int]) -> dict[int, str]:
    """The state of each of some rows of a duty: done, excused or missing, by the row's own number."""
    done = set(duty.asked.done_rows().filter(pk__in=pks).values_list("pk", flat=True))
    excused = set(duty.asked.excused_rows().filter(pk__in=pks).values_list("pk", flat=True))
    missing = "late" if duty.late else "missing"
    return {pk: "done" if pk in done else "excused" if pk in excused else missing for pk in pks}
