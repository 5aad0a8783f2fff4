"""What follows inside screening from a tube that is not negative: every member is to be sampled alone."""

from django.db import transaction

from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.screening.models import Result, Retest, Specimen


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
