"""Story A: roster, round, whereabouts; the positive tube and everything that people did until 52 contacts were under control."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from jiugong.lib import secrets
from jiugong.lib.acting import Actor, all_powers
from jiugong.lib.commanding import read_file
from jiugong.registry.models import Park, Person, phone_index
from jiugong.rulebook.actions.adopting import adopt
from jiugong.rulebook.queries.releases import adoption_on, packs_at_hand
from jiugong.screening.actions.results import import_results, read_result_file
from jiugong.screening.actions.retests import record_retest
from jiugong.screening.actions.scan_files import import_scans
from jiugong.tracing.actions.cases import decide_case
from jiugong.tracing.actions.incidents import say_when_told
from jiugong.tracing.actions.orders import confirm_holds, decide, inform, receive, send, settle_down
from jiugong.tracing.actions.presence_files import import_presence, read_presence_file
from jiugong.tracing.models import Case, Incident, Order
from jiugong.tracing.queries.people import person_numbered
from jiugong.tracing.stages import ENDS, CaseStage
from jiugong.tracing.words import OrderKind
from scenarios.a.steps import HELD, INFORMED, SENT, SETTLED, TOLD, StepRow, read_retests, read_steps
from scenarios.opening import Told, opened

INPUTS = Path(__file__).parent / "inputs"
RELEASE = "cn-2022-20"


@transaction.atomic
def tell(inputs: Path, *, actor: Actor) -> Told:
    """Replay a folder of this shape into this home. Telling it again changes nothing; a refusal leaves nothing behind."""
    told, scans = opened(inputs, actor=actor)
    park = told.park
    _adopt(park, told.first_day, actor)
    import_scans(park, scans, actor=actor)
    presence = read_presence_file(read_file(str(inputs / "presence.csv.gz")), name="presence.csv.gz", park=park)
    import_presence(park, presence, actor=actor)
    results = read_result_file(read_file(str(inputs / "results.xlsx")), name="results.xlsx", park=park)
    import_results(park, results, actor=actor)
    hands = Hands(park, read_steps(inputs / "steps.csv", park.zone), actor)
    incidents = list(Incident.objects.filter(park=park, drill=None, stage="open").order_by("number"))
    for incident in incidents:
        _told_and_held(incident, hands)
    for each in read_retests(inputs / "retests.csv", park.zone):
        record_retest(park, tube=each.tube, person=person_numbered(park, each.id_number), value=each.value, at=each.reported_at,
                      sampled_at=each.sampled_at, actor=actor)
    for incident in incidents:
        _decided_and_controlled(incident, hands)
    return told


@dataclass(frozen=True, kw_only=True)
class Done:
    """When a step was done, by whom, and who is the second of a pair."""

    at: datetime
    by: Actor
    second: Actor


class Hands:
    """Who did which step for whom, by the list of steps; a step that it does not name takes the next one that it names."""

    ORDER = (TOLD, HELD, INFORMED, SENT, SETTLED)

    def __init__(self, park: Park, rows: list[StepRow], actor: Actor) -> None:
        self.rows, self.actor = rows, actor
        self.by = {phone: _hand(park, phone, actor) for phone in {row.phone for row in rows}}

    def when(self, step: str, id_number: str = "") -> Done | None:
        """The first row of a step, of a person if one is named; else of the next step of the same person."""
        for later in self.ORDER[self.ORDER.index(step):]:
            for row in self.rows:
                if row.step == later and (not id_number or row.id_number == id_number):
                    return Done(at=row.at, by=self.by[row.phone], second=self._other(row.phone))
        return None

    def _other(self, phone: str) -> Actor:
        """Somebody else whom the list names, to sign as the second; the operator where it names one person only."""
        others = [self.by[row.phone] for row in self.rows if self.by[row.phone].key != self.by[phone].key]
        return others[0] if others else self.actor


def _hand(park: Park, phone: str, actor: Actor) -> Actor:
    """Whoever has this telephone, acting with his own hands; the story gives him the powers for it."""
    person = Person.objects.filter(park=park, phone_index=phone_index(park, phone, secrets.ring())).order_by("pk").first()
    return all_powers(key=f"person:{person.uid}", name=person.name) if person else actor


def _adopt(park: Park, day: date, actor: Actor) -> None:
    """Go by the twenty measures, or by the national text of COVID that held on the first day, unless one was adopted already."""
    if adoption_on(park, day):
        return
    held = [pack.key for pack in packs_at_hand() if pack.kind == "covid" and pack.in_force_on(day)]
    if held:
        adopt(park, RELEASE if RELEASE in held else held[-1], from_day=day, actor=actor)


def _told_and_held(incident: Incident, hands: Hands) -> None:
    told, first = hands.when(TOLD), hands.when(HELD)
    if told and first and first.at >= told.at:
        incident = say_when_told(incident, told.at, actor=told.by)
    if first:
        confirm_holds(incident, at=first.at, actor=first.by)
    for hold in _orders(incident, OrderKind.HOLD):
        held = hands.when(HELD, _number(hold))
        if held:
            settle_down(hold, at=held.at, actor=held.by)


def _decided_and_controlled(incident: Incident, hands: Hands) -> None:
    """The case is decided when its retest was known; each contact's order by two people before he was informed."""
    told = hands.when(TOLD)
    for case in Case.objects.filter(incident=incident, stage=CaseStage.SUSPECTED).select_related("incident__park"):
        decide_case(case, CaseStage.CONFIRMED, reason="单采复核阳性", at=case.opened_at, actor=told.by if told else hands.actor)
    for order in _orders(incident, OrderKind.CLOSE_CONTACT):
        informed, sent, settled = (hands.when(step, _number(order)) for step in (INFORMED, SENT, SETTLED))
        if informed is None or sent is None or settled is None:
            continue
        decide(order, at=informed.at, actor=informed.by)
        decide(order, at=informed.at, actor=informed.second)
        inform(order, at=informed.at, actor=informed.by)
        send(order, at=sent.at, actor=sent.by)
        receive(order, at=settled.at, actor=sent.second)
        settle_down(order, at=settled.at, actor=settled.by)


def _orders(incident: Incident, kind: OrderKind) -> Iterable[Order]:
    return (Order.objects.filter(incident=incident, kind=kind, controlled_at=None).exclude(stage__in=ENDS)
            .select_related("park", "who__person__park").order_by("number"))


def _number(order: Order) -> str:
    return order.who.open_id_number(secrets.ring())
