"""Giving people their codes, as badges and as links, and taking them back."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, NotAllowed, note
from jiugong.lib.can import Can
from jiugong.registry.errors import BadgeReasonNeeded, LinkTooLong, TooManyBadges
from jiugong.registry.logic.badge_codes import fresh_code
from jiugong.registry.models import Badge, Park, Person
from jiugong.registry.queries.people import people_seen, whereabouts
from jiugong.registry.words import BadgeKind

MOST_BADGES = 400                            # at once: fifty sheets, a few seconds
LONGEST_LINK_DAYS = 90
LONGEST_REASON = 200
REPLACED = "replaced"                        # what stands where a newer link came


@transaction.atomic
def issue_badges(park: Park, people: Sequence[Person], *, actor: Actor) -> list[Badge]:
    """Give each of these people a badge; whoever holds one keeps it. In the order asked, in few queries for any number.

    Raises TooManyBadges, NotAllowed.
    """
    if len(people) > MOST_BADGES:
        raise TooManyBadges(count=len(people), most=MOST_BADGES)
    keys = {person.pk for person in people}
    if people_seen(actor, park, Can.ISSUE_BADGES).filter(pk__in=keys).count() != len(keys):
        raise NotAllowed(actor=actor.name, power=Can.ISSUE_BADGES.value)
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))   # one by one
    held = _held(keys)
    bare = [person for person in people if person.pk not in held]
    if not bare:
        return [held[person.pk] for person in people]

    now = clock.now()
    Badge.objects.bulk_create([Badge(park=park, person=person, kind=BadgeKind.CARD, code=fresh_code(), issued_at=now,
                                     issued_by=actor.key) for person in {each.pk: each for each in bare}.values()])

    note("badge.issued", actor=actor, at=now, park_id=park.pk, people=len(bare),
         subject=f"person:{bare[0].pk}" if len(bare) == 1 else "")
    held = _held(keys)
    return [held[person.pk] for person in people]


@transaction.atomic
def reissue_badge(person: Person, *, reason: str, actor: Actor, number: int | None = None) -> Badge:
    """Withdraw the badge that somebody lost, with the reason, and give him another.

    `number` says which badge was lost: sent twice, the one that took its place stays. Raises BadgeReasonNeeded.
    """
    actor.must(Can.ISSUE_BADGES, over=whereabouts(person))
    _judged(reason)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    lost = _open(person, BadgeKind.CARD)
    if lost and number in (None, lost.pk):
        withdraw_badge(lost, reason=reason, actor=actor)
    return issue_badges(person.park, [person], actor=actor)[0]


@transaction.atomic
def issue_link(person: Person, *, days: int, actor: Actor) -> Badge:
    """Give somebody a link to his own page for some days; the link before it ends now. He has a badge from then on too.

    Raises LinkTooLong.
    """
    actor.must(Can.ISSUE_BADGES, over=whereabouts(person))
    if not 1 <= days <= LONGEST_LINK_DAYS:
        raise LinkTooLong(most=LONGEST_LINK_DAYS)
    now = clock.now()
    issue_badges(person.park, [person], actor=actor)          # the code that his page shows

    Badge.objects.filter(person=person, kind=BadgeKind.LINK, withdrawn_at=None).update(withdrawn_at=now,
                                                                                       withdrawn_because=REPLACED)
    link = Badge.objects.create(park=person.park, person=person, kind=BadgeKind.LINK, code=fresh_code(), issued_at=now,
                                issued_by=actor.key, expires_at=now + timedelta(days=days))

    note("link.issued", actor=actor, at=now, park_id=person.park_id, subject=f"person:{person.pk}",
         until=link.expires_at.isoformat() if link.expires_at else "")
    return link


@transaction.atomic
def withdraw_badge(badge: Badge, *, reason: str, actor: Actor) -> Badge:
    """Take back a badge or a link: from now on it names nobody. Doing so again changes nothing.

    Raises BadgeReasonNeeded.
    """
    actor.must(Can.ISSUE_BADGES, over=whereabouts(badge.person))
    _judged(reason)
    now = clock.now()

    won = Badge.objects.filter(pk=badge.pk, withdrawn_at=None).update(                             # compare and set
        withdrawn_at=now, withdrawn_because=reason.strip())
    badge.refresh_from_db(fields=["withdrawn_at", "withdrawn_because"])

    if won:
        note("link.withdrawn" if badge.kind == BadgeKind.LINK else "badge.withdrawn", actor=actor, at=now, park_id=badge.park_id,
             subject=f"person:{badge.person_id}", reason=badge.withdrawn_because)
    return badge


def _judged(reason: str) -> None:
    if not 0 < len(reason.strip()) <= LONGEST_REASON or "\0" in reason:
        raise BadgeReasonNeeded(most=LONGEST_REASON)


def _open(person: Person, kind: BadgeKind) -> Badge | None:
    return Badge.objects.filter(person=person, kind=kind, withdrawn_at=None).select_related("person__park").first()


def _held(keys: Iterable[int]) -> dict[int, Badge]:
    rows = Badge.objects.filter(person__in=list(keys), kind=BadgeKind.CARD, withdrawn_at=None)
    return {badge.person_id: badge for badge in rows.select_related("person", "park")}
