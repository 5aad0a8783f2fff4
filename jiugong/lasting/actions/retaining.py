"""What is past its time goes, once a day, in small batches between which everybody else writes."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from jiugong.lasting.queries.retention import all_past, past_its_time
from jiugong.lib import clock, keeping
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.actions.parks import ANYWHERE
from jiugong.registry.models import Park

BATCH = 500
PASSED = "retention.passed"


def let_go(*, actor: Actor, at: datetime | None = None) -> dict[str, dict[str, int]]:
    """Delete what is past its time, in every park and of the house itself. Returns how many rows of each table, by park."""
    actor.must(Can.RUN_SERVER, over=ANYWHERE)
    at = at or clock.now()
    gone: dict[str, dict[str, int]] = {}
    for park in (*Park.objects.order_by("pk"), None):
        counts = {name: _delete(name, park, at) for name in all_past(park, at)}
        if park is None:
            counts |= _ended_sessions(at)
        if counts:
            gone[park.name if park else ""] = counts
            note("retention.kept_to", actor=actor, at=at, park_id=park.pk if park else None, rows=sum(counts.values()),
                 tables=", ".join(sorted(counts)))
    note(PASSED, actor=actor, at=at, rows=sum(sum(counts.values()) for counts in gone.values()))
    return gone


def would_go(*, at: datetime) -> Mapping[str, Mapping[str, int]]:
    """The same without doing it."""
    told = {park.name if park else "": all_past(park, at) for park in (*Park.objects.order_by("pk"), None)}
    return {park: counts for park, counts in told.items() if counts}


def _delete(name: str, park: Park | None, at: datetime) -> int:
    rows, count = past_its_time(keeping.tables()[name], park, at), 0
    while rows is not None and (part := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])):
        with transaction.atomic():
            rows.model._base_manager.filter(pk__in=part)._raw_delete(using="default")
        count += len(part)
    return count


def _ended_sessions(at: datetime) -> dict[str, int]:
    count, _each = Session.objects.filter(expire_date__lt=min(at, clock.machine_time())).delete()
    return {"django_session": count} if count else {}
