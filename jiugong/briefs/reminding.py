"""Reminding: a word to who is missing, then up the chain, step by step, as the release in force says.

A step is due so many minutes after the window has closed. Somebody who presses reminds the missing at once, also before;
the steps above them come when they are due, whoever presses or runs the command next. Nothing is written twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet

from jiugong.briefs.board import Question
from jiugong.briefs.errors import ReminderTooEarly
from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.models import Message, MessageKind
from jiugong.journal.queries import reminders_about
from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.policy import NotInForce, Step, UnknownQuestion
from jiugong.registry.models import Park, Person, Posting
from jiugong.registry.queries.charges import Answering, answering_for
from jiugong.registry.queries.people import within
from jiugong.registry.words import Role
from jiugong.rulebook.queries import value_on

ESCALATION = "reminder.escalation"
TO_PERSON = "person"
MOST_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One step that was taken for somebody: when, by whom, to whom; `role` is empty for himself."""

    at: datetime
    by: str
    to: str
    role: str


@dataclass
class Reminded:
    """What a press did: who was told himself, to whom up the chain how many were told, who had been told before."""

    people: int = 0
    before: int = 0
    told: dict[str, int] = field(default_factory=dict)
    nobody: int = 0
    next_at: datetime | None = None


def steps_of(park: Park, question: Question) -> tuple[Step, ...]:
    """The steps up the chain that hold for a question's day; none where no release says any: then only the person."""
    try:
        value = value_on(park, ESCALATION, question.day)
    except (UnknownQuestion, NotInForce):
        return ()
    return tuple(step for step in value if isinstance(step, Step)) if isinstance(value, tuple) else ()


def due_at(question: Question, step: Step) -> datetime:
    """From which moment on a step is due: exactly so many minutes after the window has closed, not a second before."""
    return question.closes_at + timedelta(minutes=step.after_minutes)


def missing_of(question: Question, actor: Actor, **only: object) -> QuerySet[Posting]:
    """Whom the actor may remind of a question: who is missing, within his reach."""
    rows: QuerySet[Posting] = question.asked(**only).missing()
    return rows.filter(within(actor.reach(Can.REMIND)))


@transaction.atomic
def remind(park: Park, question: Question, *, actor: Actor, only: Mapping[str, object] | None = None) -> Reminded:
    """Remind everybody who is missing, at once, and tell up the chain what is due. Raises ReminderTooEarly."""
    actor.must_somewhere(Can.REMIND, within=park)
    return _remind(park, question, actor=actor, only=only or {}, at_once=True)


@transaction.atomic
def remind_when_due(park: Park, question: Question, *, actor: Actor) -> Reminded:
    """Take every step that is due at this moment, and none before its time: for a clock that runs this again and again."""
    actor.must_somewhere(Can.REMIND, within=park)
    return _remind(park, question, actor=actor, only={}, at_once=False)


def _remind(park: Park, question: Question, *, actor: Actor, only: Mapping[str, object], at_once: bool) -> Reminded:
    at = clock.now()
    if at < question.opens_at:
        raise ReminderTooEarly(title=question.title, opens=question.opens_at.astimezone(park.zone).strftime("%Y-%m-%d %H:%M"))
    steps = steps_of(park, question)
    postings = list(missing_of(question, actor, **only).select_related("unit", "person"))
    sent = _sent(park, question)
    done = Reminded(before=sum(1 for each in postings if (0, each.person_id) in sent))

    drafts = []
    if at_once or any(step.to == TO_PERSON and due_at(question, step) <= at for step in steps):
        drafts = [_to_himself(question, each.person) for each in postings if (0, each.person_id) not in sent]
        done.people = len(drafts)
    due = [(number, step) for number, step in enumerate(steps) if step.to != TO_PERSON and due_at(question, step) <= at]
    chains = answering_for({each.unit for each in postings}, question.day) if due and postings else {}
    for number, step in due:
        waiting = [each for each in postings if (number + 1, each.person_id) not in sent]
        above, without = _by_leader(waiting, chains, Role(step.to))
        done.nobody += without
        for leader, theirs in above.items():
            drafts.append(_to_leader(question, leader, number + 1, step, theirs))
            done.told[leader.name] = done.told.get(leader.name, 0) + len(theirs)
    written = write_messages(park, drafts, actor=actor)
    done.next_at = min((due_at(question, step) for step in steps if due_at(question, step) > at), default=None)

    if written:
        note("people.reminded", actor=actor, at=at, park_id=park.pk, subject=question.of, of=question.titles["zh-hans"],
             people=done.people, told=len(done.told))
    return done


def _by_leader(postings: Iterable[Posting], chains: Mapping[int, Sequence[Answering]],
               role: Role) -> tuple[dict[Person, list[Posting]], int]:
    """For whom each leader in a role answers, so that he gets one message; and for how many nobody does."""
    above: dict[Person, list[Posting]] = defaultdict(list)
    without = 0
    for posting in postings:
        leaders = {each.person.pk: each.person for each in chains.get(posting.unit_id, ())
                   if each.role == role and each.person.pk != posting.person_id}
        without += not leaders
        for leader in leaders.values():
            above[leader].append(posting)
    return above, without


def _window(question: Question) -> str:
    return f"remind:{question.of}:{question.opens_at:%Y%m%dT%H%M}"


def _facts(question: Question) -> dict[str, object]:
    return {"title": dict(question.titles), "day": question.day.isoformat(), "until": question.closes_at.isoformat(),
            "late": question.is_late}


def _to_himself(question: Question, person: Person) -> Draft:
    return Draft(once=f"{_window(question)}:0:{person.pk}", kind=MessageKind.REMINDER, about=question.of, to_person=person,
                 concerns=person, facts=_facts(question))


def _to_leader(question: Question, leader: Person, number: int, step: Step, postings: Sequence[Posting]) -> Draft:
    """One message for all who are missing below one leader; who they are stands in it by number, so that it is told once."""
    people = sorted(each.person_id for each in postings)
    which = sha256(",".join(map(str, people)).encode()).hexdigest()[:12]
    return Draft(once=f"{_window(question)}:{number}:{leader.pk}:{which}", kind=MessageKind.REMINDER, about=question.of,
                 to_person=leader, step=number, facts=_facts(question) | {
                     "role": step.to, "count": len(people), "people": people,
                     "names": [each.person.name for each in postings[:MOST_NAMED]]})


def _sent(park: Park, question: Question) -> set[tuple[int, int]]:
    """Which steps were taken for whom in this window."""
    taken: set[tuple[int, int]] = set()
    for message in _messages(park, question):
        if message.step == 0:
            taken.add((0, message.concerns_id or 0))
        else:
            taken.update((message.step, person) for person in message.facts.get("people", ()))
    return taken


def sent_to(park: Park, question: Question, people: Iterable[int]) -> dict[int, list[Sent]]:
    """What was sent for each of some people in this window, himself first, then up the chain."""
    wanted = set(people)
    found: dict[int, list[Sent]] = defaultdict(list)
    for message in _messages(park, question, wanted).select_related("to_person"):
        sent = Sent(at=message.written_at, by=message.written_by_name, role=str(message.facts.get("role", "")),
                    to=message.to_person.name if message.to_person else "")
        concerned = [message.concerns_id or 0] if message.step == 0 else message.facts.get("people", ())
        for person in wanted.intersection(concerned):
            found[person].append(sent)
    return dict(found)


def _messages(park: Park, question: Question, people: Iterable[int] | None = None) -> QuerySet[Message]:
    return reminders_about(park, question.of, f"{_window(question)}:", people)


def reminded_as_data(question: Question, done: Reminded) -> dict[str, object]:
    """What a press did, for programs: the same at the command line and by API."""
    return {"of": question.of, "people": done.people, "before": done.before, "told": done.told, "nobody": done.nobody,
            "next_at": done.next_at}
