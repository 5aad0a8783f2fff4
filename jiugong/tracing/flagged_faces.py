"""From people flagged by other places to what a page, a workbook and a program show of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong.journal.models import Message
from jiugong.lib import days, identifiers, secrets
from jiugong.registry.models import Park, Posting, holds_on
from jiugong.registry.queries.people import today_in
from jiugong.tracing.models import Flagged
from jiugong.tracing.queries.flagged import OPEN
from jiugong.tracing.words import FlagDeed, FlagStage

STATES = {FlagStage.MATCHED: "missing", FlagStage.TOLD: "missing", FlagStage.FOUND: "owed", FlagStage.WAITING: "missing",
          FlagStage.ACTED: "done", FlagStage.RETURNED: "excused"}
TOLD = ("number", "name", "masked_id", "masked_phone", "person", "unit", "pushed_by", "pushed_at", "reason", "left_on", "stage",
        "matched_by", "due_at", "is_late", "told", "found", "acted", "outcome")


def flagged_rows(rows: Iterable[Flagged], park: Park, at: datetime) -> list[dict[str, Any]]:
    """Each line with whom it means, where he works, its stage and its clock."""
    rows = list(rows)
    today, ring = today_in(park), secrets.ring()
    people = [row.person_id for row in rows if row.person_id]
    postings = Posting.objects.filter(holds_on(today), park=park, person__in=people).select_related("unit", "enterprise")
    posted = {posting.person_id: posting for posting in postings}
    return [_row(row, posted.get(row.person_id or 0), park, at, ring) for row in rows]


def _row(row: Flagged, posting: Posting | None, park: Park, at: datetime, ring: secrets.KeyRing) -> dict[str, Any]:
    is_late = row.stage in OPEN and row.due_at < at
    return {
        "number": row.pk, "name": row.open_name(ring), "masked_id": identifiers.masked_id(row.open_id_number(ring)),
        "masked_phone": identifiers.masked_phone(row.open_phone(ring)),
        "person": row.person.name if row.person else "", "unit": _where(posting, row),
        "pushed_by": row.pushed_by, "pushed_at": days.local(row.pushed_at, park.zone)[:16], "reason": row.reason,
        "left_on": str(row.left_on or ""), "stage": row.stage, "word": stage_in_words(row), "matched_by": row.matched_by,
        "state": "late" if is_late else STATES[FlagStage(row.stage)], "is_late": is_late, "is_open": row.stage in OPEN,
        "due": days.local(row.due_at, park.zone)[5:16], "due_at": row.due_at, "outcome": outcome_in_words(row.outcome),
        "by": row.ended_by_name, "url": reverse("flagged-one", args=[park.uid, row.pk]),
        **{name: days.local(moment, park.zone)[5:16] if (moment := getattr(row, f"{name}_at")) else ""
           for name in ("imported", "told", "found", "acted")}}


def stage_in_words(row: Flagged) -> str:
    if row.stage == FlagStage.WAITING and row.person is None:
        return _("Nobody of ours: to be returned")
    return str(FlagStage(row.stage).label)


def outcome_in_words(outcome: str) -> str:
    """What was done, in the reader's language, and the words that somebody added."""
    deed, _colon, words = outcome.partition(": ")
    return " · ".join(filter(None, (str(FlagDeed(deed).label), words))) if deed in FlagDeed.values else outcome


def told_rows(messages: Iterable[Message], park: Park) -> list[dict[str, str]]:
    """Who was told, when, and when he read it."""
    return [{"to": each.to_person.name if each.to_person else "", "at": days.local(each.written_at, park.zone)[5:16],
             "read": days.local(each.read_at, park.zone)[5:16] if each.read_at else ""} for each in messages]


def as_data(row: dict[str, Any]) -> dict[str, Any]:
    """A line as programs read it."""
    return {key: row[key] for key in TOLD}


def _where(posting: Posting | None, row: Flagged) -> str:
    if posting:
        return " · ".join(dict.fromkeys((posting.enterprise.name, posting.unit.name)))
    return _("no longer on the roster") if row.person else ""
