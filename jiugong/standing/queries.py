"""What holds for a person at a moment, and why: asked of the rooms below, kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from jiugong.duties import queries as duties
from jiugong.duties.logic import Advice, advice
from jiugong.duties.models import Evidence
from jiugong.journal.models import Message
from jiugong.lib import days, secrets
from jiugong.policy import NotInForce, UnknownQuestion
from jiugong.registry.models import Charge, Park, Person, holds_on
from jiugong.registry.queries.charges import answering_for_person
from jiugong.registry.queries.coverage import Asked
from jiugong.registry.queries.people import posting_on
from jiugong.registry.words import Role, Status
from jiugong.rulebook.queries import value_on
from jiugong.screening.models import Result, Retest, Round, Specimen
from jiugong.screening.queries.rounds import asked_by, with_targets
from jiugong.standing.logic import Because, Holding, Holds, in_order
from jiugong.tracing.queries.own import own_orders


def standing_of(person: Person, at: datetime) -> list[Holds]:
    """Everything that holds for a person at a moment. The caller has come through the person's door."""
    return in_order([*_orders(person, at), *_posted(person, at), *_retests(person, at), *_rounds(person, at), *_duties(person, at),
                     *_excuses(person, at), *_last_result(person, at)])


def _posted(person: Person, at: datetime) -> list[Holds]:
    day = days.day_of(at, person.park.zone)
    posting = posting_on(person, day)
    if posting is None:
        return [Holds(what=Holding.NOT_POSTED, about=str(person.park),
                      because=(Because(fact="roster", found="-", needed=str(day), met=False),))]
    start = days.bounds(posting.since, person.park.zone)[0]
    return [Holds(what=Holding.POSTED, about=f"{posting.enterprise} · {posting.unit}", since=start,
                  until=days.bounds(posting.until, person.park.zone)[0] if posting.until else None,
                  because=(Because(fact="status", found=str(Status(posting.status).label)),),
                  facts={"status": posting.status, "post": posting.post, "shift": posting.shift})]


def _orders(person: Person, at: datetime) -> list[Holds]:
    """What restricts him: each order with its reason, its rule and its evidence, who decided, and its end."""
    return [Holds(what=Holding.RESTRICTED, about=each.kind, since=each.order.since, until=each.order.until, late=True,
                  because=(Because(fact="reason", found=each.reason, by=each.rule, met=False),
                           *(Because(fact="ground", found=one.words, by=one.place, met=False) for one in each.grounds),
                           Because(fact="decided", found="、".join(each.decided_by))),
                  facts={"order": str(each.order.number), "kind": each.order.kind, "uid": str(each.order.uid)})
            for each in own_orders(person, at)]


def _retests(person: Person, at: datetime) -> list[Holds]:
    waiting = (Retest.objects.filter(specimen__person=person, opened_at__lte=at)
               .exclude(closed_by__reported_at__lte=at).select_related("specimen__tube", "because"))
    return [Holds(what=Holding.RETEST, about=each.specimen.tube.code, since=each.opened_at, late=True,
                  because=(Because(fact="result", found=str(each.because.get_value_display()), needed="negative",
                                   by=f"tube {each.specimen.tube.code}, position {each.specimen.position}", met=False),))
            for each in waiting]


def _rounds(person: Person, at: datetime) -> list[Holds]:
    """The rounds of the day: owed by the roster, done by a specimen."""
    day = days.day_of(at, person.park.zone)
    found = []
    for each in with_targets(Round.objects.filter(park=person.park, day=day)):
        asked = asked_by(each, at, person=person)
        found += _owing(asked, about=each.duty_key, since=each.opens_at, until=each.closes_at, at=at,
                        by=f"round {each.number}")
    return found


def _duties(person: Person, at: datetime) -> list[Holds]:
    """The duties of the park's rules, each in its current window."""
    found = []
    for due in duties.due_at(person.park, at):
        if due.rule.subject == "person":
            asked = duties.asked_by(person.park, due, at, person=person)
            found += _owing(asked, about=due.rule.key, since=due.window.start, until=due.window.end, at=at,
                            by=str(due.rule.basis))
    return found


def _owing(asked: Asked, *, about: str, since: datetime, until: datetime, at: datetime, by: str) -> list[Holds]:
    covered = asked.coverage()
    if not covered.owed:
        return []
    what = Holding.DONE if covered.done else Holding.EXCUSED if covered.excused else Holding.OWES
    return [Holds(what=what, about=about, since=since, until=until, late=what is Holding.OWES and at > until,
                  because=(Because(fact="on_the_roster", found="on duty", by=by, met=what is not Holding.OWES),))]


def _excuses(person: Person, at: datetime) -> list[Holds]:
    return [Holds(what=Holding.EXCUSED, about=each.duty or "*", since=each.since_at, until=each.until_at,
                  because=(Because(fact="excuse", found=each.reason, by=each.decided_by_name),))
            for each in duties.excuses_of(person.pk, at)]


def _last_result(person: Person, at: datetime) -> list[Holds]:
    result = (Result.objects.filter(tube__in=tubes_with(person), reported_at__lte=at).select_related("tube")
              .order_by("-reported_at", "-pk").first())
    if result is None:
        return []
    return [Holds(what=Holding.LAST_RESULT, about=result.tube.code, since=result.reported_at,
                  because=(Because(fact="result", found=str(result.get_value_display())),),
                  facts={"value": result.value})]


def tubes_with(person: Person) -> QuerySet[Specimen, int]:
    """The tubes in which a person's swabs are; one whose scan was undone is in none."""
    return Specimen.objects.filter(person=person).values_list("tube", flat=True)


def specimens_of(person: Person, at: datetime) -> list[Specimen]:
    """A person's specimens, newest first."""
    return list(Specimen.objects.filter(person=person, sampled_at__lte=at)
                .select_related("round", "tube__point").order_by("-sampled_at")[:100])


# a worker's own page ------------------------------------------------------------------------------------------------

CALLED = (Role.TEAM_LEADER, Role.WORKSHOP_LEADER, Role.PREVENTION_OFFICER, Role.ENTERPRISE_CHIEF, Role.GRID_LEADER)
MOST_CALLED, MOST_RESULTS, MOST_REPORTS, MOST_MESSAGES = 5, 5, 5, 10
ADVISED_FOR = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Somebody whom a worker can call. The phone is there only where the park lists him with it as in charge."""

    name: str
    role: str
    over: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class OwnResult:
    """One swab of a person and what became of its tube: no value while the laboratory has not answered."""

    round: int
    sampled_at: datetime
    tube: str
    value: str
    words: str
    reported_at: datetime | None


def to_call(person: Person, day: date) -> list[Contact]:
    """Whom somebody calls, the nearest first: leaders of his team, officers of his enterprise, the leader of his grid.

    Phones of people who are in charge stand in the park's list so that they are called; somebody who leads by his post
    gave his number for the roster alone, so he stands here by name.
    """
    chain = [each for each in answering_for_person(person, day) if each.role in CALLED]
    once = list({each.person.pk: each for each in chain}.values())[:MOST_CALLED]
    listed = set(Charge.objects.filter(holds_on(day), person__in=[each.person for each in once])
                 .values_list("person_id", flat=True))
    ring = secrets.ring()
    return [Contact(name=each.person.name, role=str(each.role.label), over=each.over,
                    phone=each.person.open_phone(ring) if each.person.pk in listed else "") for each in once]


def own_results(person: Person, at: datetime) -> list[OwnResult]:
    """A person's last swabs with the newest result of each tube, newest first. Nothing about who else was in it."""
    taken = specimens_of(person, at)[:MOST_RESULTS]
    newest = {result.tube_id: result for result in Result.objects.filter(
        tube__in=[each.tube_id for each in taken], reported_at__lte=at).order_by("reported_at", "pk")}
    found = [(each, newest.get(each.tube_id)) for each in taken]
    return [OwnResult(round=each.round.number, sampled_at=each.sampled_at, tube=each.tube.code,
                      value=result.value if result else "", words=str(result.get_value_display()) if result else "",
                      reported_at=result.reported_at if result else None) for each, result in found]


def own_reports(person: Person, at: datetime) -> list[Evidence]:
    """What somebody reported last, newest first."""
    return list(duties.evidence_of(person.pk, at)[:MOST_REPORTS])


def advice_now(person: Person, reports: list[Evidence], at: datetime) -> list[tuple[Evidence, Advice]]:
    """What a person should do because of his newest report of each kind within a day."""
    newest: dict[str, Evidence] = {}
    for each in reports:
        if at - each.happened_at < ADVISED_FOR:
            newest.setdefault(each.kind, each)
    return [(each, one) for each in newest.values()
            for one in advice(each.kind, each.data, parameters_on(person.park, each.happened_at))]


def own_messages(person: Person) -> QuerySet[Message]:
    """What was written to somebody, newest first."""
    return (Message.objects.filter(to_person=person).select_related("concerns", "notice").defer("notice__attachment_sealed")
            .order_by("-written_at", "-pk")[:MOST_MESSAGES])


def parameters_on(park: Park, at: datetime) -> Mapping[str, object]:
    """The values of the park's release by which a report is judged."""
    try:
        return {"fever_from": value_on(park, "fever_from", days.day_of(at, park.zone))}
    except (NotInForce, UnknownQuestion):        # a pack that is silent on fever: practice stands in
        return {}
