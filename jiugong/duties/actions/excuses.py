"""The only code that gives and withdraws excuses."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from jiugong.duties.errors import EvidenceRowMisshapen, ExcuseNeedsReason, ExcuseTooLong, NobodyChosen, SubjectUnknown
from jiugong.duties.models import Excuse
from jiugong.duties.queries.excuses import ON_SITE
from jiugong.duties.queries.subjects import Subject, about, rooted, subject_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.people import people_seen

LONGEST_EXCUSE_DAYS = 90
LONGEST_REASON, LONGEST_KEY = 300, 60
MOST_AT_HOME = 500


@transaction.atomic
def excuse(park: Park, subject: Subject, *, reason: str, since_at: datetime, until_at: datetime, actor: Actor,
           duty: str = "") -> Excuse:
    """Excuse somebody from one duty, or from all, for a while. The same excuse again changes nothing.

    Raises ExcuseNeedsReason, ExcuseTooLong.
    """
    actor.must(Can.EXCUSE, over=rooted(subject))
    _judge(reason, since_at, until_at)
    if len(duty) > LONGEST_KEY or not duty.isprintable():
        raise EvidenceRowMisshapen(field="duty")

    park.one_at_a_time()
    now = clock.now()
    given, is_new = Excuse.objects.get_or_create(
        park=park, **about(subject), duty=duty, since_at=since_at, until_at=until_at, withdrawn_at=None,
        defaults={"reason": reason.strip(), "decided_by": actor.key, "decided_by_name": actor.name, "decided_at": now})

    if is_new:
        note("excuse.given", actor=actor, at=now, park_id=park.pk, subject=f"excuse:{given.pk}", duty=duty,
             until=until_at.isoformat())
    return given


@transaction.atomic
def withdraw(given: Excuse, *, actor: Actor) -> Excuse:
    """End an excuse now; what it excused until now stays excused. Withdrawing it again changes nothing."""
    actor.must(Can.EXCUSE, over=rooted(subject_of(given)))
    now = clock.now()

    won = Excuse.objects.filter(pk=given.pk, withdrawn_at=None).update(withdrawn_at=now)      # compare and set
    given.refresh_from_db()

    if won:
        note("excuse.withdrawn", actor=actor, at=now, park_id=given.park_id, subject=f"excuse:{given.pk}")
    return given


@transaction.atomic
def work_from_home(park: Park, people: Iterable[UUID], *, reason: str, since: date, until: date,
                   actor: Actor) -> list[Excuse]:
    """Excuse people from what is owed on site, from one day to another, both included. Again, it changes nothing.

    All of them or nobody. Raises NobodyChosen, SubjectUnknown, ExcuseNeedsReason, ExcuseTooLong.
    """
    wanted = set(people)
    if not 0 < len(wanted) <= MOST_AT_HOME:
        raise NobodyChosen(most=MOST_AT_HOME)
    since_at, until_at = days.bounds(since, park.zone)[0], days.bounds(until, park.zone)[1]
    _judge(reason, since_at, until_at)
    park.one_at_a_time()
    found = list(people_seen(actor, park, Can.EXCUSE).filter(uid__in=wanted))
    if len(found) < len(wanted):
        raise SubjectUnknown()

    now = clock.now()
    same = Excuse.objects.filter(park=park, person__in=found, duty=ON_SITE, since_at=since_at, until_at=until_at,
                                 withdrawn_at=None)
    given = {each.person_id: each for each in same}
    new = Excuse.objects.bulk_create([
        Excuse(park=park, person=person, duty=ON_SITE, reason=reason.strip(), since_at=since_at, until_at=until_at,
               decided_by=actor.key, decided_by_name=actor.name, decided_at=now)
        for person in found if person.pk not in given])

    if new:
        note("remote.given", actor=actor, at=now, park_id=park.pk, people=len(new), since=str(since), until=str(until),
             reason=reason.strip())
    return [*given.values(), *new]


def _judge(reason: str, since_at: datetime, until_at: datetime) -> None:
    """Refuse an excuse without a reason or an end. Raises ExcuseNeedsReason, ExcuseTooLong."""
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON or "\0" in reason:
        raise ExcuseNeedsReason(most=LONGEST_REASON)
    if not timedelta() < until_at - since_at <= timedelta(days=LONGEST_EXCUSE_DAYS):
        raise ExcuseTooLong(most=LONGEST_EXCUSE_DAYS)
