"""A step whose time has passed tells whoever has it in hand, once."""

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from jiugong.accounts.models import Membership
from jiugong.accounts.roles import AccountRole
from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.models import MessageKind
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, tell
from jiugong.registry.models import Park
from jiugong.tracing.happenings import StepLate
from jiugong.tracing.models import Step
from jiugong.tracing.stages import IncidentStage
from jiugong.tracing.words import StepKind

LANGUAGES = ("zh-hans", "en")


@transaction.atomic
def tell_late_steps(park: Park, *, actor: Actor) -> int:
    """Tell the owner of each step that is open after its time; where it has none, the duty officers. Each is told once."""
    now = clock.now()
    late = list(Step.objects.select_for_update(of=("self",)).filter(
        incident__park=park, incident__stage=IncidentStage.OPEN, incident__drill=None, met_at=None, due_at__lt=now,
        told_late_at=None).select_related("incident", "owner").order_by("due_at", "pk"))
    if not late:
        return 0
    officers = _officers(park) if any(step.owner is None for step in late) else []
    drafts = []
    for step in late:
        about, facts = f"incident:{step.incident.number}", {"text": _said(step, park)}
        if step.owner:
            drafts.append(Draft(once=f"step-late:{step.pk}", kind=MessageKind.TASK, about=about, to_person=step.owner, facts=facts))
        drafts += [Draft(once=f"step-late:{step.pk}:u{held.user_id}", kind=MessageKind.TASK, about=about, to_user=held.user,
                         facts=facts) for held in officers if step.owner is None]
        step.told_late_at = now
    write_messages(park, drafts, actor=actor)
    Step.objects.bulk_update(late, ["told_late_at"])
    for step in late:
        tell(StepLate(step_id=step.pk, at=now))
    return len(late)


def _officers(park: Park) -> list[Membership]:
    now = clock.now()
    rows = Membership.objects.filter(Q(until_at=None) | Q(until_at__gt=now), park=park, role=AccountRole.DUTY_OFFICER,
                                     since_at__lte=now, place=None, unit=None, user__is_active=True)
    return list({held.user_id: held for held in rows.select_related("user").order_by("pk")}.values())


def _said(step: Step, park: Park) -> dict[str, str]:
    """The sentence in both languages: whoever reads it reads his own."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = _("Incident %(number)s: “%(step)s” was due at %(due)s and is not done.") % {
                "number": step.incident.number, "step": StepKind(step.kind).label,
                "due": days.local(step.due_at or clock.now(), park.zone)[5:16]}
    return said
