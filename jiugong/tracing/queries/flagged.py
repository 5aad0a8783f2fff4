"""People flagged by other places, for who may see them: late ones first, an officer's own people only."""

from datetime import datetime, timedelta

from django.db.models import Case, Count, Q, QuerySet, Value, When

from jiugong.journal.models import Message
from jiugong.lib import identifiers, secrets
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, id_index, phone_index
from jiugong.registry.queries.people import is_whole, people_seen, whereabouts
from jiugong.tracing.models import Flagged
from jiugong.tracing.words import FlagStage

OPEN = (FlagStage.MATCHED, FlagStage.TOLD, FlagStage.FOUND)
STATES = ("late", "open", "confirm", "unmatched", "acted", "returned")


def sees_everybody(actor: Actor, park: Park) -> bool:
    """Does somebody see the whole park, with those who are on no roster?"""
    return is_whole(park, actor.reach(Can.SEE_INCIDENTS))


def flagged_seen(actor: Actor, park: Park) -> QuerySet[Flagged]:
    """Everybody flagged whom the actor may see. Who is not yet confirmed, and nobody of ours, is for the whole park alone."""
    actor.must_somewhere(Can.SEE_INCIDENTS, within=park)
    rows = Flagged.objects.filter(park=park).select_related("person__park")
    if sees_everybody(actor, park):
        return rows
    return rows.exclude(stage=FlagStage.WAITING).filter(person__in=people_seen(actor, park, Can.SEE_INCIDENTS).values("pk"))


def in_order(rows: QuerySet[Flagged], at: datetime) -> QuerySet[Flagged]:
    """What is late first, then what is open by its time, then what waits for a person, then the rest, the latest first."""
    rank = Case(When(is_late(at), then=Value(0)), When(stage__in=OPEN, then=Value(1)), When(stage=FlagStage.WAITING, then=Value(2)),
                default=Value(3))
    return rows.annotate(rank=rank).order_by("rank", "due_at", "-imported_at", "pk")


def is_late(at: datetime) -> Q:
    """Open, and its time is over: at the due minute itself it is not late yet."""
    return Q(stage__in=OPEN, due_at__lt=at)


def of_state(state: str, at: datetime) -> Q:
    """The rows in one state of the page's filter."""
    return {"late": is_late(at), "open": Q(stage__in=OPEN), "confirm": Q(stage=FlagStage.WAITING, person__isnull=False),
            "unmatched": Q(stage=FlagStage.WAITING, person=None), "acted": Q(stage=FlagStage.ACTED),
            "returned": Q(stage=FlagStage.RETURNED)}[state]


def that_say(rows: QuerySet[Flagged], park: Park, text: str) -> QuerySet[Flagged]:
    """The rows in which a text stands: a name of our roster, who told, why; a whole number or phone finds without opening any."""
    if not text:
        return rows
    found = Q(person__name__icontains=text) | Q(pushed_by__icontains=text) | Q(reason__icontains=text)
    bare = identifiers.folded(text).upper()
    if any(sign.isdigit() for sign in bare):
        ring = secrets.ring()
        phone = identifiers.read_phone(identifiers.folded(text))
        found |= Q(id_index=id_index(park, bare, ring)) | Q(person__id_index=id_index(park, bare, ring))
        if not isinstance(phone, identifiers.Fault):
            found |= Q(phone_index=phone_index(park, phone, ring))
    return rows.filter(found)


def flagged_for(actor: Actor, park: Park, number: int) -> Flagged:
    """One line by its number. Raises NotHere: hidden and absent look alike."""
    found = flagged_seen(actor, park).filter(pk=number).first()
    if found is None:
        raise NotHere()
    return found


def may_act(actor: Actor, flagged: Flagged) -> bool:
    return flagged.person is not None and actor.may(Can.CARRY_OUT_ORDERS, over=whereabouts(flagged.person))


def told_of(flagged: Flagged) -> list[Message]:
    """The messages by which officers were told of somebody: when each was written, and when it was read."""
    if not flagged.told_at:
        return []
    messages = Message.objects.filter(Q(about=f"flagged:{flagged.pk}") | Q(about="flagged-people:all",
                                                                             written_at__range=_around(flagged.told_at)),
                                      park=flagged.park).select_related("to_person").order_by("written_at", "pk")
    return [each for each in messages if flagged.pk in each.facts.get("flagged", ())]


def counts(rows: QuerySet[Flagged], at: datetime) -> dict[str, int]:
    """How many stand in each state, in one question."""
    return dict(rows.order_by().aggregate(**{state: Count("pk", filter=of_state(state, at)) for state in STATES}))


def _around(at: datetime) -> tuple[datetime, datetime]:
    """Written with the change of which they tell: within the same transaction."""
    return at - timedelta(minutes=10), at + timedelta(minutes=1)
