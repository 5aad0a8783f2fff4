"""One incident as a chain: its members, its cases, its contacts by ground, how far each order is, and what waits for whom."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.tracing.models import Case, Contact, Ground, Incident, Member
from jiugong.tracing.queries.incidents import Tick, clock_of
from jiugong.tracing.queries.orders import GROUPS, in_groups, orders_of
from jiugong.tracing.queries.reach import those_seen
from jiugong.tracing.stages import CaseStage, OrderStage
from jiugong.tracing.words import ContactClass, OrderKind, StepKind


@dataclass(frozen=True, kw_only=True)
class Chain:
    """What the page of an incident shows, within what the reader sees."""

    ticks: list[Tick]
    members: list[Member]
    cases: list[Case]
    classes: dict[str, int]                      # class -> contacts that stand
    grounds: dict[int, list[tuple[str, int]]]    # case -> (ground, contacts), most first
    groups: dict[str, int]                       # orders by how far they are
    waits: dict[str, int]                        # step -> what it still waits for
    mine: int                                    # proposals that the reader may sign now
    proposed_holds: int
    now: datetime

    @property
    def late(self) -> list[Tick]:
        """The steps that are open and late, the latest first."""
        late = [tick for tick in self.ticks if tick.is_late and not tick.step.met_at]
        return sorted(late, key=lambda tick: tick.step.due_at or self.now)

    def goal(self) -> Tick | None:
        """The step by which the incident is measured: every close contact under control."""
        return next((tick for tick in self.ticks if tick.step.kind == StepKind.CONTROLLED), None)


def chain_of(actor: Actor, incident: Incident) -> Chain:
    """An incident as a chain; as many questions for one contact as for five thousand."""
    park = incident.park
    members = list(those_seen(actor, park, Member.objects.filter(incident=incident)).select_related("who__person")
                   .order_by("position"))
    cases = list(those_seen(actor, park, Case.objects.filter(incident=incident)).select_related("who__person")
                 .order_by("opened_at", "pk"))
    contacts = those_seen(actor, park, Contact.objects.filter(incident=incident, ended_at=None))
    classes = dict(contacts.order_by().values_list("contact_class").annotate(Count("who", distinct=True)))
    orders = orders_of(actor, park, incident=incident)
    waits = orders.order_by().aggregate(**{name: Count("pk", filter=which) for name, which in _WAITS.items()})
    to_sign = Q(stage=OrderStage.PROPOSED) | Q(stage=OrderStage.SEEN) & ~Q(seen_by=actor.key)
    mine = orders.filter(to_sign).exclude(kind=OrderKind.HOLD).count() if actor.may(Can.DECIDE_ORDERS, over=incident) else 0
    waits[StepKind.RETESTED] = sum(1 for each in members if not each.retest)
    waits[StepKind.DECIDED] = sum(1 for each in cases if each.stage == CaseStage.SUSPECTED)
    return Chain(ticks=clock_of(incident), members=members, cases=cases, classes=classes, grounds=_grounds(actor, incident),
                 groups=in_groups(orders), waits=waits, mine=mine, now=clock.now(),
                 proposed_holds=orders.filter(kind=OrderKind.HOLD, stage=OrderStage.PROPOSED).count())


_CLOSE = Q(kind=OrderKind.CLOSE_CONTACT)
_WAITS: Mapping[str, Q] = {
    StepKind.HELD: Q(kind=OrderKind.HOLD, controlled_at=None) & (GROUPS["proposed"] | GROUPS["held"]),
    StepKind.ORDERED: _CLOSE & GROUPS["proposed"],
    StepKind.INFORMED: _CLOSE & (GROUPS["proposed"] | GROUPS["ordered"]),
    StepKind.CONTROLLED: _CLOSE & (GROUPS["proposed"] | GROUPS["ordered"] | GROUPS["informed"] | GROUPS["transfer"]),
}


def _grounds(actor: Actor, incident: Incident) -> dict[int, list[tuple[str, int]]]:
    """How many contacts of each case each ground gives, the most first; close contacts only."""
    rows = Ground.objects.filter(contact__incident=incident, contact__ended_at=None,
                                 contact__contact_class=ContactClass.CLOSE_CONTACT)
    seen = those_seen(actor, incident.park, rows, "contact__who__person")
    counted = seen.order_by().values_list("contact__case", "ground").annotate(people=Count("contact", distinct=True))
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for case, ground, people in counted:
        found[case].append((ground, people))
    return {case: sorted(each, key=lambda pair: (-pair[1], pair[0])) for case, each in found.items()}
