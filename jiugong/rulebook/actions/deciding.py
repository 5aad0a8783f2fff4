"""What the park decides about its enterprises and its ground: how closely an enterprise is watched, what an area is."""

import re
from datetime import date

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.errors import DatesOutOfOrder
from jiugong.registry.models import Place, Unit
from jiugong.registry.words import UnitKind
from jiugong.rulebook.errors import NotAnEnterprise, ReasonMissing, ReferenceMissing
from jiugong.rulebook.models import Grading, Zoning
from jiugong.rulebook.words import AreaLevel, Risk

LONGEST_REASON, LONGEST_TITLE, LONGEST_ISSUER = 300, 200, 120
_PUBLISHED = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?", re.ASCII)


@transaction.atomic
def grade(unit: Unit, risk: Risk, *, reason: str, actor: Actor, since: date | None = None) -> Grading | None:
    """Watch an enterprise more or less closely from a day on; None where it is ordinary and was never graded.

    The same grade again changes nothing. Raises NotAnEnterprise, ReasonMissing, DatesOutOfOrder.
    """
    actor.must(Can.APPROVE_PLANS, over=unit)
    if unit.kind != UnitKind.ENTERPRISE:
        raise NotAnEnterprise(unit=unit.name)
    unit.park.one_at_a_time()
    now = clock.now()
    since = since or days.day_of(now, unit.park.zone)
    held = Grading.objects.select_for_update().filter(unit=unit, until=None).first()
    if held.risk == risk if held else risk is Risk.ORDINARY:
        return held
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\0" in reason:
        raise ReasonMissing(most=LONGEST_REASON)

    if held:
        if since < held.since:
            raise DatesOutOfOrder(since=str(held.since), until=str(since))
        held.until = since
        held.save(update_fields=["until"])
    given = Grading.objects.create(park=unit.park, unit=unit, risk=risk.value, reason=reason, since=since,
                                   decided_by=actor.key, decided_by_name=actor.name, decided_at=now)

    note("enterprise.graded", actor=actor, at=now, park_id=unit.park_id, subject=f"unit:{unit.uid}", name=unit.name,
         risk=risk.value, since=str(since), reason=reason)
    return given


@transaction.atomic
def zone(place: Place, level: AreaLevel, *, title: str, issuer: str, published: str, actor: Actor,
         since: date | None = None) -> Zoning:
    """Keep what a place was declared to be, from a day on. The same level again changes nothing.

    Raises ReferenceMissing, DatesOutOfOrder.
    """
    actor.must(Can.APPROVE_PLANS, over=place)
    place.park.one_at_a_time()
    now = clock.now()
    since = since or days.day_of(now, place.park.zone)
    held = Zoning.objects.select_for_update().filter(place=place, until=None).first()
    if held and held.level == level:
        return held
    title, issuer, published = cited(title, issuer, published)

    if held:
        _end(held, since)
    given = Zoning.objects.create(place=place, park=place.park, level=level.value, title=title, issuer=issuer,
                                  published=published, since=since, decided_by=actor.key, decided_by_name=actor.name,
                                  decided_at=now)

    note("area.zoned", actor=actor, at=now, park_id=place.park_id, subject=f"place:{place.pk}", name=place.name,
         level=level.value, since=str(since))
    return given


@transaction.atomic
def lift(held: Zoning, *, actor: Actor, on: date | None = None) -> Zoning:
    """Lift the level of a place from a day on. Lifting it again changes nothing. Raises DatesOutOfOrder."""
    actor.must(Can.APPROVE_PLANS, over=held.place)
    now = clock.now()
    on = on or days.day_of(now, held.park.zone)
    if held.until and held.until <= on:
        return held

    _end(held, on)

    note("area.lifted", actor=actor, at=now, park_id=held.park_id, subject=f"place:{held.place_id}", name=held.place.name,
         level=held.level, until=str(on))
    return held


def cited(title: str, issuer: str, published: str) -> tuple[str, str, str]:
    """A document as it is named. Raises ReferenceMissing."""
    title, issuer, published = (text.strip() for text in (title, issuer, published))
    fits = 0 < len(title) <= LONGEST_TITLE and 0 < len(issuer) <= LONGEST_ISSUER and _PUBLISHED.fullmatch(published)
    if not fits or "\0" in title + issuer:
        raise ReferenceMissing()
    return title, issuer, published


def _end(held: Zoning, on: date) -> None:
    if on < held.since:
        raise DatesOutOfOrder(since=str(held.since), until=str(on))
    held.until = on
    held.save(update_fields=["until"])
