"""Proposing control of somebody who was in an area at risk: by the pack's rule of the day, counted from the day he left."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from jiugong.lib import days
from jiugong.lib.acting import Actor, note
from jiugong.policy import Period
from jiugong.registry.models import Park, Person
from jiugong.rulebook.queries.releases import release_on
from jiugong.tracing.actions.numbering import next_number
from jiugong.tracing.actions.proposing import periods_of, phases_as_data
from jiugong.tracing.actions.pseudonyms import numbered
from jiugong.tracing.models import Order, Pseudonym
from jiugong.tracing.stages import ENDS
from jiugong.tracing.words import OrderKind

KIND_OF = {"high": OrderKind.HIGH_RISK_AREA, "medium": OrderKind.MEDIUM_RISK_AREA}


def control_on(park: Park, level: str, left_on: date, day: date) -> tuple[Period, ...]:
    """The phases of control after an area of a level, by the rules of a park on a day; none where they have no such rule."""
    release, kind = release_on(park, day), KIND_OF.get(level)
    return periods_of(release.key, kind, left_on, on=day) if release and kind else ()


def propose_for_area(person: Person, level: str, *, left_on: date, reason: str, evidence: Mapping[str, Any], at: datetime,
                     actor: Actor) -> Order | None:
    """Propose that somebody is controlled after an area at risk; two people decide.

    One that stands is answered as it is. None where the rules of the day control nobody for it, or its time is over.
    """
    park = person.park
    day, kind = days.day_of(at, park.zone), KIND_OF.get(level)
    periods = control_on(park, level, left_on, day)
    if kind is None or not periods or day > periods[-1].last_day:
        return None
    park.one_at_a_time()
    numbered(park)
    who = Pseudonym.objects.get(park=park, person=person)
    if before := Order.objects.filter(who=who, kind=kind, incident=None).exclude(stage__in=ENDS).first():
        return before
    release = release_on(park, day)
    until = days.bounds(periods[-1].last_day, park.zone)[1]
    order = Order.objects.create(
        park=park, number=next_number(park), who=who, kind=kind, release=release.key if release else "",
        rule=f"control.{kind.value}", reason=reason, evidence={**evidence, "left_on": str(left_on), "level": level},
        phases=phases_as_data(periods), since=at, until=max(until, at + timedelta(minutes=1)), proposed_at=at,
        proposed_by=actor.key, proposed_by_name=actor.name)

    note("order.proposed", actor=actor, at=at, park_id=park.pk, subject=f"order:{order.pk}", kind=kind.value)
    return order
