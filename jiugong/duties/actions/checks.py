"""The only code that checks what others have done."""

from django.db import transaction

from jiugong.duties.errors import CheckedBefore, CheckNeedsRemark, CheckOneself, NothingToCheck
from jiugong.duties.logic.kinds import must_be_checked
from jiugong.duties.models import Check, Evidence
from jiugong.duties.queries.subjects import rooted, subject_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can

LONGEST_REMARK = 300


@transaction.atomic
def check(evidence: Evidence, *, passed: bool, actor: Actor, remark: str = "") -> Check:
    """Say whether what somebody else did is good. What is not good is done again: it needs new evidence.

    The same check again is answered as the first time. Raises NothingToCheck, CheckOneself, CheckNeedsRemark,
    CheckedBefore.
    """
    actor.must(Can.RECORD_EVIDENCE, over=rooted(subject_of(evidence)))
    remark, now = " ".join(remark.split()), clock.now()
    if not must_be_checked(evidence.kind):
        raise NothingToCheck()
    if actor.key == evidence.recorded_by or actor.name == evidence.data.get("operator"):
        raise CheckOneself(name=actor.name)
    if (not passed and not remark) or len(remark) > LONGEST_REMARK or not remark.isprintable():
        raise CheckNeedsRemark(most=LONGEST_REMARK)

    made, is_new = Check.objects.get_or_create(evidence=evidence, defaults={
        "passed": passed, "remark": remark, "checked_by": actor.key, "checked_by_name": actor.name, "checked_at": now})
    if not is_new and (made.passed, made.remark, made.checked_by) != (passed, remark, actor.key):
        raise CheckedBefore(name=made.checked_by_name)

    if is_new:
        note("evidence.checked", actor=actor, at=now, park_id=evidence.park_id, subject=f"evidence:{evidence.pk}",
             kind=evidence.kind, over=str(subject_of(evidence)), passed=passed, reason=remark)
    return made
