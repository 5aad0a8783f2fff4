"""What the reader may do next in an incident: the first is what the incident waits for, and stands under the thumb."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.tracing.actions.marking import BY_HAND
from jiugong.tracing.models import Incident
from jiugong.tracing.queries.chain import Chain
from jiugong.tracing.stages import CaseStage, IncidentStage
from jiugong.tracing.words import StepKind


@dataclass(frozen=True, kw_only=True)
class Next:
    """One thing to do: a press that posts, or a page to open."""

    label: str
    url: str
    icon: str
    posts: bool = False
    confirm: str = ""


def next_steps(chain: Chain, incident: Incident, actor: Actor, park: Park) -> list[Next]:
    """What may be done now, in the order of the chain."""
    if incident.stage != IncidentStage.OPEN:
        return []
    at = [park.uid, incident.number]
    found = [*_holds(chain, incident, actor, at), *_cases(chain, incident, actor, park, at), *_orders(chain, actor, park, at)]
    found += _papers(chain, incident, actor, at)
    nobody = not any(chain.groups[group] for group in ("proposed", "held", "ordered", "informed", "transfer", "controlled"))
    if nobody and not chain.waits[StepKind.DECIDED] and actor.may(Can.DECIDE_CASES, over=incident):
        found.append(Next(label=_("Close the incident"), url=reverse("incident-close", args=at), icon="circle-check"))
    return found


def _holds(chain: Chain, incident: Incident, actor: Actor, at: list[object]) -> list[Next]:
    holds = chain.proposed_holds
    if not holds or not actor.may(Can.HOLD_PEOPLE, over=incident):
        return []
    return [Next(label=ngettext("Confirm %(count)s hold", "Confirm all %(count)s holds", holds) % {"count": holds}, icon="lock",
                 url=reverse("incident-hold", args=at), posts=True,
                 confirm=_("Hold everybody in the tube until the single retests are known?"))]


def _cases(chain: Chain, incident: Incident, actor: Actor, park: Park, at: list[object]) -> list[Next]:
    found = []
    waiting = chain.waits[StepKind.RETESTED]
    if waiting and incident.tube and actor.may(Can.REPORT_RESULTS, over=park):
        found.append(Next(label=ngettext("Record %(count)s single retest", "Record %(count)s single retests", waiting) % {
            "count": waiting}, url=reverse("tube-retests", args=[park.uid, incident.tube]), icon="test-pipe"))
    if actor.may(Can.DECIDE_CASES, over=incident):
        waiting_cases = [each for each in chain.cases if each.stage == CaseStage.SUSPECTED]
        found += [Next(label=_("Decide the case of %(name)s") % {"name": each.who.name or each.who.masked_id}, icon="flask",
                       url=reverse("case-decide", args=[*at, each.pk])) for each in waiting_cases]
    return found


def _papers(chain: Chain, incident: Incident, actor: Actor, at: list[object]) -> list[Next]:
    """What only a paper shows, where its time runs."""
    if not actor.may(Can.DECIDE_CASES, over=incident):
        return []
    return [Next(label=_("Enter: %(step)s") % {"step": StepKind(tick.step.kind).label}, icon="file-text",
                 url=reverse("incident-mark", args=[*at, tick.step.kind]))
            for tick in chain.ticks if tick.step.kind in BY_HAND and not tick.step.met_at and tick.step.due_at]


def _orders(chain: Chain, actor: Actor, park: Park, at: list[object]) -> list[Next]:
    found = []
    if chain.mine:
        found.append(Next(label=ngettext("Sign %(count)s order", "Sign %(count)s orders", chain.mine) % {"count": chain.mine},
                          url=reverse("orders-sign", args=at), icon="pencil", posts=True,
                          confirm=_("Sign these orders? Two people decide each; open the list to read every reason first.")))
    if not actor.may_somewhere(Can.CARRY_OUT_ORDERS, within=park):
        return found
    if ordered := chain.groups["ordered"]:
        found.append(Next(label=ngettext("%(count)s person was informed", "All %(count)s were informed", ordered) % {
            "count": ordered}, url=reverse("orders-inform", args=at), icon="message", posts=True,
            confirm=_("Was everybody told the rule, the reason, until when, and how to object?")))
    moving = chain.groups["informed"] + chain.groups["transfer"]
    if moving and not ordered:
        found.append(Next(label=ngettext("%(count)s person on the way", "%(count)s people on the way", moving) % {"count": moving},
                          url=f"{reverse('orders', args=at[:1])}?incident={at[1]}&state=standing", icon="arrows-exchange"))
    return found
