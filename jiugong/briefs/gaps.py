"""The gap of a round or a duty as its list: who is missing, by enterprise and team."""

from datetime import datetime
from typing import Any

from jiugong.briefs.rows.line import IN_ORDER, WITH_UNIT, Line, posted, with_numbers
from jiugong.duties import queries as duties
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.coverage import Asked, Coverage
from jiugong.registry.queries.people import within
from jiugong.screening.queries import rounds


def gap_of_round(actor: Actor, park: Park, number: int, *, at: datetime, reason: str = "") -> dict[str, Any]:
    """A round's owed, done and excused, and everybody who is missing, as they stand at a moment."""
    the_round = rounds.round_for(actor, park, number)
    asked = rounds.asked_by(the_round, at, actor.reach(Can.SEE_BOARD))
    return {"round": the_round.number, **_counts(asked.coverage()), "missing": _people(actor, park, asked, reason)}


def gap_of_duty(actor: Actor, park: Park, key: str, *, at: datetime, reason: str = "") -> dict[str, Any]:
    """A duty's owed, done and excused in the window that is open or was open last, and everybody who is missing."""
    due = duties.due_for(park, key, at)
    if due is None:
        return {"duty": key, "window": None, "owed": 0, "done": 0, "excused": 0, "missing": []}
    asked = duties.asked_by(park, due, at, actor.reach(Can.SEE_BOARD))
    missing = _people(actor, park, asked, reason) if due.rule.subject == "person" else [
        {"name": str(each)} for each in asked.missing().order_by("path")]
    return {"duty": key, "window": {"key": due.window.key, "from": days.local(due.window.start, park.zone),
                                    "until": days.local(due.window.end, park.zone)},
            **_counts(asked.coverage()), "missing": missing}


def _counts(covered: Coverage) -> dict[str, int]:
    return {"owed": covered.owed, "done": covered.done, "excused": covered.excused}


def _people(actor: Actor, park: Park, asked: Asked, reason: str) -> list[dict[str, Any]]:
    seen = asked.missing().filter(within(actor.reach(Can.SEE_PEOPLE)))
    postings = seen.select_related(*WITH_UNIT).order_by(*IN_ORDER)
    lines = [Line(facts={name: posted(posting)[name] for name in ("name", "enterprise", "team")},
                  whose=posting.person) for posting in postings]
    return with_numbers(park, lines, actor=actor, reason=reason)
