"""Looking at somebody's last days: with a reason, journalled, and shown to him; and whom he met in them."""

from datetime import date, timedelta

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.models import Person
from jiugong.registry.queries.people import whereabouts
from jiugong.tracing.actions.pseudonyms import pseudonym_of
from jiugong.tracing.actions.tracing import LONGEST_REASON, Traced, trace
from jiugong.tracing.errors import ReasonMissing
from jiugong.tracing.queries.rules import adopted
from jiugong.tracing.queries.whereabouts import DAYS, History, history_of


@transaction.atomic
def look_at_days(person: Person, last: date, *, reason: str, actor: Actor) -> History:
    """Somebody's days until a day, for a reason that is kept and shown to him. Raises NotAllowed, ReasonMissing."""
    actor.must(Can.TRACE_CONTACTS, over=whereabouts(person))
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise ReasonMissing(most=LONGEST_REASON)
    looked(actor=actor, park_id=person.park_id, person_ids=[person.pk], fields=("whereabouts",), reason=reason, at=clock.now())
    return history_of(pseudonym_of(person), person.park, last)


def whom_he_met(person: Person, last: date, *, reason: str, actor: Actor) -> Traced:
    """Whom somebody met in his days until a day, by the rules of that day; the question is kept.

    Raises NotAllowed, ReasonMissing, NothingAdopted, NoExposures.
    """
    park = person.park
    since = days.bounds(last - timedelta(days=DAYS - 1), park.zone)[0]
    until = min(days.bounds(last, park.zone)[1] - timedelta(seconds=1), clock.now())
    return trace(park, pseudonym_of(person), since=min(since, until), until=until, release=adopted(park, last), reason=reason,
                 actor=actor)
