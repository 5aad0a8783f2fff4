"""What the bodies of a park file for a day, what is missing, and which figures the joint meeting must look at.

Every filed figure stands beside what the system counted at the moment of filing. A body differs where it says another
number than that; so two bodies that both took the system's number, at different hours, do not differ.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Prefetch, QuerySet

from jiugong.accounts.models import User
from jiugong.briefs.models import DUE, FiledFigure, Filing, Remit
from jiugong.lib import days
from jiugong.lib.acting import EVERYTHING, Actor, NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Body, BodyMember, Charge, Park, Place, Unit, holds_on
from jiugong.registry.words import BodyKind, PlaceKind, Role, Tier

# Which figures concern a body of each kind, until somebody chooses for the body itself.
USUAL: Mapping[BodyKind, tuple[str, ...]] = {
    BodyKind.LEADING_GROUP: ("registry.enterprises", "registry.on_duty", "registry.unanswered", "screening.owed",
                             "screening.sampled", "screening.missing", "screening.tubes_not_negative"),
    BodyKind.TASK_FORCE: ("registry.on_duty", "screening.rounds", "screening.owed", "screening.sampled",
                          "screening.missing", "screening.retests_open"),
    BodyKind.TASK_GROUP: ("registry.people", "registry.on_duty", "screening.owed", "screening.sampled",
                          "screening.missing", "duties.owed", "duties.done", "duties.missing"),
    BodyKind.INSPECTION_TEAM: ("registry.enterprises", "registry.unanswered", "duties.missing",
                               "duties.enterprises_red"),
}


@dataclass(frozen=True, kw_only=True)
class Owing:
    """A body on a day: which figures it files until when, over which ground, and what it has filed."""

    body: Body
    keys: tuple[str, ...]
    due: time
    chosen: bool                                                 # somebody chose the figures; else its kind decides
    grounds: tuple[Place, ...]                                   # the grids it answers for; none: the whole park
    leader: str                                                  # who answers for it, by name
    filing: Filing | None

    def due_at(self, day: date) -> datetime:
        """The moment until which it is in time; that minute included."""
        return datetime.combine(day, self.due, tzinfo=self.body.park.zone)

    def is_late(self, day: date, at: datetime) -> bool:
        """Was it filed too late, or has it not been filed though the time has passed?"""
        return self.filing.late if self.filing else at > self.due_at(day)


def bodies_owing(park: Park, day: date) -> list[Owing]:
    """Every body that exists on a day with the figures that it files, those of the highest kind first."""
    return [each for _day, each in owing_between(park, day, day)]


def owing_between(park: Park, first: date, last: date) -> list[tuple[date, Owing]]:
    """The same for every day of a period: as many questions for a year as for a day."""
    bodies = list(Body.objects.filter(park=park).select_related("park", "remit"))
    order = {kind.value: at for at, kind in enumerate(BodyKind)}
    bodies.sort(key=lambda body: (order[body.kind], body.pk))
    filed = {(each.body_id, each.day): each for each in filings_between(park, first, last)}
    charges = list(Charge.objects.filter(park=park, body__isnull=False).select_related("place", "person").order_by("pk"))
    tiers = {tier.value: at for at, tier in enumerate(Tier)}
    seats = list(BodyMember.objects.filter(body__park=park).select_related("person"))
    seats.sort(key=lambda seat: (tiers[seat.tier], seat.pk))
    found = []
    for day in days.each(first, last):
        here = [body for body in bodies if _holds(body, day)]
        grounds = _grounds([each for each in charges if _holds(each, day)]) if here else {}
        leaders = _leaders([each for each in charges if _holds(each, day)],
                           [each for each in seats if _holds(each, day)]) if here else {}
        found += [(day, _owing(body, grounds.get(body.pk, ()), leaders.get(body.pk, ""), filed.get((body.pk, day))))
                  for body in here]
    return found


def owing_for(actor: Actor, park: Park, pk: int, day: date) -> Owing:
    """The only door from a number in a URL to a body and its filing. Raises NotHere."""
    found = next((each for each in bodies_owing(park, day) if each.body.pk == pk), None)
    if found is None or not (actor.may(Can.SEE_BOARD, over=park) or may_file(actor, found, day)):
        raise NotHere()
    return found


def lies_within(reach: Sequence[str], owing: Owing) -> bool:
    """Does all the ground of a body lie on these branches? Who sees one grid is not told what the park's bodies say."""
    grounds = owing.grounds or (owing.body.park,)
    return all(any(branch.startswith(root) for branch in ground.branches for root in reach) for ground in grounds)


def may_file(actor: Actor, owing: Owing, day: date, own: Collection[int] | None = None) -> bool:
    """The office files for every body, a grid leader for the bodies of his grids, a member for his own body.

    `own` are his own bodies, where they were asked for already.
    """
    if actor.may(Can.FILE_FIGURES, over=owing.body.park):
        return True
    if owing.grounds and all(actor.may(Can.FILE_FIGURES, over=ground) for ground in owing.grounds):
        return True
    own = own_bodies(actor, owing.body.park, day) if own is None else own
    return owing.body.pk in own and actor.may_somewhere(Can.SEE_BOARD, within=owing.body.park)


def must_file(actor: Actor, owing: Owing, day: date) -> None:
    """Refuse whoever may not file for this body. Raises NotAllowed."""
    if not may_file(actor, owing, day):
        raise NotAllowed(actor=actor.name, power=Can.FILE_FIGURES.value)


def own_bodies(actor: Actor, park: Park, day: date) -> set[int]:
    """The bodies in which the actor himself sits, or which he leads."""
    kind, _colon, number = actor.key.partition(":")
    if kind != "user":
        return set()
    person = User.objects.filter(pk=int(number), person__park=park).values("person")
    seats = BodyMember.objects.filter(holds_on(day), person__in=person).values_list("body_id", flat=True)
    led = Charge.objects.filter(holds_on(day), person__in=person, body__isnull=False).values_list("body_id", flat=True)
    return {*seats, *(pk for pk in led if pk)}


def filings_between(park: Park, first: date, last: date) -> QuerySet[Filing]:
    """The filings that count, of these days, with their figures."""
    figures = Prefetch("figures", FiledFigure.objects.order_by("pk"))
    return (Filing.objects.filter(park=park, day__gte=first, day__lte=last, replaced_at=None)
            .select_related("park", "body").prefetch_related(figures).order_by("day", "body_id"))


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one body says of one fact."""

    owing: Owing
    filed: FiledFigure
    filing: Filing

    @property
    def explains(self) -> str:
        """Who must explain a difference: whoever filed it, and who leads the body."""
        names = dict.fromkeys(name for name in (self.filing.filed_by_name, self.owing.leader) if name)
        return "、".join(names)


@dataclass(frozen=True, kw_only=True)
class Differing:
    """One fact on which a body says another number than the system, or than another body."""

    key: str
    grounds: tuple[Place, ...]
    said: tuple[Said, ...]

    @property
    def off(self) -> tuple[Said, ...]:
        """Those who say another number than the system counted."""
        return tuple(each for each in self.said if each.filed.off)


def differing(owing: Sequence[Owing]) -> list[Differing]:
    """The facts on which somebody differs: the same figure over the same ground."""
    facts: dict[tuple[str, tuple[Place, ...]], list[Said]] = {}
    for each in owing:
        if filing := each.filing:
            for filed in filing.figures.all():
                facts.setdefault((filed.key, each.grounds), []).append(Said(owing=each, filed=filed, filing=filing))
    return [Differing(key=key, grounds=grounds, said=tuple(said)) for (key, grounds), said in facts.items()
            if any(each.filed.off for each in said)]


def reach_of(grounds: Sequence[Place], day: date) -> tuple[str, ...]:
    """The branches that these grids cover on a day: themselves, and the enterprises and sites that lie in them."""
    if not grounds:
        return (EVERYTHING,)
    inside = Unit.objects.filter(holds_on(day, "site__sitings__"), site__sitings__grid__in=grounds).select_related("site")
    return (*(ground.path for ground in grounds),
            *(branch for unit in inside if unit.site for branch in (unit.path, unit.site.path)))


def _owing(body: Body, grounds: tuple[Place, ...], leader: str, filing: Filing | None) -> Owing:
    remit: Remit | None = getattr(body, "remit", None)
    keys = tuple(remit.keys) if remit else USUAL[BodyKind(body.kind)]
    return Owing(body=body, keys=keys, due=remit.due if remit else DUE, chosen=remit is not None, grounds=grounds,
                 leader=leader, filing=filing)


def _holds(row: Body | Charge | BodyMember, day: date) -> bool:
    return (row.since is None or row.since <= day) and (row.until is None or row.until > day)


def _grounds(charges: Sequence[Charge]) -> dict[int, tuple[Place, ...]]:
    """The grids over which somebody of a body answers in its name."""
    found: dict[int, dict[int, Place]] = {}
    for charge in charges:
        if charge.body_id and charge.place and charge.place.kind == PlaceKind.GRID:
            found.setdefault(charge.body_id, {})[charge.place.pk] = charge.place
    return {body: tuple(places[pk] for pk in sorted(places)) for body, places in found.items()}


def _leaders(charges: Sequence[Charge], seats: Sequence[BodyMember]) -> dict[int, str]:
    """Who leads each body: its group leader, else whoever sits in it on the highest tier."""
    found: dict[int, str] = {}
    for charge in charges:
        if charge.body_id and charge.role == Role.GROUP_LEADER:
            found.setdefault(charge.body_id, charge.person.name)
    for seat in seats:
        found.setdefault(seat.body_id, seat.person.name)
    return found


def filed_on_time(body: Body, day: date, due: time, at: datetime) -> bool:
    """Is a filing at this moment in time? The day's own minute of `due` still is."""
    local = at.astimezone(body.park.zone)
    return (days.day_of(at, body.park.zone), local.time().replace(second=0, microsecond=0)) <= (day, due)
