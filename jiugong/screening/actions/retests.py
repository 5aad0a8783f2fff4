"""What follows inside screening from a tube that is not negative: every member is to be sampled alone."""

from datetime import datetime

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person
from jiugong.screening.actions.results import Report, report
from jiugong.screening.errors import NotInTube, RetestNotOpen, TubeUnknown
from jiugong.screening.models import Result, Retest, Specimen, Tube
from jiugong.screening.words import SubjectKind


@transaction.atomic
def open_retests(result_id: int, *, actor: Actor) -> list[Retest]:
    """Open a retest for every person in the tube who does not wait for one already."""
    result = Result.objects.select_related("park", "tube").get(pk=result_id)
    actor.must(Can.REPORT_RESULTS, over=result.park)
    members = (Specimen.objects.filter(tube=result.tube, kind="person").exclude(retest__isnull=False)
               .order_by("position"))
    waiting = {retest.specimen.whose for retest in Retest.objects.filter(
        park=result.park, closed_by=None, specimen__undo__isnull=True).select_related("specimen")}
    once = {specimen.whose: specimen for specimen in reversed(members) if specimen.whose not in waiting}

    opened = Retest.objects.bulk_create(
        [Retest(park=result.park, specimen=specimen, opened_at=result.reported_at, because=result)
         for specimen in sorted(once.values(), key=lambda each: each.position)])

    note("retests.opened", actor=actor, at=result.reported_at, park_id=result.park_id,
         subject=f"tube:{result.tube.code}", people=len(opened), value=result.value)
    return opened


@transaction.atomic
def record_retest(park: Park, *, tube: str, person: Person, value: str, at: datetime, actor: Actor,
                  sampled_at: datetime | None = None) -> Result:
    """Record what the laboratory says of one member's swab of his own: bound into a tube for him alone, and reported.

    The same again is answered as the first time; another value is a correction. Raises TubeUnknown, NotInTube, RetestNotOpen,
    and what `report` raises.
    """
    actor.must(Can.REPORT_RESULTS, over=park)
    park.one_at_a_time()
    pooled = Tube.objects.filter(park=park, code=tube).select_related("round", "point").first()
    if pooled is None:
        raise TubeUnknown(tube=tube)
    swab = Specimen.objects.filter(tube=pooled, person=person).select_related("retest").order_by("position").first()
    if swab is None:
        raise NotInTube(tube=tube)
    if not hasattr(swab, "retest"):
        raise RetestNotOpen(tube=tube)
    alone = _alone(pooled, swab, max(sampled_at or at, swab.retest.opened_at), actor)
    return report(park, Report(tube=alone.code, value=value, reported_at=at), actor=actor)


def _alone(pooled: Tube, swab: Specimen, sampled_at: datetime, actor: Actor) -> Tube:
    """The tube of his own, with his swab in it."""
    code = f"{pooled.code[:34]}-R{swab.position}"
    alone, new = Tube.objects.get_or_create(park=pooled.park, code=code, defaults={
        "round": pooled.round, "point": pooled.point, "capacity": 1, "opened_at": sampled_at})
    if new:
        Specimen.objects.create(
            park=pooled.park, scan_id=f"retest:{swab.pk}", round=pooled.round, tube=alone, position=1, kind=SubjectKind.PERSON,
            person=swab.person, sampled_at=sampled_at, device_at=sampled_at, received_at=clock.now(), again=True,
            bound_by=actor.key)
    return alone
