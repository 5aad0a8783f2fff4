"""Who owes what at a moment, and who has done it: the facts of a rule put to our tables."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from jiugong.duties import questions
from jiugong.duties.errors import DutyUnknown
from jiugong.duties.logic.health import doses_needed
from jiugong.duties.logic.kinds import meeting, must_be_checked
from jiugong.duties.models import Evidence
from jiugong.duties.queries.excuses import excuses_from
from jiugong.duties.queries.parameters import parameters_on
from jiugong.duties.queries.training import not_expired
from jiugong.lib import days
from jiugong.lib.acting import EVERYTHING
from jiugong.policy import DutyInForce, Window
from jiugong.registry.models import Park
from jiugong.registry.queries.coverage import Asked
from jiugong.registry.queries.people import is_whole
from jiugong.rulebook import queries as rulebook

A_SHORT_WINDOW = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A rule in one of its windows: what is owed now."""

    rule: DutyInForce
    window: Window

    def is_late(self, at: datetime) -> bool:
        return at >= self.window.closes_at


def due_at(park: Park, at: datetime) -> list[Due]:
    """Every duty with the window that is open at a moment, or that closed last on that day."""
    today = days.day_of(at, park.zone)
    due: dict[str, Due] = {}
    for day in (today - timedelta(days=1), today):
        for rule in rulebook.duties_on(park, day):
            for window in rule.windows(park.zone):
                if window.start <= at and (day == today or at < window.closes_at):
                    due[rule.key] = Due(rule=rule, window=window)
    return sorted(due.values(), key=lambda each: each.rule.key)


def due_for(park: Park, key: str, at: datetime) -> Due | None:
    """One duty by key at a moment; None where it holds but no window of it has opened. Raises DutyUnknown."""
    found = next((each for each in due_at(park, at) if each.rule.key == key), None)
    if found is None:
        day = days.day_of(at, park.zone)
        known = [rule.key for rule in rulebook.duties_on(park, day)]
        if key not in known:
            raise DutyUnknown(duty=key, day=str(day), known=", ".join(known) or "-")
    return found


def asked_by(park: Park, due: Due, at: datetime, reach: tuple[str, ...] = (EVERYTHING,), **only: Any) -> Asked:
    """A duty as a question: who owes it in this window, who has done it by a moment, who is excused.

    `only` narrows the rows that owe, as in `enterprise=…`.
    """
    rule, subject = due.rule, due.rule.subject
    owed = rulebook.owing(park, rule, reach).filter(**only)
    done = _evidence(park, rule.evidence, due.window, at)
    excused = excuses_from(park.pk, rule.key, min(max(at, due.window.start), due.window.end), on_site=rule.on_site)
    whole = is_whole(park, reach) and not only
    listed = done.filter(park=park) if whole and _lists_faster(due.window) else None
    if subject == "person":
        return Asked(owed=owed, done=done, excused=excused, listed=listed)
    return Asked(owed=owed, done=done, excused=excused, listed=listed, subject="pk",
                 subject_of_done=f"{subject}_id", subject_of_excused=f"{subject}_id")


def _lists_faster(window: Window) -> bool:
    """SQLite lists what a whole park did in a day or two faster than it looks for it; PostgreSQL chooses by itself."""
    return connection.vendor == "sqlite" and window.end - window.start <= A_SHORT_WINDOW


def _evidence(park: Park, kind: str, window: Window, at: datetime) -> QuerySet[Any]:
    """What meets a duty in a window by a moment. What must be checked is done only from its check on."""
    end = min(window.closes_at, at + timedelta(microseconds=1))
    if questions.kept_elsewhere(kind):
        return questions.evidence_elsewhere(kind, park.pk, window.start, end)
    rows = Evidence.objects.filter(kind__in=meeting(kind), valid=True, happened_at__gte=window.start, happened_at__lt=end)
    if kind == "vaccination":
        return rows.filter(data__dose__gte=doses_needed(parameters_on(park, days.day_of(at, park.zone))))
    if kind == "training":
        return not_expired(rows, days.day_of(min(at, window.end), park.zone))
    return rows.filter(check_made__passed=True, check_made__checked_at__lte=at) if must_be_checked(kind) else rows
