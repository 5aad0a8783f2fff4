"""What holds for a person at a moment, and why: asked of the rooms below, kept nowhere."""

from datetime import datetime

from jiugong.duties import queries as duties
from jiugong.lib import days
from jiugong.registry.models import Person
from jiugong.registry.queries.coverage import Asked
from jiugong.registry.queries.people import posting_on
from jiugong.registry.words import Status
from jiugong.screening.models import Result, Retest, Round, Specimen
from jiugong.screening.queries.rounds import asked_by
from jiugong.standing.logic import Because, Holding, Holds, in_order


def standing_of(person: Person, at: datetime) -> list[Holds]:
    """Everything that holds for a person at a moment. The caller has come through the person's door."""
    return in_order([*_posted(person, at), *_retests(person, at), *_rounds(person, at), *_duties(person, at),
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
    for each in Round.objects.filter(park=person.park, day=day).select_related("park", "unit", "place"):
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
    result = (Result.objects.filter(tube__specimens__person=person, reported_at__lte=at).select_related("tube")
              .order_by("-reported_at", "-pk").first())
    if result is None:
        return []
    return [Holds(what=Holding.LAST_RESULT, about=result.tube.code, since=result.reported_at,
                  because=(Because(fact="result", found=str(result.get_value_display())),),
                  facts={"value": result.value})]


def specimens_of(person: Person, at: datetime) -> list[Specimen]:
    """A person's specimens, newest first."""
    return list(Specimen.objects.filter(person=person, sampled_at__lte=at)
                .select_related("round", "tube__point").order_by("-sampled_at")[:100])
