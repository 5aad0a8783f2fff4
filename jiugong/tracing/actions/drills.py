"""Drills: an incident planted on the park's own records of the last days, marked everywhere, measured, kept apart.

What is planted stands in the drill alone: the tube, its members, who is ill, and meetings that only the "patient" tells. Nobody's
presence is written, nobody is restricted and nothing is sent; orders of a drill hold for nobody.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.people import on_duty
from jiugong.tracing.actions.cases import suspect
from jiugong.tracing.actions.clocking import settle_clock
from jiugong.tracing.actions.incidents import end_holds, propose_holds
from jiugong.tracing.actions.orders import end_order, over
from jiugong.tracing.actions.pseudonyms import numbered
from jiugong.tracing.errors import DrillOver, DrillRunning, NobodyToPlant, ReasonMissing
from jiugong.tracing.logic.contacts import Asked
from jiugong.tracing.logic.drilling import Measured, measure
from jiugong.tracing.models import Contact, Drill, Incident, Member, Order, Presence, Pseudonym, Step
from jiugong.tracing.queries.history import meetings_of, seconds
from jiugong.tracing.queries.rules import adopted, grounds_on
from jiugong.tracing.stages import ENDS, IncidentStage
from jiugong.tracing.words import ContactClass, FoundBy, OrderKind, StepKind

MEMBERS, TOLD_ONLY = 10, 2                   # people in the planted tube; meetings that only the interview brings out
SAMPLED_BEFORE = timedelta(hours=8)          # the planted swab was taken so long before the park is told
LOOKS_BACK = timedelta(days=2)
LONGEST_TITLE = 120
ALSO_MET = "told_by_patient"


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A drill that began, and its incident."""

    drill: Drill
    incident: Incident


@transaction.atomic
def begin_drill(park: Park, *, title: str, actor: Actor, seed: int | None = None) -> Begun:
    """Plant a positive tube now, on what the park's logs say of the last two days. One drill at a time.

    The same `seed` plants the same people on the same records. Raises DrillRunning, NobodyToPlant, NothingAdopted, NoExposures.
    """
    actor.must(Can.DECIDE_CASES, over=park)
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise ReasonMissing(most=LONGEST_TITLE)
    park.one_at_a_time()
    if Drill.objects.filter(park=park, ended_at=None).exists():
        raise DrillRunning()
    now = clock.now()
    day = days.day_of(now, park.zone)
    release = adopted(park, day)
    grounds = grounds_on(park, release, day)
    numbered(park)
    chance = random.Random(seed)                                                                    # noqa: S311  no secret
    ill, members = _cast(park, now, chance)
    window = Asked(who=ill.number, since=seconds(now - SAMPLED_BEFORE - LOOKS_BACK), until=seconds(now))
    close = {rule.ground for rule in grounds.rules if rule.contact == ContactClass.CLOSE_CONTACT}
    met = {meeting.who for meeting in meetings_of(park, [window], grounds.rules) if meeting.ground in close}
    told_only = _told_only(park, now, chance, {ill.number, *met, *(each.number for each in members)})
    truth = {"ill": ill.number, "logged": sorted(met), ALSO_MET: sorted(told_only)}

    drill = Drill.objects.create(park=park, title=title, day=day, began_at=now, began_by=actor.key, began_by_name=actor.name,
                                 truth=truth)
    incident = Incident.objects.create(
        park=park, number=(Incident.objects.filter(park=park).aggregate(last=Max("number"))["last"] or 0) + 1,
        found_by=FoundBy.ROUTINE_SCREENING, tube=f"DRILL-{drill.pk}", sampled_at=now - SAMPLED_BEFORE, told_at=now, opened_at=now,
        opened_by=actor.key, release=release.key, drill=drill)
    everybody = sorted([ill, *members], key=lambda each: each.number)
    Member.objects.bulk_create([Member(incident=incident, who=who, position=position, sampled_at=now - SAMPLED_BEFORE)
                                for position, who in enumerate(everybody, start=1)])
    propose_holds(incident, everybody, actor)
    settle_clock(incident)

    note("drill.began", actor=actor, at=now, park_id=park.pk, subject=f"drill:{drill.pk}", name=title, people=len(everybody))
    return Begun(drill=drill, incident=incident)


@transaction.atomic
def reveal_retests(drill: Drill, *, actor: Actor) -> Incident:
    """The planted laboratory answers: one member is positive, the others are not. Pressed again, nothing changes."""
    actor.must(Can.DECIDE_CASES, over=drill.park)
    incident = _running(drill)
    now = clock.now()
    for member in Member.objects.filter(incident=incident, retest="").select_related("incident__park", "who__person"):
        positive = member.who.number == drill.truth["ill"]
        member.retest, member.retest_sampled_at, member.retest_reported_at = "positive" if positive else "negative", now, now
        member.save(update_fields=["retest", "retest_sampled_at", "retest_reported_at"])
        if positive:
            suspect(incident, member.who, sampled_at=member.sampled_at, at=now, actor=actor)
        else:
            end_holds(member, now, actor)
    settle_clock(incident)
    return incident


@transaction.atomic
def end_drill(drill: Drill, *, actor: Actor) -> Measured:
    """End a drill and measure it against what was planted. Ended already, it is measured as it was."""
    actor.must(Can.DECIDE_CASES, over=drill.park)
    drill = Drill.objects.select_for_update(of=("self",)).select_related("park").get(pk=drill.pk)
    if drill.ended_at:
        return Measured(**(drill.measured or {}))
    incident, now = _running(drill), clock.now()
    measured = measured_now(drill, incident)
    for order in Order.objects.filter(incident=incident).exclude(stage__in=ENDS):
        end_order(order, over(order), because="drill_over", at=now, actor=actor)
    incident.stage, incident.closed_at, incident.closed_because = IncidentStage.CLOSED, now, "drill_over"
    incident.save(update_fields=["stage", "closed_at", "closed_because"])
    drill.ended_at, drill.measured = now, measured.as_data()
    drill.save(update_fields=["ended_at", "measured"])

    note("drill.ended", actor=actor, at=now, park_id=drill.park_id, subject=f"drill:{drill.pk}", **measured.as_data())
    return measured


def measured_now(drill: Drill, incident: Incident) -> Measured:
    """How the drill stands at this moment."""
    steps = {step.kind: step.met_at for step in Step.objects.filter(incident=incident)}
    listed = Contact.objects.filter(incident=incident, contact_class=ContactClass.CLOSE_CONTACT, ended_at=None)
    kept = Order.objects.filter(incident=incident, kind=OrderKind.CLOSE_CONTACT, controlled_at__isnull=False)
    truth: dict[str, Any] = drill.truth
    return measure(truth=[*truth["logged"], *truth[ALSO_MET]], listed=listed.values_list("who__number", flat=True),
                   controlled=kept.values_list("who__number", flat=True), began=drill.began_at, held=steps.get(StepKind.HELD),
                   traced=steps.get(StepKind.TRACED), all_controlled=steps.get(StepKind.CONTROLLED))


def _running(drill: Drill) -> Incident:
    """The incident of a drill that goes on. Raises DrillOver."""
    incident = Incident.objects.select_related("park", "drill").filter(drill=drill, stage=IncidentStage.OPEN).first()
    if incident is None:
        raise DrillOver()
    return incident


def _cast(park: Park, now: datetime, chance: random.Random) -> tuple[Pseudonym, list[Pseudonym]]:
    """Who is ill in the drill, and who shares his tube: people of one team whom the logs have seen. Raises NobodyToPlant."""
    day = days.day_of(now, park.zone)
    seen = set(Presence.objects.filter(park=park, entered_at__lt=now, left_at__gt=now - SAMPLED_BEFORE - LOOKS_BACK)
               .values_list("who_id", flat=True).distinct())
    posted = on_duty(park, day)
    candidates = list(Pseudonym.objects.filter(person__in=posted.values("person")).order_by("pk"))
    known = [each for each in candidates if each.pk in seen] or candidates
    if not known:
        raise NobodyToPlant()
    ill = chance.choice(known)
    unit = posted.filter(person=ill.person_id).values("unit")
    team = posted.filter(unit__in=unit).values("person")
    mates = list(Pseudonym.objects.filter(person__in=team).exclude(pk=ill.pk).order_by("pk"))
    return ill, chance.sample(mates, min(len(mates), MEMBERS - 1))


def _told_only(park: Park, now: datetime, chance: random.Random, but: set[int]) -> Sequence[int]:
    """Whom the "patient" met where no log stood: only an interview brings them out."""
    others = list(Pseudonym.objects.filter(person__in=on_duty(park, days.day_of(now, park.zone)).values("person"))
                  .exclude(number__in=but).order_by("pk").values_list("number", flat=True)[:500])
    return chance.sample(others, min(len(others), TOLD_ONLY))

